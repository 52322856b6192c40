"""The close of an evening: one thing worth acting on, and what the day and the week come to."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import advice, line, unparted
from valuelog.render.words import percent
from valuelog.workflows.evening import EveningSummary


def lines(close: EveningSummary, width: int) -> Iterator[Text]:
    """Show the finding, then the day and the week in one line."""
    if not close.week.score.n and not close.saved_count:
        yield Text("Nothing written. There is always tomorrow.", DIM)
        return
    if close.finding:
        yield advice(close.finding.text, close.finding.command, width)
    yield from unparted(line(*_sums(close)), width)
    if close.is_review_due:
        which = "" if close.today in close.week.period else f" {close.week.period.name}"
        yield line(("Your week is ready: ", DIM), (f"valuelog review --week{which}", STRONG))


def _sums(close: EveningSummary) -> Iterator[str | tuple[str, str]]:
    week, comparison = close.week.score, close.week.trend.comparison
    yield "  Today " if close.day == close.today else f"  {format_day(close.day)} "
    yield f"{close.tally.value} value : {close.tally.work} work", STRONG
    yield " · the week "
    yield f"{week.value} : {week.work}", STRONG
    if week.has_enough_entries:
        yield f", {percent(week.share)}"
    if comparison.baseline.is_reliable:
        yield f" · usually {percent(comparison.baseline.share)}"
