"""The terminal behind a stream: its width, height and color, and a progress bar. Flags override the environment."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import IO

from valuelog.render import Canvas

MAX_WIDTH = 120
"""Longer lines are hard to read."""

MIN_WIDTH = 20

PROGRESS_DELAY = 0.5
"""Seconds before a progress bar appears."""


def detect_canvas(stream: IO[str], environ: Mapping[str, str], color: str) -> Canvas:
    """Return the width and color of a stream; `color` is auto, always or never."""
    return Canvas(width=_detect_width(stream, environ), color=_uses_color(stream, environ, color))


def _detect_width(stream: IO[str], environ: Mapping[str, str]) -> int:
    variable = environ.get("COLUMNS", "")
    columns = int(variable) if variable.isdecimal() else 0
    return max(MIN_WIDTH, min(columns or _terminal_columns(stream), MAX_WIDTH))


def _terminal_columns(stream: IO[str]) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def terminal_height(stream: IO[str]) -> int | None:
    """Return the number of lines of a terminal, or None if the stream isn't one."""
    try:
        return os.get_terminal_size(stream.fileno()).lines
    except (OSError, ValueError):
        return None


def _uses_color(stream: IO[str], environ: Mapping[str, str], color: str) -> bool:
    if color != "auto":
        return color == "always"
    if environ.get("NO_COLOR"):
        return False
    if any(environ.get(name, "0") not in {"", "0"} for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    return stream.isatty() and environ.get("TERM") != "dumb" and environ.get("CLICOLOR") != "0"


@contextmanager
def progress_bar(stream: IO[str], canvas: Canvas, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function that reports how much of `total` is done; the bar is removed at the end."""
    start = monotonic()
    with ExitStack() as stack:
        update: Callable[[int], None] | None = None

        def report(done: int) -> None:
            nonlocal update
            if update is None and monotonic() - start > PROGRESS_DELAY:
                update = stack.enter_context(_rich_bar(stream, canvas, label, total))
            if update:
                update(done)

        yield report


@contextmanager
def _rich_bar(stream: IO[str], canvas: Canvas, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    from rich.console import Console  # noqa: PLC0415  most work is done before a bar is needed
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    console = Console(file=stream, width=canvas.width, no_color=not canvas.color, force_terminal=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(show_speed=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.update(task, completed=done)
