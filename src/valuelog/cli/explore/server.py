"""Serves a snapshot on a loopback port under a secret URL, without logging, until it is interrupted."""

import os
import secrets
import select
import socket
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from typing import TextIO

from valuelog.cli.explore.auth import AsgiApp, Guard
from valuelog.model.errors import ValuelogError

HOST = "127.0.0.1"

REQUIRED_MODULES = ("datasette", "datasette_dashboards")
"""The direct dependencies of the extra."""


class DatasetteMissing(ValuelogError):
    """The extra is not installed."""

    def __init__(self) -> None:
        """Name what to install."""
        super().__init__(
            "explore needs Datasette, which is not installed.",
            "pipx inject valuelog datasette-dashboards   or, in your clone: uv tool install '.[explore]'",
        )


class DatasetteBroken(ValuelogError):
    """The extra is installed but fails to start."""

    def __init__(self, error: Exception) -> None:
        """Name the error and how to reinstall."""
        super().__init__(
            f"The installed Datasette is broken or has the wrong version ({type(error).__name__}).",
            "Reinstall it: pipx inject --force --pip-args=--force-reinstall valuelog 'datasette<1'"
            " datasette-dashboards   or, in your clone: uv tool install --reinstall '.[explore]'",
        )


class PortUnavailable(ValuelogError):
    """The requested port cannot be bound."""

    def __init__(self, port: int, reason: str) -> None:
        """Name the port and the reason."""
        super().__init__(f"Port {port} cannot be used: {reason}.", "Choose another, or omit --port for a free one.")


def require_datasette() -> None:
    """Raise DatasetteMissing unless the extra is installed."""
    if not all(map(find_spec, REQUIRED_MODULES)):
        raise DatasetteMissing


@contextmanager
def listening_socket(port: int) -> Iterator[socket.socket]:
    """Yield a socket that listens on the loopback interface; port 0 means any free one. Raises PortUnavailable."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((HOST, port))
            listener.listen()
        except OSError as error:
            raise PortUnavailable(port, error.strerror or str(error)) from error
        yield listener


class ExploreServer:
    """A snapshot ready to be served at `url`."""

    def __init__(self, snapshot: str, listener: socket.socket) -> None:
        """Create the app; requests queue until `serve` is called. Raises DatasetteBroken."""
        self._secret = secrets.token_urlsafe(16)
        self.url = f"http://{HOST}:{listener.getsockname()[1]}/{self._secret}/"
        self._app = _create_app(snapshot, f"/{self._secret}/")
        self._listener = listener

    def serve(self, should_stop: Callable[[], bool], on_entry: Callable[[], object], *, debug: bool) -> None:
        """Answer requests until interrupted or `should_stop` returns True.

        `on_entry` is called when the first request with the secret arrives. Only with `debug` Datasette writes to
        stderr: its errors contain the queries.
        """
        from valuelog.cli.explore.datasette_app import serve  # noqa: PLC0415  an extra

        with ExitStack() as stack:
            if not debug:
                devnull = stack.enter_context(open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123  a device
                stack.enter_context(redirect_stdout(devnull))
                stack.enter_context(redirect_stderr(devnull))
            serve(Guard(self._app, self._secret, on_entry), self._listener, should_stop)


def _create_app(snapshot: str, base_url: str) -> AsgiApp:
    """Return the app that shows a snapshot. Raises DatasetteBroken for any error of Datasette."""
    try:
        from valuelog.cli.explore.datasette_app import create_app  # noqa: PLC0415  an extra

        return create_app(snapshot, base_url)
    except Exception as error:
        raise DatasetteBroken(error) from error


def is_reader_gone(stdout: TextIO) -> bool:
    """Return True if stdout is a pipe or socket without a reader: without a terminal, no signal says that ssh ended."""
    try:
        fd = stdout.fileno()
        mode = os.fstat(fd).st_mode
    except OSError:
        return False
    if not (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)) or not hasattr(select, "poll"):
        return False
    poll = select.poll()
    poll.register(fd, select.POLLERR | select.POLLHUP)
    return bool(poll.poll(0))
