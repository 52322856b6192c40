"""For people: Rich draws lines of Text. What people wrote is never read as markup."""

from collections.abc import Iterable
from io import StringIO

from rich.console import Console
from rich.text import Text

from valuelog.render import Canvas


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
    for line in lines:
        console.print(line, overflow="ignore" if line.no_wrap else "fold", no_wrap=line.no_wrap, crop=False)
    return "\n".join(line.rstrip() for line in out.getvalue().split("\n"))
