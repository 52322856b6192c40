"""Changing what was written: edit, delete, promote."""

from dataclasses import replace
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.editor import words
from valuelog.cli.entry_options import Effects, Evidence, Minutes, People, Project, Tags, Whom, facts, tell
from valuelog.cli.kinds import entry_kind
from valuelog.cli.options import Json, When
from valuelog.cli.world import World
from valuelog.journal import entries, ids
from valuelog.journal.store import Journal
from valuelog.model.entry import VALUE_KINDS, Entry
from valuelog.model.errors import BadInput, BadText
from valuelog.workflows import changing, deleting
from valuelog.workflows.changing import Edits
from valuelog.workflows.confirmation import Changed

Id = Annotated[str, typer.Argument(metavar="ID", autocompletion=candidates.ids, help="The beginning of an id.")]


def edit(
    ctx: typer.Context,
    name: Id,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="[TEXT…]", help="New words for it; - reads stdin.")
    ] = None,
    *,
    date: When = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", autocompletion=candidates.entry_kinds, help="Another kind.")
    ] = None,
    minutes: Minutes = None,
    tag: Tags = None,
    person: People = None,
    project: Project = None,
    whom: Whom = None,
    effect: Effects = None,
    evidence: Evidence = None,
    json: Json = False,
) -> None:
    """Change an entry: by flags, by new words, or in your editor where neither is given.

    --tag, --person, --for and --effect replace what was there; an empty --project or --evidence takes it away.

    Example: valuelog edit k3 --evidence "two tickets less a day" -m 45
    """
    world: World = ctx.obj
    said = facts(minutes, tag, person, whom, effect)
    edits = Edits(
        day=world.day(date) if date is not None else None,
        kind=entry_kind(kind) if kind is not None else None,
        project=project,
        evidence=evidence,
        **said,
    )
    journal = world.journal(write=True)
    entry = _entry(journal, name)
    changed = _reworded(world, journal, entry, edits, text)
    tell(world, changed, json=json)


def _reworded(
    world: World,
    journal: Journal,
    entry: Entry,
    edits: Edits,
    text: list[str] | None,
) -> Changed:
    """Change an entry, with new words where some are given or nothing else is."""
    if not text and edits != Edits():
        return changing.edit(journal, entry, edits)
    with words(world, text or [entry.text], edit=not text, of=entry.id) as said:
        return changing.edit(journal, entry, replace(edits, text=said))


def _entry(journal: Journal, words: str) -> Entry:
    """Return the entry that an id means. Raises UnknownId, AmbiguousId, or NoEntry for what is something else."""
    entity, name = journal.resolve_id(words)
    if entity != "entry":
        raise NoEntry(words, entity)
    return entries.get(journal, name)


class NoEntry(BadInput):
    """An entry is wanted, and the id is that of something else."""

    def __init__(self, words: str, entity: str) -> None:
        """Say what it is, and how that is changed."""
        what = {"pain": "pain point"}.get(entity, entity)
        super().__init__(f"{words} is a {what}, no entry.", f"Change it with: valuelog {entity} --help")


def delete(
    ctx: typer.Context,
    names: Annotated[
        list[str], typer.Argument(metavar="ID…", autocompletion=candidates.ids, help="The beginnings of ids.")
    ],
    *,
    purge: Annotated[bool, typer.Option("--purge", help="Erase the words for good, after typing the id.")] = False,
) -> None:
    """Delete entries, pain points, promises or empty projects. Undo brings them back, unless --purge erases them.

    Example: valuelog delete k3 m7
    """
    world: World = ctx.obj
    if purge:
        _purge(world, names)
        return
    for changed in deleting.delete(world.journal(write=True), names):
        tell(world, changed)


def _purge(world: World, names: list[str]) -> None:
    from valuelog.render.confirmation import PURGING  # noqa: PLC0415

    if len(names) != 1:
        raise BadInput("--purge erases one thing at a time.", "Name one id.")
    ask = world.ask("there are none; erasing for good wants a person")
    journal = world.journal(write=True)
    name = journal.resolve_id(names[0], *deleting.ERASABLE, include_deleted=True)[1]
    letters = journal.prefix_lengths([name])[name]
    ask.title(PURGING)

    def same(typed: str) -> None:
        if len(said := ids.normalize_id(typed)) < letters or not name.startswith(said):
            raise BadText(f"That is not {name[:letters]}.", "Type it again, or press Enter to keep everything.")

    if ask.line(f"type {name[:letters]} to erase it", check=same):
        deleting.erase(journal, name)
        world.say(f"Erased for good: {name[:letters]}")
    else:
        world.say("Kept.")


def promote(
    ctx: typer.Context,
    name: Id,
    kind: Annotated[
        str,
        typer.Argument(
            metavar="KIND", autocompletion=candidates.value_kinds, help="improvement, outcome, helped or insight."
        ),
    ],
    *,
    evidence: Evidence = None,
    effect: Effects = None,
    whom: Whom = None,
    json: Json = False,
) -> None:
    """Turn an activity into the value that it was.

    Example: valuelog promote k3 improvement --effect faster --evidence "the report takes a minute now"
    """
    world: World = ctx.obj
    wanted = entry_kind(kind)
    edits = Edits(evidence=evidence, **facts(None, None, None, whom, effect))
    journal = world.journal(write=True)
    entry = _entry(journal, name)
    if edits == Edits() and wanted in VALUE_KINDS:
        edits = changing.asked(world.ask("--evidence, --effect or --for"))
    tell(world, changing.promote(journal, entry, wanted, edits), json=json)
