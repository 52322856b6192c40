"""`today`: ask the questions of the evening, or save answers from flags or a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date as Date  # noqa: N812  `date` is the flag
from typing import TYPE_CHECKING, Annotated

import typer

from valuelog.analysis.freshness import evening_place
from valuelog.cli.entry_options import NewOption, SeenOption
from valuelog.cli.options import (
    ConflictingOptions,
    DateOption,
    DayArgument,
    JsonOption,
    PlainOption,
    answers_option,
    choose_day,
    output_format,
)
from valuelog.cli.settings.questions import usable_questions_for
from valuelog.cli.showings import read_showings, write_showings
from valuelog.cli.sync_with import sync_around
from valuelog.cli.unsaved_answers import UnsavedFile
from valuelog.cli.world import World
from valuelog.journal.store import Journal
from valuelog.model.draft import Draft
from valuelog.model.entry import Kind
from valuelog.model.errors import Stopped
from valuelog.model.period import Period, format_full_day
from valuelog.model.question import PAIN_POINT
from valuelog.render import OutputFormat, views
from valuelog.render.words import format_count
from valuelog.workflows import evening
from valuelog.workflows.answers import Answer

if TYPE_CHECKING:
    from valuelog.workflows.prompter import Prompter

ANSWER_FLAGS = "--activity, --improvement, --outcome, --helped, --insight, --learned, --pain or --answers FILE"

ActivityOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What kept you busy.")]
ImprovementOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What works better because of you.")]
OutcomeOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Where you went further than asked.")]
HelpedOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Who you helped, and how.")]
InsightOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What you noticed.")]
LearnedOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What you learned.")]
PainOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What was clumsy, slow or pointless.")]
AnswersOption = Annotated[str | None, answers_option('{"kind": "helped", "text": "…"}')]
CatchUpOption = Annotated[
    bool, typer.Option("--catch-up", help="Ask about each workday of the last week without an entry.")
]
ShortOption = Annotated[
    bool, typer.Option("--short", help="Ask only for drafts, pain points felt again, and what your week has least of.")
]
AgainOption = Annotated[bool, typer.Option("--again", help="Also ask questions already answered today.")]


def today(
    ctx: typer.Context,
    words: DayArgument = None,
    *,
    date: DateOption = None,
    activity: ActivityOption = None,
    improvement: ImprovementOption = None,
    outcome: OutcomeOption = None,
    helped: HelpedOption = None,
    insight: InsightOption = None,
    learned: LearnedOption = None,
    pain: PainOption = None,
    seen: SeenOption = None,
    new: NewOption = False,
    answers_file: AnswersOption = None,
    catch_up: CatchUpOption = False,
    short: ShortOption = False,
    again: AgainOption = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Enter skips a question, and each answer is saved at once.

    If a --pain looks like a known one, nothing is saved; add --seen ID or --new to say which it is.

    Example: valuelog today · valuelog today --short · valuelog today yesterday ·
    valuelog today --helped "@sam runs the release"
    """
    world: World = ctx.obj
    world.backs_up_now = True
    date = choose_day(words, date)
    form, day = output_format(json=json, plain=plain), world.parse_day(date)
    texts_by_kind = {
        Kind.ACTIVITY: activity, Kind.IMPROVEMENT: improvement, Kind.OUTCOME: outcome,
        Kind.HELPED: helped, Kind.INSIGHT: insight, Kind.LEARNED: learned,
    }  # fmt: skip
    answers = [*_value_answers(day, texts_by_kind), *_pain_answers(day, pain or (), seen=seen, new=new)]
    if answers_file:
        answers += _read_answers(world, answers_file, day)
    if short and answers:
        raise ConflictingOptions("--short asks questions.", "Leave it out, or the answers.")
    with sync_around(world, "today"):
        if catch_up:
            _catch_up(world, has_date=bool(date), has_answers=bool(answers), short=short)
        elif answers:
            _save_answers(world, day, answers, form)
        else:
            _ask_day(world, day, form, include_asked=again, short=short, offers_week=world.is_interactive)


def _value_answers(day: Date, texts_by_kind: Mapping[Kind, Sequence[str] | None]) -> list[Answer]:
    """Return the answers from the flags of entries."""
    return [Answer(kind=kind, text=text, day=day) for kind, texts in texts_by_kind.items() for text in texts or ()]


def _pain_answers(day: Date, texts: Sequence[str], *, seen: str | None, new: bool) -> list[Answer]:
    """Return the answers from --pain. Raises ConflictingOptions unless --seen and --new apply to them."""
    if seen is not None and new:
        raise ConflictingOptions("--seen and --new exclude each other.", "Choose one.")
    if seen is not None and len(texts) != 1:
        raise ConflictingOptions("--seen goes with exactly one --pain.", "Use it with one --pain TEXT.")
    if new and not texts:
        raise ConflictingOptions("--new is only for pain points.", "Leave it out, or add: --pain TEXT")
    return [Answer(kind=PAIN_POINT, text=text, day=day, target_id=seen, is_new_pain=new) for text in texts]


def _read_answers(world: World, name: str, day: Date) -> list[Answer]:
    from valuelog.cli.answers import read_evening_answers  # noqa: PLC0415  most evenings are asked

    return read_evening_answers(world, name, day)


def _save_answers(world: World, day: Date, answers: Sequence[Answer], form: OutputFormat) -> None:
    journal = world.open_journal(write=True)
    due = world.schedule.next_review_day(world.today())
    saved_count = evening.save_answers(journal, day, answers, world.now(), due, world.schedule.known_names)
    _show_summary(world, journal, day, saved_count, form)


def _ask_day(
    world: World, day: Date, form: OutputFormat, *, include_asked: bool, short: bool, offers_week: bool = False
) -> None:
    """Ask the remaining questions about a day, and show its summary."""
    prompter = world.require_prompter(ANSWER_FLAGS)
    questions = usable_questions_for(day, world.settings, world.warn_of_setting)
    journal = world.open_journal(write=True)
    prepared = evening.prepare_evening(
        journal,
        day,
        world.today(),
        questions,
        world.schedule,
        include_asked=include_asked,
        drafts=_gather_drafts(world, journal, day),
    )
    prepared = evening.shorten(prepared) if short else prepared
    world.show_on_stderr(views.EVENING, prepared)
    unsaved = UnsavedFile(world.paths.unsaved_answers, world.journal_path, world.today())
    saved_count = evening.run_evening(journal, prompter, prepared, world.now, unsaved)
    if prepared.remaining_questions or prepared.drafts or saved_count:
        is_offered = offers_week and form is OutputFormat.TERMINAL
        _show_summary(world, journal, day, saved_count, form, prompter if is_offered else None)


def _gather_drafts(world: World, journal: Journal, day: Date) -> tuple[Draft, ...]:
    """Return the drafts of a day, if any source is configured."""
    if not world.settings.sources:
        return ()
    from valuelog.cli.sources import query_sources  # noqa: PLC0415  most evenings have no source

    return query_sources(world, journal, day).drafts


def _show_summary(
    world: World,
    journal: Journal,
    day: Date,
    saved_count: int,
    form: OutputFormat,
    prompter: "Prompter | None" = None,
) -> None:
    """Show what a day adds up to; on the review day, offer the week if a prompter can ask."""
    file = world.showings_file(form)
    summary = evening.summarize_evening(journal, day, world.today(), saved_count, world.schedule, read_showings(file))
    if saved_count:
        count = format_count(saved_count, "answer")
        world.write_stderr(f"\nSaved {count} for {format_full_day(day)}. Undo: valuelog undo")
    offers_week = prompter is not None and summary.is_review_due and not summary.is_empty
    world.show(views.EVENING_SUMMARY, replace(summary, is_review_due=False) if offers_week else summary, form)
    write_showings(file, [summary.finding] if summary.finding else [], evening_place(day))
    if prompter and offers_week:
        _offer_week(world, prompter, summary.week.period)


def _offer_week(world: World, prompter: "Prompter", week: Period) -> None:
    """Ask whether to look at the week now. Raises Stopped."""
    try:
        is_wanted = prompter.confirm("Look at your week now?")
    except (KeyboardInterrupt, EOFError):
        raise Stopped("Stopped. Your answers are saved.", "Your week: valuelog review --week") from None
    if is_wanted:
        from valuelog.cli.reviews import show_week  # noqa: PLC0415  only on the review day

        show_week(world, week)


def _catch_up(world: World, *, has_date: bool, has_answers: bool, short: bool) -> None:
    """Ask about each workday of the last week that has no entry; each can be skipped."""
    if has_answers:
        raise ConflictingOptions(
            "--catch-up asks about each day itself.", "Leave out the answers, or give their day with --date."
        )
    if has_date:
        raise ConflictingOptions("--catch-up finds the days itself.", "Leave out --date or --catch-up.")
    prompter = world.require_prompter(f"--date WHEN with {ANSWER_FLAGS}")
    days = evening.find_missing_days(world.open_journal(), world.today(), world.schedule)
    if not days:
        world.write_stderr("Nothing to catch up on: you logged every workday of the last week.")
    for day in days:
        if evening.confirm_day(prompter, day):
            _ask_day(world, day, OutputFormat.TERMINAL, include_asked=True, short=short)
