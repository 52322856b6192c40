"""The history of changes, the newest last."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from rich.console import Group
from rich.table import Table
from rich.text import Text

from valuelog.model.period import format_day
from valuelog.model.text import truncate_line
from valuelog.render.confirmation import ACT_LABELS, MAX_DESCRIPTION_LENGTH
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import render_id
from valuelog.render.terminal.tables import cell, create_table, fixed_column, has_room, text_column, wrapped_cell
from valuelog.workflows.undo import ChangeHistory, single_entity_id


class _Row(NamedTuple):
    """A batch of changes: when, what was done, its text, and its id in a list that shows ids."""

    time: Text
    act: Text
    entity_id: tuple[Text, ...]
    text: Text


def lines(history: ChangeHistory, width: int) -> Iterator[Text | Table]:
    """Yield a row for each batch, and how to see older ones."""
    if not history.described_batches:
        yield Text("No changes yet.", DIM)
        return
    rows = list(_rows(history))
    is_wide = has_room([(row.time, row.act, *row.entity_id) for row in rows], width)
    yield _wide_table(rows) if is_wide else _narrow_table(rows)
    if history.has_older:
        yield Text.assemble(("Older ones: ", DIM), f"valuelog history -n {5 * len(history.described_batches)}")


def _wide_table(rows: Sequence[_Row]) -> Table:
    table = create_table(*(fixed_column() for _ in (*rows[0].entity_id, "time", "act")), text_column())
    for row in rows:
        table.add_row(row.time, row.act, *row.entity_id, row.text)
    return table


def _narrow_table(rows: Sequence[_Row]) -> Table:
    """Return a table with time and act above the text."""
    table = create_table(*(fixed_column() for _ in rows[0].entity_id), text_column())
    for row in rows:
        table.add_row(*row.entity_id, Group(Text.assemble(row.time, "  ", row.act), row.text))
    return table


def _rows(history: ChangeHistory) -> Iterator[_Row]:
    for batch, texts in history.described_batches:
        style = DIM if batch.undone else ""
        count = max(len(texts), batch.count if batch.count > len(batch.changes) else 0)
        more = (f" and {count - 1:,} more" if count > 1 else "") + ("  undone" if batch.undone else "")
        yield _Row(
            time=Text(_format_time(batch.changed_at, history.now), DIM),
            act=Text(ACT_LABELS.get(batch.act, batch.act), style),
            entity_id=(_render_id(single_entity_id(batch), history),) if history.prefix_lengths else (),
            text=_text_cell(texts[0] if texts else "", more, style),
        )


def _text_cell(text: str, more: str, style: str) -> Text:
    """Return a text with what follows it, which must not be truncated."""
    return wrapped_cell(f"{truncate_line(text, MAX_DESCRIPTION_LENGTH)}{more}", style) if more else cell(text, style)


def _format_time(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return f"{format_day(local.date(), now.date())}, {local:%H:%M}"


def _render_id(entity_id: str | None, history: ChangeHistory) -> Text:
    return render_id(entity_id, history.prefix_lengths[entity_id]) if entity_id else Text()
