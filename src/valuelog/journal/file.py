"""The journal's file: made whole or not at all, opened only if it is ours, and never replaced."""

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from sqlite3 import Connection

from valuelog.journal.errors import (
    BusyJournal,
    DamagedJournal,
    FullDisk,
    JournalError,
    NewerJournal,
    NotAJournal,
    UnreachableJournal,
)
from valuelog.journal.ids import new_id
from valuelog.journal.version import APPLICATION_ID, VERSION

_MAGIC = b"SQLite format 3\0"
_PRAGMAS = (
    "PRAGMA busy_timeout = 10000",
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA secure_delete = ON",
    *(["PRAGMA fullfsync = ON"] if sys.platform == "darwin" else []),
)
"""With these no simulated power cut lost an acknowledged change; with SQLite's own defaults some did."""


def open_to_read(path: Path) -> Connection:
    """Open a journal so that nothing can be written to it; one that does not exist yet reads as empty."""
    with translated(path):
        if not _exists(path):
            return _empty()
        connection = _connect(path, "ro")
        if not _ready(connection, path):
            connection.close()
            open_to_write(path).close()
            connection = _connect(path, "ro")
        connection.execute("PRAGMA query_only = ON")
        return connection


def open_to_write(path: Path) -> Connection:
    """Open a journal, made if there is none yet and brought up to date if an older valuelog wrote it."""
    with translated(path):
        if not _exists(path):
            _make(path)
        connection = _connect(path, "rw")
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        if _version(connection, path) < VERSION:
            _update(connection, path)
        return connection


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system raise into what a person can act on."""
    try:
        yield
    except sqlite3.Error as error:
        raise _meaning(error, path) from error
    except OSError as error:
        raise _unreachable(path, error.strerror or str(error)) from error


def _meaning(error: sqlite3.Error, path: Path) -> JournalError:
    match getattr(error, "sqlite_errorcode", 0) & 0xFF:
        case sqlite3.SQLITE_FULL:
            return FullDisk(path)
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return BusyJournal(path)
        case sqlite3.SQLITE_CORRUPT | sqlite3.SQLITE_NOTADB:
            return DamagedJournal(path)
        case _:
            return _unreachable(path, str(error))


def _unreachable(path: Path, why: str) -> UnreachableJournal:
    return UnreachableJournal(
        f"{path} cannot be read or written: {why}. Nothing was changed.",
        "Check the disk and who may write there, or name another file with --journal FILE.",
    )


def _exists(path: Path) -> bool:
    """Tell whether a journal stands here. Raises NotAJournal for anything else that does."""
    if path.is_dir():
        raise NotAJournal(path, "a folder")
    try:
        with path.open("rb") as file:
            beginning = file.read(len(_MAGIC))
    except FileNotFoundError:
        return False
    if not beginning:
        raise NotAJournal(path, "an empty file")
    if beginning != _MAGIC:
        raise NotAJournal(path, "another kind of file")
    return True


def _connect(path: Path, mode: str) -> Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    connection.execute("PRAGMA busy_timeout = 10000")
    return connection


def _ready(connection: Connection, path: Path) -> bool:
    """Tell whether reading can go ahead: no write was cut short, and the tables are of this version."""
    try:
        return _version(connection, path) == VERSION
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN}:
            return False
        raise


def _version(connection: Connection, path: Path) -> int:
    """Return the version of a journal's tables. Raises NotAJournal or NewerJournal."""
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise NotAJournal(path, "another program's database")
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > VERSION:
        raise NewerJournal(path, version, VERSION)
    return version


def _empty() -> Connection:
    from valuelog.journal.schema import bring_up_to_date  # noqa: PLC0415  imports sqlite-utils

    connection = sqlite3.connect(":memory:", isolation_level=None)
    bring_up_to_date(connection)
    return connection


def _make(path: Path) -> None:
    """Make an empty journal: complete, under another name first, so that no half-made one is ever seen."""
    from valuelog.journal.schema import bring_up_to_date  # noqa: PLC0415  imports sqlite-utils

    target = path.resolve()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = target.with_name(f".{target.name}.{new_id()}")
    try:
        connection = sqlite3.connect(unfinished, isolation_level=None)
        bring_up_to_date(connection)
        connection.close()
        _put_in_place(unfinished, target)
    finally:
        unfinished.unlink(missing_ok=True)


def _put_in_place(unfinished: Path, target: Path) -> None:
    """Give a file its name unless another one has it: then that one, made at the same time, is used."""
    with suppress(FileExistsError):
        try:
            os.link(unfinished, target)
        except (PermissionError, NotImplementedError):  # a file system without hard links
            unfinished.rename(target)
    folder = os.open(target.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _update(connection: Connection, path: Path) -> None:
    """Bring the tables of an older version up to date, after a verified copy."""
    from valuelog.journal.backup import copy  # noqa: PLC0415  only here
    from valuelog.journal.schema import bring_up_to_date  # noqa: PLC0415  imports sqlite-utils

    version = _version(connection, path)
    copy(connection, path.with_name(f"{path.name}.before-schema-{VERSION}-from-{version}"))
    bring_up_to_date(connection)
