"""How one entry looks in a list."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from valuelog.model.entry import Entry, Side, format_minutes
from valuelog.render.escape import visible
from valuelog.render.style import DIM, VALUE, WORK
from valuelog.render.terminal.layout import INDENT, LEAST_ROOM, column, fit, line
from valuelog.render.words import facts

KIND_WIDTH = 13
"""The longest kind and two spaces."""


def kind_of(entry: Entry) -> Text:
    """Show the kind of an entry in the colour of its side."""
    return Text(column(entry.kind, KIND_WIDTH), WORK if entry.side is Side.WORK else VALUE)


def details(entry: Entry, within: str | None = None) -> list[str]:
    """Say the rest of an entry: minutes, effects, for whom, evidence, and its project unless that is where one is."""
    parts = [
        format_minutes(entry.minutes) if entry.minutes else "",
        *facts(entry),
        f"+{entry.project}" if entry.project not in {None, within} and f"+{entry.project}" not in entry.text else "",
        f"◆ {entry.evidence}" if entry.evidence else "",
    ]
    return list(filter(None, parts))


def described(head: Text, entry: Entry, width: int, *, within: str | None = None) -> Iterator[Text]:
    """Show an entry behind its head, its details on lines below; all of it below a head that leaves hardly any room.

    `within` is the project that all of it is about.
    """
    apart = width - head.cell_len < LEAST_ROOM
    margin = " " * (INDENT if apart else head.cell_len)
    room = max(12, width - len(margin))
    headline = fit(_headline(entry), room)
    if apart:
        yield head
    yield line(margin if apart else head, headline)
    yield from (Text(margin + packed, DIM) for packed in _packed(details(entry, within), room))


def _packed(parts: list[str], room: int) -> list[str]:
    """Put as many parts on each line as fit."""
    lines: list[str] = []
    for part in map(visible, parts):
        joined = f"{lines[-1]} · {part}" if lines else part
        if lines and cell_len(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(fit(part, room))
    return lines


def _headline(entry: Entry) -> str:
    return entry.headline + (" …" if entry.headline != entry.text else "")
