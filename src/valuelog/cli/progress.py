"""A bar for what takes longer than half a second; nobody sees it where nobody looks."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import TextIO

from valuelog.render import Canvas

SHOW_AFTER_SECONDS = 0.5
"""So many seconds pass before a bar is worth showing."""


@contextmanager
def progress_bar(stream: TextIO, canvas: Canvas, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield what is told, again and again, how much of `total` is done; the bar is gone at the end."""
    begun = monotonic()
    with ExitStack() as shown:
        advance: Callable[[int], None] | None = None

        def tell(done: int) -> None:
            nonlocal advance
            if advance is None and monotonic() - begun > SHOW_AFTER_SECONDS:
                advance = shown.enter_context(_rich_bar(stream, canvas, label, total))
            if advance:
                advance(done)

        yield tell


@contextmanager
def _rich_bar(stream: TextIO, canvas: Canvas, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    from rich.console import Console  # noqa: PLC0415  most of what is done is done sooner
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    console = Console(file=stream, width=canvas.width, no_color=not canvas.color, force_terminal=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(show_speed=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.update(task, completed=done)
