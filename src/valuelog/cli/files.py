"""Files besides the journal: new ones are whole or not there, for their owner alone, and replace nothing."""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TextIO

from valuelog.model.errors import BadInput, ValuelogError

SQLITE_MAGIC = b"SQLite format 3"
"""How a journal begins, this one or another, and each copy of one."""


class FileAlreadyExists(ValuelogError):
    """A file that would be overwritten."""

    def __init__(self, path: Path) -> None:
        """Say how to."""
        super().__init__(f"{path} is there already. Nothing was written.", "Name another file, or add --force.")


class OwnFile(BadInput):
    """A file that valuelog itself lives by."""

    def __init__(self, path: Path) -> None:
        """Say that it stays as it is."""
        super().__init__(f"{path} is valuelog's own. Nothing was written.", "Name another file.")


class NotRegularFile(ValuelogError):
    """A link, a device, a pipe or a folder where a file is wanted."""

    def __init__(self, path: Path) -> None:
        """Say that it stays as it is."""
        super().__init__(f"{path} is no plain file. Nothing was written.", "Name another file, or - for stdout.")


def require_safe_target(path: Path, own: Iterable[Path], folders: Iterable[Path]) -> None:
    """Go on only with a plain file, or none yet, that is nothing of ours by whatever name, and no database.

    Ours is what stands in our `folders`, and each of our `own` files with those beside it whose names begin alike.
    Raises OwnFile, NotRegularFile, or ValuelogError where it cannot even be looked at.
    """
    with translate_write_errors(path):
        _require_safe_target(path, own, folders)


def _require_safe_target(path: Path, own: Iterable[Path], folders: Iterable[Path]) -> None:
    there = path.exists()
    if any(_belongs_to(path, one) for one in own) or path.resolve().parent in {folder.resolve() for folder in folders}:
        raise OwnFile(path)
    if path.is_symlink() or (there and not path.is_file()):
        raise NotRegularFile(path)
    if there:
        with open_existing(path) as file:
            if file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC:
                raise OwnFile(path)


def _belongs_to(path: Path, own: Path) -> bool:
    """Tell whether a file is one of ours, or one that SQLite or we keep beside it."""
    here, ours = path.resolve(), own.resolve()
    beside = here.parent == ours.parent and re.fullmatch(re.escape(ours.name) + r"([-.].*)?", here.name)
    return bool(beside) or (path.exists() and own.exists() and path.samefile(own))


@contextmanager
def open_existing(path: Path) -> Iterator[BinaryIO]:
    """Open a file to read it."""
    with translate_read_errors(str(path)):
        file = path.open("rb")
    with file:
        yield file


@contextmanager
def translate_read_errors(name: str) -> Iterator[None]:
    """Turn what the system raises into what a person can act on."""
    try:
        yield
    except OSError as error:
        raise ValuelogError(
            f"{name} cannot be read: {error.strerror}.", "Check the name and who may read it."
        ) from error


HINTS_BY_ERRNO = {
    errno.ENOENT: "Make its folder first, or name another one.",
    errno.ENAMETOOLONG: "Give it a shorter name.",
    errno.ENOSPC: "Make room first.",
    errno.EDQUOT: "Make room first.",
    errno.EROFS: "Name a place that can be written to.",
    errno.ELOOP: "Name a file that is no link.",
}


@contextmanager
def translate_write_errors(path: Path, advice: str = "Check who may write there.") -> Iterator[None]:
    """Turn what the system raises into what a person can act on."""
    try:
        yield
    except OSError as error:
        hint = HINTS_BY_ERRNO.get(error.errno or 0, advice)
        raise ValuelogError(f"{path} cannot be written: {error.strerror}.", hint) from error
    except RuntimeError as error:  # how Python up to 3.12 calls links that lead in a circle
        raise ValuelogError(
            f"{path} cannot be written: its links lead in a circle.", HINTS_BY_ERRNO[errno.ELOOP]
        ) from error


@contextmanager
def atomic_write(path: Path, *, force: bool) -> Iterator[TextIO]:
    """Yield a text file that takes its place when all of it is written. Raises FileAlreadyExists unless by `force`."""
    if not force and os.path.lexists(path):
        raise FileAlreadyExists(path)
    unfinished = path.with_name(f".{os.urandom(6).hex()}.new")
    with translate_write_errors(path):
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123  opened for us alone above
                yield file
                file.flush()
                os.fsync(file.fileno())
            _move_into_place(unfinished, path, force=force)
        finally:
            unfinished.unlink(missing_ok=True)


def _move_into_place(unfinished: Path, path: Path, *, force: bool) -> None:
    if force:
        unfinished.replace(path)
        return
    try:
        path.hardlink_to(unfinished)  # which, unlike renaming, replaces nothing
    except FileExistsError:
        raise FileAlreadyExists(path) from None
    except OSError:  # a file system without links
        unfinished.rename(path)
