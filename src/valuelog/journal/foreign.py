"""Reads another journal file: on a private temporary copy, which is migrated and checked. The file never changes.

The copy is unlinked while it is open, so that a killed process leaves nothing.
"""

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from errno import ENOENT, ENOSPC
from pathlib import Path
from sqlite3 import Connection
from typing import NamedTuple

from valuelog.journal import dump, projection
from valuelog.journal.connection import SCHEMA_VERSION, connect_to_read, journal_exists, migrate_copy, translate_errors
from valuelog.journal.database import Database
from valuelog.journal.errors import AlteredChange, DamagedJournal, JournalError
from valuelog.journal.log import Change, list_entity_changes
from valuelog.journal.merge import Rule
from valuelog.journal.store import Journal
from valuelog.journal.super_journals import forget_other_file
from valuelog.journal.untrusted import replace_foreign_code
from valuelog.journal.verify import find_damage
from valuelog.model.fields import ENTITIES

MAX_FILE_BYTES = 10_000_000_000
"""The largest size that a damaged header is believed."""


_ALTERED = "It was altered on disk, and not by valuelog."


class UnreadableEntity(NamedTuple):
    """An entity that cannot be read or trusted, such as `entry k7m2…`, and why as a sentence."""

    name: str
    reason: str


@contextmanager
def open_foreign(path: Path, clock: Callable[[], datetime]) -> Iterator[Journal]:
    """Open a migrated private copy of a journal file. Raises JournalError; OSError if there is no temporary space."""
    with closing(_open_unlinked()) as connection:
        _copy(path, connection)
        _replace_code(path, connection)
        with translate_errors(path):
            if connection.execute("PRAGMA user_version").fetchone()[0] < SCHEMA_VERSION:
                migrate_copy(connection)
            connection.execute("PRAGMA query_only = ON")
        yield Journal(Database(path, connection, "", clock))


def _replace_code(path: Path, connection: Connection) -> None:
    """Replace triggers and views, which SQLite would run. Raises DamagedJournal if a table isn't a plain one."""
    with suppress(sqlite3.DatabaseError):  # then nothing can be read, which is reported later
        if not replace_foreign_code(connection):
            raise DamagedJournal(path)


def _open_unlinked() -> Connection:
    """Open an empty temporary database that has no name any more. Raises OSError."""
    file, name = tempfile.mkstemp(prefix="valuelog-", suffix=".db")
    os.close(file)
    try:
        connection = sqlite3.connect(name, isolation_level=None)
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
    finally:
        Path(name).unlink()
    return connection


def _copy(path: Path, target: Connection) -> None:
    """Copy all pages of a journal file. Raises JournalError; OSError if there is no temporary space."""
    with translate_errors(path):
        is_sound = _exists(path)
    try:
        with closing(connect_to_read(path)) as source:
            if is_sound:
                source.backup(target)
    except sqlite3.OperationalError as error:
        _require_space(error)
        is_sound = False
    except sqlite3.DatabaseError:
        is_sound = False
    if not is_sound:
        _copy_raw(path, target)


def _exists(path: Path) -> bool:
    """Return False for a journal that is cut off. Raises JournalError for no journal, FileNotFoundError for no file."""
    try:
        if journal_exists(path):
            return True
    except DamagedJournal:
        return False
    raise FileNotFoundError(ENOENT, os.strerror(ENOENT), str(path))


def _require_space(error: sqlite3.OperationalError) -> None:
    """Raise OSError if the temporary file could not be written."""
    code = getattr(error, "sqlite_errorcode", 0)
    if code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE, sqlite3.SQLITE_CANTOPEN}:
        raise OSError(ENOSPC, os.strerror(ENOSPC)) from error


def _copy_raw(path: Path, target: Connection) -> None:
    """Copy a file that SQLite cannot read as it is: roll back an interrupted change, and pad a file that is cut off."""
    with tempfile.TemporaryDirectory(prefix="valuelog-") as folder:
        copy = Path(folder) / "journal.db"
        shutil.copyfile(path, copy)
        with suppress(FileNotFoundError):
            shutil.copyfile(f"{path.resolve()}-journal", f"{copy}-journal")
            forget_other_file(Path(f"{copy}-journal"))
        _pad(copy)
        with translate_errors(path), closing(sqlite3.connect(copy, isolation_level=None)) as source:
            source.backup(target)


def _pad(copy: Path) -> None:
    """Append zeros up to the size that the header gives: page size at byte 16, number of pages at 28."""
    with copy.open("r+b") as file:
        header = file.read(32)
        page_size, pages = int.from_bytes(header[16:18]), int.from_bytes(header[28:32])
        size = (65536 if page_size == 1 else page_size) * pages
        if copy.stat().st_size < size <= MAX_FILE_BYTES:
            file.truncate(size)


def iter_entities(journal: Journal) -> Iterator[Change | UnreadableEntity]:
    """Yield the entities of a foreign journal, each as the change that would create it, and those that are damaged.

    Only if a check of the whole file finds damage, each is compared with its changes. Raises DamagedJournal.
    """
    connection = journal._database.connection  # noqa: SLF001  the same package
    with translate_errors(journal.path):
        connection.execute("PRAGMA query_only = OFF")  # the check of the full text index writes a command to it
        is_damaged = bool(find_damage(connection))
        connection.execute("PRAGMA query_only = ON")
    if not is_damaged:
        yield from dump.iter_creation_changes(journal, None)
    else:
        yield from _Salvage(journal).entities()


class _Salvage:
    """What can be trusted in a damaged journal: entities whose changes fit their hashes and add up to their row."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._rule = Rule(journal._database.connection)  # noqa: SLF001  the same package
        self._sound: set[str] = set()

    def entities(self) -> Iterator[Change | UnreadableEntity]:
        """Yield every entity, sound or not, after those that it refers to."""
        for entity in (*dump.EXPORT_ORDER, "sighting"):
            yield from self._entities_of(entity)

    def _entities_of(self, entity: str) -> Iterator[Change | UnreadableEntity]:
        key = projection.TABLES[entity].key
        names: dict[str, None] = {}
        is_complete = _collect(self._journal, f"SELECT {key} FROM {entity} ORDER BY {key}", names)
        sql = f"SELECT entity_id FROM change WHERE entity = '{entity}' ORDER BY seq"
        if not _collect(self._journal, sql, names) and not is_complete:
            yield UnreadableEntity(f"some of {entity}", "A part of the file can't be read.")
        for name in names:
            yield from self._check(entity, name)

    def _check(self, entity: str, name: str) -> Iterator[Change | UnreadableEntity]:
        """Yield an entity unless it is deleted: as a change, or as unreadable."""
        try:
            changes = [each for each in list_entity_changes(self._journal.rows, name) if each.entity == entity]
            expected = self._rule.compute(entity, name, changes).fields
            current = dump.find_creation_change(self._journal, entity, name)
        except AlteredChange:
            yield UnreadableEntity(f"{entity} {name}", _ALTERED)
            return
        except (JournalError, ValueError, TypeError):
            yield UnreadableEntity(f"{entity} {name}", "It can't be read.")
            return
        if not _is_same(entity, expected, current):
            yield UnreadableEntity(f"{entity} {name}", _ALTERED)
        elif current:
            self._sound.add(name)
            yield self._without_missing_references(current)

    def _without_missing_references(self, change: Change) -> Change:
        """Drop optional references to entities that are not sound."""
        known = ENTITIES[change.entity].fields
        fields = {
            name: value
            for name, value in (change.fields or {}).items()
            if not known[name].references or known[name].is_required or value in self._sound
        }
        return change._replace(fields=fields)


def _collect(journal: Journal, sql: str, names: dict[str, None]) -> bool:
    """Add the names that a query selects, as far as they can be read. Return False if some could not."""
    try:
        for (name,) in journal.iter_rows(sql):
            names[str(name)] = None
    except DamagedJournal:
        return False
    return True


def _is_same(entity: str, expected: Mapping[str, object] | None, current: Change | None) -> bool:
    """Return True if the changes of an entity add up to its row; a deleted one has none."""
    if expected is None or expected.get("deleted"):
        return current is None
    initial = projection.TABLES[entity].initial_fields
    found = {**initial, **((current and current.fields) or {})}
    return current is not None and _normalize({**initial, **expected}) == _normalize(found)


def _normalize(fields: dict[str, object]) -> dict[str, object]:
    return {name: sorted(value) if name in {"people", "tags"} else value for name, value in fields.items()}  # type: ignore[call-overload]
