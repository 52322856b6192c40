"""Complete copies of a journal: copied in steps, checked, and flushed to disk before they have a name."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from sqlite3 import Connection

from valuelog.journal.backup_checks import BackupCheck, lock_backups, read_checks, write_checks
from valuelog.journal.backup_schedule import format_time
from valuelog.journal.errors import BusyJournal, DamagedJournal, JournalError
from valuelog.journal.files import name_stem, publish, sync_folder
from valuelog.journal.ids import new_id
from valuelog.journal.notices import notify

EMPTY_HEAD = "00000000"
"""The head of a journal without changes."""

HEAD_LENGTH = 8
"""Hex digits of the last hash that name a backup."""

PURGE_DEVICE_PREFIX = "purge-"
"""The device of the changes that a purge appends to a copy: they are not in the journal, whose log it is a part of."""

NOT_PURGED = f"d.name NOT LIKE '{PURGE_DEVICE_PREFIX}%'"
"""The condition in SQL that a device `d` is a real one."""

_PAGES_PER_STEP = 2_000
_STEP_PAUSE_SECONDS = 0.002
"""Between two steps other programs can write."""

_MAX_RESTARTS = 3
"""SQLite restarts a copy when another program writes; after this many, the rest is copied in one step."""

_DAMAGE_CODES = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}

_READ_SIZE = 1 << 20

_BUSY_SECONDS = 10.0
"""How long a copy waits for a program that has locked the journal."""

_UNREADABLE = "SQLite: "
"""How a problem begins that SQLite's own check found."""


class AlteredJournal(JournalError):
    """SQLite can read the file, but something other than valuelog changed it, or a bit flipped."""

    def __init__(self, path: Path, problems: list[str]) -> None:
        """Name the file and the first problem."""
        self.problems = problems
        super().__init__(describe_alteration(path, problems), "See what is wrong with: valuelog doctor")


def describe_alteration(path: Path, problems: list[str]) -> str:
    """Say that a journal was altered, with the first problem."""
    more = f" (and {len(problems) - 1:,} more)" if len(problems) > 1 else ""
    return f"{path} was altered outside valuelog, or a disk error changed it: {problems[0]}{more}."


def backups_folder(journal: Path) -> Path:
    """Return the folder of a journal's backups: beside the file itself, even if `journal` is a symbolic link to it."""
    return journal.resolve().parent / "backups"


def path_of(connection: Connection) -> Path:
    """Return the file of a database."""
    return Path(connection.execute("PRAGMA database_list").fetchone()[2])


def list_files(folder: Path) -> list[Path]:
    """Return the regular files of a folder in the order of their names; none if it is missing."""
    try:
        with os.scandir(folder) as listed:
            return sorted(folder / each.name for each in listed if each.is_file(follow_symlinks=False))
    except OSError:
        return []


def write_backup(
    connection: Connection,
    journal: Path,
    *,
    now: datetime,
    is_old_schema: bool = False,
    is_full: bool = False,
    keep_altered: bool = False,
    wait: bool = True,
) -> Path:
    """Write a backup and its check; see `backups.make_backup`. Return its path. Raises OSError or sqlite3.Error too."""
    folder, stem = backups_folder(journal), name_stem(journal)
    with lock_backups(folder, wait=wait):
        remove_unfinished(folder, stem)
        checks = existing_checks(folder)
        with unfinished_copy(connection, folder / stem) as (unfinished, copy):
            is_full = is_full or is_old_schema
            if is_full:
                problems = find_all_problems(copy, is_old_schema=is_old_schema)
            else:
                problems = _find_problems_since(copy, _newest_ancestor(copy, checks.values()))
            _require_kept(journal, problems, keep_altered=keep_altered)
            if problems:
                notify(f"{describe_alteration(journal, problems)} Everything works as before. See: valuelog doctor")
            check = describe_copy(copy, now, is_full=is_full, is_sound=not problems)
            target = _free_path(folder, stem, now, read_head(copy))
            copy.close()
            flush_file(unfinished)
            check = check._replace(size=unfinished.stat().st_size, sha256=hash_file(unfinished))
            write_checks(folder, {**checks, target.name: check})
            publish(unfinished, target)
            sync_folder(folder)
    return target


def write_verified_copy(
    connection: Connection, target: Path, *, is_old_schema: bool = False, replace: bool = True
) -> None:
    """Write a complete copy. Raises DamagedJournal or AlteredJournal, and keeps no copy.

    Without `replace`, raises FileExistsError if `target` exists, even if another process has just created it.
    """
    remove_unfinished(target.parent, target.name)
    with unfinished_copy(connection, target) as (unfinished, copy):
        problems = find_all_problems(copy, is_old_schema=is_old_schema)
        _require_kept(path_of(connection), problems, keep_altered=False)
        copy.close()
        flush_file(unfinished)
        publish(unfinished, target, replace=replace)
        sync_folder(target.parent)


def remove_unfinished(folder: Path, stem: str) -> None:
    """Remove unfinished copies whose processes were killed: those that no process has locked."""
    from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415  rarely needed

    pattern = re.compile(rf"\.{re.escape(stem)}\.\w+\.unfinished")
    for path in list_files(folder):
        if not pattern.fullmatch(path.name):
            continue
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
            path.unlink(missing_ok=True)
            rollback_journal(path).unlink(missing_ok=True)
        except BlockingIOError:
            continue
        finally:
            os.close(descriptor)


@contextmanager
def unfinished_copy(connection: Connection, target: Path) -> Iterator[tuple[Path, Connection]]:
    """Copy a database into an unfinished file beside `target`."""
    with unfinished_file(target) as unfinished, closing(sqlite3.connect(unfinished, isolation_level=None)) as copy:
        copy.execute("PRAGMA synchronous = OFF")  # flushed once, at the end
        _copy_readable(connection, copy)
        yield unfinished, copy


@contextmanager
def unfinished_file(target: Path) -> Iterator[Path]:
    """Create an empty file beside `target`, locked against `remove_unfinished`; remove it at the end."""
    from fcntl import LOCK_EX, flock  # noqa: PLC0415  rarely needed

    path = target.with_name(f".{target.name}.{new_id()}.unfinished")
    descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600)
    try:
        flock(descriptor, LOCK_EX)
        os.fchmod(descriptor, 0o600)
        yield path
    finally:
        path.unlink(missing_ok=True)
        remove_side_files(path)
        os.close(descriptor)


def side_files(path: Path) -> tuple[Path, ...]:
    """Return the files from which SQLite completes a database: its rollback journal, or the log of WAL mode."""
    return rollback_journal(path), path.with_name(f"{path.name}-wal")


def remove_side_files(path: Path) -> None:
    """Remove the files that SQLite keeps beside a database."""
    for side in (*side_files(path), path.with_name(f"{path.name}-shm")):
        side.unlink(missing_ok=True)


def rollback_journal(path: Path) -> Path:
    """Return the file in which SQLite keeps what it needs to roll back a change of a database."""
    return path.with_name(f"{path.name}-journal")


def _copy_readable(source: Connection, target: Connection) -> None:
    """Copy a database. Raises DamagedJournal if SQLite can't read it."""
    try:
        copy_in_steps(source, target)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE_CODES:
            raise
        raise DamagedJournal(path_of(source)) from error


class _TooManyRestarts(Exception):
    """Other programs write so often that a copy in steps never ends."""


def copy_in_steps(source: Connection, target: Connection) -> None:
    """Copy a database in steps, so that other programs can write meanwhile. Raises BusyJournal."""
    path = path_of(source)
    try:
        source.backup(target, pages=_PAGES_PER_STEP, progress=_step_watcher(path), sleep=0.05)
    except _TooManyRestarts:
        source.backup(target, progress=_busy_watcher(path), sleep=0.05)


def _step_watcher(path: Path) -> Callable[[int, int, int], None]:
    """Return a callback that pauses after each step. It raises _TooManyRestarts or BusyJournal."""
    from time import sleep  # noqa: PLC0415  only here

    last, restarts, watch_busy = 0, 0, _busy_watcher(path)

    def watch(status: int, remaining: int, total: int) -> None:
        nonlocal last, restarts
        watch_busy(status, remaining, total)
        restarts += bool(last) and remaining > last
        last = remaining
        if restarts > _MAX_RESTARTS:
            raise _TooManyRestarts
        sleep(_STEP_PAUSE_SECONDS)

    return watch


def _busy_watcher(path: Path) -> Callable[[int, int, int], None]:
    """Return a callback that raises BusyJournal if another program locks the journal for too long."""
    from time import monotonic  # noqa: PLC0415  only here

    since = monotonic()

    def watch(status: int, _remaining: int, _total: int) -> None:
        nonlocal since
        if status not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            since = monotonic()
        elif monotonic() - since > _BUSY_SECONDS:
            raise BusyJournal(path)

    return watch


def _free_path(folder: Path, stem: str, now: datetime, head: str) -> Path:
    """Return the name of a new backup; its time is later if there is one of the same second, so that both sort."""
    time = format_time(now)
    if any(path.name.startswith(f"{stem}.{time}.") for path in list_files(folder)):
        return _free_path(folder, stem, now + timedelta(seconds=1), head)
    return folder / f"{stem}.{time}.{head}.db"


def existing_checks(folder: Path) -> dict[str, BackupCheck]:
    """Return the checks of the backups that still exist."""
    return {name: check for name, check in read_checks(folder).items() if os.path.lexists(folder / name)}


def flush_file(path: Path) -> None:
    """Flush a file to disk."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file in hex."""
    from hashlib import sha256  # noqa: PLC0415  loads OpenSSL

    digest = sha256()
    with path.open("rb") as file:
        while piece := file.read(_READ_SIZE):
            digest.update(piece)
    return digest.hexdigest()


# Checking one


def find_all_problems(copy: Connection, *, is_old_schema: bool = False) -> list[str]:
    """Check all of a copy. Return a sentence about each problem."""
    from valuelog.journal.verify import find_damage  # noqa: PLC0415  only to check

    return find_damage(copy, is_old_schema=is_old_schema)


def _find_problems_since(copy: Connection, base: BackupCheck | None) -> list[str]:
    """Run SQLite's quick check, and check the log since a verified backup. Return a sentence about each problem."""
    try:
        quick = [f"{_UNREADABLE}{row[0]}" for row in copy.execute("PRAGMA quick_check") if row[0] != "ok"]
        return quick or find_new_problems(copy, base)
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE_CODES:
            raise
        return [f"{_UNREADABLE}{error}"]


def find_new_problems(connection: Connection, base: BackupCheck | None) -> list[str]:
    """Check the hash chain since a verified backup, or all of it, and that no change is missing."""
    from valuelog.journal.hash_chain import check_hash_chain  # noqa: PLC0415  only to check

    count, last = connection.execute("SELECT count(*), ifnull(max(seq), 0) FROM change").fetchone()
    missing = [f"{last - count} changes are missing from the log"] if count != last else []
    heads = {name: bytes.fromhex(head) for name, head in base.heads.items()} if base else {}
    return [*missing, *(damage.text for damage in check_hash_chain(connection, heads))]


def _require_kept(journal: Path, problems: list[str], *, keep_altered: bool) -> None:
    """Raise DamagedJournal or AlteredJournal if a copy with these problems must not be kept."""
    if any(problem.startswith(_UNREADABLE) for problem in problems):
        raise DamagedJournal(journal)
    if problems and not keep_altered:
        raise AlteredJournal(journal, problems)


def describe_copy(copy: Connection, now: datetime, *, is_full: bool, is_sound: bool) -> BackupCheck:
    """Return the check of a copy, without its size and SHA-256; changes of a purge in it are in no other log."""
    sql = f"SELECT ifnull(max(seq), 0) FROM change c JOIN device d ON d.id = c.device WHERE {NOT_PURGED}"
    changes = copy.execute(sql).fetchone()[0]
    return BackupCheck(
        size=0, sha256="", changes=changes, entries=count_entries(copy), heads=read_heads(copy),
        checked_at=now.astimezone(UTC), is_full=is_full, is_sound=is_sound,
    )  # fmt: skip


def count_entries(connection: Connection) -> int:
    """Return the number of entries of an undamaged journal of any schema."""
    return int(connection.execute("SELECT count(*) FROM entry WHERE deleted IS NULL").fetchone()[0])


def read_head(connection: Connection) -> str:
    """Return the beginning of the last hash in a log, in hex."""
    row = connection.execute("SELECT hash FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    return str(row[0].hex()[:HEAD_LENGTH]) if row else EMPTY_HEAD


def read_heads(connection: Connection, changes: int = 2**62) -> dict[str, str]:
    """Return the last hash of each device among the first changes of a log, in hex."""
    sql = (
        "SELECT name, (SELECT hash FROM change c WHERE c.device = d.id AND c.seq <= ? ORDER BY counter DESC LIMIT 1)"
        f" FROM device d WHERE {NOT_PURGED}"
    )
    return {name: last.hex() for name, last in connection.execute(sql, (changes,)) if last}


def contains_log(connection: Connection, check: BackupCheck) -> bool:
    """Return True if a log begins with the log of a backup."""
    return read_heads(connection, check.changes) == check.heads


def _newest_ancestor(connection: Connection, checks: Iterable[BackupCheck]) -> BackupCheck | None:
    """Return the verified backup with most changes that a log continues."""
    sound = sorted((check for check in checks if check.is_sound), key=lambda check: check.changes, reverse=True)
    return next((check for check in sound if contains_log(connection, check)), None)
