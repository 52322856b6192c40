"""The list of days off."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import join_line, pad_column, truncate
from valuelog.workflows.days_off import DaysOff

DAY_WIDTH = 18


def lines(days_off: DaysOff, width: int) -> Iterator[Text]:
    """Show each day with its note."""
    if not days_off.days:
        yield Text("No days off. Add some with: valuelog off 2026-12-24..2026-12-31 --note holidays", DIM)
    for day_off in days_off.days:
        yield join_line(
            pad_column(format_full_day(day_off.day), DAY_WIDTH), (truncate(day_off.note or "", width - DAY_WIDTH), DIM)
        )
