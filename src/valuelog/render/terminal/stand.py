"""Where one stands, on one small screen."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import short
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import advice, line
from valuelog.render.words import balance, percent, plural
from valuelog.workflows.stand import Stand


def lines(stand: Stand, width: int) -> Iterator[Text]:
    """Show today, the week, one finding, and the next step."""
    today = balance_of(stand) if stand.tally.n else "nothing written yet today"
    yield line((short(stand.day), STRONG), f" · {today}")
    if stand.empty:
        yield Text("")
        yield line("Your journal begins with ", ("valuelog today", STRONG), ": two minutes, a handful of questions.")
        yield line(("See what it looks like after twelve weeks: ", DIM), ("valuelog demo", STRONG))
        return
    yield Text(_week(stand))
    if stand.week.findings:
        yield advice(stand.week.findings[0].text, stand.week.findings[0].command, width)
    yield Text("")
    yield Text(_next(stand), STRONG)


def balance_of(stand: Stand) -> str:
    """Write today's two sides."""
    return f"today {stand.tally.value} value : {stand.tally.work} work"


def _week(stand: Stand) -> str:
    week, habit = stand.week.score, stand.week.habit
    share = f" · {percent(week.share)}" if week.enough else ""
    streak = f" · {plural(habit.streak, 'day')} in a row" if habit.streak else ""
    return f"Week {balance(week)}{share} · habit {percent(habit.strength)}{streak}"


def _next(stand: Stand) -> str:
    return "valuelog review --week" if stand.tally.n else "valuelog today · valuelog review --week"
