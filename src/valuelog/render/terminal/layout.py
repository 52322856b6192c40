"""Placing text on a line: widths are counted in terminal cells, so that wide characters line up."""

import re
from collections.abc import Iterable, Iterator
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG, split_id
from valuelog.render.wrap import wrap_command

BAR = "█"
ATTENTION_SIGN = "▸"
"""Stands before what needs somebody."""

COLUMN_GAP = 2
MIN_TEXT_WIDTH = 20
"""So many columns a text needs beside what stands to its left and to its right; otherwise it gets a line of its own."""

INDENT = 4
"""How far a text stands in that got a line of its own."""

ADVICE_INDENT = " " * 6
"""What stands before the command below an advice."""

_UNBREAKABLE = re.compile(r"\(\d+ to \d+\)\S*|\d+ (?:value )?: \d+(?: work)?\S*|[\d–]+ %\S*|\S+")
"""What is read in one go: a word, a ratio, a share, and how sure one can be of it."""

SPARK_CHARACTERS = "▁▂▃▄▅▆▇█"


def truncate(text: str, width: int) -> str:
    """Cut a text of one line down to a width, with … where something is missing."""
    text = escape_line(text)
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)).rstrip() + "…"


def wrap_words(text: str, width: int) -> list[str]:
    """Break a text of one line between its words, so that no line is wider."""
    return [text] if cell_len(text) <= width else [piece.plain.rstrip() for piece in _wrap_rich_text(Text(text), width)]


def _wrap_rich_text(text: Text, width: int) -> Iterable[Text]:
    return text.wrap(Console(width=width, file=StringIO()), width, overflow="fold")


def wrap_figures(text: Text, width: int) -> Iterator[Text]:
    """Break a line of figures between its words, but within none of them: 4 : 0, 24 %, (13 to 41)."""
    start = end = 0
    for word in _UNBREAKABLE.finditer(text.plain):
        if end and cell_len(text.plain[start : word.end()]) > width:
            yield text[start:end]
            start = word.start()
        end = word.end()
    yield text[start:]


def pad_column(text: str, width: int) -> str:
    """Make a text exactly so wide: cut, or filled with spaces."""
    return set_cell_size(truncate(text, width), width)


def join_line(*parts: str | tuple[str, str] | Text) -> Text:
    """Put pieces with their styles on one line."""
    return Text.assemble(*parts)


def join_unwrapped_line(*parts: str | tuple[str, str] | Text) -> Text:
    """Put pieces on one line that is never folded: a terminal breaks it itself, and copies it as one."""
    text = join_line(*parts)
    text.no_wrap = True
    return text


def justify(left: Text, right: Text, width: int) -> Text:
    """Put one text to the left and one to the right of a line, or on two lines where they do not fit."""
    gap = width - left.cell_len - right.cell_len
    return Text.assemble(left, " " * gap, right) if gap > 0 else Text.assemble(left, "\n", right)


def render_with_facts(
    head: Text, text: str, facts: Text, width: int, *, style: str = "", is_wrapped: bool = False
) -> Iterator[Text]:
    """Show a text behind its head and facts to its right; below it, where they would leave hardly any room for it.

    A text that is too long is cut; one that is to be read `join_unwrapped_line` goes on below itself.
    """
    room = width - head.cell_len - facts.cell_len - COLUMN_GAP
    apart = room < MIN_TEXT_WIDTH
    room = max(12, width - head.cell_len if apart else room)
    margin = " " * head.cell_len
    for place, piece in enumerate(wrap_words(escape_line(text), room) if is_wrapped else [truncate(text, room)]):
        before = margin if place else head
        beside = () if place or apart else (" " * (room - cell_len(piece) + COLUMN_GAP), facts)
        yield join_line(before, (piece, style), *beside)
    if apart:
        yield from (join_line(margin, piece) for piece in _wrap_rich_text(facts, max(12, width - head.cell_len)))


def render_id(entity_id: str, prefix_length: int) -> Text:
    """Show an id: what must be typed stands out."""
    typed, rest = split_id(entity_id, prefix_length)
    return Text.assemble((typed, STRONG), (rest, DIM))


def id_padding(rendered_id: Text, width: int) -> str:
    """Return what fills the column of an id: at least one space."""
    return " " * max(1, width - rendered_id.cell_len)


def render_advice(text: str, command: str, width: int) -> Text:
    """Say what is worth acting on, and the command that acts on it, on one line if it may, to be copied."""
    beside = cell_len(text) + cell_len(command) + 6 <= width
    acting = ["  ", (command, STRONG)] if beside else list(_command_below(command, width))
    words = f"\n{ADVICE_INDENT[2:]}".join(wrap_words(escape_line(text), max(12, width - len(ADVICE_INDENT) + 2)))
    return join_unwrapped_line("  ", (ATTENTION_SIGN, ATTENTION), f" {words}", *acting)


def _command_below(command: str, width: int) -> Iterator[str | tuple[str, str]]:
    for piece in wrap_command(command, width, len(ADVICE_INDENT)):
        shown = piece.lstrip(" ")
        yield "\n" + " " * (len(piece) - len(shown))
        yield shown, STRONG


def spark_character(share: float | None) -> str:
    """Draw a share from 0 to 1 as one character; a gap stays a gap."""
    return (
        " " if share is None else SPARK_CHARACTERS[min(len(SPARK_CHARACTERS) - 1, int(share * len(SPARK_CHARACTERS)))]
    )
