"""`evidence`: say how you know that value is real, and what didn't hold."""

from typing import Annotated, NamedTuple

import typer

from valuelog.cli import candidates
from valuelog.cli.entry_options import print_confirmation
from valuelog.cli.options import ConflictingOptions, JsonOption, PlainOption, output_format
from valuelog.cli.targets import pick_result, split_result
from valuelog.cli.text_input import text_input
from valuelog.cli.world import World
from valuelog.model import dates
from valuelog.model.entry import Entry, Held
from valuelog.model.errors import BadPeriod
from valuelog.model.period import Period, format_period
from valuelog.render import OutputFormat, views
from valuelog.render.words import format_count
from valuelog.workflows import entries
from valuelog.workflows import evidence as workflow

ANSWER_FLAGS = "ID TEXT, or ID with --didnt-hold, --held or --dont-ask; to see what lacks evidence: --json or --plain"

TargetArgument = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[ID [TEXT…] | PERIOD]", autocompletion=candidates.claims, help="What it is about; - reads stdin."
    ),
]
DidntHoldOption = Annotated[
    bool, typer.Option("--didnt-hold", help="It didn't hold: it stays in your journal, but is no longer value.")
]
HeldOption = Annotated[bool, typer.Option("--held", help="It held.")]
DontAskOption = Annotated[bool, typer.Option("--dont-ask", help="Don't ask about it again.")]


class _Target(NamedTuple):
    """What the arguments name: an id with a text, or else a period, which is None if nothing is named."""

    entry_id: str | None
    text: list[str]
    period: Period | None


def evidence(
    ctx: typer.Context,
    target: TargetArgument = None,
    *,
    didnt_hold: DidntHoldOption = False,
    held: HeldOption = False,
    dont_ask: DontAskOption = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Without an ID, it asks about your value of the last three months that has none yet.

    Evidence counts if it has a number, a link, an @name or at least four words. If it didn't
    hold, answer n; to not be asked about it again, d.

    Example: valuelog evidence · valuelog evidence k3 "two tickets less a day" · valuelog evidence k3 --didnt-hold
    """
    world: World = ctx.obj
    flags = {"--didnt-hold": didnt_hold, "--held": held, "--dont-ask": dont_ask}
    given = [flag for flag, is_given in flags.items() if is_given]
    form = output_format(json=json, plain=plain)
    parsed = _parse_target(world, target or [], has_flags=bool(given))
    _require_compatible(parsed, given, form)
    if parsed.entry_id is None:
        _ask_or_list(world, parsed.period, form)
    elif given or parsed.text:
        _settle(world, parsed.entry_id, parsed.text, given, json=json)
    else:
        _ask_about_one(world, parsed.entry_id)


def _parse_target(world: World, words: list[str], *, has_flags: bool) -> _Target:
    """Tell a period from an id with its text; ask for the id if only a flag is given. Raises AmbiguousDay."""
    if not words:
        return _Target(pick_result(world) if has_flags and world.can_prompt else None, [], None)
    if not has_flags:
        try:
            return _Target(None, [], dates.parse_period(" ".join(words), world.today()))
        except BadPeriod:
            pass
    return _Target(*split_result(world, words), None)


def _require_compatible(target: _Target, given: list[str], form: OutputFormat) -> None:
    """Raise ConflictingOptions for flags without an id, and for those that exclude each other."""
    if given and target.entry_id is None:
        raise ConflictingOptions(f"{given[0]} needs an ID.", f"Example: valuelog evidence k3 {given[0]}")
    if len(given) > 1:
        raise ConflictingOptions(f"{given[0]} and {given[1]} exclude each other.", "Choose one.")
    if "--dont-ask" in given and target.text:
        raise ConflictingOptions("--dont-ask takes no TEXT.", "Leave out one of them.")
    if target.entry_id is not None and form is OutputFormat.PLAIN:
        raise ConflictingOptions("--plain is for the list of what lacks evidence.", "Use --json, or leave out the ID.")


def _settle(world: World, entry_id: str, text: list[str], given: list[str], *, json: bool) -> None:
    """Save the evidence of one entry, and what the flag says."""
    fields = _flag_fields(world, given)
    journal = world.open_journal(write=True)
    entry = entries.find(journal, entry_id)
    workflow.require_value(journal, entry)
    if text:
        with text_input(world, text) as words:
            fields |= {"evidence": words} if given else workflow.parse_answer(words, world.today(), confirms=False)
    print_confirmation(world, workflow.settle(journal, entry, fields, world.today(), world.find_prompter), json=json)


def _flag_fields(world: World, given: list[str]) -> dict[str, object]:
    """Return the fields that a flag sets."""
    match given:
        case ["--didnt-hold"]:
            return {**workflow.held_fields(Held.NO, world.today())}
        case ["--held"]:
            return {**workflow.held_fields(Held.YES, world.today())}
        case ["--dont-ask"]:
            return {"ask_again": 0}
        case _:
            return {}


def _ask_about_one(world: World, entry_id: str) -> None:
    """Ask about one entry."""
    prompter = world.require_prompter("TEXT, --didnt-hold, --held or --dont-ask")
    journal = world.open_journal(write=True)
    entry = entries.find(journal, entry_id)
    workflow.require_value(journal, entry)
    walk = workflow.EvidenceWalk(
        journal, prompter, world.now, today=world.today(), resume=f"valuelog evidence {entry_id}"
    )
    walk.ask_all([entry], "it")
    _confirm(world, walk.saved_count)


def _ask_or_list(world: World, period: Period | None, form: OutputFormat) -> None:
    """List what lacks evidence for another program, or ask about it."""
    days = period or workflow.default_period(world.today())
    if form is not OutputFormat.TERMINAL:
        world.show(views.CLAIMS, workflow.list_claims(world.open_journal(), days), form)
        return
    prompter = world.require_prompter(ANSWER_FLAGS)
    subject = format_period(period) if period else "the last three months"
    journal = world.open_journal(write=True)
    claims = workflow.list_claims(journal, days)
    world.write_stderr(_format_claim_count(claims, subject))
    resume = f"valuelog evidence {period.name}" if period else "valuelog evidence"
    walk = workflow.EvidenceWalk(journal, prompter, world.now, today=world.today(), resume=resume)
    walk.ask_all(claims, subject)
    _confirm(world, walk.saved_count)


def _format_claim_count(claims: tuple[Entry, ...], subject: str) -> str:
    if not claims:
        return f"Nothing to ask: no value without evidence in {subject}."
    return f"{format_count(len(claims), 'result')} without evidence in {subject}."


def _confirm(world: World, saved_count: int) -> None:
    if saved_count:
        world.write_stderr(f"\nSaved {format_count(saved_count, 'answer')}. Undo: valuelog undo")
