"""Verified backups of a journal, in `backups/` beside it.

A backup is a complete journal: it was copied, checked, and flushed to disk before it got its name.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import MAXYEAR, MINYEAR, UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

from valuelog.journal.backup_checks import BackupCheck, lock_backups, read_checks, write_checks
from valuelog.journal.backup_schedule import LARGE_SIZE, TIME_FORMAT
from valuelog.journal.connection import (
    SCHEMA_VERSION,
    connect_to_read,
    journal_exists,
    open_to_read,
    retry_read,
    translate_errors,
)
from valuelog.journal.copies import (
    HEAD_LENGTH,
    backups_folder,
    contains_log,
    describe_copy,
    existing_checks,
    find_all_problems,
    find_new_problems,
    hash_file,
    list_files,
    path_of,
    read_heads,
    write_backup,
)
from valuelog.journal.errors import DamagedJournal, JournalError
from valuelog.journal.files import name_stem
from valuelog.journal.ids import ID_LENGTH
from valuelog.journal.retention import expired_copies

__all__ = [
    "Backup",
    "audit_backup",
    "backups_folder",
    "ensure_backup",
    "find_newer_backup",
    "has_all_of",
    "list_backups",
    "make_automatic_backup",
    "make_backup",
    "newest_verified",
    "own_copies",
    "prune_backups",
]
"""`backups_folder` is in `copies`, which `connection` needs before a migration."""

AUDIT_INTERVAL = timedelta(days=7)
"""How often a backup is audited completely."""


class Backup(NamedTuple):
    """A copy of the journal that valuelog made.

    `head` is the beginning of the last hash in its log; it and `entry_count` are unknown ("" and None) for the copies
    that version 0.1.0 made. `is_verified` is False for those and for a copy that failed its check.
    """

    path: Path
    made_at: datetime
    head: str
    is_verified: bool
    entry_count: int | None
    size: int


# What is there


def list_backups(journal: Path) -> tuple[Backup, ...]:
    """Return the backups of a journal, oldest first, also those that version 0.1.0 made beside it; opens none."""
    folder = backups_folder(journal)
    checks = read_checks(folder)
    pattern = _name_pattern(journal)
    found: list[Backup] = []
    for path in list_files(folder):
        if (match := pattern.fullmatch(path.name)) and (made_at := _parse_time(match[1])):
            with suppress(FileNotFoundError):  # another process has just removed it
                found.append(_describe_backup(path, made_at, match[2], checks.get(path.name)))
    for path in _older_copies(journal.resolve()):
        with suppress(FileNotFoundError):
            found.append(_describe_older(path))
    return tuple(sorted(found, key=lambda backup: (backup.made_at, backup.path.name)))


def own_copies(journal: Path) -> tuple[Path, ...]:
    """Return every file with a copy of this journal that valuelog made: backups, replaced journals, unfinished ones."""
    real = journal.resolve()
    name, stem = re.escape(real.name), re.escape(name_stem(real))
    unfinished = rf"\.+{name}(\.before-[\w-]+)?(\.[0-9a-z]{{{ID_LENGTH}}}){{1,2}}(\.unfinished)?(-journal)?"
    beside = re.compile(
        rf"{name}\.before-.+|{stem}\.(?:replaced|salvaged)-.+\.db(-journal|-wal)?|{unfinished}|\.valuelog-[0-9a-f]+\.new"
    )
    inside = re.compile(rf"{_name_pattern(real).pattern}(-journal)?|\.{stem}\.\w+\.unfinished(-journal)?")
    folders = ((real.parent, beside), (backups_folder(real), inside))
    return tuple(path for folder, names in folders for path in list_files(folder) if names.fullmatch(path.name))


def newest_verified(journal: Path) -> Backup | None:
    """Return the newest verified backup, if there is one."""
    return next((backup for backup in reversed(list_backups(journal)) if backup.is_verified), None)


def find_newer_backup(connection: Connection, journal: Path) -> Backup | None:
    """Return the newest verified backup if a log lacks changes of it: an older file took the journal's place."""
    newest = newest_verified(journal)
    check = read_checks(backups_folder(journal)).get(newest.path.name) if newest else None
    with translate_errors(journal):
        return None if check is None or contains_log(connection, check) else newest


def _name_pattern(journal: Path) -> re.Pattern[str]:
    stem = re.escape(name_stem(journal))
    return re.compile(rf"{stem}\.(\d{{4}}-\d\d-\d\dT\d{{6}}Z)\.([0-9a-f]{{{HEAD_LENGTH}}})\.db")


def _older_copies(journal: Path) -> list[Path]:
    prefix = f"{journal.name}.before-"
    return [path for path in list_files(journal.parent) if path.name.startswith(prefix)]


def _parse_time(text: str) -> datetime | None:
    """Return the time in a backup's name; None if no clock shows it, or if it is in the first or last year."""
    with suppress(ValueError):
        moment = datetime.strptime(text, TIME_FORMAT).replace(tzinfo=UTC)
        return moment if MINYEAR < moment.year < MAXYEAR else None
    return None


def _describe_backup(path: Path, made_at: datetime, head: str, check: BackupCheck | None) -> Backup:
    size = path.stat().st_size
    return Backup(
        path=path,
        made_at=made_at,
        head=head,
        is_verified=check is not None and check.is_sound and check.size == size,
        entry_count=check.entries if check else None,
        size=size,
    )


def _describe_older(path: Path) -> Backup:
    status = path.stat()
    made_at = datetime.fromtimestamp(status.st_mtime, UTC)
    return Backup(path, made_at, head="", is_verified=False, entry_count=None, size=status.st_size)


# Making one


def make_backup(
    source: Connection | Path,
    *,
    now: datetime,
    is_old_schema: bool = False,
    is_full: bool | None = None,
    keep_altered: bool = False,
    wait: bool = True,
) -> Backup:
    """Write a verified copy into the folder of backups.

    SQLite's quick check reads all of it, and what is new in the log since the last verified backup is checked. Once a
    week, with `is_full`, or for an old schema, the whole log is checked and compared with the tables. With
    `keep_altered`, a copy that SQLite can read is kept even if our own checks fail; it is not verified.

    Raises JournalError: DamagedJournal, AlteredJournal, or BackupRunning without `wait`.
    """
    with _open_source(source) as (connection, journal), translate_errors(backups_folder(journal)):
        retry_read(journal, connection.execute("SELECT 1 FROM change LIMIT 1").fetchall)  # rolls back a hot journal
        path = write_backup(
            connection,
            journal,
            now=now,
            is_old_schema=is_old_schema,
            is_full=_is_audit_due(journal, now) if is_full is None else is_full,
            keep_altered=keep_altered,
            wait=wait,
        )
    return next(backup for backup in list_backups(journal) if backup.path == path)


def ensure_backup(connection: Connection, *, now: datetime) -> None:
    """Make a backup before a large change, unless there is a verified one that has everything.

    For a large journal, one of the last day that the log continues suffices if what is new is sound: a copy would take
    longer than most changes, which undo takes back anyway. A journal that was altered is copied too, and said to be so.
    """
    journal = path_of(connection)
    with translate_errors(journal):
        is_safe = _has_recent_backup(connection, journal, now)
    if not is_safe:
        make_backup(connection, now=now, is_full=False, keep_altered=True)


def _has_recent_backup(connection: Connection, journal: Path, now: datetime) -> bool:
    newest = newest_verified(journal)
    check = read_checks(backups_folder(journal)).get(newest.path.name) if newest else None
    if not newest or not check or not contains_log(connection, check):
        return False
    if check.heads == read_heads(connection):
        return True
    is_recent = timedelta(0) <= now - newest.made_at <= timedelta(days=1)
    return newest.size > LARGE_SIZE and is_recent and not find_new_problems(connection, check)


def prune_backups(connection: Connection, journal: Path) -> tuple[Backup, ...]:
    """Remove the backups that are too old and return them. One whose log the journal lacks is never removed."""
    folder = backups_folder(journal)
    with translate_errors(folder), lock_backups(folder):
        checks = existing_checks(folder)
        copies = {copy.path: copy for copy in list_backups(journal) if copy.path.parent == folder}
        expired = [copies[copy.path] for copy in expired_copies(copies.values())]
        removable = tuple(copy for copy in expired if _is_in_log(connection, copy, checks.get(copy.path.name)))
        for copy in removable:
            copy.path.unlink(missing_ok=True)
            checks.pop(copy.path.name, None)
        if removable:
            write_checks(folder, checks)
    return removable


def _is_in_log(connection: Connection, copy: Backup, check: BackupCheck | None) -> bool:
    """Return True if the log of a journal has everything that a copy has."""
    if check:
        return contains_log(connection, check)
    sql = "SELECT 1 FROM change WHERE substr(hash, 1, ?) = ?"
    head = bytes.fromhex(copy.head)
    return connection.execute(sql, (len(head), head)).fetchone() is not None


@contextmanager
def _open_source(source: Connection | Path) -> Iterator[tuple[Connection, Path]]:
    """Yield a connection and the path of its journal."""
    if isinstance(source, Connection):
        yield source, path_of(source)
        return
    with closing(open_to_read(source)) as connection:
        yield connection, source.resolve()


def make_automatic_backup(connection: Connection, journal: Path, *, now: datetime) -> None:
    """Make a backup if something is new, audit it completely once a week, and remove those that are too old.

    Raises JournalError: BackupRunning if another process is making one.
    """
    newest = newest_verified(journal)
    check = read_checks(backups_folder(journal)).get(newest.path.name) if newest else None
    is_new = not check or check.heads != read_heads(connection)
    if is_new or _is_audit_due(journal, now):
        make_backup(connection, now=now, wait=False)
        prune_backups(connection, journal)


def _is_audit_due(journal: Path, now: datetime) -> bool:
    """Return True if no backup was completely checked within a week."""
    ages = [
        now - check.checked_at
        for check in existing_checks(backups_folder(journal)).values()
        if check.is_full and check.is_sound
    ]
    return not any(timedelta(0) <= age < AUDIT_INTERVAL for age in ages)


# Checking all


def audit_backup(backup: Backup, journal: Path, *, now: datetime) -> list[str]:
    """Compare a backup with its SHA-256, then check all of it, and record the result. Return what is wrong with it."""
    folder = backups_folder(journal)
    check = read_checks(folder).get(backup.path.name)
    with translate_errors(backup.path):
        sha256 = hash_file(backup.path)
        if check and check.is_sound and check.sha256 != sha256:
            problems = ["its bytes have changed since it was made"]
        else:
            problems = _audit_file(backup.path)
    if backup.path.parent == folder:
        _record_audit(folder, backup.path, sha256, now, is_sound=not problems)
    return problems


def _audit_file(path: Path) -> list[str]:
    """Check all of a file without changing it, even if a later version has other tables."""
    try:
        if not journal_exists(path):
            return ["it is gone"]
        with translate_errors(path), closing(connect_to_read(path)) as connection:
            (version,) = connection.execute("PRAGMA user_version").fetchone()
            return find_all_problems(connection, is_old_schema=version < SCHEMA_VERSION)
    except DamagedJournal:
        return ["SQLite cannot read it"]
    except JournalError as error:
        return [error.message]


def _record_audit(folder: Path, path: Path, sha256: str, now: datetime, *, is_sound: bool) -> None:
    """Record a complete check of a backup; of one that SQLite can't read, only that it is unsound."""
    with translate_errors(folder), lock_backups(folder):
        checks = existing_checks(folder)
        if is_sound:
            with closing(connect_to_read(path)) as connection:
                check = describe_copy(connection, now, is_full=True, is_sound=True)
            checks[path.name] = check._replace(size=path.stat().st_size, sha256=sha256)
        elif path.name in checks:
            checks[path.name] = checks[path.name]._replace(checked_at=now.astimezone(UTC), is_sound=False)
        write_checks(folder, checks)


def has_all_of(connection: Connection, other: Path) -> bool:
    """Return True if a file is a journal whose changes are all in an open one, so that replacing it loses nothing."""
    with translate_errors(other):
        if not journal_exists(other):
            return False
        with closing(connect_to_read(other)) as reader:
            check = describe_copy(reader, datetime.now(UTC), is_full=False, is_sound=False)
            return contains_log(connection, check)
