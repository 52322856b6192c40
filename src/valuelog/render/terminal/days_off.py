"""The list of days off."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import DIM
from valuelog.render.terminal.tables import cell, create_table, fixed_column, text_column
from valuelog.workflows.days_off import DaysOff


def lines(days_off: DaysOff, _width: int) -> Iterator[Text | Table]:
    """Yield a row for each day, with its note."""
    if not days_off.days:
        yield Text("No days off. Add some with: valuelog off 2026-12-24..2026-12-31 --note holidays", DIM)
        return
    table = create_table(fixed_column(), text_column())
    for day_off in days_off.days:
        table.add_row(format_full_day(day_off.day), cell(day_off.note or "", DIM))
    yield table
