"""Friction: list it, note it, see it again."""

from typing import Annotated

import typer

from valuelog.cli import complete
from valuelog.cli.editor import words
from valuelog.cli.lazy import SETTINGS
from valuelog.cli.options import Json, Plain, When, form
from valuelog.cli.spoken import Spoken, alone
from valuelog.cli.words import tell
from valuelog.cli.world import World
from valuelog.workflows import changing, lookup
from valuelog.workflows.writing import Note

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, context_settings=SETTINGS)


@app.callback(invoke_without_command=True)
def pain(ctx: typer.Context, *, json: Json = False, plain: Plain = False) -> None:
    """Friction you noticed: a signal, neither work nor value. Alone: the list.

    Example: valuelog pain · valuelog pain add "the deploy waits on one approver"
    """
    if alone(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Spoken)
def show_list(ctx: typer.Context, *, json: Json = False, plain: Plain = False) -> None:
    """List what still hurts, the most often seen first."""
    world: World = ctx.obj
    world.show("pains", lookup.open_pains(world.journal(), world.today()), form(json=json, plain=plain))


@app.command("add", cls=Spoken)
def add(
    ctx: typer.Context,
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="The words; - reads stdin.")] = None,
    *,
    date: When = None,
    json: Json = False,
) -> None:
    """Note friction; what says the very same as an open pain point is seen again."""
    world: World = ctx.obj
    day = world.day(date)
    with words(world, text) as said:
        changed = changing.add(world.journal(write=True), Note(kind=None, day=day, text=said), world.now())
    tell(world, changed, json=json)


@app.command("seen", cls=Spoken)
def seen(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", autocompletion=complete.ids, help="The beginning of its id.")],
    text: Annotated[list[str] | None, typer.Argument(metavar="[TEXT…]", help="How it showed this time.")] = None,
    *,
    date: When = None,
    json: Json = False,
) -> None:
    """Write down that it was felt again."""
    world: World = ctx.obj
    day = world.day(date)
    changed = changing.see(world.journal(write=True), name, " ".join(text or ()) or None, day, world.now())
    tell(world, changed, json=json)
