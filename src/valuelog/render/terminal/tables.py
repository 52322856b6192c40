"""Tables by Rich, as lines of Text. Cells are Text, never markup, and contain no control characters."""

from collections.abc import Iterator
from io import StringIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from valuelog.render.escape import escape_line
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import COLUMN_GAP


def create_table(*columns: str, numbers: frozenset[str] | set[str] = frozenset()) -> Table:
    """Return an empty table without a box; the columns named in `numbers` are aligned to the right."""
    table = Table(box=None, show_edge=False, pad_edge=False, padding=(0, COLUMN_GAP, 0, 0), header_style=DIM)
    for name in columns:
        table.add_column(Text(name), justify="right" if name in numbers else "left", no_wrap=True, overflow="ellipsis")
    return table


def cell(value: object, style: str = "") -> Text:
    """Return a cell with untrusted text escaped."""
    return Text(escape_line(str(value)), style)


def table_lines(table: Table, width: int) -> Iterator[Text]:
    """Yield the lines of a table that is at most `width` columns wide."""
    console = Console(width=width, file=StringIO(), color_system="standard", highlight=False, markup=False, emoji=False)
    for segments in console.render_lines(table, console.options.update(width=width), pad=False):
        line = Text.assemble(*((segment.text, segment.style or "") for segment in segments if not segment.control))
        line.rstrip()
        yield line
