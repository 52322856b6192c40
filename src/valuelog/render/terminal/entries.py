"""An entry in a list."""

from collections.abc import Iterator

from rich.cells import cell_len
from rich.text import Text

from valuelog.model.entry import Entry, Held, Side, format_minutes
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, VALUE, WORK
from valuelog.render.terminal.layout import INDENT, MIN_TEXT_WIDTH, truncate
from valuelog.render.words import format_failure, list_benefits

KIND_WIDTH = 13
"""The width of the longest kind, plus two."""


def render_kind(entry: Entry) -> Text:
    """Show the kind of an entry in the color of its side; what counts on neither side has none."""
    styles = {Side.WORK: WORK, Side.VALUE: VALUE, Side.NEITHER: DIM if entry.held is Held.NO else ""}
    return Text(f"{entry.kind:<{KIND_WIDTH}}", styles[entry.side])


def list_details(entry: Entry, project_slug: str | None = None) -> list[str]:
    """List the fields of an entry apart from its text, people and tags; the project unless it is `project_slug`."""
    parts = [
        format_minutes(entry.minutes) if entry.minutes else "",
        *list_benefits(entry),
        f"+{entry.project}"
        if entry.project not in {None, project_slug} and f"+{entry.project}" not in entry.text
        else "",
        f"{entry.impact} impact" if entry.impact else "",
        format_failure(entry),
        f"{'◆ ' * (entry.held is not Held.NO)}{entry.evidence}" if entry.evidence else "",
    ]
    return list(filter(None, parts))


def render_entry(head: Text, entry: Entry, width: int, *, project_slug: str | None = None) -> Iterator[Text]:
    """Show an entry beside its head, or below it if the terminal is narrow; its details follow.

    `project_slug` is the project of the whole list, which is left out.
    """
    apart = width - head.cell_len < MIN_TEXT_WIDTH
    margin = " " * (INDENT if apart else head.cell_len)
    room = max(12, width - len(margin))
    headline = truncate(_format_headline(entry), room)
    if apart:
        yield head
    yield Text.assemble(margin if apart else head, headline)
    yield from (Text(margin + packed, DIM) for packed in _pack_parts(list_details(entry, project_slug), room))


def _pack_parts(parts: list[str], room: int) -> list[str]:
    """Join as many parts on each line as fit."""
    lines: list[str] = []
    for part in map(escape_line, parts):
        joined = f"{lines[-1]} · {part}" if lines else part
        if lines and cell_len(joined) <= room:
            lines[-1] = joined
        else:
            lines.append(truncate(part, room))
    return lines


def _format_headline(entry: Entry) -> str:
    return entry.headline + (" …" if entry.headline != entry.text else "")
