"""Taking back and looking back: undo, redo, history."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.options import MANY, Json, Plain, form
from valuelog.cli.world import World
from valuelog.render.confirmation import took
from valuelog.workflows.undo import change_history, redo_change, undo_changes


def undo(
    ctx: typer.Context,
    count: Annotated[int, typer.Option("-n", min=1, max=1000, metavar="N", help="So many changes.")] = 1,
) -> None:
    """Take the last change back, whatever it was; a whole evening is one.

    Example: valuelog undo · valuelog undo -n 3
    """
    world: World = ctx.obj
    for one in undo_changes(world.journal(write=True), count):
        world.say(took(one, world.canvas(world.stderr)))


def redo(ctx: typer.Context) -> None:
    """Make the last change again that was undone.

    Example: valuelog redo
    """
    world: World = ctx.obj
    world.say(took(redo_change(world.journal(write=True)), world.canvas(world.stderr)))


def history(
    ctx: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", autocompletion=candidates.ids, help="Only what was done to this.")
    ] = None,
    *,
    count: Annotated[int, typer.Option("-n", min=1, max=MANY, metavar="N", help="At most so many changes.")] = 20,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """Show what was changed and when, the newest last.

    Example: valuelog history · valuelog history k3
    """
    world: World = ctx.obj
    found = change_history(world.journal(), name, count, world.now())
    world.show("history", found, form(json=json, plain=plain))
