"""The page that `explore --open` starts the browser on: it leads on to the secret URL.

Every user of the machine can read a browser's command line, so that only names this page, which only its owner can
read. It exists until the first request with the secret arrives, and at the longest until the server ends.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fcntl import LOCK_EX, LOCK_NB, flock
from html import escape
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from threading import Event
from types import FrameType

from valuelog.journal.files import lock_folder

_HTML = """\
<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="content-security-policy" content="default-src 'none'">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url={url}">
<title>valuelog explore</title>
<p><a href="{url}" rel="noreferrer">Explore your journal</a></p>
"""

_END_SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""Signals that end the program without raising KeyboardInterrupt."""


class OpenPage:
    """A page in a folder of its own; `was_removed` is set as soon as it isn't needed any more."""

    def __init__(self, path: Path) -> None:
        """Name the page."""
        self.path = path
        self.was_removed = Event()

    def remove(self) -> None:
        """Remove the page and its folder, if they still exist."""
        rmtree(self.path.parent, ignore_errors=True)
        self.was_removed.set()


@contextmanager
def open_page(parent: Path, url: str) -> Iterator[OpenPage]:
    """Create a page that leads on to a URL; it is removed at the end, also by SIGTERM and SIGHUP.

    Its folder stays locked (flock) while the process runs, so that other runs leave it alone. Raises ValuelogError.
    """
    with lock_folder(parent):
        page = OpenPage(Path(mkdtemp(dir=parent)) / "open.html")
        lock = os.open(page.path.parent, os.O_RDONLY)
        flock(lock, LOCK_EX)
    try:
        with _removed_by_signals(page):
            _write_private(page.path, _HTML.format(url=escape(url)))
            yield page
    finally:
        page.remove()
        os.close(lock)


def remove_left_pages(parent: Path) -> None:
    """Remove the pages of runs that were killed."""
    if not parent.exists():
        return
    with lock_folder(parent):
        for folder in parent.iterdir():
            with suppress(OSError):
                _remove_unless_locked(folder)


def _remove_unless_locked(folder: Path) -> None:
    """Remove a folder unless a running process holds its lock. Raises BlockingIOError then."""
    lock = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        flock(lock, LOCK_EX | LOCK_NB)
        rmtree(folder, ignore_errors=True)
    finally:
        os.close(lock)


def _write_private(path: Path, text: str) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:  # noqa: PTH123  opened with mode 0600
        file.write(text)


@contextmanager
def _removed_by_signals(page: OpenPage) -> Iterator[None]:
    """Remove a page before one of `_END_SIGNALS` ends the program as usual; an ignored signal stays ignored."""

    def remove_and_end(number: int, frame: FrameType | None) -> None:
        del frame
        page.remove()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    numbers = [number for number in _END_SIGNALS if signal.getsignal(number) is signal.SIG_DFL]
    for number in numbers:
        signal.signal(number, remove_and_end)
    try:
        yield
    finally:
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)
