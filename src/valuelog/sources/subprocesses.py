"""Programs that sources run, and what they said: bounded in time and length. It knows which ones run at the moment.

Knows no program in particular. Nothing is run in the folder where somebody stands: what lies there may be anybody's.
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
"""A program is stopped a little before whoever asked the source gives it up, so that none is left behind."""

MAX_OUTPUT_BYTES = 8_000_000
"""So many bytes a program may say."""

_active_processes: set[Popen[bytes]] = set()
_start_lock = Lock()
_interrupted = Event()


@contextmanager
def kill_processes_on_interrupt() -> Iterator[None]:
    """End every program, and let none begin any more, if what is done within is broken off."""
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
    """Yield a program without a terminal, its output in pipes; at the end all that it started ends with it."""
    with _start(command, environ, stdin) as process:
        try:
            yield process
        finally:
            _kill(process)
            _active_processes.discard(process)


def _start(command: Sequence[str], environ: Mapping[str, str], stdin: int) -> Popen[bytes]:
    with _start_lock:
        if _interrupted.is_set():
            raise InterruptedError(EINTR, "everything was broken off")
        process = Popen(  # noqa: S603  running programs is what it is for
            command, stdin=stdin, stdout=PIPE, stderr=PIPE, env=dict(environ), cwd="/", start_new_session=True
        )
        _active_processes.add(process)
    return process


def _kill(process: Popen[bytes]) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def digest(*words: str) -> str:
    """Return a short name for some words, the same each time."""
    return blake2s("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def find_program(program: str, environ: Mapping[str, str]) -> str | None:
    """Return where a program is; none if there is no such program."""
    return shutil.which(program, path=search_path(environ))


def search_path(environ: Mapping[str, str]) -> str:
    """Return the folders in which programs are looked for, without those that depend on where somebody stands."""
    return os.pathsep.join(filter(os.path.isabs, environ.get("PATH", os.defpath).split(os.pathsep)))


def run_program(
    name: str, command: Sequence[str], environ: Mapping[str, str], timeout: float = PROGRAM_TIMEOUT_SECONDS
) -> str:
    """Run a program for the source of this name and return what it said. Raises SourceFailed.

    It gets no terminal and no input; when time is up, it ends together with all that it started.
    """
    program, *words = command
    called = os.path.basename(program)  # noqa: PTH119  a word, not a place
    who, hint = "it" if called == name else called, f"Try: {shlex.join([called, *words])}"
    try:
        code, said, complaint = _run_command(command, environ, monotonic() + timeout)
    except (TimeoutError, TimeoutExpired) as error:
        leave = f"{hint}; or leave it out: valuelog config set sources.{name}.enabled no"
        raise SourceFailed(name, f"{who} did not answer in time.", leave) from error
    except OverflowError as error:
        raise SourceFailed(name, f"{who} said more than {MAX_OUTPUT_BYTES // 1_000_000} MB.", hint) from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise SourceFailed(name, f"{who} could not be run: {sanitize_line(why)}.", hint) from error
    if code:
        raise SourceFailed(name, f"{who} failed: {_error_line(complaint) or f'it ended with code {code}'}.", hint)
    return said


def _error_line(stderr: str) -> str:
    """Return the line of a complaint that says why: the first, or the last of a traceback."""
    rows = stderr.strip().splitlines()
    return sanitize_line(rows[-1 if rows[0].startswith("Traceback") else 0]).rstrip(".") if rows else ""


def _run_command(command: Sequence[str], environ: Mapping[str, str], deadline: float) -> tuple[int, str, str]:
    with start_process(command, environ) as process:
        said, complaint = _read_pipes(process, deadline)
        code = process.wait(max(0.0, deadline - monotonic()))
    return code, said.decode(errors="replace"), complaint.decode(errors="replace")


def _read_pipes(process: Popen[bytes], deadline: float) -> tuple[bytearray, bytearray]:
    """Listen until a program has said all. Raises TimeoutError, or OverflowError for one that does not stop."""
    said, complaint = bytearray(), bytearray()
    with DefaultSelector() as pipes:
        for pipe, heard in ((process.stdout, said), (process.stderr, complaint)):
            if pipe:
                pipes.register(pipe, EVENT_READ, heard)
        while pipes.get_map():
            _read_ready_pipes(pipes, deadline - monotonic())
    return said, complaint


def _read_ready_pipes(pipes: DefaultSelector, timeout: float) -> None:
    ready = pipes.select(timeout) if timeout > 0 else []
    if not ready:
        raise TimeoutError
    for key, _ in ready:
        piece = os.read(key.fd, 65536)
        key.data.extend(piece)
        if not piece:
            pipes.unregister(key.fileobj)
        if len(key.data) > MAX_OUTPUT_BYTES:
            raise OverflowError
