"""`promise`: list, make, keep, break, drop and carry over promises."""

from datetime import timedelta
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
from valuelog.model.recurrence import parse_recurrence
from valuelog.render import views
from valuelog.workflows import pains, promises

app = create_group()

PromiseIdArgument = Annotated[
    str, typer.Argument(metavar="ID", autocompletion=candidates.promises, help="The first letters of its id.")
]


@app.callback(invoke_without_command=True)
def promise(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Without a command, it lists promises.

    Example: valuelog promise · valuelog promise make stop "the weekly status mail" --by fri
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Command)
def show_list(
    ctx: typer.Context,
    *,
    settled: Annotated[bool, typer.Option("--all", help="Also show the ones settled most recently.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """List your open promises, the next due first.

    Example: valuelog promise list · valuelog promise list --all
    """
    world: World = ctx.obj
    promise_list = promises.list_promises(world.open_journal(), world.today(), include_settled=settled)
    world.show(views.PROMISES, promise_list, output_format(json=json, plain=plain))


@app.command("make", cls=Command)
def make(
    ctx: typer.Context,
    kind: Annotated[
        str,
        typer.Argument(metavar="stop|start|step", autocompletion=candidates.promise_kinds, help="The kind of promise."),
    ],
    text: Annotated[list[str] | None, typer.Argument(metavar="TEXT…", help="What you promise.")] = None,
    *,
    by: DueOption = None,
    pain: Annotated[
        str | None,
        typer.Option(metavar="ID", autocompletion=candidates.pains, help="The pain point that a step is for."),
    ] = None,
    every: Annotated[
        str | None,
        typer.Option(
            metavar="HOW OFTEN",
            autocompletion=candidates.recurrences,
            help="Promise it again and again: friday, 2 weeks, month …",
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Promise to stop or start something, or to take a small step.

    With --every, keeping or breaking it makes the next one; `promise drop` ends the series.

    Example: valuelog promise make stop "the weekly status mail" --by fri
    """
    world: World = ctx.obj
    rule = parse_recurrence(every) if every is not None else None
    today, due, promise_kind = world.today(), world.parse_due(by), parse_choice(PromiseKind, "kind of promise", kind)
    if by is None and rule and rule.names_days:
        due = rule.first_on_or_after(today + timedelta(days=1))
    journal = world.open_journal(write=True)
    pain_point = pains.find(journal, pain) if pain is not None else None
    words = join_words(text)
    if not words:
        prompter = world.require_prompter("TEXT in words, and --by WHEN")
        words = prompter.ask_text(promises.TEXT_QUESTIONS[promise_kind], validate=clean_text)
    new = promises.build_promise(promise_kind, words, due, today, world.now(), rule)
    print_confirmation(world, promises.make_promise(journal, new, pain_point), json=json)


@app.command("keep", cls=Command)
def keep(
    ctx: typer.Context, promise_id: PromiseIdArgument, *, date: DateOption = None, json: JsonOption = False
) -> None:
    """Mark a promise as kept.

    Example: valuelog promise keep m7 · valuelog promise keep m7 -d yesterday
    """
    _settle_promise(ctx.obj, promise_id, PromiseState.KEPT, date, json=json)


@app.command("break", cls=Command)
def broken(
    ctx: typer.Context, promise_id: PromiseIdArgument, *, date: DateOption = None, json: JsonOption = False
) -> None:
    """Mark a promise as broken.

    Example: valuelog promise break m7
    """
    _settle_promise(ctx.obj, promise_id, PromiseState.BROKEN, date, json=json)


def _settle_promise(world: World, promise_id: str, state: PromiseState, date: str | None, *, json: bool) -> None:
    day = world.parse_day(date)
    journal = world.open_journal(write=True)
    current = promises.find(journal, promise_id)
    print_confirmation(world, promises.settle(journal, current, state, day, world.today(), world.now()), json=json)


@app.command("drop", cls=Command)
def drop(
    ctx: typer.Context, promise_id: PromiseIdArgument, *, date: DateOption = None, json: JsonOption = False
) -> None:
    """Drop a promise; if it repeats, the series ends.

    Example: valuelog promise drop m7
    """
    world: World = ctx.obj
    day, journal = world.parse_day(date), world.open_journal(write=True)
    print_confirmation(world, promises.drop(journal, promises.find(journal, promise_id), day), json=json)


@app.command("carry", cls=Command)
def carry(ctx: typer.Context, promise_id: PromiseIdArgument, *, by: DueOption = None, json: JsonOption = False) -> None:
    """Carry a promise over to a later day; valuelog counts how often you do.

    Example: valuelog promise carry m7 --by fri
    """
    world: World = ctx.obj
    today, due = world.today(), world.parse_due(by)
    journal = world.open_journal(write=True)
    current = promises.find(journal, promise_id)
    if by is None:
        due = world.schedule.next_review_day(max(today, current.due))
    print_confirmation(world, promises.carry_over(journal, current, due, today), json=json)
