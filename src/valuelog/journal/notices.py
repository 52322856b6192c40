"""What the journal has to say without failing, such as that a copy before a migration could not be verified."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_listener: ContextVar[Callable[[str], None] | None] = ContextVar("notice_listener", default=None)


@contextmanager
def listen_to_notices(listener: Callable[[str], None]) -> Iterator[None]:
    """Call `listener` with each notice within the block; without a listener, notices are dropped."""
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def notify(notice: str) -> None:
    """Pass a notice to the listener, if there is one."""
    if listener := _listener.get():
        listener(notice)
