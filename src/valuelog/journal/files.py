"""Files that appear complete or not at all, survive a power cut and can be read by their owner only.

Everything that valuelog writes beside the journal is written here.
"""

import fcntl
import os
import re
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EEXIST, ETIMEDOUT
from os import urandom  # so that tests which seed os.urandom for their ids don't seed these names
from pathlib import Path
from typing import BinaryIO, NamedTuple

LOCK_SECONDS = 10.0
"""How long `lock_folder` waits for another program."""

_UNFINISHED = re.compile(r"\.valuelog-[0-9a-f]{16}\.new")
_UNFINISHED_OF_0_1_0 = re.compile(
    r"\.[0-9a-f]{12}\.new|\.config\.toml\.new|reminders\.new|(device|findings\.json|unsaved-answers\.jsonl|journal)\.\d+"
)
_SECONDS_PER_HOUR = 3600


# Writing


@contextmanager
def new_file(path: Path, *, replace: bool) -> Iterator[BinaryIO]:
    """Yield an empty file that gets its name, and is on disk, when the block ends without an error.

    Raises OSError: FileExistsError if there is a file already, unless `replace`.
    """
    _remove_leftovers(path.parent)
    unfinished, file = _create_unfinished(path.parent)
    try:
        with file:
            yield file
            file.flush()
            os.fsync(file.fileno())
            publish(unfinished, path, replace=replace)
    finally:
        unfinished.unlink(missing_ok=True)
    sync_folder(path.parent)


def write_file(path: Path, content: bytes) -> None:
    """Create or replace a file, and its folder if needed. Raises OSError."""
    make_folders(path.parent)
    with new_file(path, replace=True) as file:
        file.write(content)


def publish(unfinished: Path, path: Path, *, replace: bool = False) -> None:
    """Give a finished file its name. Raises FileExistsError if that is taken, unless `replace`.

    On a file system without hard links, a file that another program creates meanwhile is replaced.
    """
    if replace:
        unfinished.replace(path)
        return
    if os.path.lexists(path):
        raise FileExistsError(EEXIST, os.strerror(EEXIST), str(path))
    try:
        os.link(unfinished, path)
    except FileExistsError:
        raise
    except OSError:
        unfinished.rename(path)


def make_folders(folder: Path) -> None:
    """Create a folder and those above it that are missing, for their owner only, and flush their names."""
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    for each in reversed(missing):
        with suppress(FileExistsError):  # another program has just created it
            each.mkdir(mode=0o700)
        sync_folder(each.parent)


def name_stem(journal: Path) -> str:
    """Return what the names of a journal's copies begin with; a.db and a.journal in one folder have different ones."""
    real = Path(os.path.realpath(journal))
    return real.stem if real.suffix == ".db" else real.name


def sync_folder(folder: Path) -> None:
    """Flush a folder, so that the names in it survive a power cut."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


# Unfinished files: locked until they have their name, so that what a killed process left can be told and removed


def _create_unfinished(folder: Path) -> tuple[Path, BinaryIO]:
    """Create and lock an empty file with a random name; never one that exists, nor through a symbolic link."""
    while True:
        path = folder / f".valuelog-{urandom(8).hex()}.new"
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
        try:
            with suppress(OSError):  # a file system without locks
                fcntl.flock(descriptor, fcntl.LOCK_EX)
            os.fchmod(descriptor, 0o600)  # whatever the umask is
            if os.fstat(descriptor).st_nlink:
                return path, open(descriptor, "wb")  # noqa: PTH123  opened above
        except OSError:
            path.unlink(missing_ok=True)
            os.close(descriptor)
            raise
        os.close(descriptor)  # another program removed it before it was locked


def list_leftovers(folder: Path) -> list[Path]:
    """Return the unfinished files of valuelog in a folder that no process is writing."""
    found = []
    with suppress(OSError):
        for entry in os.scandir(folder):
            if _UNFINISHED.fullmatch(entry.name) or _UNFINISHED_OF_0_1_0.fullmatch(entry.name):
                with _claim_leftover(Path(entry.path)) as is_leftover:
                    found += [Path(entry.path)] if is_leftover else []
    return found


def _remove_leftovers(folder: Path) -> None:
    for path in list_leftovers(folder):
        with suppress(OSError), _claim_leftover(path) as is_leftover:
            if is_leftover:
                path.unlink()


@contextmanager
def _claim_leftover(path: Path) -> Iterator[bool]:
    """Lock an unfinished file; yield whether it is ours and was unlocked.

    Version 0.1.0 didn't lock, so its files must also be old.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        yield False
        return
    try:
        yield _is_ours(os.fstat(descriptor), path.name) and _try_lock(descriptor)
    finally:
        os.close(descriptor)


def _is_ours(status: os.stat_result, name: str) -> bool:
    is_old = status.st_mtime < time.time() - _SECONDS_PER_HOUR
    is_known = is_old or bool(_UNFINISHED.fullmatch(name))
    return is_known and stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


# Locks


@contextmanager
def lock_folder(folder: Path, seconds: float | None = None) -> Iterator[None]:
    """Create a folder if needed and hold its lock, for reading and then changing a file in it.

    Another process waits. Raises OSError: TimeoutError after some seconds, by default LOCK_SECONDS.
    """
    make_folders(folder)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        _wait_for_lock(descriptor, LOCK_SECONDS if seconds is None else seconds)
        yield
    finally:
        os.close(descriptor)


def _wait_for_lock(descriptor: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise TimeoutError(ETIMEDOUT, "another program has been using it for too long") from None
            time.sleep(0.005)
        except OSError:  # a file system without locks: NFS has none for folders
            return
        else:
            return


# Modes


class OpenMode(NamedTuple):
    """A file or folder that others could open, and the mode it had until it was tightened."""

    path: Path
    mode: int


def tighten(path: Path) -> OpenMode | None:
    """Take a file or folder of this user from everybody else; return its old mode if that changed anything.

    Symbolic links and what belongs to another user are left alone. Call it before SQLite opens the file: closing a
    file releases the locks that this process has on it.
    """
    if not is_too_open(path):
        return None
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            return _tighten_open(path, descriptor)
        finally:
            os.close(descriptor)
    return None


def is_too_open(path: Path) -> bool:
    """Return whether others can open a file or folder of this user; False for a symbolic link."""
    try:
        return _lets_others_in(path.lstat())
    except OSError:
        return False


def _lets_others_in(status: os.stat_result) -> bool:
    is_own_kind = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
    return is_own_kind and status.st_uid == os.geteuid() and bool(status.st_mode & 0o077)


def _tighten_open(path: Path, descriptor: int) -> OpenMode | None:
    """Tighten an open file; None if its file system ignores modes."""
    before = os.fstat(descriptor)
    if not _lets_others_in(before):
        return None
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode) & 0o700)
    if os.fstat(descriptor).st_mode == before.st_mode:
        return None
    return OpenMode(path, stat.S_IMODE(before.st_mode))
