"""Purges an entity from every copy of the journal that valuelog made, of any schema, without migrating it.

A copy is never changed in place: the purged one is written beside it, checked, flushed, and put in its place.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

from valuelog.journal.backup_checks import read_checks, write_checks
from valuelog.journal.backups import backups_folder, own_copies
from valuelog.journal.copies import PURGE_DEVICE_PREFIX, count_entries, flush_file, hash_file, unfinished_copy
from valuelog.journal.database import Database
from valuelog.journal.erasure import erase_changes, main_texts, plan_purge, read_texts
from valuelog.journal.errors import JournalError
from valuelog.journal.files import name_stem, sync_folder
from valuelog.journal.ids import new_id
from valuelog.journal.log import HASHED_COLUMNS, Change, Log, canonical_json, chain_hash, hash_row, payload_hash
from valuelog.journal.merge import refresh_batches
from valuelog.journal.projection import TABLES
from valuelog.journal.verify import full_text_indexes

ACT = "purge"


class PurgedCopies(NamedTuple):
    """What was found in copies, and which files may still have it."""

    copy_count: int
    unreached: tuple[str, ...]
    ids: frozenset[str]
    texts: frozenset[str]
    main_texts: frozenset[str]
    is_guessable: bool


class _Found(NamedTuple):
    """What one copy had of the purged entity."""

    ids: frozenset[str]
    texts: frozenset[str]
    main_texts: frozenset[str]
    is_guessable: bool


def purge_copies(database: Database, entity: str, entity_id: str, report: Callable[[int], None]) -> PurgedCopies:
    """Purge an entity from every copy. The caller holds the lock of the folder of backups."""
    ids = frozenset(name for _, name in plan_purge(database.connection, entity, entity_id).erased)
    found: list[_Found] = []
    unreached: list[str] = []
    paths = own_copies(database.path)
    for done, path in enumerate(paths):
        report(done)
        try:
            found += _purge_file(path, entity, entity_id, ids, database)
        except BlockingIOError:
            unreached.append(f"{path} (another program is writing it)")
        except OSError as error:
            unreached.append(f"{path} ({error.strerror})")
        except (sqlite3.Error, UnicodeDecodeError, JournalError):
            unreached.append(f"{path} (SQLite can't read or write it)")
    report(len(paths))
    return PurgedCopies(
        copy_count=len(found),
        unreached=tuple(unreached),
        ids=frozenset().union(*(each.ids for each in found)),
        texts=frozenset().union(*(each.texts for each in found)),
        main_texts=frozenset().union(*(each.main_texts for each in found)),
        is_guessable=any(each.is_guessable for each in found),
    )


def _purge_file(path: Path, entity: str, entity_id: str, ids: frozenset[str], database: Database) -> list[_Found]:
    """Purge one copy, or remove it if it is unfinished. Return what it had, if anything."""
    if path.name.startswith("."):
        _remove_unfinished(path)
        return []
    if path.name.endswith(("-journal", "-wal")):
        _remove_stray_journal(path)
        return []
    if not path.stat().st_size:  # an emptied journal that a restore has kept
        return []
    with _open_copy(path) as original:
        plan = plan_purge(original, entity, entity_id)
        erased = ids | {name for _, name in plan.erased}
        if not _has_words(original, erased):
            return []
        found = _Found(erased, read_texts(original, erased), main_texts(original, entity_id), is_guessable=False)
        removals = [Change(each, name, None) for each, name in plan.erased]
        is_guessable = _replace_copy(original, path, (*removals, *plan.updates), erased, database)
        return [found._replace(is_guessable=is_guessable)]


def _remove_unfinished(path: Path) -> None:
    """Remove an unfinished copy, which a killed process left. Raises BlockingIOError if a process still writes it."""
    from fcntl import LOCK_EX, LOCK_NB, flock  # noqa: PLC0415  only to purge

    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        try:
            flock(descriptor, LOCK_EX | LOCK_NB)
            if _is_locked_by_sqlite(path):  # version 0.1.0 holds no other lock
                raise BlockingIOError
            path.unlink(missing_ok=True)
            sync_folder(path.parent)
        finally:
            os.close(descriptor)


def _is_locked_by_sqlite(path: Path) -> bool:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=0)) as connection:
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            return getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_BUSY
        connection.rollback()
    return False


def _remove_stray_journal(path: Path) -> None:
    """Remove a rollback journal or a WAL file without a database; SQLite removes the others when it opens that."""
    if not path.with_name(path.name.rpartition("-")[0]).exists():
        path.unlink(missing_ok=True)


@contextmanager
def _open_copy(path: Path) -> Iterator[Connection]:
    """Open a copy to read; a rollback journal beside it is rolled back first."""
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=rw", uri=True, isolation_level=None)) as connection:
        connection.execute("SELECT 1 FROM change LIMIT 1").fetchone()
        yield connection


def _has_words(connection: Connection, ids: frozenset[str]) -> bool:
    """Return True if the log of a copy has fields of one of some entities."""
    sql = (
        "SELECT 1 FROM change WHERE entity_id IN (SELECT value FROM json_each(?)) AND fields IS NOT NULL"
        " AND fields <> 'null' LIMIT 1"
    )
    return connection.execute(sql, (json.dumps([*ids]),)).fetchone() is not None


def _replace_copy(
    original: Connection, path: Path, changes: tuple[Change, ...], ids: frozenset[str], database: Database
) -> bool:
    """Put a purged copy in the place of a copy. Return True if a change without salt was erased."""
    status = path.stat()
    with unfinished_copy(original, _unfinished_target(path, database.path)) as (unfinished, copy):
        is_guessable = _purge_connection(copy, changes, ids, database)
        _require_sound(original, copy, ids)
        entries = count_entries(copy)
        copy.close()
        flush_file(unfinished)
        os.utime(unfinished, ns=(status.st_atime_ns, status.st_mtime_ns))
        size, digest = unfinished.stat().st_size, hash_file(unfinished)
        # The check first: if we are killed in between, the copy still has words, and the next purge does both again.
        _update_check(backups_folder(database.path), path.name, size=size, sha256=digest, entries=entries)
        unfinished.replace(path)
        sync_folder(path.parent)
    return is_guessable


def _unfinished_target(path: Path, journal: Path) -> Path:
    """Return the path whose name an unfinished copy in the same folder gets, so that others clear it if we are killed.

    See `copies.remove_unfinished` and `own_copies`.
    """
    return path.with_name(name_stem(journal) if path.parent == backups_folder(journal) else path.name)


def _update_check(folder: Path, name: str, *, size: int, sha256: str, entries: int) -> None:
    """Record what a backup is now. Its heads and the length of its log stay: both tell which log it is a part of."""
    checks = read_checks(folder)
    if check := checks.get(name):
        write_checks(folder, {**checks, name: check._replace(size=size, sha256=sha256, entries=entries)})


def _purge_connection(copy: Connection, changes: tuple[Change, ...], ids: frozenset[str], database: Database) -> bool:
    """Erase some entities from the log, the tables, the full text indexes and the free pages of a copy.

    `changes` are those of the purge: a journal that is restored from the copy lets other machines erase the words, too.
    """
    copy.execute("PRAGMA foreign_keys = ON")
    copy.execute("PRAGMA secure_delete = ON")
    copy.execute("PRAGMA temp_store = MEMORY")
    copy.execute("BEGIN IMMEDIATE")
    last_seq = copy.execute("SELECT ifnull(max(seq), 0) FROM change").fetchone()[0]
    has_salt = _has_column(copy, "change", "salt")
    is_guessable = erase_changes(copy, ids, last_seq, has_salt=has_salt)
    if changes:
        _append(copy, changes, database, has_salt=has_salt)
    _update_tables(copy, tuple(change for change in changes if change.fields is not None), ids)
    for index in full_text_indexes(copy, is_old_schema=True):
        copy.execute(f"INSERT INTO {index} ({index}) VALUES ('rebuild')")
    copy.execute("COMMIT")
    copy.execute("VACUUM")
    return is_guessable


def _update_tables(copy: Connection, updates: tuple[Change, ...], ids: frozenset[str]) -> None:
    """Update the rows that stay, and delete the others; columns that a later schema added are skipped."""
    for change in updates:
        table = TABLES[change.entity]
        columns = [name for name in (change.fields or {}) if _has_column(copy, change.entity, name)]
        assignments = ", ".join(f"{name} = ?" for name in columns)
        values = [(change.fields or {})[name] for name in columns]
        if "created" in columns and not _has_row(copy, change):
            _insert_row(copy, change, columns, values)
        elif columns:
            copy.execute(f"UPDATE {change.entity} SET {assignments} WHERE {table.key} = ?", (*values, change.id))
    staying = {change.id for change in updates}
    for entity, table in TABLES.items():
        if _has_column(copy, entity, table.key):
            sql = f"DELETE FROM {entity} WHERE {table.key} IN (SELECT value FROM json_each(?))"
            copy.execute(sql, (json.dumps([*(ids - staying)]),))


def _has_row(copy: Connection, change: Change) -> bool:
    sql = f"SELECT 1 FROM {change.entity} WHERE {TABLES[change.entity].key} = ?"
    return copy.execute(sql, (change.id,)).fetchone() is not None


def _insert_row(copy: Connection, change: Change, columns: list[str], values: list[object]) -> None:
    """Insert the row of an entity that takes the place of a purged one."""
    place = ["place"] * _has_column(copy, change.entity, "place")
    names = ", ".join([TABLES[change.entity].key, *columns, *place])
    marks = ", ".join("?" * (1 + len(columns)))
    seq = ", (SELECT min(seq) FROM change WHERE entity_id = ?)" * len(place)
    ids = [change.id] * len(place)
    copy.execute(f"INSERT INTO {change.entity} ({names}) VALUES ({marks}{seq})", (change.id, *values, *ids))


def _append(copy: Connection, updates: tuple[Change, ...], database: Database, *, has_salt: bool) -> None:
    """Append what follows from a purge to the log of a copy, as a device of its own.

    So the chains of all other devices stay as they are in the journal.
    """
    device, batch = f"{PURGE_DEVICE_PREFIX}{new_id()}", new_id()
    if has_salt:
        Log(copy, device).append(updates, batch=batch, act=ACT, undoes=None, now=database.clock())
    else:
        _append_unsalted(copy, updates, device, batch, database.clock())
    if _has_column(copy, "batch", "wall"):
        refresh_batches(copy, [batch])
    else:
        copy.execute("INSERT INTO batch (id, act, last) SELECT ?, ?, max(seq) FROM change", (batch, ACT))


def _append_unsalted(copy: Connection, updates: tuple[Change, ...], device: str, batch: str, now: datetime) -> None:
    """Append changes to a log of version 0.1.0."""
    copy.execute("INSERT INTO device (name) VALUES (?)", (device,))
    last_wall = copy.execute("SELECT ifnull(max(wall), 0) FROM change").fetchone()[0]
    wall, before = max(int(now.timestamp() * 1000), last_wall + 1), b""
    for place, change in enumerate(updates):
        payload = canonical_json(change.fields)
        row = (new_id(), device, 1 + place, wall, place, change.entity, change.id, batch, ACT, None)
        before = chain_hash(before, row, payload_hash(payload.encode(), None))
        copy.execute(
            "INSERT INTO change (id, device, counter, wall, tick, entity, entity_id, batch, act, undoes, fields, hash)"
            " VALUES (?, (SELECT id FROM device WHERE name = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, payload, before),
        )


def _has_column(connection: Connection, table: str, column: str) -> bool:
    sql = "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"
    return connection.execute(sql, (table, column)).fetchone() is not None


# The check of a purged copy


def _require_sound(original: Connection, copy: Connection, ids: frozenset[str]) -> None:
    """Raise sqlite3.DatabaseError if the purge did harm: an original that was altered may stay so."""
    problems = [row[0] for row in copy.execute("PRAGMA quick_check") if row[0] != "ok"]
    if problems or _altered_changes(copy, ids) > _altered_changes(original, ids) or _has_words_left(copy, ids):
        raise sqlite3.DatabaseError


def _altered_changes(connection: Connection, ids: frozenset[str]) -> int:
    """Return how many changes of some entities don't have the hash of what they hold."""
    columns = HASHED_COLUMNS
    if not _has_column(connection, "change", "salt"):
        columns = columns.replace("c.own_wall", "NULL").replace("c.salt", "NULL")
    sql = (
        f"SELECT c.hash, p.hash, {columns} FROM change c JOIN device d ON d.id = c.device LEFT JOIN change p"
        " ON p.device = c.device AND p.counter = c.counter - 1"
        " WHERE c.entity_id IN (SELECT value FROM json_each(?))"
    )
    rows = connection.execute(sql, (json.dumps([*ids]),))
    return sum(stored != hash_row(before or b"", hashed) for stored, before, *hashed in rows)


def _has_words_left(copy: Connection, ids: frozenset[str]) -> bool:
    sql = (
        "SELECT 1 FROM change WHERE entity_id IN (SELECT value FROM json_each(?)) AND fields IS NOT NULL"
        " AND fields <> 'null' AND act <> ? LIMIT 1"
    )
    return copy.execute(sql, (json.dumps([*ids]), ACT)).fetchone() is not None
