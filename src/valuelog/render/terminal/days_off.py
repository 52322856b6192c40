"""Days off, a line a day."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import column, fit, line
from valuelog.workflows.days_off import DaysOff

DAY = 18


def lines(found: DaysOff, width: int) -> Iterator[Text]:
    """Show each day with its note."""
    if not found.days:
        yield Text("No days off. Take some with: valuelog off 2026-12-24..2026-12-31 --note holidays", DIM)
    for each in found.days:
        yield line(column(format_full_day(each.day), DAY), (fit(each.note or "", width - DAY), DIM))
