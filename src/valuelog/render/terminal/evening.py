"""The head of an evening: the day, and what it already holds."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import DIM, NEEDS, STRONG
from valuelog.render.terminal.entries import kind_of
from valuelog.render.terminal.layout import fit, line, spread
from valuelog.render.words import percent
from valuelog.workflows.evening import Evening


def lines(evening: Evening, width: int) -> Iterator[Text]:
    """Show the day, what was noted already, and how the week stands."""
    count = len(evening.entries) + len(evening.pains)
    noted = f"{count} noted already" if count else "nothing noted yet"
    week = evening.week.score
    right = f"{noted} · week {percent(week.share)}" if week.has_enough_entries else noted
    yield spread(Text(format_full_day(evening.day), STRONG), Text(right, DIM), width)
    for entry in evening.entries:
        yield line("  ", kind_of(entry), (fit(entry.headline, width - 16), DIM))
    for pain in evening.pains:
        yield line("  ", (f"{'pain':<13}", NEEDS), (fit(pain.headline, width - 16), DIM))
    if not (evening.remaining_questions or evening.drafts):
        yield Text("Every question of this day was asked already.")
        yield line(("Ask them again  ", DIM), (f"{evening.command} --again", STRONG))
        yield line(("Add one thing   ", DIM), ("valuelog add KIND …", STRONG))
