"""Runs the programs of sources with limits on time and output, and kills them all when the user interrupts.

Child processes run in / so that files in the current directory cannot influence them.
"""

import os
import shlex
import shutil
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from errno import EINTR
from hashlib import blake2s
from selectors import EVENT_READ, DefaultSelector
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from threading import Event, Lock
from time import monotonic

from valuelog.sources import TIMEOUT_SECONDS, SourceFailed
from valuelog.sources.sanitize import sanitize_line

PROGRAM_TIMEOUT_SECONDS = 0.9 * TIMEOUT_SECONDS
"""A program is killed shortly before the time limit of its source, so that none is left behind."""

MAX_OUTPUT_BYTES = 8_000_000
"""Limit for stdout and for stderr."""

_active_processes: set[Popen[bytes]] = set()
_start_lock = Lock()
_interrupted = Event()


@contextmanager
def kill_processes_on_interrupt() -> Iterator[None]:
    """Kill every child process and start no more if the block raises KeyboardInterrupt."""
    _interrupted.clear()
    try:
        yield
    except KeyboardInterrupt:
        _interrupted.set()
        with _start_lock:
            for process in tuple(_active_processes):
                _kill(process)
        raise


@contextmanager
def start_process(command: Sequence[str], environ: Mapping[str, str], stdin: int = DEVNULL) -> Iterator[Popen[bytes]]:
    """Start a program in its own session with pipes for output; kill its process group at the end of the block."""
    with _start(command, environ, stdin) as process:
        try:
            yield process
        finally:
            _kill(process)
            _active_processes.discard(process)


def _start(command: Sequence[str], environ: Mapping[str, str], stdin: int) -> Popen[bytes]:
    with _start_lock:
        if _interrupted.is_set():
            raise InterruptedError(EINTR, "interrupted")
        process = Popen(  # noqa: S603  the purpose of this module
            command, stdin=stdin, stdout=PIPE, stderr=PIPE, env=dict(environ), cwd="/", start_new_session=True
        )
        _active_processes.add(process)
    return process


def _kill(process: Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def digest(*words: str) -> str:
    """Return a stable 16-digit hash of some words."""
    return blake2s("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def find_program(program: str, environ: Mapping[str, str]) -> str | None:
    """Return the path of a program, or None."""
    return shutil.which(program, path=search_path(environ))


def search_path(environ: Mapping[str, str]) -> str:
    """Return PATH without relative folders, which depend on the current directory."""
    return os.pathsep.join(filter(os.path.isabs, environ.get("PATH", os.defpath).split(os.pathsep)))


def run_program(
    name: str, command: Sequence[str], environ: Mapping[str, str], timeout: float = PROGRAM_TIMEOUT_SECONDS
) -> str:
    """Run a program for a source and return its stdout. Raises SourceFailed.

    It has no terminal and no input; on timeout its whole process group is killed.
    """
    program, *arguments = command
    program_name = os.path.basename(program)  # noqa: PTH119  only the name
    subject = "it" if program_name == name else program_name
    hint = f"Try: {shlex.join([program_name, *arguments])}"
    try:
        code, stdout, stderr = _run_command(command, environ, monotonic() + timeout)
    except (TimeoutError, TimeoutExpired) as error:
        hint += f"; or turn it off: valuelog config set sources.{name}.enabled no"
        raise SourceFailed(name, f"{subject} did not finish in time.", hint) from error
    except OverflowError as error:
        raise SourceFailed(name, f"{subject} printed more than {MAX_OUTPUT_BYTES // 1_000_000} MB.", hint) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceFailed(name, f"{subject} could not be run: {sanitize_line(reason)}.", hint) from error
    if code:
        raise SourceFailed(name, f"{subject} failed: {_error_line(stderr) or f'it exited with code {code}'}.", hint)
    return stdout


def _error_line(stderr: str) -> str:
    """Return the line of stderr that gives the reason: the first, or the last of a traceback."""
    rows = stderr.strip().splitlines()
    return sanitize_line(rows[-1 if rows[0].startswith("Traceback") else 0]).rstrip(".") if rows else ""


def _run_command(command: Sequence[str], environ: Mapping[str, str], deadline: float) -> tuple[int, str, str]:
    with start_process(command, environ) as process:
        stdout, stderr = _read_pipes(process, deadline)
        code = process.wait(max(0.0, deadline - monotonic()))
    return code, stdout.decode(errors="replace"), stderr.decode(errors="replace")


def _read_pipes(process: Popen[bytes], deadline: float) -> tuple[bytearray, bytearray]:
    """Read stdout and stderr to their end. Raises TimeoutError, or OverflowError for too much output."""
    stdout, stderr = bytearray(), bytearray()
    with DefaultSelector() as pipes:
        for pipe, buffer in ((process.stdout, stdout), (process.stderr, stderr)):
            if pipe:
                pipes.register(pipe, EVENT_READ, buffer)
        while pipes.get_map():
            _read_ready_pipes(pipes, deadline - monotonic())
    return stdout, stderr


def _read_ready_pipes(pipes: DefaultSelector, timeout: float) -> None:
    ready = pipes.select(timeout) if timeout > 0 else []
    if not ready:
        raise TimeoutError
    for key, _ in ready:
        chunk = os.read(key.fd, 65536)
        key.data.extend(chunk)
        if not chunk:
            pipes.unregister(key.fileobj)
        if len(key.data) > MAX_OUTPUT_BYTES:
            raise OverflowError
