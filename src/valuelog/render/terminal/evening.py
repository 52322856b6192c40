"""The first lines of an evening: the day, and what is already logged for it."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.entries import render_kind
from valuelog.render.terminal.layout import justify, truncate
from valuelog.render.words import format_percent
from valuelog.workflows.evening import Evening


def lines(evening: Evening, width: int) -> Iterator[Text]:
    """Show the day, its entries and pain points, and the share of the week."""
    count = len(evening.entries) + len(evening.pains)
    logged = f"{count} logged so far" if count else "nothing logged yet"
    week = evening.week.score
    right = f"{logged} · week {format_percent(week.share)}" if week.has_enough_entries else logged
    yield justify(Text(format_full_day(evening.day), STRONG), Text(right, DIM), width)
    for entry in evening.entries:
        yield Text.assemble("  ", render_kind(entry), (truncate(entry.headline, width - 16), DIM))
    for pain in evening.pains:
        yield Text.assemble("  ", (f"{'pain':<13}", ATTENTION), (truncate(pain.headline, width - 16), DIM))
    if not (evening.remaining_questions or evening.drafts):
        yield Text("You've been through every question for this day.")
        yield Text.assemble(("Ask again      ", DIM), (f"{evening.command} --again", STRONG))
        yield Text.assemble(("Log something  ", DIM), ("valuelog add KIND …", STRONG))
