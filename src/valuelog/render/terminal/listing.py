"""A list of entries, the newest day last."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.entries import described, kind_of
from valuelog.render.terminal.layout import beside, identifier, line
from valuelog.render.words import plural
from valuelog.workflows.lookup import EntryList

if TYPE_CHECKING:
    from datetime import date


def lines(listing: EntryList, width: int) -> Iterator[Text]:
    """Show entries under their days; ranked ones with the day on each."""
    if not listing.entries:
        yield Text("Nothing found.", DIM)
        return
    last: date | None = None
    for entry in listing.entries:
        if entry.day != last:
            yield Text(("" if last is None else "\n") + format_full_day(entry.day), STRONG)
            last = entry.day
        shown = identifier(entry.id, listing.prefix_lengths[entry.id])
        yield from described(line(shown, beside(shown, 6), kind_of(entry)), entry, width)
    yield Text(f"\n{plural(len(listing.entries), 'entry', 'entries')}", DIM)
