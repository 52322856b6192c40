"""What was changed, the newest last."""

from collections.abc import Iterator
from datetime import datetime

from rich.text import Text

from valuelog.model.period import format_day
from valuelog.render.confirmation import ACTS
from valuelog.render.style import DIM
from valuelog.render.terminal.layout import GAP, INDENT, LEAST_ROOM, beside, column, fit, identifier, line
from valuelog.workflows.undo import ChangeHistory, single_entity_id

NAME = 6
"""The columns that an id takes."""


def lines(past: ChangeHistory, width: int) -> Iterator[Text]:
    """Show each batch on a line: when, what was done, the id where it was one thing, what it was about."""
    if not past.described_batches:
        yield Text("Nothing was changed yet.", DIM)
        return
    moments = [_moment(batch.changed_at, past.now) for batch, _ in past.described_batches]
    acts = [ACTS.get(batch.act, batch.act) for batch, _ in past.described_batches]
    sizes = max(map(len, moments)) + GAP, max(map(len, acts)) + GAP
    apart = width - sum(sizes) < LEAST_ROOM
    for (batch, touched), moment, act in zip(past.described_batches, moments, acts, strict=True):
        style = DIM if batch.undone else ""
        head = line((column(moment, sizes[0]), DIM), (column(act, sizes[1]), style))
        if apart:
            yield head
            head = Text(" " * INDENT)
        others = max(len(touched), batch.count if batch.count > len(batch.changes) else 0) - 1
        more = (f" and {others:,} more" if others > 0 else "") + ("  undone" if batch.undone else "")
        room = width - head.cell_len - len(more)
        shown = _name(single_entity_id(batch), past, room)
        about = fit(touched[0] if touched else "", max(10, room - shown.cell_len))
        yield line(head, shown, (about + more, style))
    if past.has_older:
        yield line(("Older ones: ", DIM), f"valuelog history -n {5 * len(past.described_batches)}")


def _moment(at: datetime, now: datetime) -> str:
    local = at.astimezone(now.tzinfo)
    return f"{format_day(local.date(), now.date())}, {local:%H:%M}"


def _name(name: str | None, past: ChangeHistory, room: int) -> Text:
    """Show an id where it fits; where there is none, the room that others need for theirs."""
    if not past.prefix_lengths or room - NAME < LEAST_ROOM:
        return Text()
    shown = identifier(name, past.prefix_lengths[name]) if name else Text()
    return line(shown, beside(shown, NAME))
