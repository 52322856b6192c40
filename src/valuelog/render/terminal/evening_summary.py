"""The last lines of an evening: one finding, and the totals of the day and the week."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import render_advice, wrap_figures
from valuelog.render.words import format_balance, format_balance_with_share, format_noted, format_percent
from valuelog.workflows.evening import EveningSummary

FIRST_EVENING = "  Welcome! That was your first evening."


def lines(summary: EveningSummary, width: int) -> Iterator[Text]:
    """Show the finding, the totals of the day and of the week, and the command for a review that is due."""
    if summary.is_empty:
        yield Text("Nothing logged. There's always tomorrow.", DIM)
        return
    if summary.finding:
        yield render_advice(summary.finding.text, summary.finding.command, width)
    if summary.is_first:
        yield Text(FIRST_EVENING)
    if noted := _noted(summary):
        yield from wrap_figures(Text(noted), width)
    yield from wrap_figures(Text.assemble(f"  {_name_day(summary)} ", (format_balance(summary.tally), STRONG)), width)
    yield from wrap_figures(Text.assemble("  Week so far ", *_week(summary)), width)
    if summary.is_review_due:
        week_name = "" if summary.today in summary.week.period else f" {summary.week.period.name}"
        yield Text.assemble(("Your week is ready: ", DIM), (f"valuelog review --week{week_name}", STRONG))


def _noted(summary: EveningSummary) -> str:
    """Return what was learned and noticed on the day, and in its week if that is more."""
    day, week = format_noted(summary.tally), format_noted(summary.week.tally)
    if not day:
        return f"  Week so far also {week}" if week else ""
    return f"  {_name_day(summary)} also {day}" + f" · week so far {week}" * (week != day)


def _name_day(summary: EveningSummary) -> str:
    return "Today" if summary.day == summary.today else format_day(summary.day)


def _week(summary: EveningSummary) -> Iterator[str | tuple[str, str]]:
    week, comparison = summary.week.score, summary.week.trend.comparison
    yield format_balance_with_share(week), STRONG
    if comparison.baseline.is_reliable:
        yield f" · usually {format_percent(comparison.baseline.share)}"
