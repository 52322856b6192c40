"""Promises: make them, keep or break them, carry them over."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Command, has_no_subcommand
from valuelog.cli.entry_options import print_confirmation
from valuelog.cli.group import create_group
from valuelog.cli.options import DateOption, DueOption, JsonOption, PlainOption, join_words, output_format
from valuelog.cli.world import World
from valuelog.model.entry import clean_text, parse_choice
from valuelog.model.promise import PromiseKind, PromiseState
from valuelog.render import views
from valuelog.workflows import pains, promises

app = create_group()

PromiseIdArgument = Annotated[
    str, typer.Argument(metavar="ID", autocompletion=candidates.promises, help="The beginning of its id.")
]


@app.callback(invoke_without_command=True)
def promise(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Keep what you will stop, start or take as a small step until a day. Alone: the list.

    Example: valuelog promise · valuelog promise make stop "the weekly status mail" --by fri
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Command)
def show_list(
    ctx: typer.Context,
    *,
    settled: Annotated[bool, typer.Option("--all", help="Also what became of the latest ones.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List what you promised and have not settled yet, the next one first.

    Example: valuelog promise list · valuelog promise list --all
    """
    world: World = ctx.obj
    found = promises.list_promises(world.open_journal(), world.today(), include_settled=settled)
    world.show(views.PROMISES, found, output_format(json=json, plain=plain))


@app.command("make", cls=Command)
def make(
    ctx: typer.Context,
    kind: Annotated[
        str, typer.Argument(metavar="stop|start|step", autocompletion=candidates.promise_kinds, help="What it is.")
    ],
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="The words.")] = None,
    *,
    by: DueOption = None,
    pain: Annotated[
        str | None,
        typer.Option(metavar="ID", autocompletion=candidates.pains, help="The pain point that a step is for."),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Promise to stop something, to start something, or to take a small step.

    Example: valuelog promise make stop "the weekly status mail" --by fri
    """
    world: World = ctx.obj
    today, due, read = world.today(), world.parse_due(by), parse_choice(PromiseKind, "kind of promise", kind)
    journal = world.open_journal(write=True)
    friction = pains.find(journal, pain) if pain is not None else None
    said = join_words(text) or world.require_prompter("TEXT in words, and --by WHEN").ask_text(
        promises.TEXT_QUESTIONS[read], validate=clean_text
    )
    print_confirmation(
        world,
        promises.make_promise(journal, promises.build_promise(read, said, due, today, world.now()), friction),
        json=json,
    )


@app.command("keep", cls=Command)
def keep(
    ctx: typer.Context, promise_id: PromiseIdArgument, *, date: DateOption = None, json: JsonOption = False
) -> None:
    """Say that you kept it.

    Example: valuelog promise keep m7 · valuelog promise keep m7 -d yesterday
    """
    _settle_promise(ctx.obj, promise_id, PromiseState.KEPT, date, json=json)


@app.command("break", cls=Command)
def broken(
    ctx: typer.Context, promise_id: PromiseIdArgument, *, date: DateOption = None, json: JsonOption = False
) -> None:
    """Say that it came to nothing.

    Example: valuelog promise break m7
    """
    _settle_promise(ctx.obj, promise_id, PromiseState.BROKEN, date, json=json)


def _settle_promise(world: World, promise_id: str, state: PromiseState, date: str | None, *, json: bool) -> None:
    day = world.parse_day(date)
    journal = world.open_journal(write=True)
    print_confirmation(world, promises.settle(journal, promises.find(journal, promise_id), state, day), json=json)


@app.command("carry", cls=Command)
def carry(ctx: typer.Context, promise_id: PromiseIdArgument, *, by: DueOption = None, json: JsonOption = False) -> None:
    """Put it off to a later day; how often you did is remembered.

    Example: valuelog promise carry m7 --by fri
    """
    world: World = ctx.obj
    today, due = world.today(), world.parse_due(by)
    journal = world.open_journal(write=True)
    found = promises.find(journal, promise_id)
    if by is None:
        due = world.schedule.next_review_day(max(today, found.due))
    print_confirmation(world, promises.carry_over(journal, found, due, today), json=json)
