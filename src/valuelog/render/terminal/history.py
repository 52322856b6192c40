"""What was changed, the newest last."""

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.confirmation import ACT_LABELS
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import (
    COLUMN_GAP,
    INDENT,
    MIN_TEXT_WIDTH,
    id_padding,
    join_line,
    pad_column,
    render_id,
    truncate,
)
from valuelog.workflows.undo import ChangeHistory, single_entity_id

ID_WIDTH = 6
"""The columns that an id takes."""


def lines(history: ChangeHistory, width: int) -> Iterator[Text]:
    """Show each batch on a line: when, what was done, the id where it was one thing, what it was about."""
    if not history.described_batches:
        yield Text("Nothing was changed yet.", DIM)
        return
    moments = [_format_time(batch.changed_at, history.now) for batch, _ in history.described_batches]
    acts = [ACT_LABELS.get(batch.act, batch.act) for batch, _ in history.described_batches]
    sizes = max(map(len, moments)) + COLUMN_GAP, max(map(len, acts)) + COLUMN_GAP
    apart = width - sum(sizes) < MIN_TEXT_WIDTH
    for (batch, touched), moment, act in zip(history.described_batches, moments, acts, strict=True):
        style = DIM if batch.undone else ""
        head = join_line((pad_column(moment, sizes[0]), DIM), (pad_column(act, sizes[1]), style))
        if apart:
            yield head
            head = Text(" " * INDENT)
        others = max(len(touched), batch.count if batch.count > len(batch.changes) else 0) - 1
        more = (f" and {others:,} more" if others > 0 else "") + ("  undone" if batch.undone else "")
        room = width - head.cell_len - len(more)
        shown = _format_id(single_entity_id(batch), history, room)
        about = truncate(touched[0] if touched else "", max(10, room - shown.cell_len))
        yield join_line(head, shown, (about + more, style))
    if history.has_older:
        yield join_line(("Older ones: ", DIM), f"valuelog history -n {5 * len(history.described_batches)}")


def _format_time(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return f"{format_day(local.date(), now.date())}, {local:%H:%M}"


def _format_id(entity_id: str | None, history: ChangeHistory, room: int) -> Text:
    """Show an id where it fits; where there is none, the room that others need for theirs."""
    if not history.prefix_lengths or room - ID_WIDTH < MIN_TEXT_WIDTH:
        return Text()
    shown = render_id(entity_id, history.prefix_lengths[entity_id]) if entity_id else Text()
    return join_line(shown, id_padding(shown, ID_WIDTH))
