"""Programs that the terminal is handed over to: the editor, the pager."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def leave_sigint_to_child() -> Iterator[None]:
    """Leave Ctrl-C to the program that owns the terminal; ended by it, we would leave two to fight for the keys.

    A handler that does nothing, because a child inherits a signal that is ignored but no handler.
    """
    before = signal.signal(signal.SIGINT, _ignore_signal)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _ignore_signal(number: int, frame: FrameType | None) -> None:
    del number, frame
