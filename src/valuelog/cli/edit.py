"""Changing what was written: edit, delete, promote."""

from dataclasses import replace
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.editor import text_input
from valuelog.cli.entry_options import (
    BeneficiariesOption,
    EffectsOption,
    EvidenceOption,
    MinutesOption,
    PeopleOption,
    ProjectOption,
    TagsOption,
    parse_entry_fields,
    print_confirmation,
)
from valuelog.cli.kinds import parse_entry_kind
from valuelog.cli.options import DateOption, JsonOption
from valuelog.cli.world import World
from valuelog.journal import ids
from valuelog.journal.store import Journal
from valuelog.model.entry import VALUE_KINDS, Entry
from valuelog.model.errors import BadInput, BadText
from valuelog.workflows import deleting, entries
from valuelog.workflows.confirmation import Confirmation
from valuelog.workflows.entries import Edits

EntryIdArgument = Annotated[
    str, typer.Argument(metavar="ID", autocompletion=candidates.entity_ids, help="The beginning of an id.")
]


def edit(
    ctx: typer.Context,
    entry_id: EntryIdArgument,
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="New text; - reads stdin.")] = None,
    *,
    date: DateOption = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", autocompletion=candidates.entry_kinds, help="Another kind.")
    ] = None,
    minutes: MinutesOption = None,
    tag: TagsOption = None,
    person: PeopleOption = None,
    project: ProjectOption = None,
    beneficiary: BeneficiariesOption = None,
    effect: EffectsOption = None,
    evidence: EvidenceOption = None,
    json: JsonOption = False,
) -> None:
    """Change an entry: by flags, by new words, or in your editor where neither is given.

    --tag, --person, --for and --effect replace what was there; an empty --project or --evidence takes it away.

    Example: valuelog edit k3 --evidence "two tickets less a day" -m 45
    """
    world: World = ctx.obj
    said = parse_entry_fields(minutes, tag, person, beneficiary, effect)
    edits = Edits(
        day=world.parse_day(date) if date is not None else None,
        kind=parse_entry_kind(kind) if kind is not None else None,
        project=project,
        evidence=evidence,
        **said,
    )
    journal = world.open_journal(write=True)
    entry = entries.find(journal, entry_id)
    changed = _apply_edits(world, journal, entry, edits, text)
    print_confirmation(world, changed, json=json)


def _apply_edits(
    world: World,
    journal: Journal,
    entry: Entry,
    edits: Edits,
    text: list[str] | None,
) -> Confirmation:
    """Change an entry, with new words where some are given or nothing else is."""
    if not text and edits != Edits():
        return entries.edit(journal, entry, edits)
    with text_input(world, text or [entry.text], edit=not text, entity_id=entry.id) as said:
        return entries.edit(journal, entry, replace(edits, text=said))


def delete(
    ctx: typer.Context,
    entity_ids: Annotated[
        list[str], typer.Argument(metavar="ID…", autocompletion=candidates.entity_ids, help="The beginnings of ids.")
    ],
    *,
    purge: Annotated[bool, typer.Option("--purge", help="Erase the text for good, after typing the id.")] = False,
) -> None:
    """Delete entries, pain points, promises or empty projects. Undo brings them back, unless --purge erases them.

    Example: valuelog delete k3 m7
    """
    world: World = ctx.obj
    if purge:
        _purge_entity(world, entity_ids)
        return
    for changed in deleting.delete(world.open_journal(write=True), entity_ids):
        print_confirmation(world, changed)


def _purge_entity(world: World, entity_ids: list[str]) -> None:
    from valuelog.render.confirmation import PURGE_WARNING  # noqa: PLC0415

    if len(entity_ids) != 1:
        raise BadInput("--purge erases one thing at a time.", "Name one id.")
    ask = world.require_prompter("there are none; erasing for good wants a person")
    journal = world.open_journal(write=True)
    name = journal.resolve_id(entity_ids[0], *deleting.PURGEABLE_ENTITIES, include_deleted=True)[1]
    letters = journal.prefix_lengths([name])[name]
    ask.show_heading(PURGE_WARNING)

    def same(typed: str) -> None:
        if len(said := ids.normalize_id(typed)) < letters or not name.startswith(said):
            raise BadText(f"That is not {name[:letters]}.", "Type it again, or press Enter to keep everything.")

    if ask.ask_text(f"type {name[:letters]} to erase it", validate=same):
        deleting.purge_text(journal, name)
        world.write_stderr(f"Erased for good: {name[:letters]}")
    else:
        world.write_stderr("Kept.")


def promote(
    ctx: typer.Context,
    entry_id: EntryIdArgument,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", autocompletion=candidates.value_kinds, help="improvement, outcome, helped or insight."
        ),
    ],
    *,
    evidence: EvidenceOption = None,
    effect: EffectsOption = None,
    beneficiary: BeneficiariesOption = None,
    json: JsonOption = False,
) -> None:
    """Turn an activity into the value that it was.

    Example: valuelog promote k3 improvement --effect faster --evidence "the report takes a minute now"
    """
    world: World = ctx.obj
    wanted = parse_entry_kind(kind)
    edits = Edits(evidence=evidence, **parse_entry_fields(None, None, None, beneficiary, effect))
    journal = world.open_journal(write=True)
    entry = entries.find(journal, entry_id)
    if edits == Edits() and wanted in VALUE_KINDS:
        edits = entries.ask_promotion_details(world.require_prompter("--evidence, --effect or --for"))
    print_confirmation(world, entries.promote(journal, entry, wanted, edits), json=json)
