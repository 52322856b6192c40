"""`today`: the evening."""

from collections.abc import Sequence
from datetime import date as Date  # noqa: N812  `date` is the flag
from typing import Annotated

import typer

from valuelog.cli.answers import answers
from valuelog.cli.entry_options import New, Seen
from valuelog.cli.options import Contradiction, Json, Plain, When, answer_lines, form
from valuelog.cli.questions import prompts_for
from valuelog.cli.world import World
from valuelog.journal.store import Journal
from valuelog.model.draft import Draft
from valuelog.model.entry import Kind
from valuelog.model.period import format_full_day
from valuelog.render import Form
from valuelog.workflows import evening, unasked
from valuelog.workflows.writing import Note

INSTEAD = "--activity, --improvement, --outcome, --helped, --insight, --pain or --answers FILE"

Activity = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What kept you busy.")]
Improvement = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What works better because of you.")]
Outcome = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Which result you carried further.")]
Helped = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Who got further because of you.")]
Insight = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="What you noticed.")]
Pain = Annotated[list[str] | None, typer.Option(metavar="TEXT", help="Where it hurt.")]
Answers = Annotated[str | None, answer_lines('{"kind": "helped", "text": "…"}')]
CatchUp = Annotated[bool, typer.Option("--catch-up", help="Walk the unwritten workdays of the last week.")]
Again = Annotated[bool, typer.Option("--again", help="Ask what was asked on this day already, too.")]


def today(
    ctx: typer.Context,
    *,
    date: When = None,
    activity: Activity = None,
    improvement: Improvement = None,
    outcome: Outcome = None,
    helped: Helped = None,
    insight: Insight = None,
    pain: Pain = None,
    seen: Seen = None,
    new: New = False,
    answers_in: Answers = None,
    catch_up: CatchUp = False,
    again: Again = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Show the day and ask a handful of questions, one line each; Enter skips. Each answer is saved at once.

    Where nobody is asked, a --pain that looks like one you know is refused; --seen or --new say which it is.

    Example: valuelog today · valuelog today --date yesterday · valuelog today --helped "@sam runs the release"
    """
    world: World = ctx.obj
    shape, day = form(json=json, plain=plain), world.day(date)
    said = {
        Kind.ACTIVITY: activity, Kind.IMPROVEMENT: improvement, Kind.OUTCOME: outcome,
        Kind.HELPED: helped, Kind.INSIGHT: insight, None: pain,
    }  # fmt: skip
    _insist_on_pains(pain or [], seen=seen, new=new)
    notes = [
        Note(kind=kind, text=text, day=day, again=None if kind else seen, new=not kind and new)
        for kind, texts in said.items()
        for text in texts or ()
    ]
    if answers_in:
        notes += answers(world.read(answers_in), day, world.now())
    if catch_up and (notes or answers_in):
        raise Contradiction("--catch-up asks about each day.", "Leave the answers out, or name their day with --date.")
    if notes or answers_in:
        _written(world, day, tuple(notes), shape)
    elif catch_up:
        _caught_up(world, chosen=date)
    else:
        _asked(world, day, shape, again=again)


def _insist_on_pains(pains: Sequence[str], *, seen: str | None, new: bool) -> None:
    """Go on only if what is said of pain points can be meant. Raises Contradiction."""
    if seen is not None and new:
        raise Contradiction("--seen and --new exclude each other.", "Choose one.")
    if seen is not None and len(pains) != 1:
        raise Contradiction("--seen says which pain point one --pain is.", "Give it with exactly one --pain TEXT.")
    if new and not pains:
        raise Contradiction("--new is for pain points.", "Leave it out, or add: --pain TEXT")


def _written(world: World, day: Date, notes: tuple[Note, ...], shape: Form) -> None:
    """Write down what was said on the command line, and close the day."""
    journal = world.journal(write=True)
    written = unasked.write_all(journal, day, notes, world.now())
    _close(world, journal, day, len(written), shape)


def _asked(world: World, day: Date, shape: Form, *, again: bool) -> None:
    """Ask what is left to ask of one day, and close it."""
    ask = world.ask(INSTEAD)
    prompts = prompts_for(day, world.settings)
    journal = world.journal(write=True)
    drafts = _drafts(world, journal, day)
    before = evening.begin(journal, day, world.today(), prompts, world.schedule, again=again, drafts=drafts)
    world.talk("evening", before)
    saved = evening.hold(journal, ask, before, world.now)
    if before.left or before.drafts:
        _close(world, journal, day, saved, shape)


def _drafts(world: World, journal: Journal, day: Date) -> tuple[Draft, ...]:
    """Return what tools saw on a day, if any is asked."""
    if not world.settings.sources:
        return ()
    from valuelog.cli.sourcing import gathered  # noqa: PLC0415  most evenings have no source

    return gathered(world, journal, day).drafts


def _close(world: World, journal: Journal, day: Date, saved: int, shape: Form) -> None:
    closed = evening.close(journal, day, world.today(), saved, world.schedule)
    if saved:
        world.say(
            f"\nSaved {saved} {'answer' if saved == 1 else 'answers'} for {format_full_day(day)}."
            " valuelog undo takes it back"
        )
    world.show("evening_summary", closed, shape)


def _caught_up(world: World, *, chosen: str | None) -> None:
    """Walk the unwritten workdays of the last week; each may be skipped."""
    if chosen:
        raise Contradiction("--catch-up finds the days itself.", "Leave --date out, or leave --catch-up out.")
    ask = world.ask(f"--date WHEN with {INSTEAD}")
    days = evening.unwritten(world.journal(), world.today(), world.schedule)
    if not days:
        world.say("Nothing to catch up on: every workday of the last week is written.")
    for day in days:
        if evening.wanted(ask, day):
            _asked(world, day, Form.TERMINAL, again=True)
