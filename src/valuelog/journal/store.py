"""The Journal: a file that is read, and written through one function that keeps log and tables together."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from valuelog.journal import ids, projection
from valuelog.journal.connection import begin_immediate, open_to_read, open_to_write, retry_read, translate_errors
from valuelog.journal.log import Change, Fields, Log, Values, fold_active, last_text, list_entity_changes
from valuelog.journal.timestamps import timestamp_fields
from valuelog.model.errors import AmbiguousId, UnknownId
from valuelog.model.text import first_line

ADDRESSABLE_ENTITIES = ("entry", "pain", "project", "promise")
"""The things that people name by their id."""

LARGE_BATCH_SIZE = 1_000
"""A batch of more changes, which only an import is, is not looked at change by change."""

CHUNK_SIZE = 2_000
"""So many changes are written at once."""

CACHE_KIB = 120_000
"""So many kilobytes of what is not on disk yet are kept in memory; more than that, and readers have to wait."""

MAX_CANDIDATES = 8
"""How many candidates an ambiguous id lists."""


class Journal:
    """One open journal. `written` tells whether anything was changed through it."""

    def __init__(self, path: Path, connection: Connection, device: str, clock: Callable[[], datetime]) -> None:
        """Use `open_journal`; this only puts the parts together."""
        self.path = path
        self.was_modified = False
        self.connection = connection
        self._log = Log(connection, device)
        self._clock = clock
        self._replacement_batches: dict[str, str] = {}

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Read rows. For the modules of this package only."""
        with translate_errors(self.path):
            return retry_read(self.path, lambda: self.connection.execute(sql, values).fetchall())

    def iter_rows(self, sql: str, values: Values = ()) -> Iterator[tuple[Any, ...]]:
        """Read rows one by one, however many. For the modules of this package only."""
        with translate_errors(self.path):
            yield from self.connection.execute(sql, values)

    def timestamp_fields(self) -> Fields:
        """Return the fields that bring a thing into being now."""
        return timestamp_fields(self._clock())

    def write(self, act: str, changes: Iterable[Change], *, batch: str | None = None) -> str:
        """Append changes and let the tables follow, all or nothing; on disk when this returns.

        Changes with the same batch are one thing to undo. Returns the batch.
        """
        listed = tuple(changes)
        with self.transaction():
            return self.append(act, listed, batch=batch)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do some work all or not at all, and see nothing of what others write meanwhile; part of a larger one."""
        if self.connection.in_transaction:
            yield
            return
        with translate_errors(self.path):
            begin_immediate(self.connection)
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                self.connection.rollback()
                raise
        self.was_modified = True

    def append(
        self, act: str, changes: Iterable[Change], *, batch: str | None = None, undoes: str | None = None
    ) -> str:
        """Write changes within a transaction. Returns the batch that they became part of. For this package only."""
        batch, now = self._open_batch(batch) if batch else ids.new_id(), self._clock()
        for change in changes:
            for each in self._restore_required(change):
                self._log.append([each], batch=batch, act=act, undoes=undoes, now=now)
                projection.apply_change(self.connection, each)
        return self._update_batch(batch, act)

    def append_bulk(self, act: str, changes: Iterable[Change], *, undoes: str | None = None) -> str:
        """Bring things into being that have no row, or remove some, however many. Returns the batch.

        Within a transaction. What is written stays in memory until its end, so that others can read meanwhile.
        """
        self.connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        batch, now = ids.new_id(), self._clock()
        for chunk in split_chunks(changes, CHUNK_SIZE):
            self._log.append(chunk, batch=batch, act=act, undoes=undoes, now=now)
            projection.insert_rows(self.connection, chunk)
            projection.delete_rows(self.connection, chunk)
        return self._update_batch(batch, act)

    def _update_batch(self, batch_id: str, act: str) -> str:
        """Write down up to where a batch goes by now."""
        self.connection.execute(
            "INSERT INTO batch (id, act, last) SELECT batch, ?, seq FROM change WHERE batch = ?"
            " ORDER BY seq DESC LIMIT 1 ON CONFLICT (id) DO UPDATE SET last = excluded.last",
            (act, batch_id),
        )
        return batch_id

    def _open_batch(self, batch_id: str) -> str:
        """Return the batch to write to: another one from when somebody took this one back."""
        batch_id = self._replacement_batches.get(batch_id, batch_id)
        if self.rows("SELECT 1 FROM batch WHERE id = ? AND undone", (batch_id,)):
            self._replacement_batches[batch_id] = ids.new_id()
            return self._open_batch(batch_id)
        return batch_id

    def _restore_required(self, change: Change) -> Iterator[Change]:
        """Return a change, after those that bring back what it needs and another terminal took back meanwhile."""
        for entity, name in projection.required_entities(change):
            if not projection.row_exists(self.connection, entity, name):
                fields = fold_active(list_entity_changes(self.rows, name), include_creation=True)
                if fields:
                    yield from self._restore_required(Change(entity=entity, id=name, fields=fields))
        yield change

    def prefix_lengths(self, entity_ids: Iterable[str]) -> dict[str, int]:
        """Return how many letters of each id tell it from all others that were ever given."""
        sql = (
            "SELECT max(entity_id) FROM change WHERE entity_id < :id"
            " UNION ALL SELECT min(entity_id) FROM change WHERE entity_id > :id"
        )
        return {
            name: ids.unique_prefix_length(name, (row[0] for row in self.rows(sql, {"id": name}) if row[0]))
            for name in entity_ids
        }

    def resolve_id(self, id_prefix: str, *entities: str, include_deleted: bool = False) -> tuple[str, str]:
        """Return the kind and id of the one thing whose id begins like this. Raises UnknownId or AmbiguousId.

        With `gone`, things count too that were deleted or taken back.
        """
        prefix = ids.normalize_id(id_prefix)
        match_prefix = self._match_prefix_in_log if include_deleted else self._match_prefix
        found = [
            (entity, name, text)
            for entity in entities or ADDRESSABLE_ENTITIES
            for name, text in match_prefix(entity, prefix)
        ]
        if not found:
            raise UnknownId(id_prefix, entities or ADDRESSABLE_ENTITIES)
        if len(found) > 1:
            listed = [(name, text) for _, name, text in sorted(found, key=lambda thing: thing[1])]
            prefix_lengths = self.prefix_lengths(name for name, _ in listed)
            raise AmbiguousId(id_prefix, [(name[: prefix_lengths[name]], text) for name, text in listed])
        return found[0][0], found[0][1]

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
        """Return the things of one kind that the log knows, each with what it said last."""
        if not ids.is_id_prefix(prefix):
            return []
        sql = (
            "SELECT DISTINCT entity_id FROM change WHERE entity_id >= ? AND entity_id < ? AND entity = ?"
            f" LIMIT {MAX_CANDIDATES}"
        )
        entity_ids = [row[0] for row in self.rows(sql, (prefix, prefix + "~", entity))]
        return [(name, last_text(list_entity_changes(self.rows, name))) for name in entity_ids]


def split_chunks(changes: Iterable[Change], size: int) -> Iterator[list[Change]]:
    """Return changes in lists of so many."""
    left = iter(changes)
    while chunk := list(islice(left, size)):
        yield chunk


def open_journal(path: Path, device: str, clock: Callable[[], datetime], *, write: bool) -> Journal:
    """Open the journal at a path to read or to write it. Raises JournalError."""
    connection = open_to_write(path) if write else open_to_read(path)
    return Journal(path, connection, device, clock)
