"""The Journal: the interface of this package to read and to change a journal."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from valuelog.journal import ids
from valuelog.journal.connection import open_to_read, open_to_write, translate_errors
from valuelog.journal.database import Database, Keys
from valuelog.journal.errors import AlteredChange
from valuelog.journal.log import Change, Fields, Values, last_text, list_entity_changes
from valuelog.journal.timestamps import CreationOrder, timestamp_fields
from valuelog.model.errors import AmbiguousId, UnknownId
from valuelog.model.text import first_line

if TYPE_CHECKING:
    from valuelog.journal.backups import Backup
    from valuelog.journal.purge import ClearFiles, PurgeResult
    from valuelog.journal.undo import ToggledBatch

ADDRESSABLE_ENTITIES = ("entry", "pain", "project", "promise")
"""The entity types that users refer to by id."""

MAX_CANDIDATES = 8
"""How many candidates an ambiguous id lists."""


class Journal:
    """One open journal. `write`, `undo`, `redo` and `purge` are the only methods that change it."""

    def __init__(self, database: Database) -> None:
        """Use `open_journal`."""
        self._database = database
        self._creation_order = CreationOrder()

    @property
    def path(self) -> Path:
        """The journal's file."""
        return self._database.path

    @property
    def was_modified(self) -> bool:
        """Whether anything was written through this object."""
        return self._database.was_modified

    def close(self) -> None:
        """Close the file."""
        self._database.connection.close()

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query. For the modules of this package only."""
        return self._database.rows(sql, values)

    def iter_rows(self, sql: str, values: Values = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query one by one. For the modules of this package only."""
        return self._database.iter_rows(sql, values)

    def keys(self, sql: str, values: Values = ()) -> Keys:
        """Return the keys that a query selects, for `iter_rows_by_key`. For the modules of this package only."""
        return self._database.keys(sql, values)

    def iter_rows_by_key(self, sql: str, keys: Keys) -> Iterator[tuple[Any, ...]]:
        """Yield rows in pieces, without a lock between them. For the modules of this package only."""
        return self._database.iter_rows_by_key(sql, keys)

    def read_transaction(self) -> AbstractContextManager[None]:
        """Run the block so that all its queries see the same state. For the modules of this package only."""
        return self._database.read_transaction()

    def transaction(self) -> AbstractContextManager[None]:
        """Run the block in one transaction that no other writer interrupts; nested calls join the outer one."""
        return self._database.transaction()

    def timestamp_fields(self) -> Fields:
        """Return the timestamp fields of an entity that is created now."""
        return timestamp_fields(self._database.clock())

    def write(
        self, act: str, changes: Iterable[Change], *, batch: str | None = None, keeps_created: bool = False
    ) -> str:
        """Write changes, all or none; they are on disk when the outermost transaction ends. Return their batch.

        Changes of one batch are undone together. Records that are created in the same millisecond get times in the
        order in which they are given; `keeps_created` leaves their times as they are.
        """
        ordered = changes if keeps_created else self._creation_order.apply(changes)
        return self._database.write(act, ordered, batch=batch)

    def undo(self, entity_id: str | None = None) -> "ToggledBatch":
        """Undo the latest batch that is in force, or the latest one of an entity.

        Raises NothingToUndo, or ChangedTogether if that batch is not the latest one of all its entities.
        """
        from valuelog.journal.undo import undo_latest, undo_latest_of  # noqa: PLC0415  other commands start without it

        return undo_latest_of(self._database, entity_id) if entity_id else undo_latest(self._database)

    def redo(self) -> "ToggledBatch":
        """Redo the latest undone batch, unless something else was changed since. Raises NothingToRedo."""
        from valuelog.journal.undo import redo_latest  # noqa: PLC0415  other commands start without it

        return redo_latest(self._database)

    def purge(
        self,
        entity: str,
        entity_id: str,
        *,
        clear_files: "ClearFiles" = lambda _ids, _texts: (),
        report: Callable[[int], None] = lambda _done: None,
    ) -> "PurgeResult":
        """Erase the text of an entity for good, here and in all copies that valuelog made.

        `clear_files` erases ids and texts from other files, and returns which it could not; `report` is told how many
        copies are done. Raises PurgeIncomplete.
        """
        from valuelog.journal.purge import purge  # noqa: PLC0415  other commands start without it

        return purge(self._database, entity, entity_id, clear_files=clear_files, report=report)

    def check(self, entity: str, entity_id: str) -> None:
        """Check what is stored about an entity. Raises AlteredChange if a change or its row isn't what was written."""
        from valuelog.journal.tables_check import differs_from_log  # noqa: PLC0415  other commands start without it

        list_entity_changes(self.rows, entity_id)
        with translate_errors(self.path):
            if differs_from_log(self._database.connection, entity, entity_id):
                raise AlteredChange(entity, entity_id)

    def copy_to(self, target: Connection) -> None:
        """Copy the whole database into another connection, waiting for a writer at most BUSY_TIMEOUT_SECONDS."""
        connection = self._database.connection
        with translate_errors(self.path):
            self.rows("SELECT 1 FROM change LIMIT 1")  # rolls back a hot journal
            connection.execute("BEGIN")
            try:
                connection.execute("SELECT 1 FROM change LIMIT 1").fetchall()  # without a read lock, backup never stops
                connection.backup(target)
            finally:
                connection.rollback()

    def back_up(self) -> None:
        """Make sure that there is a verified backup before a large change; an empty journal needs none.

        Raises JournalError.
        """
        from valuelog.journal.backups import ensure_backup  # noqa: PLC0415  other commands start without it

        if self.rows("SELECT 1 FROM change LIMIT 1"):
            ensure_backup(self._database.connection, now=self._database.clock())

    def make_backup(self) -> "Backup":
        """Make a backup, and remove those that are too old. Raises JournalError."""
        from valuelog.journal.backups import make_backup, prune_backups  # noqa: PLC0415  other commands start without

        made = make_backup(self._database.connection, now=self._database.clock())
        prune_backups(self._database.connection, self.path)
        return made

    def make_automatic_backup(self) -> None:
        """Make a backup if something is new since the newest one. Raises JournalError."""
        from valuelog.journal.backups import make_automatic_backup  # noqa: PLC0415  other commands start without it

        make_automatic_backup(self._database.connection, self.path, now=self._database.clock())

    def write_copy(self, target: Path, *, replace: bool) -> bool:
        """Write a verified copy to a file. Raises JournalError. Without `replace`, returns False if there is one."""
        from valuelog.journal.copies import write_verified_copy  # noqa: PLC0415  other commands start without it

        self.rows("SELECT 1 FROM change LIMIT 1")  # rolls back a hot journal
        with translate_errors(target):
            try:
                write_verified_copy(self._database.connection, target, replace=replace)
            except FileExistsError:
                return False
        return True

    def find_newer_backup(self) -> "Backup | None":
        """Return the newest verified backup if it has changes that this journal lacks. Raises JournalError."""
        from valuelog.journal.backups import find_newer_backup  # noqa: PLC0415  other commands start without it

        return find_newer_backup(self._database.connection, self.path)

    def has_all_of(self, other: Path) -> bool:
        """Return True if another journal has no change that this one lacks. Raises JournalError."""
        from valuelog.journal.backups import has_all_of  # noqa: PLC0415  other commands start without it

        return has_all_of(self._database.connection, other)

    def prefix_lengths(self, entity_ids: Iterable[str]) -> dict[str, int]:
        """Return for each id the length of the shortest prefix that is unique among all ids ever used."""
        sql = (
            "SELECT n.value, (SELECT max(entity_id) FROM change WHERE entity_id < n.value),"
            " (SELECT min(entity_id) FROM change WHERE entity_id > n.value) FROM json_each(?) n"
        )
        rows = self.rows(sql, (json.dumps([*entity_ids]),))
        return {
            entity_id: ids.unique_prefix_length(entity_id, (each for each in neighbors if isinstance(each, str)))
            for entity_id, *neighbors in rows  # in a damaged index, an id can be a number
        }

    def resolve_id(self, id_prefix: str, *entities: str, include_deleted: bool = False) -> tuple[str, str]:
        """Return the type and id of the one entity whose id has this prefix. Raises UnknownId or AmbiguousId.

        `include_deleted` counts deleted and undone entities too.
        """
        prefix = ids.normalize_id(id_prefix)
        match_prefix = self._match_prefix_in_log if include_deleted else self._match_prefix
        matches = [
            (entity, name, text)
            for entity in entities or ADDRESSABLE_ENTITIES
            for name, text in match_prefix(entity, prefix)
        ]
        if not matches:
            raise UnknownId(id_prefix, entities or ADDRESSABLE_ENTITIES)
        if len(matches) > 1:
            listed = [(name, text) for _, name, text in sorted(matches, key=lambda match: match[1])]
            prefix_lengths = self.prefix_lengths(name for name, _ in listed)
            raise AmbiguousId(id_prefix, [(name[: prefix_lengths[name]], text) for name, text in listed])
        return matches[0][0], matches[0][1]

    def _match_prefix(self, entity: str, prefix: str) -> list[tuple[str, str]]:
        if not ids.is_id_prefix(prefix):
            return []
        text = "name" if entity == "project" else "text"
        rows = self.rows(
            f"SELECT id, substr({text}, 1, 200) FROM {entity}"
            f" WHERE id >= ? AND id < ? AND deleted IS NULL LIMIT {MAX_CANDIDATES}",
            (prefix, prefix + "~"),
        )
        return [(name, first_line(words)) for name, words in rows]

    def _match_prefix_in_log(self, entity: str, prefix: str) -> list[tuple[str, str]]:
        """Return the entities of one type in the log whose id has a prefix, each with its last text."""
        if not ids.is_id_prefix(prefix):
            return []
        sql = (
            "SELECT DISTINCT entity_id FROM change WHERE entity_id >= ? AND entity_id < ? AND entity = ?"
            f" LIMIT {MAX_CANDIDATES}"
        )
        entity_ids = [row[0] for row in self.rows(sql, (prefix, prefix + "~", entity))]
        return [(name, last_text(list_entity_changes(self.rows, name))) for name in entity_ids]


def open_journal(
    path: Path,
    device: str,
    clock: Callable[[], datetime],
    *,
    write: bool,
    former_ids: Mapping[str, int | None] = MappingProxyType({}),
) -> Journal:
    """Open a journal to read or to write as a device, which may have had other ids. Raises JournalError."""
    connection = open_to_write(path) if write else open_to_read(path)
    return Journal(Database(path, connection, device, clock, former_ids))
