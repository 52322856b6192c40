"""Read files with a size limit; write them atomically, for their owner only, and never over an existing one."""

import errno
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import BinaryIO, TextIO

from valuelog.journal import files
from valuelog.journal.errors import DiskFailure
from valuelog.model.encoding import decode_text
from valuelog.model.entry import MAX_TEXT_LENGTH
from valuelog.model.errors import BadInput, BadText, ValuelogError

SQLITE_MAGIC = b"SQLite format 3"
"""The first bytes of every journal and every copy of one."""

MAX_TEXT_BYTES = 400 * MAX_TEXT_LENGTH
"""How much of a text file is read."""


class FileAlreadyExists(ValuelogError):
    """A target that already exists, without --force."""

    def __init__(self, path: Path) -> None:
        """Name the file and --force."""
        super().__init__(f"{path} already exists. Nothing was written.", "Choose another name, or add --force.")


class OwnFile(BadInput):
    """A target that is one of valuelog's own files."""

    def __init__(self, path: Path) -> None:
        """Name the file."""
        super().__init__(f"{path} belongs to valuelog itself. Nothing was written.", "Choose another name.")


class LinkOfAnotherUser(ValuelogError):
    """Settings that are a symbolic link which another user made, or which leads to a file of another user."""

    def __init__(self, path: Path, target: Path) -> None:
        """Name the link and its target."""
        super().__init__(
            f"{path} is a link to {target}, and one of them belongs to another user. Nothing was changed.",
            "Replace the link with a file of your own.",
        )


class NotRegularFile(ValuelogError):
    """A target that is a symbolic link, a device, a pipe or a directory."""

    def __init__(self, path: Path) -> None:
        """Name the target."""
        super().__init__(f"{path} is not a regular file. Nothing was written.", "Choose another name, or - for stdout.")


def require_safe_target(
    path: Path, own_files: Iterable[Path], own_folders: Iterable[Path], *, allow_database: bool = False
) -> None:
    """Raise an error unless a path is free or a regular file that is no database and none of valuelog's own files.

    Its own files are those in `own_folders`, and `own_files` with their siblings such as journal.db-wal.
    Raises OwnFile, NotRegularFile, or ValuelogError if the path cannot be examined.
    """
    with translate_write_errors(path):
        if path.is_symlink() and not os.path.exists(path):  # noqa: PTH110  before 3.12, Path.exists fails on a loop
            raise NotRegularFile(path)
        if path.resolve().parent in {folder.resolve() for folder in own_folders}:
            raise OwnFile(path)
        if any(_belongs_to(path, own) for own in own_files):
            raise OwnFile(path)
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise NotRegularFile(path)
        if not allow_database and path.exists() and is_database(path):
            raise OwnFile(path)


def _belongs_to(path: Path, own: Path) -> bool:
    """Return True if a path is one of valuelog's files, or a file that SQLite or valuelog named after it."""
    resolved, resolved_own = path.resolve(), own.resolve()
    if path.exists() and own.exists() and path.samefile(own):
        return True
    pattern = re.escape(resolved_own.name) + r"([-.].*)?"
    return resolved.parent == resolved_own.parent and bool(re.fullmatch(pattern, resolved.name))


def is_database(path: Path) -> bool:
    """Return True if a file is an SQLite database. Raises ValuelogError."""
    with open_existing(path) as file:
        return file.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC


def read_text(name: str, stdin: TextIO) -> str:
    """Read text from a file, or from stdin if the name is `-`. Raises BadText or ValuelogError."""
    with translate_read_errors(name):
        raw = stdin.buffer.read(MAX_TEXT_BYTES) if name == "-" else _read_start(Path(name))
    try:
        return decode_text(raw)
    except UnicodeDecodeError as error:
        message = f"Not valid UTF-8 at byte {error.start + 1:,}."
        raise BadText(message, "Convert it first: iconv -f latin1 -t utf8") from error


def _read_start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(MAX_TEXT_BYTES)


@contextmanager
def open_existing(path: Path) -> Iterator[BinaryIO]:
    """Open a file for reading. Raises ValuelogError."""
    with translate_read_errors(str(path)):
        file = path.open("rb")
    with file:
        yield file


@contextmanager
def translate_read_errors(name: str) -> Iterator[None]:
    """Translate OSError into ValuelogError with the name of the file."""
    try:
        yield
    except OSError as error:
        if error.errno == errno.EIO:
            raise DiskFailure(name) from error
        raise ValuelogError(f"{name} cannot be read: {error.strerror}.", "Check its name and permissions.") from error


HINTS_BY_ERRNO = {
    errno.ENOENT: "Create its directory first, or choose another one.",
    errno.ENAMETOOLONG: "Choose a shorter name.",
    errno.ENOSPC: "Free some disk space first.",
    errno.EDQUOT: "Free some disk space first.",
    errno.EROFS: "Choose a directory that isn't read-only.",
    errno.ELOOP: "Choose a file that isn't a symbolic link.",
}


@contextmanager
def translate_write_errors(path: Path, default_hint: str = "Check the permissions of its directory.") -> Iterator[None]:
    """Translate OSError into ValuelogError with the path and a hint for the error number."""
    try:
        yield
    except OSError as error:
        hint = HINTS_BY_ERRNO.get(error.errno or 0, default_hint)
        raise ValuelogError(f"{path} cannot be written: {error.strerror}.", hint) from error
    except RuntimeError as error:  # a loop of symbolic links, until Python 3.12
        hint = HINTS_BY_ERRNO[errno.ELOOP]
        raise ValuelogError(f"{path} cannot be written: {os.strerror(errno.ELOOP)}.", hint) from error


@contextmanager
def lock_settings(path: Path) -> Iterator[Path]:
    """Yield the real file of the settings, which is locked so that no change of another process is lost.

    Raises ValuelogError.
    """
    target = resolve_settings(path)
    with ExitStack() as stack:
        with translate_write_errors(target):
            stack.enter_context(files.lock_folder(target.parent))
        yield target


def resolve_settings(path: Path) -> Path:
    """Follow a symbolic link to the settings, as in a folder of dotfiles. Raises LinkOfAnotherUser."""
    with translate_write_errors(path):
        if not path.is_symlink():
            return path
        target = path.resolve()
        owners = {path.lstat().st_uid, *([target.stat().st_uid] if target.exists() else [])}
    if owners != {os.geteuid()}:
        raise LinkOfAnotherUser(path, target)
    return target


@contextmanager
def atomic_write(path: Path, *, force: bool) -> Iterator[TextIO]:
    """Yield a text file, readable only by its owner, that appears under its name once it is complete and on disk.

    `force` allows it to replace a file. Raises FileAlreadyExists or ValuelogError.
    """
    if not force and os.path.lexists(path):
        raise FileAlreadyExists(path)
    with translate_write_errors(path):
        try:
            with files.new_file(path, replace=force) as file:
                text = TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
                yield text
                text.detach()
        except FileExistsError:
            raise FileAlreadyExists(path) from None
