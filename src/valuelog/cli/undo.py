"""`undo`, `redo` and `history`."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.options import MAX_LIMIT, JsonOption, PlainOption, output_format, parse_count
from valuelog.cli.world import World
from valuelog.render import views
from valuelog.render.confirmation import format_undo_result
from valuelog.workflows.undo import load_history, redo_change, undo_changes


def undo(
    ctx: typer.Context,
    count: Annotated[
        int, typer.Option("-n", parser=parse_count("-n", 1000), metavar="N", help="Undo the last N changes.")
    ] = 1,
) -> None:
    """Whole evenings count as one change.

    Example: valuelog undo · valuelog undo -n 3
    """
    world: World = ctx.obj
    for result in undo_changes(world.open_journal(write=True), count):
        world.write_stderr(format_undo_result(result, world.canvas_for(world.stderr)))


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
