"""Verified backups of a journal, in `backups/` beside it.

A backup is a complete journal: it was copied, checked, and flushed to disk before it got its name.
"""

import re
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

from valuelog.journal.backup_checks import BackupCheck, read_checks
from valuelog.journal.connection import open_to_read, retry_read, translate_errors
from valuelog.journal.copies import HEAD_LENGTH, TIME_FORMAT, backups_folder, list_files, write_backup
from valuelog.journal.errors import DamagedJournal

__all__ = ["Backup", "backups_folder", "list_backups", "make_backup", "newest_verified", "own_copies"]
"""`backups_folder` is in `copies`, which `connection` needs before a migration."""


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
    found = [
        _describe_backup(path, match, checks.get(path.name))
        for path in list_files(folder)
        if (match := pattern.fullmatch(path.name))
    ]
    older = [_describe_older(path) for path in _older_copies(journal.resolve())]
    return tuple(sorted([*found, *older], key=lambda backup: (backup.made_at, backup.path.name)))


def own_copies(journal: Path) -> tuple[Path, ...]:
    """Return every file with a copy of this journal that valuelog made: backups, replaced journals, unfinished ones."""
    real = journal.resolve()
    name, stem = re.escape(real.name), re.escape(real.stem)
    beside = re.compile(rf"{name}\.before-.+|{stem}\.replaced-.+\.db|\.{name}\..+")
    inside = re.compile(rf"{_name_pattern(real).pattern}(-journal)?|\.{stem}\.\w+\.unfinished(-journal)?")
    folders = ((real.parent, beside), (backups_folder(real), inside))
    return tuple(path for folder, names in folders for path in list_files(folder) if names.fullmatch(path.name))


def newest_verified(journal: Path) -> Backup | None:
    """Return the newest verified backup, if there is one."""
    return next((backup for backup in reversed(list_backups(journal)) if backup.is_verified), None)


def _name_pattern(journal: Path) -> re.Pattern[str]:
    stem = re.escape(journal.resolve().stem)
    return re.compile(rf"{stem}\.(\d{{4}}-\d\d-\d\dT\d{{6}}Z)\.([0-9a-f]{{{HEAD_LENGTH}}})\.db")


def _older_copies(journal: Path) -> list[Path]:
    prefix = f"{journal.name}.before-"
    return [path for path in list_files(journal.parent) if path.name.startswith(prefix)]


def _describe_backup(path: Path, match: re.Match[str], check: BackupCheck | None) -> Backup:
    size = path.stat().st_size
    return Backup(
        path=path,
        made_at=datetime.strptime(match[1], TIME_FORMAT).replace(tzinfo=UTC),
        head=match[2],
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
    is_full: bool = False,
    keep_altered: bool = False,
) -> Backup:
    """Write a verified copy into the folder of backups.

    Only what is new since the last verified backup is checked; all of it with `is_full`, for an old schema, or if there
    is no such backup. With `keep_altered`, a copy that SQLite can read is kept even if our own checks fail; it is not
    verified. Raises JournalError: DamagedJournal, or AlteredJournal.
    """
    with _open_source(source) as (connection, journal), _translate_errors(journal):
        retry_read(journal, connection.execute("SELECT 1 FROM change LIMIT 1").fetchall)  # rolls back a hot journal
        path = write_backup(
            connection, journal, now=now, is_old_schema=is_old_schema, is_full=is_full, keep_altered=keep_altered
        )
    return next(backup for backup in list_backups(journal) if backup.path == path)


@contextmanager
def _translate_errors(journal: Path) -> Iterator[None]:
    """Turn errors into a JournalError about the folder; only the journal itself can be damaged."""
    try:
        with translate_errors(backups_folder(journal)):
            yield
    except DamagedJournal:
        raise DamagedJournal(journal) from None


@contextmanager
def _open_source(source: Connection | Path) -> Iterator[tuple[Connection, Path]]:
    """Yield a connection and the path of its journal."""
    if isinstance(source, Connection):
        yield source, Path(source.execute("PRAGMA database_list").fetchone()[2])
        return
    with closing(open_to_read(source)) as connection:
        yield connection, source.resolve()
