"""Where one stands, on one small screen."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.model.promise import Promise
from valuelog.render.style import DIM, NEEDS, STRONG
from valuelog.render.terminal.layout import advice, fit, line, unparted
from valuelog.render.words import balance, percent, plural, worded
from valuelog.workflows.status import Status

MOST_DUE = 3
"""How many promises that are due are named."""


def lines(stand: Status, width: int) -> Iterator[Text]:
    """Show today, the week, one finding, and the next step."""
    today = balance_of(stand) if stand.tally.n else "nothing written yet today"
    yield from unparted(line((format_day(stand.day), STRONG), f" · {today}"), width)
    if stand.is_empty:
        yield Text("")
        yield line("Your journal begins with ", ("valuelog today", STRONG), ": two minutes, a handful of questions.")
        yield line(("See what it looks like after twelve weeks: ", DIM), ("valuelog demo", STRONG))
        return
    yield from unparted(Text(_week(stand)), width)
    for promise in stand.due[:MOST_DUE]:
        yield _due(promise, stand, width)
    if len(stand.due) > MOST_DUE:
        yield line((f"and {len(stand.due) - MOST_DUE} more due this week: ", DIM), ("valuelog promise", STRONG))
    if stand.finding:
        yield advice(stand.finding.text, stand.finding.command, width)
    yield Text("")
    yield Text(_next(stand), STRONG)


def balance_of(stand: Status) -> str:
    """Write today's two sides."""
    return f"today {stand.tally.value} value : {stand.tally.work} work"


def _due(promise: Promise, stand: Status, width: int) -> Text:
    """Say what was promised until now, or until the end of the week."""
    days = (promise.due - stand.day).days
    when = "Due today" if not days else f"Due {format_day(promise.due, stand.day)}" if days > 0 else "Overdue"
    name = promise.id[: stand.week.prefix_lengths[promise.id]]
    room = max(20, width - len(when) - len(name) - 5)
    style = NEEDS if days <= 0 else ""
    return line((f"{when}: ", style), fit(worded(promise), room), " (", (name, STRONG), ")")


def _week(stand: Status) -> str:
    week, habit = stand.week.score, stand.week.habit
    share = f" · {percent(week.share)}" if week.has_enough_entries else ""
    streak = f" · {plural(habit.streak, 'day')} in a row" if habit.streak else ""
    return f"Week {balance(week)}{share} · habit {percent(habit.strength)}{streak}"


def _next(stand: Status) -> str:
    return "valuelog review --week" if stand.tally.n else "valuelog today · valuelog review --week"
