"""`off`: days off, which no streak, habit or coverage counts."""

from collections.abc import Sequence
from datetime import date
from typing import Annotated

import typer

from valuelog.cli import candidates
from valuelog.cli.options import ConflictingOptions, JsonOption, PlainOption, join_words, output_format
from valuelog.cli.settings.read import parse_named_path
from valuelog.cli.world import World
from valuelog.model import dates
from valuelog.model.errors import BadInput
from valuelog.model.period import Period, Unit, period_containing
from valuelog.model.recurrence import Recurrence, parse_recurrence
from valuelog.render import OutputFormat, views
from valuelog.render.confirmation import format_days_off, format_imported_days_off
from valuelog.workflows import days_off
from valuelog.workflows.days_off import DaysOff

MAX_DAYS_OFF = 366
"""A longer period is a typing mistake."""


MAX_IMPORTED_DAYS = 5 * 366
"""How many days of a calendar are read at once."""


class AbsenceTooLong(BadInput):
    """The period is longer than MAX_DAYS_OFF."""

    def __init__(self, days: int) -> None:
        """Name its length."""
        super().__init__(f"{days:,} days are more than a year. Nothing was changed.", "Mark at most a year at a time.")


def off(
    ctx: typer.Context,
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="PERIOD|list|import FILE", autocompletion=candidates.periods, help="The days, list, or a calendar."
        ),
    ] = None,
    *,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="The reason.")] = None,
    every: Annotated[
        str | None,
        typer.Option(
            metavar="HOW OFTEN",
            autocompletion=candidates.recurrences,
            help="Repeat: monday, other friday, month, year …",
        ),
    ] = None,
    back: Annotated[
        bool, typer.Option("--back", help="Turn these days back into ordinary ones; with --every, end a series.")
    ] = False,
    json: JsonOption = False,
    plain: PlainOption = False,
) -> None:
    """Mark past or future days as off; `off list` shows them.

    With --every, a named weekday is off from the first day on, or only within a longer period; other days repeat.
    `off import FILE.ics` marks the all-day events of a calendar, such as public holidays, of this year and the next.

    Example: valuelog off 2026-12-24..2026-12-31 --note holidays · valuelog off --every monday · valuelog off list
    """
    world: World = ctx.obj
    form = output_format(json=json, plain=plain)
    if words and words[0] == "import":
        _import_calendar(world, words[1:], form, is_change=back or note is not None or every is not None)
        return
    text, rule = _split_recurrence(join_words(words), every)
    if text == "list" or (text is None and rule is None):
        _show_days_off(world, form, is_change=back or note is not None or rule is not None)
        return
    period = dates.parse_coming_period(text, world.today()) if text else None
    if period and period.length > MAX_DAYS_OFF and not (rule and rule.names_days):
        raise AbsenceTooLong(period.length)
    _show_change(world, _change_days(world, period, rule, note, back=back), form)


def _change_days(
    world: World, period: Period | None, rule: Recurrence | None, note: str | None, *, back: bool
) -> DaysOff:
    """Mark or unmark a period or a series; one of the two is given."""
    journal, today = world.open_journal(write=True), world.today()
    if rule and back:
        return days_off.end_series(journal, period, rule, today)
    if rule:
        return days_off.add_series(journal, period or _one_day(today), rule, note)
    days = period or _one_day(today)
    return days_off.remove_days_off(journal, days) if back else days_off.add_days_off(journal, days, note)


def _split_recurrence(text: str | None, every: str | None) -> tuple[str | None, Recurrence | None]:
    """Return the period and the rule; the rule may also be written in words: off friday every month.

    Raises BadRecurrence.
    """
    before, separator, after = f" {text or ''}".partition(" every ")
    if separator and every is None:
        text, every = before.strip() or None, after
    return text, parse_recurrence(every) if every is not None else None


def _one_day(day: date) -> Period:
    return period_containing(day, Unit.DAY)


def _import_calendar(world: World, words: Sequence[str], form: OutputFormat, *, is_change: bool) -> None:
    """Mark the all-day events of a calendar as off: of this year and the next, or of a period after the file name."""
    from valuelog.sources.calendar import read_whole_days  # noqa: PLC0415  other days off need no calendar

    if is_change or not words:
        raise ConflictingOptions(
            "off import takes a calendar file, and no options.", "Try: valuelog off import FILE.ics"
        )
    path, today = parse_named_path("FILE", words[0]), world.today()
    period = dates.parse_period(" ".join(words[1:]), today) if len(words) > 1 else _this_year_and_next(today)
    if period.length > MAX_IMPORTED_DAYS:
        raise AbsenceTooLong(period.length)
    whole_days = read_whole_days(path, period.start, period.end)
    result = days_off.import_days_off(world.open_journal(write=True), whole_days, period)
    world.write_stderr(format_imported_days_off(result, world.canvas_for(world.stderr)))
    if form is not OutputFormat.TERMINAL:
        world.show(views.DAYS_OFF_IMPORT, result, form)


def _this_year_and_next(today: date) -> Period:
    return Period(start=date(today.year, 1, 1), end=date(today.year + 1, 12, 31))


def _show_change(world: World, result: DaysOff, form: OutputFormat) -> None:
    world.write_stderr(format_days_off(result, world.canvas_for(world.stderr)))
    if form is not OutputFormat.TERMINAL:
        world.show(views.DAYS_OFF, result, form)


def _show_days_off(world: World, form: OutputFormat, *, is_change: bool) -> None:
    if is_change:
        raise ConflictingOptions("--note and --back need days.", "Name them: valuelog off 2026-12-24 --note holidays")
    world.show(views.DAYS_OFF, days_off.list_days_off(world.open_journal()), form)
