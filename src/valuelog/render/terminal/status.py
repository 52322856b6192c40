"""The status on one small screen."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.model.promise import Promise
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.layout import render_advice, truncate, wrap_figures
from valuelog.render.words import (
    format_balance,
    format_balance_with_share,
    format_count,
    format_noted,
    format_percent,
    format_promise,
)
from valuelog.workflows.status import Status

MAX_DUE = 3
"""How many due promises are listed."""


def lines(status: Status, width: int) -> Iterator[Text]:
    """Show today, the week, due promises, one finding and the next commands."""
    today = format_today(status) if status.tally.n else "nothing logged yet today"
    yield from wrap_figures(Text.assemble((format_day(status.day), STRONG), f" · {today}"), width)
    if status.is_empty:
        yield Text("")
        yield Text.assemble(
            "Start your journal with ", ("valuelog today", STRONG), ": two minutes, a handful of questions."
        )
        yield Text.assemble(("See what it looks like after twelve weeks: ", DIM), ("valuelog demo", STRONG))
        return
    yield from wrap_figures(Text(_week(status)), width)
    if noted := format_noted(status.week.tally):
        yield from wrap_figures(Text(f"Also this week: {noted}"), width)
    for promise in status.due[:MAX_DUE]:
        yield _due(promise, status, width)
    if len(status.due) > MAX_DUE:
        yield Text.assemble(
            (f"and {len(status.due) - MAX_DUE} more due this week: ", DIM), ("valuelog promise", STRONG)
        )
    if status.finding:
        yield render_advice(status.finding.text, status.finding.command, width)
    yield Text("")
    yield Text(_next_commands(status), STRONG)


def format_today(status: Status) -> str:
    """Format today's value and work."""
    return f"today {format_balance(status.tally)}"


def _due(promise: Promise, status: Status, width: int) -> Text:
    """Show a promise that is due this week or overdue."""
    days = (promise.due - status.day).days
    when = "Due today" if not days else f"Due {format_day(promise.due, status.day)}" if days > 0 else "Overdue"
    name = promise.id[: status.week.prefix_lengths[promise.id]]
    room = max(20, width - len(when) - len(name) - 5)
    style = ATTENTION if days <= 0 else ""
    return Text.assemble((f"{when}: ", style), truncate(format_promise(promise), room), " (", (name, STRONG), ")")


def _week(status: Status) -> str:
    week, habit = status.week.score, status.week.habit
    streak = f" · {format_count(habit.streak, 'day')} in a row" if habit.streak else ""
    return f"Week {format_balance_with_share(week)} · habit {format_percent(habit.strength)}{streak}"


def _next_commands(status: Status) -> str:
    return "valuelog review --week" if status.tally.n else "valuelog today · valuelog review --week"
