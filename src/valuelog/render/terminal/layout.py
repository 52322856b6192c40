"""Fitting text into lines. Widths are counted in terminal cells, so that wide characters are aligned."""

import re
from collections.abc import Iterator
from functools import cache
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG, split_id
from valuelog.render.wrap import wrap_command

BAR = "█"
ATTENTION_SIGN = "▸"
"""The sign before something to act on."""

COLUMN_GAP = 2
MIN_TEXT_WIDTH = 20
"""Columns that a text needs beside other columns; with fewer it gets its own line."""

INDENT = 4
"""Indentation of a text that gets its own line."""

ADVICE_INDENT = 6
"""Indentation of the command below an advice."""

_UNBREAKABLE = re.compile(
    r"\(\d+ (?:to \d+|proven)\)\S*|\d+ value : \d+ work\S*|\d+ value|: \d+ work\S*|[\d–]+ %\S*|\S+"
)
"""What is never broken between two lines: a word, a side, a share, an interval."""

SPARK_CHARACTERS = "▁▂▃▄▅▆▇█"


def truncate(text: str, width: int) -> str:
    """Truncate a text of one line to a width, with … if something is missing."""
    text = escape_line(text)
    return text if cell_len(text) <= width else set_cell_size(text, max(0, width - 1)).rstrip() + "…"


def wrap_words(text: str, width: int) -> list[str]:
    """Wrap a text of one line between words; a word that is longer than a line is broken."""
    if cell_len(text) <= width:
        return [text]
    return [line.plain.rstrip() for line in Text(text).wrap(_console(), width, overflow="fold")]


@cache
def _console() -> Console:
    """Return the console that wraps text: Rich asks for one, but only a justified text uses it."""
    return Console(file=StringIO())


def wrap_figures(text: Text, width: int) -> Iterator[Text]:
    """Wrap a line of figures, but never within one of them: 4 value, (3 proven), 24 %, (13 to 41)."""
    start = end = 0
    for word in _UNBREAKABLE.finditer(text.plain):
        if end and cell_len(text.plain[start : word.end()]) > width:
            yield text[start:end]
            start = word.start()
        end = word.end()
    yield text[start:]


def join_unwrapped_line(*parts: str | tuple[str, str] | Text) -> Text:
    """Join parts into a line that is never folded: the terminal wraps it, and copies it as one line."""
    return Text.assemble(*parts, no_wrap=True)


def justify(left: Text, right: Text, width: int) -> Text:
    """Put two texts at both ends of a line, or on two lines if they don't fit."""
    gap = width - left.cell_len - right.cell_len
    return Text.assemble(left, " " * gap if gap > 0 else "\n", right)


def render_id(entity_id: str, prefix_length: int) -> Text:
    """Render an id with the prefix that must be typed highlighted."""
    typed, rest = split_id(entity_id, prefix_length)
    return Text.assemble((typed, STRONG), (rest, DIM))


def render_advice(text: str, command: str, width: int) -> Text:
    """Render something to act on and the command for it, on one line if both fit."""
    command = escape_line(command)  # it may name a project
    beside = cell_len(text) + cell_len(command) + ADVICE_INDENT <= width
    action = ["  ", (command, STRONG)] if beside else list(_command_below(command, width))
    margin = " " * (ADVICE_INDENT - 2)
    words = f"\n{margin}".join(wrap_words(escape_line(text), max(12, width - len(margin))))
    return join_unwrapped_line("  ", (ATTENTION_SIGN, ATTENTION), f" {words}", *action)


def _command_below(command: str, width: int) -> Iterator[str | tuple[str, str]]:
    for piece in wrap_command(command, width, ADVICE_INDENT):
        shown = piece.lstrip(" ")
        yield "\n" + " " * (len(piece) - len(shown))
        yield shown, STRONG


def spark_character(share: float | None) -> str:
    """Return a share from 0 to 1 as one character, and a space if there is none."""
    return (
        " " if share is None else SPARK_CHARACTERS[min(len(SPARK_CHARACTERS) - 1, int(share * len(SPARK_CHARACTERS)))]
    )
