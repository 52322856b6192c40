"""Opens and creates journal files: atomic creation, header check, SQLite pragmas, error translation."""

import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from errno import EACCES, EDQUOT, EIO, ENOSPC, EPERM, EROFS
from pathlib import Path
from sqlite3 import Connection
from typing import TypeVar

from valuelog.journal.errors import (
    BusyJournal,
    DamagedJournal,
    DamagedRecord,
    DiskFailure,
    DiskFull,
    ForeignRollbackJournal,
    JournalError,
    JournalMoved,
    NewerJournal,
    NotAJournal,
    ReadOnlyJournal,
    UnfinishedChange,
    UnreachableJournal,
)

Result = TypeVar("Result")

APPLICATION_ID = 0x56616C4C
"""SQLite's `application_id` of a journal: the letters ValL."""

SCHEMA_VERSION = 6
"""SQLite's `user_version` of a journal: the schema that this valuelog reads and writes."""

_FIRST_BY_THE_RULE = 6
"""The first schema whose tables follow the merge rule in every case."""

_MAGIC = b"SQLite format 3\0"
BUSY_TIMEOUT_SECONDS = 10.0
"""How long a statement waits for the lock of another program."""

_CACHE_KIB = 108_000
"""Changed pages are kept in memory up to this; with more, an import would lock readers out until it commits."""

_PRAGMAS = (
    "PRAGMA foreign_keys = ON",
    "PRAGMA journal_mode = DELETE",
    "PRAGMA synchronous = EXTRA",
    "PRAGMA secure_delete = ON",
    f"PRAGMA cache_size = -{_CACHE_KIB}",
    *(["PRAGMA fullfsync = ON"] if sys.platform == "darwin" else []),
)
"""With these no simulated power cut lost a committed change; with SQLite's defaults some did."""

_HEADER_SIZE = 100
"""Bytes of the header of an SQLite file."""

_ERRORS_BY_CODE: dict[int, Callable[[Path], JournalError]] = {
    sqlite3.SQLITE_FULL: DiskFull,
    sqlite3.SQLITE_BUSY: BusyJournal,
    sqlite3.SQLITE_LOCKED: BusyJournal,
    sqlite3.SQLITE_CORRUPT: DamagedJournal,
    sqlite3.SQLITE_NOTADB: DamagedJournal,
    sqlite3.SQLITE_READONLY: ReadOnlyJournal,
}

_READ_ERRORS = {sqlite3.SQLITE_IOERR_READ, sqlite3.SQLITE_IOERR_FSTAT, sqlite3.SQLITE_IOERR_CORRUPTFS}
_SUSPICIOUS_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
"""What SQLite reports if the disk fails to read (EIO): sometimes damage."""

_PROBE_SIZE = 1 << 20

_READ_ATTEMPTS = 5
"""How often a read is retried after a writer was killed or rolled back."""

_EXTRA_LOCK_ATTEMPTS = 5
"""How many more times a writer waits for a lock, BUSY_TIMEOUT_SECONDS each."""


def open_to_read(path: Path) -> Connection:
    """Open a journal read-only; one that does not exist yet reads as empty."""
    with translate_errors(path):
        if not journal_exists(path):
            return _open_empty()
        with _close_on_error(_connect(path, "ro")) as connection:
            is_old = retry_read(path, lambda: _read_version(connection, path)) < SCHEMA_VERSION
            current = _migrate_to_read(connection, path) if is_old else connection
            current.execute("PRAGMA query_only = ON")
        return current


def open_to_write(path: Path) -> Connection:
    """Open a journal to write, after creating or migrating it if needed."""
    with translate_errors(path):
        if not journal_exists(path):
            _create(path)
        with _close_on_error(_connect(path, "rw")) as connection:
            version = _read_version(connection, path)
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            if version < SCHEMA_VERSION:
                _migrate_file(connection, path)
        return connection


def _migrate_to_read(connection: Connection, path: Path) -> Connection:
    """Migrate an older journal; where it can't be written, return a migrated copy in memory."""
    try:
        open_to_write(path).close()
    except (UnreachableJournal, DiskFull):
        copy = sqlite3.connect(":memory:", isolation_level=None)
        with _close_on_error(copy), closing(connection):
            connection.backup(copy)
            _migrate(copy)
        return copy
    return connection


def connect_to_read(path: Path) -> Connection:
    """Connect to a journal that this process has locked; `open_to_read` would release the lock by closing the file."""
    return _connect(path, "ro")


def connect_to_write(path: Path) -> Connection:
    """Connect to a journal without creating, migrating or checking it."""
    return _connect(path, "rw")


def retry_read(path: Path, read: Callable[[], Result]) -> Result:
    """Read, retrying after a hot rollback journal was rolled back, which only a read-write connection can do.

    A writer that is rolling back right now causes the same error briefly.
    """
    for _ in range(_READ_ATTEMPTS):
        try:
            return read()
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", 0) != sqlite3.SQLITE_READONLY_ROLLBACK:
                raise
            try:
                open_to_write(path).close()
            except ReadOnlyJournal as read_only:
                raise UnfinishedChange(path) from read_only
    return read()


def begin_immediate(connection: Connection) -> None:
    """Begin a write transaction, waiting longer than BUSY_TIMEOUT_SECONDS: an import can take a minute."""
    _execute_patiently(connection, "BEGIN IMMEDIATE")


def commit(connection: Connection, path: Path) -> None:
    """Commit, waiting as long for readers as `begin_immediate` for writers. Raises BusyJournal."""
    try:
        _execute_patiently(connection, "COMMIT")
    except sqlite3.OperationalError as error:
        if _is_busy(error):
            raise BusyJournal(path, "reading") from error
        raise


def vacuum(connection: Connection, path: Path) -> None:
    """Rewrite the whole file, waiting for readers. Raises JournalError."""
    with translate_errors(path):
        _execute_patiently(connection, "VACUUM")


def _execute_patiently(connection: Connection, statement: str) -> None:
    """Execute a statement that needs a lock; wait for it BUSY_TIMEOUT_SECONDS at a time."""
    for _ in range(_EXTRA_LOCK_ATTEMPTS):
        try:
            connection.execute(statement)
        except sqlite3.OperationalError as error:
            if not _is_busy(error):
                raise
        else:
            return
    connection.execute(statement)


def _is_busy(error: sqlite3.Error) -> bool:
    return getattr(error, "sqlite_errorcode", 0) == sqlite3.SQLITE_BUSY


@contextmanager
def _close_on_error(connection: Connection) -> Iterator[Connection]:
    """Close the connection if the block raises."""
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


@contextmanager
def translate_errors(path: Path) -> Iterator[None]:
    """Turn exceptions of sqlite3 and the operating system into a JournalError about this file."""
    try:
        yield
    except sqlite3.Error as error:
        raise _to_journal_error(error, path) from error
    except UnicodeDecodeError as error:  # an error message of SQLite that names an unreadable table
        raise DamagedJournal(path) from error
    except OSError as error:
        if error.errno in {ENOSPC, EDQUOT}:
            raise DiskFull(path) from error
        if error.errno == EIO:
            raise DiskFailure(path) from error
        if error.errno in {EROFS, EACCES, EPERM} and os.access(path, os.R_OK):
            raise ReadOnlyJournal(path) from error
        raise _unreachable_error(path, error.strerror or str(error)) from error


def _to_journal_error(error: sqlite3.Error, path: Path) -> JournalError:
    code = getattr(error, "sqlite_errorcode", 0)
    if code == sqlite3.SQLITE_READONLY_DBMOVED:
        return JournalMoved()
    if code in _READ_ERRORS or (code & 0xFF in _SUSPICIOUS_CODES and _has_read_error(path, code)):
        return DiskFailure(path)
    if str(error).startswith("Could not decode"):  # the rest of the message is private text
        return DamagedRecord("a text")
    if kind := _ERRORS_BY_CODE.get(code & 0xFF):
        return kind(path)
    return _unreachable_error(path, str(error))


def _has_read_error(path: Path, code: int) -> bool:
    """Return whether the disk fails, or failed once, to read the file (EIO), which SQLite reports as damage.

    The file stays open until the program ends: closing it would release the locks of a transaction.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY)
        while os.read(descriptor, _PROBE_SIZE):
            pass
    except OSError as error:
        return error.errno == EIO
    return code == sqlite3.SQLITE_CORRUPT and _is_sound(path)


def _is_sound(path: Path) -> bool:
    with suppress(sqlite3.Error), closing(_connect(path, "ro", timeout=0)) as connection:
        return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    return False


def _unreachable_error(path: Path, reason: str) -> UnreachableJournal:
    return UnreachableJournal(
        f"Cannot read or write {path}: {reason}. Nothing was changed.",
        "Check the disk and the permissions, or choose another file with --journal FILE.",
    )


def journal_exists(path: Path) -> bool:
    """Return True if the file is a journal, False if there is none; checked without SQLite, which might modify it.

    Raises NotAJournal, NewerJournal or DamagedJournal.
    """
    try:
        status = path.stat()
    except FileNotFoundError:
        return False
    if not stat.S_ISREG(status.st_mode):
        raise NotAJournal(path, "a folder" if stat.S_ISDIR(status.st_mode) else "a device or a pipe")
    with path.open("rb") as file:
        _check_header(path, file.read(_HEADER_SIZE), status.st_size)
    _require_own_rollback_journal(path)
    return True


def _require_own_rollback_journal(path: Path) -> None:
    """Raise ForeignRollbackJournal if SQLite would delete another file after rolling back what was interrupted."""
    rollback_journal = f"{os.path.realpath(path)}-journal"
    if os.path.exists(rollback_journal):  # noqa: PTH110  pathlib takes longer, and this is on the way of each command
        from valuelog.journal.super_journals import names_other_file  # noqa: PLC0415  rarely needed

        if names_other_file(Path(rollback_journal)):
            raise ForeignRollbackJournal(path)


def _check_header(path: Path, header: bytes, size: int) -> None:
    """Check the header: page size at byte 16, user_version at 60, application_id at 68 (sqlite.org/fileformat.html)."""
    if not header:
        raise NotAJournal(path, "an empty file")
    if not header.startswith(_MAGIC):
        raise NotAJournal(path, "another kind of file")
    if len(header) < _HEADER_SIZE:
        raise DamagedJournal(path)
    if int.from_bytes(header[68:72]) != APPLICATION_ID:
        raise NotAJournal(path, "another program's database")
    if (version := int.from_bytes(header[60:64])) > SCHEMA_VERSION:
        raise NewerJournal(path, version, SCHEMA_VERSION)
    if size % (int.from_bytes(header[16:18]) or 1) and not Path(f"{path.resolve()}-journal").exists():
        raise DamagedJournal(path)  # truncated within its last page, which SQLite would pad with zeros


def _connect(path: Path, mode: str, timeout: float | None = None) -> Connection:
    uri = f"{path.resolve().as_uri()}?mode={mode}"
    return sqlite3.connect(
        uri, uri=True, isolation_level=None, timeout=BUSY_TIMEOUT_SECONDS if timeout is None else timeout
    )


def _read_version(connection: Connection, path: Path) -> int:
    """Return the schema version of a journal. Raises NewerJournal."""
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > SCHEMA_VERSION:
        raise NewerJournal(path, version, SCHEMA_VERSION)
    return version


def _open_empty() -> Connection:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    _migrate(connection)
    return connection


def _migrate(connection: Connection) -> None:
    """Create the tables of the current schema, or bring older ones up to date."""
    from valuelog.journal.schema import migrate  # noqa: PLC0415  imports sqlite-utils (80 ms)

    (version,) = connection.execute("PRAGMA user_version").fetchone()
    migrate(connection)
    if 0 < version < _FIRST_BY_THE_RULE:
        from valuelog.journal.merge import recompute_toggled  # noqa: PLC0415  only here

        recompute_toggled(connection)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def _create(path: Path) -> None:
    """Create an empty journal atomically; if another process creates one meanwhile, that one stays."""
    from valuelog.journal.files import make_folders, new_file  # noqa: PLC0415  only here

    target = path.resolve()
    make_folders(target.parent)
    with suppress(FileExistsError), new_file(target, replace=False) as file, closing(_open_empty()) as empty:
        file.write(empty.serialize())


def _migrate_file(connection: Connection, path: Path) -> None:
    """Migrate an older journal in one transaction, after a backup; an altered one too, if SQLite can read it."""
    from valuelog.journal.copies import backups_folder, write_backup  # noqa: PLC0415  only here

    connection.execute("PRAGMA foreign_keys = OFF")  # or a table that is rebuilt would take what refers to it along
    connection.execute("BEGIN IMMEDIATE")
    with connection:
        version = _read_version(connection, path)  # another terminal may have migrated it meanwhile
        if version < SCHEMA_VERSION:
            with closing(_connect(path, "ro")) as reader, translate_errors(backups_folder(path)):
                write_backup(reader, path, now=datetime.now(UTC), is_old_schema=True, keep_altered=True)
            _migrate(connection)
    connection.execute("PRAGMA foreign_keys = ON")


def migrate_copy(connection: Connection) -> None:
    """Migrate a private copy in one transaction; it needs no backup."""
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("BEGIN")
    with connection:
        _migrate(connection)
    connection.execute("PRAGMA foreign_keys = ON")
