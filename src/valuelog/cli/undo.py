"""`undo`, `redo` and `history`."""

from contextlib import suppress
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.options import MAX_LIMIT, ConflictingOptions, JsonOption, PlainOption, output_format, parse_count
from valuelog.cli.world import World
from valuelog.journal.store import Journal
from valuelog.model.errors import AmbiguousId, UnknownId
from valuelog.model.text import quote
from valuelog.render import views
from valuelog.render.confirmation import format_undo_result
from valuelog.workflows.undo import load_history, redo_change, undo_changes, undo_last_change_of

MAX_UNDO = 1000
"""How many changes can be undone at once."""


def undo(
    ctx: typer.Context,
    target: Annotated[
        str | None,
        typer.Argument(
            metavar="[N|ID]", autocompletion=candidates.entity_ids, help="How many changes, or the id of what changed."
        ),
    ] = None,
    *,
    count: Annotated[
        int | None, typer.Option("-n", parser=parse_count("-n", MAX_UNDO), metavar="N", help="Undo the last N changes.")
    ] = None,
) -> None:
    """Whole evenings count as one change.

    Example: valuelog undo · valuelog undo 3 · valuelog undo k3
    """
    world: World = ctx.obj
    if target and count:
        raise ConflictingOptions("Undo takes a number or an id.", "Leave out -n or the other one.")
    journal = world.open_journal(write=True)
    if target is None or _is_count(journal, target):
        results = undo_changes(journal, parse_count("undo", MAX_UNDO)(target) if target else count or 1)
    else:
        results = (undo_last_change_of(journal, target),)
    for result in results:
        world.write_stderr(format_undo_result(result, world.canvas_for(world.stderr)))


def _is_count(journal: Journal, target: str) -> bool:
    """Return whether a word is a number of changes. Raises ConflictingOptions if it is also the start of an id."""
    if not (target.isdecimal() and len(target) <= len(str(MAX_UNDO))):
        return False
    with suppress(UnknownId, AmbiguousId):
        if len(target) > 1 and journal.resolve_id(target, include_deleted=True):
            raise ConflictingOptions(
                f"{quote(target)} is a number and the start of an id.",
                f"Write: valuelog undo -n {target}, or more letters of the id.",
            )
    return True


def redo(ctx: typer.Context) -> None:
    """Repeat it to redo more.

    Example: valuelog redo
    """
    world: World = ctx.obj
    world.write_stderr(format_undo_result(redo_change(world.open_journal(write=True)), world.canvas_for(world.stderr)))


def history(
    ctx: typer.Context,
    entity_id: Annotated[
        str | None,
        typer.Argument(
            metavar="[ID]", autocompletion=candidates.entity_ids, help="Only changes to the item with this id."
        ),
    ] = None,
    *,
    count: Annotated[
        int, typer.Option("-n", parser=parse_count("-n", MAX_LIMIT), metavar="N", help="Show at most N changes.")
    ] = 20,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Newest changes come last.

    Example: valuelog history · valuelog history k3
    """
    world: World = ctx.obj
    loaded = load_history(world.open_journal(), entity_id, count, world.now())
    world.show(views.HISTORY, loaded, output_format(json=json, plain=plain))
