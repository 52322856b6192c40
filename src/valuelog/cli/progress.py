"""A progress bar for what takes longer than half a second, shown only on a terminal."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import TextIO

from valuelog.render import Canvas

SHOW_AFTER_SECONDS = 0.5


@contextmanager
def progress_bar(stream: TextIO, canvas: Canvas, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Yield a function that reports how much of `total` is done; the bar is removed at the end."""
    start = monotonic()
    with ExitStack() as stack:
        update: Callable[[int], None] | None = None

        def report(done: int) -> None:
            nonlocal update
            if update is None and monotonic() - start > SHOW_AFTER_SECONDS:
                update = stack.enter_context(_rich_bar(stream, canvas, label, total))
            if update:
                update(done)

        yield report


@contextmanager
def _rich_bar(stream: TextIO, canvas: Canvas, label: str, total: int | None) -> Iterator[Callable[[int], None]]:
    from rich.console import Console  # noqa: PLC0415  most work is done before a bar is needed
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn  # noqa: PLC0415

    console = Console(file=stream, width=canvas.width, no_color=not canvas.color, force_terminal=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(show_speed=False))
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.update(task, completed=done)
