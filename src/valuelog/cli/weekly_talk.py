"""The questions after a weekly review: ask them on a terminal, or save answers from flags or a file."""

from typing import TYPE_CHECKING, Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.options import answers_option
from valuelog.cli.world import NoTerminal, World
from valuelog.model.period import Period
from valuelog.render import views

if TYPE_CHECKING:
    from valuelog.journal.store import Journal
    from valuelog.workflows.answers import Answer
    from valuelog.workflows.weekly_talk import WeeklyTalk

ANSWER_FLAGS = "--stop, --start, --step, --level, --keep, --break, --carry or --answers FILE"

COUNT_WORDS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven")

ReflectOption = Annotated[
    bool | None, typer.Option("--reflect/--no-reflect", help="Ask the questions about the week, or skip them.")
]
AnswersOption = Annotated[str | None, answers_option('{"question": "stop", "answer": "…"}')]
StopOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What you'll stop or hand off.")]
StartOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What you'll start.")]
StepOption = Annotated[
    tuple[str, str] | None,
    typer.Option(metavar="ID TEXT", autocompletion=candidates.pains, help="A small step for a pain point."),
]
LevelOption = Annotated[
    str | None, typer.Option(metavar="TEXT", help="What someone one level up would have done differently.")
]
KeepOption = Annotated[
    list[str] | None, typer.Option(metavar="ID", autocompletion=candidates.promises, help="A promise you kept.")
]
BreakOption = Annotated[
    list[str] | None,
    typer.Option("--break", metavar="ID", autocompletion=candidates.promises, help="A promise you didn't keep."),
]
CarryOption = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", autocompletion=candidates.promises, help="A promise to carry over to the next review."),
]


def parse_answers(
    world: World,
    answers_file: str | None,
    *,
    stop: list[str] | None,
    start: list[str] | None,
    step: tuple[str, str] | None,
    level: str | None,
    keep: list[str] | None,
    broken: list[str] | None,
    carry: list[str] | None,
) -> "list[Answer]":
    """Return the answers given as flags, outcomes of promises first, and those in a file. Raises InvalidAnswer."""
    if not any((answers_file, stop, start, step, level is not None, keep, broken, carry)):
        return []
    from valuelog.cli.answers import read_talk_answers  # noqa: PLC0415  most reviews answer nothing
    from valuelog.workflows.answers import Answer  # noqa: PLC0415

    today = world.today()
    outcomes = {"keep": keep, "break": broken, "carry": carry}
    texts_by_kind = {"stop": stop, "start": start, "level": [level] if level is not None else None}
    return [
        *(
            Answer(kind=kind, day=today, target_id=id_prefix)
            for kind, ids in outcomes.items()
            for id_prefix in ids or ()
        ),
        *(Answer(kind=kind, day=today, text=text) for kind, texts in texts_by_kind.items() for text in texts or ()),
        *([Answer(kind="step", day=today, target_id=step[0], text=step[1])] if step else ()),
        *(read_talk_answers(world, answers_file) if answers_file else ()),
    ]


def save_answers(world: World, week: Period, answers: "list[Answer]") -> None:
    """Save answers from flags or a file, and confirm them in one line."""
    from valuelog.render.confirmation import format_saved_answers  # noqa: PLC0415  only after a change
    from valuelog.workflows import weekly_talk  # noqa: PLC0415

    world.backs_up_now = True
    journal = world.open_journal(write=True)
    result = weekly_talk.save_answers(journal, _prepare_talk(world, journal, week), answers, world.now())
    world.write_stderr(format_saved_answers(result, world.canvas_for(world.stderr)))


def _prepare_talk(world: World, journal: "Journal", week: Period, *, include_skipped: bool = False) -> "WeeklyTalk":
    from valuelog.questions.catalogue import load_weekly_talk_questions  # noqa: PLC0415  only for the talk
    from valuelog.workflows import weekly_talk  # noqa: PLC0415

    questions = load_weekly_talk_questions()
    return weekly_talk.prepare_weekly_talk(
        journal, week, world.today(), world.schedule, questions, include_skipped=include_skipped
    )


def has_questions(world: World, week: Period, *, reflect: bool | None) -> bool:
    """Return whether `offer_talk` would ask something."""
    return _find_talk(world, week, reflect=reflect) is not None


def _find_talk(world: World, week: Period, *, reflect: bool | None) -> "WeeklyTalk | None":
    """Return the talk about a week if questions are left and a person can answer them."""
    if not world.is_interactive or reflect is False:
        return None
    from valuelog.workflows import weekly_talk  # noqa: PLC0415  most reviews ask nothing

    if not reflect and not weekly_talk.has_weekly_talk(week, world.today()):
        return None
    talk = _prepare_talk(world, world.open_journal(), week, include_skipped=bool(reflect))
    return talk if talk.question_count else None


def offer_talk(world: World, week: Period, *, reflect: bool | None) -> None:
    """Offer to ask the remaining questions about a week; with `reflect`, ask them without offering.

    Does nothing if stdout is not a terminal, or raises NoTerminal with `reflect`.
    """
    if not world.is_interactive and reflect:
        raise NoTerminal(ANSWER_FLAGS)
    talk = _find_talk(world, week, reflect=reflect)
    if talk and (reflect or _confirm_talk(world, talk)):
        from valuelog.workflows import weekly_talk, weekly_talk_session  # noqa: PLC0415  most reviews ask nothing

        world.backs_up_now = True
        journal = world.open_journal(write=True)
        saved_count = weekly_talk_session.run_weekly_talk(
            journal, world.require_prompter(ANSWER_FLAGS), talk, world.now
        )
        world.show_on_stderr(views.TALK_SUMMARY, weekly_talk.summarize_weekly_talk(journal, talk, saved_count))
    elif reflect:
        world.write_stderr("You've answered every question about this week.")


def offer_last_week(world: World) -> bool:
    """Offer to review last week, of which the review was missed, instead of this one."""
    return world.require_prompter(ANSWER_FLAGS).confirm(
        "Last week has no review yet. Review it now, instead of this week?", default=True
    )


def _confirm_talk(world: World, talk: "WeeklyTalk") -> bool:
    world.write_stderr("")
    count = talk.question_count
    number = COUNT_WORDS[count] if count < len(COUNT_WORDS) else str(count)
    questions = "question" if count == 1 else "questions"
    return world.require_prompter(ANSWER_FLAGS).confirm(
        talk.name_weeks(f"{number} short {questions} about next week. Enter skips. Now?"), default=talk.is_due
    )
