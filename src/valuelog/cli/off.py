"""`off`: days that no streak, habit or coverage should count."""

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
"""Longer absences are typing mistakes."""


class AbsenceTooLong(BadInput):
    """An absence that nobody can mean."""

    def __init__(self, days: int) -> None:
        """Say how long it would be."""
        super().__init__(f"{days:,} days are longer than a year. Nothing was changed.", "Name a year at most.")


def off(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(metavar="PERIOD|list", autocompletion=candidates.periods, help="The days, or list."),
    ] = None,
    *,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="Why.")] = None,
    back: Annotated[bool, typer.Option("--back", help="Let these days count again.")] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Mark days as off, in the past or to come; `off list` shows them.

    Example: valuelog off 2026-12-24..2026-12-31 --note holidays · valuelog off list
    """
    world: World = ctx.obj
    said, shape = join_words(words) or "list", output_format(json=json, plain=plain)
    if said == "list":
        _show_days_off(world, shape, change=back or note is not None)
        return
    period = dates.parse_coming_period(said, world.today())
    if period.length > MAX_DAYS_OFF:
        raise AbsenceTooLong(period.length)
    journal = world.open_journal(write=True)
    changed = days_off.remove_days_off(journal, period) if back else days_off.add_days_off(journal, period, note)
    world.write_stderr(format_days_off(changed, world.canvas_for(world.stderr)))
    if shape is not OutputFormat.TERMINAL:
        world.show(views.DAYS_OFF, changed, shape)


def _show_days_off(world: World, shape: OutputFormat, *, change: bool) -> None:
    if change:
        raise ConflictingOptions("--note and --back want days.", "Name them: valuelog off 2026-12-24 --note holidays")
    world.show(views.DAYS_OFF, days_off.list_days_off(world.open_journal()), shape)
