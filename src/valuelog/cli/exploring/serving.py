"""Serving a snapshot: a port of this machine alone, a secret address, and quiet until somebody ends it."""

import os
import secrets
import select
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from typing import TextIO

from valuelog.cli.exploring.guard import AsgiApp, Guard
from valuelog.model.errors import ValuelogError

HOST = "127.0.0.1"

REQUIRED_MODULES = ("datasette", "datasette_dashboards")
"""What shows a snapshot, apart from what these bring along."""


class DatasetteMissing(ValuelogError):
    """The libraries that show a snapshot are missing."""

    def __init__(self) -> None:
        """Name what to install."""
        super().__init__(
            "Exploring needs Datasette, which is not installed.",
            "pipx inject valuelog datasette-dashboards   or, in your clone: uv tool install '.[explore]'",
        )


class DatasetteBroken(ValuelogError):
    """The libraries that show a snapshot are there, and do not work."""

    def __init__(self, error: Exception) -> None:
        """Name how they fail, and what to install."""
        super().__init__(
            f"The Datasette that is installed does not fit, or is broken ({type(error).__name__}).",
            "Install it anew: pipx inject --force --pip-args=--force-reinstall valuelog 'datasette<1'"
            " datasette-dashboards   or, in your clone: uv tool install --reinstall '.[explore]'",
        )


class PortUnavailable(ValuelogError):
    """The port that was asked for cannot be had."""

    def __init__(self, port: int, why: str) -> None:
        """Name it, and say why."""
        super().__init__(f"Port {port} cannot be used: {why}.", "Name another one, or leave --port out for a free one.")


def require_datasette() -> None:
    """Go on only if everything that shows a snapshot is there. Raises DatasetteMissing."""
    if not all(map(find_spec, REQUIRED_MODULES)):
        raise DatasetteMissing


@contextmanager
def listening_socket(port: int) -> Iterator[socket.socket]:
    """Yield a socket that only this machine reaches, on a free port if 0 is named. Raises PortUnavailable."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            raise PortUnavailable(port, error.strerror or str(error)) from error
        yield listener


class ExploreServer:
    """A snapshot that is about to be shown: its `address`, and another one that leads there a single time."""

    def __init__(self, snapshot: str, listener: socket.socket) -> None:
        """Make everything ready; requests wait until they are answered. Raises DatasetteBroken."""
        secret, once = secrets.token_urlsafe(16), secrets.token_urlsafe(16)
        here = f"http://{HOST}:{listener.getsockname()[1]}"
        self.url, self.one_time_url = f"{here}/{secret}/", f"{here}/{once}"
        self._guard = Guard(_create_app(snapshot, f"/{secret}/"), secret, once)
        self._listener = listener

    def serve(self, should_stop: Callable[[], bool], *, debug: bool) -> None:
        """Answer requests until somebody ends it, or it is over.

        What was asked, and with which words, is told for debugging only.
        """
        from valuelog.cli.exploring.site import serve  # noqa: PLC0415  an extra

        with ExitStack() as stack:
            if not debug:
                nowhere = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123  a device
                stack.enter_context(redirect_stdout(nowhere))
                stack.enter_context(redirect_stderr(nowhere))
            serve(self._guard, self._listener, should_stop)


def _create_app(snapshot: str, base: str) -> AsgiApp:
    """Return the program that shows a snapshot. Raises DatasetteBroken, in whichever way Datasette fails."""
    try:
        from valuelog.cli.exploring.site import create_app  # noqa: PLC0415  an extra

        return create_app(snapshot, base)
    except Exception as error:
        raise DatasetteBroken(error) from error


def is_reader_gone(stdout: TextIO) -> bool:
    """Tell whether this is a pipe that nobody reads any more. Without a terminal no signal says that ssh has ended."""
    try:
        number = stdout.fileno()
        kind = os.fstat(number).st_mode
    except OSError:
        return False
    if not (stat.S_ISFIFO(kind) or stat.S_ISSOCK(kind)) or not hasattr(select, "poll"):
        return False
    pipe = select.poll()
    pipe.register(number, select.POLLERR | select.POLLHUP)
    return bool(pipe.poll(0))
