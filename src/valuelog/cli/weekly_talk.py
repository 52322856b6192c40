"""The Friday talk after a review: asked on a terminal, or answered by flags or from a file."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from valuelog.cli import candidates
from valuelog.cli.options import answers_option
from valuelog.cli.world import NoTerminal, World
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput, UnknownChoice
from valuelog.model.period import Period
from valuelog.render import views

if TYPE_CHECKING:
    from valuelog.journal.store import Journal
    from valuelog.workflows.weekly_talk import Answer, WeeklyTalk

ANSWER_FLAGS = "--stop, --start, --step, --level, --keep, --break, --carry or --answers FILE"

ReflectOption = Annotated[
    bool | None, typer.Option("--reflect/--no-reflect", help="Talk about the week afterwards, or do not offer it.")
]
AnswersOption = Annotated[str | None, answers_option('{"question": "stop", "answer": "…"}')]
StopOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What you will stop or hand over.")]
StartOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What you will begin.")]
StepOption = Annotated[
    tuple[str, str] | None,
    typer.Option(metavar="ID TEXT", autocompletion=candidates.pains, help="A small step for a pain point."),
]
LevelOption = Annotated[
    str | None, typer.Option(metavar="TEXT", help="What somebody one level up would have made of this week.")
]
KeepOption = Annotated[
    list[str] | None, typer.Option(metavar="ID", autocompletion=candidates.promises, help="A promise that you kept.")
]
BreakOption = Annotated[
    list[str] | None,
    typer.Option("--break", metavar="ID", autocompletion=candidates.promises, help="A promise that came to nothing."),
]
CarryOption = Annotated[
    list[str] | None,
    typer.Option(metavar="ID", autocompletion=candidates.promises, help="A promise to carry over to the next review."),
]

KEYS = ("question", "answer", "of")


class BadAnswer(BadInput):
    """A line of answers that cannot be understood; none of them was written down."""

    def __init__(self, line: int, why: str) -> None:
        """Say which line, and why."""
        super().__init__(
            f"Line {line} of the answers: {why}",
            'Nothing was written. A line looks like {"question": "keep", "of": "m7"}.',
        )


def answers_from_flags(
    *,
    stop: list[str] | None,
    start: list[str] | None,
    step: tuple[str, str] | None,
    level: str | None,
    keep: list[str] | None,
    broken: list[str] | None,
    carry: list[str] | None,
) -> "list[Answer]":
    """Return the answers that stand on the command line, what became of promises first."""
    if not any((stop, start, step, level is not None, keep, broken, carry)):
        return []
    from valuelog.workflows.weekly_talk import Answer  # noqa: PLC0415  only where something is answered

    settled = {"keep": keep, "break": broken, "carry": carry}
    said = {"stop": stop, "start": start, "level": [level] if level is not None else None}
    return [
        *(Answer(question=question, target_id=name) for question, names in settled.items() for name in names or ()),
        *(Answer(question=question, text=text) for question, texts in said.items() for text in texts or ()),
        *([Answer(question="step", target_id=step[0], text=step[1])] if step else ()),
    ]


def parse_talk_answers(text: str) -> "list[Answer]":
    """Read answers, one a line. Raises BadAnswer for the first line that is wrong."""
    found = [_parse_answer(number, line) for number, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not found:
        raise BadAnswer(1, "there is none.")
    return found


def _parse_answer(number: int, line: str) -> "Answer":
    from valuelog.workflows.weekly_talk import ANSWERABLE_QUESTIONS, STATE_BY_OUTCOME, Answer  # noqa: PLC0415

    raw = _parse_json(number, line)
    for key, said in raw.items():
        if key not in KEYS:
            raise BadAnswer(number, UnknownChoice("key", str(key), KEYS).message)
        if not isinstance(said, str):
            raise BadAnswer(number, f"“{key}” is no text.")
    if raw.get("question") not in ANSWERABLE_QUESTIONS:
        unknown = UnknownChoice("question", str(raw.get("question", "")), ANSWERABLE_QUESTIONS)
        raise BadAnswer(number, f"{unknown.message} {unknown.hint}")
    answer = Answer(question=raw["question"], text=raw.get("answer", ""), target_id=raw.get("of", ""))
    if answer.question in STATE_BY_OUTCOME and not answer.target_id:
        raise BadAnswer(number, f"which promise to {answer.question} is missing: write its id as “of”.")
    if answer.question not in STATE_BY_OUTCOME:
        _validate_text(number, answer.text)
    return answer


def _validate_text(number: int, text: str) -> None:
    """Go on only with words that can be kept: tried here, where their line is known. Raises BadAnswer."""
    try:
        clean_text(text)
    except BadInput as error:
        raise BadAnswer(number, f"{error.message} {error.hint}") from error


def _parse_json(number: int, line: str) -> Mapping[str, Any]:
    try:
        raw = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(number, "it is not JSON.") from error
    if not isinstance(raw, Mapping):
        raise BadAnswer(number, "a question and an answer in braces are wanted.")
    return raw


def save_answers(world: World, week: Period, answers: "list[Answer]") -> None:
    """Write answers down that nobody had to be asked for, and say how many."""
    from valuelog.render.confirmation import format_saved_answers  # noqa: PLC0415  the wording, only after a change
    from valuelog.workflows import replies  # noqa: PLC0415

    journal = world.open_journal(write=True)
    about = _prepare_talk(world, journal, week)
    world.write_stderr(
        format_saved_answers(
            replies.save_weekly_talk_answers(journal, about, answers, world.now()), world.canvas_for(world.stderr)
        )
    )


def _prepare_talk(world: World, journal: "Journal", week: Period, *, again: bool = False) -> "WeeklyTalk":
    from valuelog.questions.catalogue import load_weekly_talk_questions  # noqa: PLC0415
    from valuelog.workflows import weekly_talk  # noqa: PLC0415

    return weekly_talk.prepare_weekly_talk(
        journal, week, world.today(), world.schedule, load_weekly_talk_questions(), again=again
    )


def offer_talk(world: World, week: Period, *, reflect: bool | None) -> None:
    """Offer the talk about a week on a terminal, if there is anything left to ask; hold it at once if it is wanted.

    Nobody is asked whose answer goes into a pipe. Raises NoTerminal where the talk is wanted there.
    """
    if not world.is_interactive and reflect:
        raise NoTerminal(ANSWER_FLAGS)
    if not world.is_interactive or reflect is False:
        return
    from valuelog.workflows import weekly_talk, weekly_talk_session  # noqa: PLC0415  most reviews ask nothing

    if not reflect and not weekly_talk.has_weekly_talk(week, world.today()):
        return
    about = _prepare_talk(world, world.open_journal(), week, again=bool(reflect))
    if about.question_count and (reflect or _confirm_talk(world, about)):
        journal = world.open_journal(write=True)
        saved = weekly_talk_session.run_weekly_talk(journal, world.require_prompter(ANSWER_FLAGS), about, world.now)
        world.show_on_stderr(views.TALK_SUMMARY, weekly_talk.summarize_weekly_talk(journal, about, saved))
    elif reflect:
        world.write_stderr("Every question about this week was answered already.")


def _confirm_talk(world: World, about: "WeeklyTalk") -> bool:
    world.write_stderr("")
    count = f"{about.question_count} short questions" if about.question_count > 1 else "One short question"
    return world.require_prompter(ANSWER_FLAGS).confirm(
        f"{count} before the next week, Enter skips any: now?", default=about.is_due
    )
