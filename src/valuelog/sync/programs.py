"""Runs the programs that reach a remote (git, rclone), and kills them with their children after a time limit.

They run in /, so that files in the current directory cannot influence them, and have no input but what is passed.
"""

import os
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from subprocess import PIPE, Popen, TimeoutExpired
from tempfile import TemporaryFile
from threading import Timer
from time import monotonic
from typing import IO, NamedTuple

from valuelog.model.signs import escape_control_characters
from valuelog.sync.errors import BadRemote, CacheFailed, RemoteUnreachable

_GRACE_SECONDS = 0.5
_MAX_STDERR_BYTES = 100_000
_MAX_REASON_LENGTH = 200


class Finished(NamedTuple):
    """What a program that ended has left: its exit code, its output, and its messages."""

    code: int
    stdout: bytes
    stderr: str


class Programs:
    """Runs programs for one remote. `timeout` limits, in seconds, all that they do from now on together."""

    def __init__(
        self, address: str, environ: Mapping[str, str], *, interactive: bool = True, timeout: float | None = None
    ) -> None:
        """Start the clock. `address` is for messages; if interactive, a program may ask on the terminal."""
        self.address = address
        self.environ = environ
        self.interactive = interactive
        self._timeout = timeout
        self._deadline = None if timeout is None else monotonic() + timeout

    def find(self, program: str) -> str:
        """Return the path of a program, found on PATH without relative folders. Raises BadRemote."""
        folders = filter(os.path.isabs, self.environ.get("PATH", os.defpath).split(os.pathsep))
        path = shutil.which(program, path=os.pathsep.join(folders))
        if not path:
            raise BadRemote(f"Syncing with {self.address} needs {program}, which is not installed.", "Install it.")
        return path

    def remaining(self) -> float | None:
        """Return the seconds until the deadline, or None. Raises RemoteUnreachable if it is over."""
        if self._deadline is None:
            return None
        seconds = self._deadline - monotonic()
        if seconds <= 0:
            raise self._timeout_error()
        return seconds

    def run(self, command: Sequence[str], environ: Mapping[str, str], stdin: bytes = b"") -> Finished:
        """Run a program to its end. Raises RemoteUnreachable at the deadline."""
        with _open_stderr() as stderr, self._start(command, environ, stderr) as process:
            try:
                stdout, _ = process.communicate(stdin, timeout=self.remaining())
            except TimeoutExpired as error:
                raise self._timeout_error() from error
            return Finished(process.returncode, stdout, _read_stderr(stderr))

    @contextmanager
    def pipe(self, command: Sequence[str], environ: Mapping[str, str]) -> Iterator[Popen[bytes]]:
        """Run a program with pipes for input and output while the block runs; at the deadline it is killed."""
        with _open_stderr() as stderr, self._start(command, environ, stderr) as process:
            seconds = self.remaining()
            timer = None if seconds is None else Timer(seconds, self._stop, (process,))
            if timer:
                timer.start()
            try:
                yield process
                if process.stdin:
                    process.stdin.close()
                process.wait()
            finally:
                if timer:
                    timer.cancel()

    @contextmanager
    def _start(self, command: Sequence[str], environ: Mapping[str, str], stderr: IO[bytes]) -> Iterator[Popen[bytes]]:
        """Start a program; stop it if the block ends before it does.

        Stderr is a file: an ssh that stays in the background as the master of later connections would keep a pipe open.
        A new session has no terminal, so nothing in it can ask; a program that may ask stays in the one of valuelog.
        """
        try:
            process = Popen(  # noqa: S603  the purpose of this module
                command, stdin=PIPE, stdout=PIPE, stderr=stderr, env=dict(environ), cwd="/",
                start_new_session=not self.interactive,
            )  # fmt: skip
        except OSError as error:
            raise BadRemote(f"{command[0]} can't be run: {error.strerror}.", "Check how it is installed.") from error
        with process:
            try:
                yield process
            finally:
                if process.poll() is None:
                    self._stop(process)
                with suppress(OSError):  # it ended before it read everything
                    if process.stdin:
                        process.stdin.close()

    def _stop(self, process: Popen[bytes]) -> None:
        """Ask a program to end, so that it removes its locks, and kill it and its children if it doesn't."""
        for number in (signal.SIGTERM, signal.SIGKILL):
            with suppress(ProcessLookupError, PermissionError):
                if self.interactive:
                    process.send_signal(number)
                else:
                    os.killpg(process.pid, number)
            with suppress(TimeoutExpired):
                process.wait(_GRACE_SECONDS)

    def _timeout_error(self) -> RemoteUnreachable:
        return RemoteUnreachable(
            f"{self.address} did not answer within {self._timeout:g} seconds.",
            "Your entries are safe here. Try again later: valuelog sync",
        )


def clean_environment(environ: Mapping[str, str], prefix: str, allowed: frozenset[str]) -> dict[str, str]:
    """Return an environment without a program's own variables that are not allowed, and with English messages."""
    kept = {name: value for name, value in environ.items() if not name.startswith(prefix) or name in allowed}
    return {**kept, "LC_ALL": "C.UTF-8", "LANGUAGE": ""}


def one_line(text: str) -> str:
    """Return a message of a program as a part of a sentence: its first line, escaped and truncated."""
    first = next(iter(text.strip().splitlines()), "")
    plain = escape_control_characters(first).strip().rstrip(" .:")
    return plain if len(plain) <= _MAX_REASON_LENGTH else f"{plain[: _MAX_REASON_LENGTH - 1]}…"


@contextmanager
def _open_stderr() -> Iterator[IO[bytes]]:
    try:
        file = TemporaryFile()  # noqa: SIM115  closed below
    except OSError as error:
        raise CacheFailed(f"Temporary files can't be written: {error.strerror}.", "Check the disk.") from error
    with file:
        yield file


def _read_stderr(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read(_MAX_STDERR_BYTES).decode(errors="replace")
