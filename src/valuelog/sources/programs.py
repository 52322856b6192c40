"""Programs that sources run, and what they said: bounded in time and length, and without a sign that acts.

Knows no program in particular. Nothing is run in the folder where somebody stands: what lies there may be anybody's.
"""

import os
import re
import shutil
import signal
from collections.abc import Mapping, Sequence
from contextlib import suppress
from hashlib import blake2s
from selectors import EVENT_READ, DefaultSelector
from subprocess import DEVNULL, PIPE, Popen, TimeoutExpired
from time import monotonic

from valuelog.sources import PATIENCE, SourceFailed

SHORT_OF_PATIENCE = 0.9 * PATIENCE
"""A program is stopped a little before whoever asked the source gives it up, so that none is left behind."""

LARGEST = 8_000_000
"""So many bytes a program may say."""

LONGEST_LINE = 200
"""So many characters the text of a draft may have."""

_ACTING = (
    "[\x00-\x20\x7f-\xa0\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]+"
)
"""White space, controls, what turns the writing around, what nobody sees, and what cannot be stored."""


def line(text: str, longest: int = LONGEST_LINE) -> str:
    """Return the first line of a text: nothing in it acts, and what is too long is cut. It can be empty."""
    first = next(iter(text.strip().splitlines()), "")
    plain = re.sub(_ACTING, " ", first).strip()
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip(" ,;:") + "…"


def digest(*words: str) -> str:
    """Return a short name for some words, the same each time."""
    return blake2s("\0".join(words).encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def found(program: str, environ: Mapping[str, str]) -> str | None:
    """Return where a program is; none if there is no such program."""
    return shutil.which(program, path=search_path(environ))


def search_path(environ: Mapping[str, str]) -> str:
    """Return the folders in which programs are looked for, without those that depend on where somebody stands."""
    return os.pathsep.join(filter(os.path.isabs, environ.get("PATH", os.defpath).split(os.pathsep)))


def output(name: str, command: Sequence[str], environ: Mapping[str, str], patience: float = SHORT_OF_PATIENCE) -> str:
    """Run a program for the source of this name and return what it said. Raises SourceFailed.

    It gets no terminal and no input; when time is up, it ends together with all that it started.
    """
    deadline, program = monotonic() + patience, os.path.basename(command[0])  # noqa: PTH119  a word, not a place
    try:
        code, said, complaint = _run(command, environ, deadline)
    except (TimeoutError, TimeoutExpired) as error:
        raise SourceFailed(name, f"{program} did not answer in time.") from error
    except OverflowError as error:
        raise SourceFailed(name, f"{program} said more than {LARGEST // 1_000_000} MB.") from error
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise SourceFailed(name, f"{program} could not be run: {line(why)}.") from error
    if code:
        raise SourceFailed(name, f"{program} failed: {line(complaint) or f'it ended with code {code}'}.")
    return said


def _run(command: Sequence[str], environ: Mapping[str, str], deadline: float) -> tuple[int, str, str]:
    with Popen(  # noqa: S603  running programs is what it is for
        command, stdin=DEVNULL, stdout=PIPE, stderr=PIPE, env=dict(environ), cwd="/", start_new_session=True
    ) as process:
        try:
            said, complaint = _heard(process, deadline)
            code = process.wait(max(0.0, deadline - monotonic()))
        finally:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
    return code, said.decode(errors="replace"), complaint.decode(errors="replace")


def _heard(process: Popen[bytes], deadline: float) -> tuple[bytearray, bytearray]:
    """Listen until a program has said all. Raises TimeoutError, or OverflowError for one that does not stop."""
    said, complaint = bytearray(), bytearray()
    with DefaultSelector() as pipes:
        for pipe, heard in ((process.stdout, said), (process.stderr, complaint)):
            if pipe:
                pipes.register(pipe, EVENT_READ, heard)
        while pipes.get_map():
            _listen(pipes, deadline - monotonic())
    return said, complaint


def _listen(pipes: DefaultSelector, patience: float) -> None:
    ready = pipes.select(patience) if patience > 0 else []
    if not ready:
        raise TimeoutError
    for key, _ in ready:
        piece = os.read(key.fd, 65536)
        key.data.extend(piece)
        if not piece:
            pipes.unregister(key.fileobj)
        if len(key.data) > LARGEST:
            raise OverflowError
