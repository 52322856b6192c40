"""The end of a weekly talk: the promises that the next review asks about."""

from collections.abc import Iterator

from rich.table import Table
from rich.text import Text

from valuelog.model.period import WEEKDAY_NAMES, format_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.promises import promise_table
from valuelog.render.words import format_count
from valuelog.workflows.weekly_talk import WeeklyTalkSummary


def lines(summary: WeeklyTalkSummary, width: int) -> Iterator[Text | Table]:
    """Show the open promises and how many answers were saved."""
    yield Text("")
    open_promises = summary.promises
    if open_promises.promises:
        yield promise_table(open_promises.promises, open_promises.prefix_lengths, open_promises.today, width)
    if summary.saved_count:
        yield Text(f"\nSaved {format_count(summary.saved_count, 'answer')}. Undo: valuelog undo", DIM)
    weekday, date = WEEKDAY_NAMES[summary.due.weekday()].capitalize(), format_day(summary.due).partition(" ")[2]
    follow_up = f"{weekday}'s review ({date}) will ask how it went."
    yield Text(follow_up if open_promises.promises else "No open promises.", STRONG)
