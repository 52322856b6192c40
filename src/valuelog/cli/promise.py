"""Promises: make them, keep or break them, carry them over."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Spoken, alone
from valuelog.cli.entry_options import tell
from valuelog.cli.group import group
from valuelog.cli.options import By, Json, Plain, When, form, spoken
from valuelog.cli.world import World
from valuelog.model.entry import clean_text, parse_choice
from valuelog.model.promise import PromiseKind, PromiseState
from valuelog.workflows import pains, promises

app = group()

Name = Annotated[str, typer.Argument(metavar="ID", autocompletion=candidates.promises, help="The beginning of its id.")]


@app.callback(invoke_without_command=True)
def promise(ctx: typer.Context, *, json: Json = False, plain: Plain = False) -> None:
    """Keep what you will stop, start or take as a small step until a day. Alone: the list.

    Example: valuelog promise · valuelog promise make stop "the weekly status mail" --by fri
    """
    if alone(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Spoken)
def show_list(
    ctx: typer.Context,
    *,
    settled: Annotated[bool, typer.Option("--all", help="Also what became of the latest ones.")] = False,
    json: Json = False,
    plain: Plain = False,
) -> None:
    """List what you promised and have not settled yet, the next one first.

    Example: valuelog promise list · valuelog promise list --all
    """
    world: World = ctx.obj
    found = promises.listing(world.journal(), world.today(), settled=settled)
    world.show("promises", found, form(json=json, plain=plain))


@app.command("make", cls=Spoken)
def make(
    ctx: typer.Context,
    kind: Annotated[
        str, typer.Argument(metavar="stop|start|step", autocompletion=candidates.promise_kinds, help="What it is.")
    ],
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="The words.")] = None,
    *,
    by: By = None,
    pain: Annotated[
        str | None,
        typer.Option(metavar="ID", autocompletion=candidates.pains, help="The pain point that a step is for."),
    ] = None,
    json: Json = False,
) -> None:
    """Promise to stop something, to start something, or to take a small step.

    Example: valuelog promise make stop "the weekly status mail" --by fri
    """
    world: World = ctx.obj
    today, due, read = world.today(), world.due(by), parse_choice(PromiseKind, "kind of promise", kind)
    journal = world.journal(write=True)
    friction = pains.find(journal, pain) if pain is not None else None
    said = spoken(text) or world.ask("TEXT in words, and --by WHEN").line(promises.WHAT[read], check=clean_text)
    tell(world, promises.make(journal, promises.promised(read, said, due, today, world.now()), friction), json=json)


@app.command("keep", cls=Spoken)
def keep(ctx: typer.Context, name: Name, *, date: When = None, json: Json = False) -> None:
    """Say that you kept it.

    Example: valuelog promise keep m7 · valuelog promise keep m7 -d yesterday
    """
    _settle(ctx.obj, name, PromiseState.KEPT, date, json=json)


@app.command("break", cls=Spoken)
def broken(ctx: typer.Context, name: Name, *, date: When = None, json: Json = False) -> None:
    """Say that it came to nothing.

    Example: valuelog promise break m7
    """
    _settle(ctx.obj, name, PromiseState.BROKEN, date, json=json)


def _settle(world: World, name: str, state: PromiseState, date: str | None, *, json: bool) -> None:
    day = world.day(date)
    journal = world.journal(write=True)
    tell(world, promises.settle(journal, promises.find(journal, name), state, day), json=json)


@app.command("carry", cls=Spoken)
def carry(ctx: typer.Context, name: Name, *, by: By = None, json: Json = False) -> None:
    """Put it off to a later day; how often you did is remembered.

    Example: valuelog promise carry m7 --by fri
    """
    world: World = ctx.obj
    today, due = world.today(), world.due(by)
    journal = world.journal(write=True)
    found = promises.find(journal, name)
    if by is None:
        due = world.schedule.next_review_day(max(today, found.due))
    tell(world, promises.carry(journal, found, due, today), json=json)
