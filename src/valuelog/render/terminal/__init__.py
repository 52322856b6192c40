"""For people: Rich draws lines of Text. What people wrote is never read as markup."""

from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from valuelog.render import Canvas
from valuelog.render.wrap import COMMAND_NAME, CONTINUATION, split_line


def render_lines(lines: Iterable[Text], canvas: Canvas) -> str:
    """Turn lines into what a terminal shows; too long ones are folded, unless they are to be copied whole."""
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
    for line in chain.from_iterable(_break_line(line, canvas.width) for line in lines):
        console.print(line, overflow="ignore" if line.no_wrap else "fold", no_wrap=line.no_wrap, crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _break_line(text: Text, width: int) -> Iterator[Text]:
    """Break lines with a command in them so that it can still be copied; leave all others to Rich."""
    if text.no_wrap or COMMAND_NAME not in text.plain or cell_len(text.plain) <= width:
        yield text
        return
    for line in text.split("\n", allow_blank=True):
        for piece in split_line(line.plain, width):
            part = Text.assemble(" " * piece.indent, line[piece.start : piece.end], CONTINUATION * piece.is_continued)
            part.no_wrap = piece.is_command
            yield part
