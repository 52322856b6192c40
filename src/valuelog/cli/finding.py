"""`finding`: list what is worth acting on; snooze a finding, or turn it off and on."""

from datetime import date, timedelta
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.command import Command, has_no_subcommand
from valuelog.cli.group import create_group
from valuelog.cli.options import JsonOption, PlainOption, output_format
from valuelog.cli.showings import read_showings
from valuelog.cli.world import World
from valuelog.model import dates
from valuelog.model.errors import BadInput
from valuelog.model.period import format_full_day
from valuelog.render import OutputFormat, views
from valuelog.render.confirmation import format_mute_result
from valuelog.workflows import findings

SNOOZE_WEEKS = 2
"""How long a finding is snoozed unless --until says otherwise."""

app = create_group()

RuleArgument = Annotated[
    str, typer.Argument(metavar="RULE", autocompletion=candidates.finding_rules, help="Its id, as in the list.")
]
AboutArgument = Annotated[
    str | None, typer.Argument(metavar="ABOUT", help="Only what it says about this; all of the rule by default.")
]


@app.callback(invoke_without_command=True)
def finding(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """Without a command, it lists what is worth acting on.

    Example: valuelog finding · valuelog finding snooze thin-coverage --until "in 3 weeks"
    """
    if has_no_subcommand(ctx, json=json, plain=plain):
        show_list(ctx, json=json, plain=plain)


@app.command("list", cls=Command)
def show_list(ctx: typer.Context, *, json: JsonOption = False, plain: PlainOption = False) -> None:
    """List everything worth acting on, when a review shows it next, and what is snoozed or off.

    Example: valuelog finding list · valuelog finding list --json
    """
    world: World = ctx.obj
    form = output_format(json=json, plain=plain)
    listed = findings.list_findings(
        world.open_journal(), world.today(), world.schedule, read_showings(world.showings_file(form))
    )
    world.show(views.FINDINGS, listed, form)


@app.command("snooze", cls=Command)
def snooze(
    ctx: typer.Context,
    rule: RuleArgument,
    about: AboutArgument = None,
    *,
    until: Annotated[
        str | None,
        typer.Option(
            metavar="WHEN",
            autocompletion=candidates.due_days,
            help="The day it may come back; in two weeks by default.",
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Hide a finding until a day.

    Example: valuelog finding snooze little-help · valuelog finding snooze thin-coverage --until "in 3 weeks"
    """
    world: World = ctx.obj
    today, day = world.today(), _parse_until(world, until)
    result = findings.snooze(world.open_journal(write=True), rule, about, day, today, world.schedule)
    _confirm(world, result, json=json)


def _parse_until(world: World, until: str | None) -> date:
    """Parse the end of a snooze. Raises BadDay, AmbiguousDay, PastDay or BadInput."""
    today = world.today()
    if until is None:
        return today + timedelta(weeks=SNOOZE_WEEKS)
    day = dates.parse_due_day(until, today, world.schedule.review_day)
    if day <= today:
        raise BadInput(f"{format_full_day(day)} is today.", "Name a later day: --until fri")
    return day


@app.command("off", cls=Command)
def turn_off(ctx: typer.Context, rule: RuleArgument, about: AboutArgument = None, *, json: JsonOption = False) -> None:
    """Never show a finding, until you turn it on again.

    Example: valuelog finding off little-help
    """
    world: World = ctx.obj
    result = findings.turn_off(world.open_journal(write=True), rule, about, world.today(), world.schedule)
    _confirm(world, result, json=json)


@app.command("on", cls=Command)
def turn_on(ctx: typer.Context, rule: RuleArgument, about: AboutArgument = None, *, json: JsonOption = False) -> None:
    """Show a finding again that is snoozed or off.

    Example: valuelog finding on little-help
    """
    world: World = ctx.obj
    _confirm(world, findings.turn_on(world.open_journal(write=True), rule, about, world.today()), json=json)


def _confirm(world: World, result: findings.MuteResult, *, json: bool) -> None:
    world.write_stderr(format_mute_result(result, world.canvas_for(world.stderr)))
    if json:
        world.show(views.MUTE_RESULT, result, OutputFormat.JSON)
