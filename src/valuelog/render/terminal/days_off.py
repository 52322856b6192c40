"""The list of days off."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.model.recurrence import format_recurrence
from valuelog.model.schedule import DayOff
from valuelog.render.style import DIM
from valuelog.render.terminal.tables import cell, create_table, fixed_column, text_column
from valuelog.workflows.days_off import DaysOff


def lines(days_off: DaysOff, _width: int) -> Iterator[Text | Table]:
    """Yield a row for each day and each series, with its note, and how to end a series."""
    if not days_off.days:
        yield Text("No days off. Add some with: valuelog off 2026-12-24..2026-12-31 --note holidays", DIM)
        return
    table = create_table(fixed_column(), text_column())
    for day_off in days_off.days:
        table.add_row(format_full_day(day_off.day), cell(_describe(day_off), DIM))
    yield table
    if every := next((each.every for each in days_off.days if each.every and not each.until), None):
        words = f'"{every}"' if " " in str(every) else str(every)
        yield Text(f"\nEnd a series with: valuelog off --every {words} --back", DIM)


def _describe(day_off: DayOff) -> str:
    """Return the note, how often the day repeats and until when, or that it is an ordinary day."""
    every = f"{format_recurrence(day_off.every)}" if day_off.every else ""
    until = f"until {format_full_day(day_off.until)}" if day_off.until else ""
    first = "not that day" if day_off.every else "a working day"
    return " · ".join(filter(None, (every, until, first if day_off.working else "", day_off.note or "")))
