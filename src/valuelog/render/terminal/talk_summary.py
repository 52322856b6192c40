"""The end of a Friday talk: what the next review opens with."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.promises import promise_lines
from valuelog.render.words import format_count
from valuelog.workflows.weekly_talk import WeeklyTalkSummary


def lines(summary: WeeklyTalkSummary, width: int) -> Iterator[Text]:
    """Show the promises that are to be kept now."""
    yield Text("")
    found = summary.promises
    for promise in found.promises:
        yield from promise_lines(promise, found.prefix_lengths, found.today, width)
    if summary.saved_count:
        saved = format_count(summary.saved_count, "answer")
        these = "this answer" if summary.saved_count == 1 else f"these {saved}"
        yield Text(f"\nSaved {saved}. valuelog undo takes {these} back", DIM)
    yield Text(
        f"The review of {format_day(summary.due)} opens with this." if found.promises else "Nothing is promised.",
        STRONG,
    )
