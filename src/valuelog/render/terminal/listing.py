"""The list of entries, newest day last.

By hand: `list` is used often, and a table would take 7 % more CPU time.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.text import Text

from valuelog.model.period import format_full_day
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.entries import render_entry, render_kind
from valuelog.render.terminal.layout import render_id
from valuelog.render.words import format_count
from valuelog.workflows.lookup import EntryList

if TYPE_CHECKING:
    from datetime import date

ID_WIDTH = 6


def lines(entry_list: EntryList, width: int) -> Iterator[Text]:
    """Yield the entries under their days."""
    if not entry_list.entries:
        yield Text("No entries found.", DIM)
        return
    last: date | None = None
    for entry in entry_list.entries:
        if entry.day != last:
            yield Text(("" if last is None else "\n") + format_full_day(entry.day), STRONG)
            last = entry.day
        shown = render_id(entry.id, entry_list.prefix_lengths[entry.id])
        shown.pad_right(max(1, ID_WIDTH - shown.cell_len))
        yield from render_entry(Text.assemble(shown, render_kind(entry)), entry, width)
    yield Text(f"\n{format_count(len(entry_list.entries), 'entry', 'entries')}", DIM)
