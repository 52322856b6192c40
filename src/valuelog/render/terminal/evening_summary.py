"""The last lines of an evening: one finding, and the totals of the day and the week."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import render_advice, wrap_figures
from valuelog.render.words import format_percent
from valuelog.workflows.evening import EveningSummary

FIRST_EVENING = "  Welcome! That was your first evening."


def lines(summary: EveningSummary, width: int) -> Iterator[Text]:
    """Show the finding, the totals in one line, and the command for a review that is due."""
    if not summary.week.score.n and not summary.saved_count:
        yield Text("Nothing logged. There's always tomorrow.", DIM)
        return
    if summary.finding:
        yield render_advice(summary.finding.text, summary.finding.command, width)
    if summary.is_first:
        yield Text(FIRST_EVENING)
    yield from wrap_figures(Text.assemble(*_totals(summary)), width)
    if summary.is_review_due:
        week_name = "" if summary.today in summary.week.period else f" {summary.week.period.name}"
        yield Text.assemble(("Your week is ready: ", DIM), (f"valuelog review --week{week_name}", STRONG))


def _totals(summary: EveningSummary) -> Iterator[str | tuple[str, str]]:
    week, comparison = summary.week.score, summary.week.trend.comparison
    yield "  Today " if summary.day == summary.today else f"  {format_day(summary.day)} "
    yield f"{summary.tally.value} value : {summary.tally.work} work", STRONG
    yield " · week so far "
    yield f"{week.value} : {week.work}", STRONG
    if week.has_enough_entries:
        yield f", {format_percent(week.share)}"
    if comparison.baseline.is_reliable:
        yield f" · usually {format_percent(comparison.baseline.share)}"
