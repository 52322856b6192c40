"""Tables by Rich. Cells are Text, never markup, and contain no control characters.

Imported only by the views that show a table: the import costs a few milliseconds.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Column, Table
from rich.text import Text

from valuelog.render.escape import escape_line, escape_lines
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import COLUMN_GAP, MIN_TEXT_WIDTH

MIN_DETAIL_WIDTH = 30
"""Columns that a text with details below it needs beside facts."""

MAX_DETAIL_LENGTH = 160
"""Details in a list are truncated to this many characters; `show` has all of them."""


class EntityRow(NamedTuple):
    """A row of a list: the id, the lines of the text, and the facts to their right."""

    entity_id: Text
    lines: tuple[Text, ...]
    facts: Text


def create_table(*columns: Column) -> Table:
    """Return an empty table without a box; with a text column it is as wide as the terminal."""
    return Table(
        *columns,
        box=None,
        show_header=any(column.header for column in columns),
        pad_edge=False,
        padding=(0, COLUMN_GAP, 0, 0),
        header_style=DIM,
        expand=any(column.ratio for column in columns),
    )


def fixed_column(name: str = "", width: int | None = None, header_style: str = "") -> Column:
    """Return a column as wide as its widest cell, or `width` columns wide."""
    return Column(Text(name), header_style=header_style, width=width, no_wrap=True, overflow="ellipsis")


def number_column(name: str = "", ratio: int | None = None) -> Column:
    """Return a column that is aligned to the right; with a ratio it gets the width that the other ones leave."""
    return Column(Text(name), justify="right", ratio=ratio, no_wrap=True, overflow="ellipsis")


def text_column(name: str = "") -> Column:
    """Return the column that gets the width that the other ones leave."""
    return Column(Text(name), ratio=1)


def cell(value: object, style: str = "") -> Text:
    """Return untrusted text as a cell of one line, truncated if it is too long."""
    return Text(escape_line(str(value)), style, no_wrap=True, overflow="ellipsis")


def wrapped_cell(text: str, style: str = "") -> Text:
    """Return untrusted text as a cell of as many lines as it takes; its line breaks become spaces."""
    return Text(escape_line(text), style, overflow="fold")


def paragraph_cell(text: str) -> Text:
    """Return untrusted text as a wrapped cell that keeps its line breaks."""
    return Text("\n".join(escape_lines(text)), overflow="fold")


def has_room(rows: Sequence[Sequence[Text]], width: int, needed: int = MIN_TEXT_WIDTH) -> bool:
    """Return True if a text beside these columns gets at least `needed` columns of the width."""
    used: int = sum(COLUMN_GAP + max(each.cell_len for each in column) for column in zip(*rows, strict=True))
    return used + needed <= width


def entity_table(rows: Sequence[EntityRow], width: int, min_text_width: int = MIN_TEXT_WIDTH) -> Table:
    """Return a table of ids, texts and facts; facts that leave the texts too little room are put below them."""
    if not has_room([(row.entity_id, row.facts) for row in rows], width, min_text_width):
        return _stacked_entity_table(rows)
    table = create_table(fixed_column(), text_column(), number_column())
    for row in rows:
        table.add_row(row.entity_id, Group(*row.lines), row.facts)
    return table


def _stacked_entity_table(rows: Sequence[EntityRow]) -> Table:
    table = create_table(fixed_column(), text_column())
    for row in rows:
        first, *others = row.lines
        table.add_row(row.entity_id, Group(first, *filter(None, [row.facts]), *others))
    return table


def label_table(rows: Iterable[tuple[str, RenderableType]], width: int, label_width: int) -> Table:
    """Return texts beside their labels, or below them if the terminal is narrow."""
    if width - label_width >= MIN_TEXT_WIDTH:
        table = create_table(fixed_column(width=label_width - COLUMN_GAP), text_column())
        for label, text in rows:
            table.add_row(Text(label, DIM), text)
    else:
        table = create_table(text_column())
        for label, text in rows:
            table.add_row(Group(Text(label, DIM), Padding(text, (0, 0, 0, COLUMN_GAP))))
    return table
