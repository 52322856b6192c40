"""`off`: days off, which no streak, habit or coverage counts."""

from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.options import ConflictingOptions, JsonOption, PlainOption, join_words, output_format
from valuelog.cli.world import World
from valuelog.model import dates
from valuelog.model.errors import BadInput
from valuelog.render import OutputFormat, views
from valuelog.render.confirmation import format_days_off
from valuelog.workflows import days_off

MAX_DAYS_OFF = 366
"""A longer period is a typing mistake."""


class AbsenceTooLong(BadInput):
    """The period is longer than MAX_DAYS_OFF."""

    def __init__(self, days: int) -> None:
        """Name its length."""
        super().__init__(f"{days:,} days are more than a year. Nothing was changed.", "Mark at most a year at a time.")


def off(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="PERIOD|list", autocompletion=candidates.periods, help="The days, or list."),
    ] = None,
    *,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="The reason.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Turn these days back into ordinary ones.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Mark past or future days as off; `off list` shows them.

    Example: valuelog off 2026-12-24..2026-12-31 --note holidays · valuelog off list
    """
    world: World = ctx.obj
    text, form = join_words(words) or "list", output_format(json=json, plain=plain)
    if text == "list":
        _show_days_off(world, form, is_change=back or note is not None)
        return
    period = dates.parse_coming_period(text, world.today())
    if period.length > MAX_DAYS_OFF:
        raise AbsenceTooLong(period.length)
    journal = world.open_journal(write=True)
    result = days_off.remove_days_off(journal, period) if back else days_off.add_days_off(journal, period, note)
    world.write_stderr(format_days_off(result, world.canvas_for(world.stderr)))
    if form is not OutputFormat.TERMINAL:
        world.show(views.DAYS_OFF, result, form)


def _show_days_off(world: World, form: OutputFormat, *, is_change: bool) -> None:
    if is_change:
        raise ConflictingOptions("--note and --back need days.", "Name them: valuelog off 2026-12-24 --note holidays")
    world.show(views.DAYS_OFF, days_off.list_days_off(world.open_journal()), form)
