"""For people: Rich prints Text and tables. Text written by users is never parsed as markup."""

import re
from collections.abc import Iterable, Iterator
from io import StringIO

from rich.cells import cell_len
from rich.console import Console, RenderableType
from rich.text import Text

from valuelog.render import Canvas
from valuelog.render.wrap import COMMAND_NAME, CONTINUATION, split_line

_LINE_END = re.compile(r"(?: |\x1b\[[\d;]*m)+$")
"""Spaces and color codes at the end of a line."""


def render_lines(lines: Iterable[RenderableType], canvas: Canvas) -> str:
    """Render lines and tables as a terminal shows them; long lines are folded, except those marked `no_wrap`."""
    out = StringIO()
    console = Console(
        file=out,
        width=canvas.width,
        color_system="standard" if canvas.color else None,
        force_terminal=canvas.color,
        legacy_windows=False,
        highlight=False,
        markup=False,
        emoji=False,
        _environ={},
    )
    for line in lines:
        if isinstance(line, Text):
            _print_text(console, line)
        else:
            console.print(line)
    return "\n".join(map(_strip_end, out.getvalue().split("\n")))


def _strip_end(line: str) -> str:
    """Remove the spaces at the end of a line, but not the color codes between them."""
    return _LINE_END.sub(lambda match: match.group().replace(" ", ""), line)


def _print_text(console: Console, text: Text) -> None:
    for line in _break_line(text, console.width):
        console.print(line, overflow="ignore" if line.no_wrap else "fold", no_wrap=line.no_wrap, crop=False)


def _break_line(text: Text, width: int) -> Iterator[Text]:
    """Break lines that contain a command so that it can still be copied; leave the others to Rich."""
    if text.no_wrap or COMMAND_NAME not in text.plain or cell_len(text.plain) <= width:
        yield text
        return
    for line in text.split("\n", allow_blank=True):
        for piece in split_line(line.plain, width):
            part = Text.assemble(" " * piece.indent, line[piece.start : piece.end], CONTINUATION * piece.is_continued)
            part.no_wrap = piece.is_command
            yield part
