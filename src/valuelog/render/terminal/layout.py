"""Placing text on a line: widths are counted in terminal cells, so that wide characters line up."""

import re
from collections.abc import Iterable, Iterator
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from valuelog.render.escape import visible
from valuelog.render.style import DIM, NEEDS, STRONG, short_id
from valuelog.render.wrap import continued

BAR = "█"
SIGN = "▸"
"""Stands before what needs somebody."""

GAP = 2
LEAST_ROOM = 20
"""So many columns a text needs beside what stands to its left and to its right; otherwise it gets a line of its own."""

INDENT = 4
"""How far a text stands in that got a line of its own."""

ADVICE = " " * 6
"""What stands before the command below an advice."""

_TOGETHER = re.compile(r"\(\d+ to \d+\)\S*|\d+ (?:value )?: \d+(?: work)?\S*|[\d–]+ %\S*|\S+")
"""What is read in one go: a word, a ratio, a share, and how sure one can be of it."""

SPARKS = "▁▂▃▄▅▆▇█"


def fit(text: str, width: int) -> str:
    """Cut a text of one line down to a width, with … where something is missing."""
    text = visible(text)
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)).rstrip() + "…"


def wrapped(text: str, width: int) -> list[str]:
    """Break a text of one line between its words, so that no line is wider."""
    return [text] if cell_len(text) <= width else [piece.plain.rstrip() for piece in _broken(Text(text), width)]


def _broken(text: Text, width: int) -> Iterable[Text]:
    return text.wrap(Console(width=width, file=StringIO()), width, overflow="fold")


def unparted(shown: Text, width: int) -> Iterator[Text]:
    """Break a line of figures between its words, but within none of them: 4 : 0, 24 %, (13 to 41)."""
    start = end = 0
    for word in _TOGETHER.finditer(shown.plain):
        if end and cell_len(shown.plain[start : word.end()]) > width:
            yield shown[start:end]
            start = word.start()
        end = word.end()
    yield shown[start:]


def column(text: str, width: int) -> str:
    """Make a text exactly so wide: cut, or filled with spaces."""
    return set_cell_size(fit(text, width), width)


def line(*parts: str | tuple[str, str] | Text) -> Text:
    """Put pieces with their styles on one line."""
    return Text.assemble(*parts)


def whole(*parts: str | tuple[str, str] | Text) -> Text:
    """Put pieces on one line that is never folded: a terminal breaks it itself, and copies it as one."""
    text = line(*parts)
    text.no_wrap = True
    return text


def spread(left: Text, right: Text, width: int) -> Text:
    """Put one text to the left and one to the right of a line, or on two lines where they do not fit."""
    gap = width - left.cell_len - right.cell_len
    return Text.assemble(left, " " * gap, right) if gap > 0 else Text.assemble(left, "\n", right)


def with_facts(
    head: Text, said: str, facts: Text, width: int, *, style: str = "", whole: bool = False
) -> Iterator[Text]:
    """Show a text behind its head and facts to its right; below it, where they would leave hardly any room for it.

    A text that is too long is cut; one that is to be read `whole` goes on below itself.
    """
    room = width - head.cell_len - facts.cell_len - GAP
    apart = room < LEAST_ROOM
    room = max(12, width - head.cell_len if apart else room)
    margin = " " * head.cell_len
    for place, piece in enumerate(wrapped(visible(said), room) if whole else [fit(said, room)]):
        before = margin if place else head
        beside = () if place or apart else (" " * (room - cell_len(piece) + GAP), facts)
        yield line(before, (piece, style), *beside)
    if apart:
        yield from (line(margin, piece) for piece in _broken(facts, max(12, width - head.cell_len)))


def identifier(name: str, letters: int) -> Text:
    """Show an id: what must be typed stands out."""
    typed, rest = short_id(name, letters)
    return Text.assemble((typed, STRONG), (rest, DIM))


def beside(shown: Text, width: int) -> str:
    """Return what fills the column of an id: at least one space."""
    return " " * max(1, width - shown.cell_len)


def advice(said: str, command: str, width: int) -> Text:
    """Say what is worth acting on, and the command that acts on it, on one line if it may, to be copied."""
    beside = cell_len(said) + cell_len(command) + 6 <= width
    acting = ["  ", (command, STRONG)] if beside else list(_below(command, width))
    words = f"\n{ADVICE[2:]}".join(wrapped(visible(said), max(12, width - len(ADVICE) + 2)))
    return whole("  ", (SIGN, NEEDS), f" {words}", *acting)


def _below(command: str, width: int) -> Iterator[str | tuple[str, str]]:
    for piece in continued(command, width, len(ADVICE)):
        shown = piece.lstrip(" ")
        yield "\n" + " " * (len(piece) - len(shown))
        yield shown, STRONG


def spark(share: float | None) -> str:
    """Draw a share from 0 to 1 as one character; a gap stays a gap."""
    return " " if share is None else SPARKS[min(len(SPARKS) - 1, int(share * len(SPARKS)))]
