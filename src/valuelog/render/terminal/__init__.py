"""For people: Rich draws lines of Text. What people wrote is never read as markup."""

from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from valuelog.render import Canvas
from valuelog.render.wrap import COMMAND, ON, pieces


def drawn(lines: Iterable[Text], canvas: Canvas) -> str:
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
    for line in chain.from_iterable(_broken(line, canvas.width) for line in lines):
        console.print(line, overflow="ignore" if line.no_wrap else "fold", no_wrap=line.no_wrap, crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))


def _broken(said: Text, width: int) -> Iterator[Text]:
    """Break lines with a command in them so that it can still be copied; leave all others to Rich."""
    if said.no_wrap or COMMAND not in said.plain or cell_len(said.plain) <= width:
        yield said
        return
    for line in said.split("\n", allow_blank=True):
        for piece in pieces(line.plain, width):
            part = Text.assemble(" " * piece.indent, line[piece.start : piece.end], ON * piece.on)
            part.no_wrap = piece.command
            yield part
