"""`today`: the evening."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812  `date` is the flag
from typing import Annotated

import typer

from valuelog.cli.answers import parse_evening_answers
from valuelog.cli.entry_options import NewOption, SeenOption
from valuelog.cli.options import ConflictingOptions, DateOption, JsonOption, PlainOption, answers_option, output_format
from valuelog.cli.questions import questions_for
from valuelog.cli.world import World
from valuelog.journal.store import Journal
from valuelog.model.draft import Draft
from valuelog.model.entry import Kind
from valuelog.model.period import format_full_day
from valuelog.render import OutputFormat, views
from valuelog.workflows import evening, unasked
from valuelog.workflows.writing import Note

ANSWER_FLAGS = "--activity, --improvement, --outcome, --helped, --insight, --pain or --answers FILE"

ActivityOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What kept you busy.")]
ImprovementOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What works better because of you.")]
OutcomeOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Which result you carried further.")]
HelpedOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Who got further because of you.")]
InsightOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What you noticed.")]
PainOption = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Where it hurt.")]
AnswersOption = Annotated[str | None, answers_option('{"kind": "helped", "text": "…"}')]
CatchUpOption = Annotated[bool, typer.Option("--catch-up", help="Walk the unwritten workdays of the last week.")]
AgainOption = Annotated[bool, typer.Option("--again", help="Ask what was asked on this day already, too.")]


def today(
    ctx: typer.Context,
    *,
    date: DateOption = None,
    activity: ActivityOption = None,
    improvement: ImprovementOption = None,
    outcome: OutcomeOption = None,
    helped: HelpedOption = None,
    insight: InsightOption = None,
    pain: PainOption = None,
    seen: SeenOption = None,
    new: NewOption = False,
    answers_file: AnswersOption = None,
    catch_up: CatchUpOption = False,
    again: AgainOption = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Show the day and ask a handful of questions, one line each; Enter skips. Each answer is saved at once.

    Where nobody is asked, a --pain that looks like one you know is refused; --seen or --new say which it is.

    Example: valuelog today · valuelog today --date yesterday · valuelog today --helped "@sam runs the release"
    """
    world: World = ctx.obj
    shape, day = output_format(json=json, plain=plain), world.parse_day(date)
    said = {
        Kind.ACTIVITY: activity, Kind.IMPROVEMENT: improvement, Kind.OUTCOME: outcome,
        Kind.HELPED: helped, Kind.INSIGHT: insight, None: pain,
    }  # fmt: skip
    _validate_pain_options(pain or [], seen=seen, new=new)
    notes = [
        Note(kind=kind, text=text, day=day, pain_id=None if kind else seen, is_new_pain=not kind and new)
        for kind, texts in said.items()
        for text in texts or ()
    ]
    if answers_file:
        notes += parse_evening_answers(world.read_text(answers_file), day, world.now())
    if catch_up and (notes or answers_file):
        raise ConflictingOptions(
            "--catch-up asks about each day.", "Leave the answers out, or name their day with --date."
        )
    if notes or answers_file:
        _save_answers(world, day, tuple(notes), shape)
    elif catch_up:
        _catch_up(world, chosen=date)
    else:
        _ask_day(world, day, shape, again=again)


def _validate_pain_options(pains: Sequence[str], *, seen: str | None, new: bool) -> None:
    """Go on only if what is said of pain points can be meant. Raises ConflictingOptions."""
    if seen is not None and new:
        raise ConflictingOptions("--seen and --new exclude each other.", "Choose one.")
    if seen is not None and len(pains) != 1:
        raise ConflictingOptions("--seen says which pain point one --pain is.", "Give it with exactly one --pain TEXT.")
    if new and not pains:
        raise ConflictingOptions("--new is for pain points.", "Leave it out, or add: --pain TEXT")


def _save_answers(world: World, day: Date, notes: tuple[Note, ...], shape: OutputFormat) -> None:
    """Write down what was said on the command line, and close the day."""
    journal = world.open_journal(write=True)
    written = unasked.save_evening_notes(journal, day, notes, world.now())
    _close_day(world, journal, day, len(written), shape)


def _ask_day(world: World, day: Date, shape: OutputFormat, *, again: bool) -> None:
    """Ask what is left to ask of one day, and close it."""
    ask = world.require_prompter(ANSWER_FLAGS)
    prompts = questions_for(day, world.settings)
    journal = world.open_journal(write=True)
    drafts = _gather_drafts(world, journal, day)
    before = evening.prepare_evening(journal, day, world.today(), prompts, world.schedule, again=again, drafts=drafts)
    world.show_on_stderr(views.EVENING, before)
    saved = evening.run_evening(journal, ask, before, world.now)
    if before.remaining_questions or before.drafts:
        _close_day(world, journal, day, saved, shape)


def _gather_drafts(world: World, journal: Journal, day: Date) -> tuple[Draft, ...]:
    """Return what tools saw on a day, if any is asked."""
    if not world.settings.sources:
        return ()
    from valuelog.cli.sourcing import query_sources  # noqa: PLC0415  most evenings have no source

    return query_sources(world, journal, day).drafts


def _close_day(world: World, journal: Journal, day: Date, saved: int, shape: OutputFormat) -> None:
    closed = evening.summarize_evening(journal, day, world.today(), saved, world.schedule)
    if saved:
        world.write_stderr(
            f"\nSaved {saved} {'answer' if saved == 1 else 'answers'} for {format_full_day(day)}."
            " valuelog undo takes it back"
        )
    world.show(views.EVENING_SUMMARY, closed, shape)


def _catch_up(world: World, *, chosen: str | None) -> None:
    """Walk the unwritten workdays of the last week; each may be skipped."""
    if chosen:
        raise ConflictingOptions("--catch-up finds the days itself.", "Leave --date out, or leave --catch-up out.")
    ask = world.require_prompter(f"--date WHEN with {ANSWER_FLAGS}")
    days = evening.find_missing_days(world.open_journal(), world.today(), world.schedule)
    if not days:
        world.write_stderr("Nothing to catch up on: every workday of the last week is written.")
    for day in days:
        if evening.confirm_day(ask, day):
            _ask_day(world, day, OutputFormat.TERMINAL, again=True)
