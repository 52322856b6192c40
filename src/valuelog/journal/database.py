"""The open database: reads rows, and writes changes to the log and the tables in one transaction.

No exception of sqlite3 leaves this package: every read and write goes through `translate_errors`.
"""

import json
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, islice
from pathlib import Path
from sqlite3 import Connection
from types import MappingProxyType
from typing import Any

from valuelog.journal import ids, projection
from valuelog.journal.connection import begin_immediate, commit, retry_read, translate_errors
from valuelog.journal.errors import DamagedRecord
from valuelog.journal.log import TOGGLE_ENTITY, Change, Log, Values, fold_active, list_entity_changes

CHUNK_SIZE = 2_000
"""How many changes are written at once."""

PIECE_SIZE = 1_000
"""How many rows an export reads at once."""

Keys = Sequence[int] | Sequence[str]
"""Keys of rows, in order."""


def _decode_lossy(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _has_damage(row: tuple[Any, ...]) -> bool:
    return any(isinstance(value, str) and "\ufffd" in value for value in row)


class Database:
    """The connection to one journal file. For the modules of this package only."""

    def __init__(
        self,
        path: Path,
        connection: Connection,
        device: str,
        clock: Callable[[], datetime],
        former_ids: Mapping[str, int | None] = MappingProxyType({}),
    ) -> None:
        """Write changes as `device`, the random name of this user on this machine.

        `former_ids` are the names it had before, each with the last counter of its own, or None if all are.
        """
        self.path = path
        self.connection = connection
        self.clock = clock
        self.was_modified = False
        self.device = device
        self._former_ids = former_ids
        self._log = Log(connection, device)
        self._replacement_batches: dict[str, str] = {}

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Return all rows of a query. Raises JournalError: DamagedRecord for a text that isn't UTF-8."""
        with self._name_undecodable(sql, values), translate_errors(self.path):
            return retry_read(self.path, lambda: self.connection.execute(sql, values).fetchall())

    def iter_rows(self, sql: str, values: Values = ()) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query one by one; no one else can commit until the last one is read.

        Raises JournalError: DamagedRecord for a text that isn't UTF-8.
        """
        with self._name_undecodable(sql, values), translate_errors(self.path):
            yield from self.connection.execute(sql, values)

    def keys(self, sql: str, values: Values = ()) -> Keys:
        """Return the first column of a query: integers, or texts if the table has no integer key."""
        with translate_errors(self.path):
            return retry_read(self.path, lambda: _collect_keys(self.connection.execute(sql, values)))

    def iter_rows_by_key(self, sql: str, keys: Keys) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a query that joins `json_each(?)`, a list of keys, reading PIECE_SIZE keys at a time.

        Between two pieces there is no read lock, so a slow consumer doesn't keep other programs from writing. Rows that
        they have removed meanwhile are missing.
        """
        for start in range(0, len(keys), PIECE_SIZE):
            yield from self.rows(sql, (json.dumps([*keys[start : start + PIECE_SIZE]]),))

    @contextmanager
    def read_transaction(self) -> Iterator[None]:
        """Run the block so that all its queries see the same state."""
        with translate_errors(self.path):
            self.connection.execute("BEGIN")
            try:
                yield
            finally:
                self.connection.rollback()

    @contextmanager
    def _name_undecodable(self, sql: str, values: Values) -> Iterator[None]:
        """Name the first row of a query that has a text which isn't UTF-8 by the first id in it."""
        try:
            yield
        except DamagedRecord as error:
            factory, self.connection.text_factory = self.connection.text_factory, _decode_lossy
            try:
                damaged = next(filter(_has_damage, self.connection.execute(sql, values)), ())
            finally:
                self.connection.text_factory = factory
            names = (value for value in damaged if isinstance(value, str) and ids.is_id(value))
            raise DamagedRecord(next((f"the text of {name}" for name in names), "a text")) from error

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run the block in one BEGIN IMMEDIATE transaction; nested calls join the outer one."""
        if self.connection.in_transaction:
            yield
            return
        with translate_errors(self.path):
            begin_immediate(self.connection)
            try:
                yield
                commit(self.connection, self.path)
            except BaseException:
                self.connection.rollback()
                raise
        self.was_modified = True

    def write(self, act: str, changes: Iterable[Change], *, batch: str | None = None, undoes: str | None = None) -> str:
        """Append changes to the log and apply them to the tables, in one transaction. Return the id of their batch.

        `changes` may be a generator that reads what earlier chunks wrote. `undoes` is the batch that an undo or redo
        is about. A purge restores nothing that other changes need: what it empties may have been undone.
        """
        with self.transaction():
            batch = self._open_batch(batch) if batch else ids.new_id()
            remaining = iter(changes)
            while chunk := list(islice(remaining, CHUNK_SIZE)):
                completed = chunk if act == "purge" else list(self._with_required(chunk))
                plain, others = self._split_plain(completed)
                self._log.append(completed, batch=batch, act=act, undoes=undoes, now=self.clock())
                self._update_batch(batch, act)
                projection.apply_changes(self.connection, plain)
                self._recompute(others, act)
        return batch

    def _split_plain(self, changes: Sequence[Change]) -> tuple[list[Change], list[Change]]:
        """Return the changes that can be applied to the tables as they are, and those that need the merge rule.

        Plain are the creation of an entity that is new to the log, for which nothing waits, and whose references
        exist; and fields of an entity with a row, unless they are references.
        """
        listed = json.dumps([change.id for change in changes])
        sql = (
            "SELECT n.value FROM json_each(?) n WHERE EXISTS (SELECT 1 FROM change WHERE entity_id = n.value)"
            " OR EXISTS (SELECT 1 FROM waiting WHERE target = n.value)"
        )
        known = {row[0] for row in self.connection.execute(sql, (listed,))}
        existing: dict[tuple[str, str], bool] = {}
        special: set[tuple[str, str]] = set()
        for change in changes:
            key = change.entity, change.id
            if not self._is_plain(change, known, existing):
                special.add(key)
            elif change.fields and "created" in change.fields:
                existing[key] = True
            known.add(change.id)
        tables = projection.TABLES
        plain = [each for each in changes if each.entity in tables and (each.entity, each.id) not in special]
        return plain, [each for each in changes if (each.entity, each.id) in special]

    def _is_plain(self, change: Change, known: set[str], existing: dict[tuple[str, str], bool]) -> bool:
        if change.entity in projection.LOG_ONLY_ENTITIES:
            return True
        if change.fields is None:
            return False
        if "created" not in change.fields:
            has_references = not projection.TABLES[change.entity].references.keys().isdisjoint(change.fields)
            return not has_references and self._has_row((change.entity, change.id), existing)
        targets = projection.references(change.entity, change.fields)
        return change.id not in known and all(self._has_row(target, existing) for target in targets)

    def _has_row(self, key: tuple[str, str], existing: dict[tuple[str, str], bool]) -> bool:
        if key not in existing:
            existing[key] = projection.row_exists(self.connection, *key)
        return existing[key]

    def _recompute(self, changes: Sequence[Change], act: str) -> None:
        """Write the rows of some entities by the merge rule."""
        if not changes:
            return
        from valuelog.journal.erasure import PURGE_ACT, erase_arrived  # noqa: PLC0415  rarely needed
        from valuelog.journal.merge import recompute  # noqa: PLC0415  rarely needed

        is_purge = act == PURGE_ACT
        records = {(change.entity, change.id) for change in changes}
        purged = {(change.entity, change.id) for change in changes if is_purge and change.fields is None}
        result = recompute(self.connection, records, purged=purged)
        if not is_purge:  # a purge erases itself, and says what may be guessed
            erase_arrived(self.connection, result.purged)

    def toggle(self, act: str, batch_id: str) -> None:
        """Undo or redo a batch: append the change that says so, and write what its entities become."""
        from valuelog.journal.merge import recompute, records_of_batches, refresh_batches  # noqa: PLC0415  only here

        with self.transaction():
            self.write(act, [Change(TOGGLE_ENTITY, batch_id, {})], undoes=batch_id)
            refresh_batches(self.connection, [batch_id])
            recompute(self.connection, records_of_batches(self.connection, [batch_id]))

    def other_devices(self) -> str:
        """Return the number of each device that is another machine, and its last counter that is ours, as JSON.

        Another machine is one that has given its name, when it joined.
        """
        sql = (
            "SELECT d.id, d.name FROM device d"
            " WHERE EXISTS (SELECT 1 FROM change c WHERE c.entity_id = d.name AND c.entity = 'device')"
        )
        own: dict[str, int | None] = {**self._former_ids, self.device: None}
        named = [(number, own.get(name, 0)) for number, name in self.rows(sql)]
        return json.dumps([(number, last) for number, last in named if last is not None])

    def _open_batch(self, batch_id: str) -> str:
        """Return the batch to write to: a replacement if another terminal has undone this one."""
        batch_id = self._replacement_batches.get(batch_id, batch_id)
        if self.rows("SELECT 1 FROM batch WHERE id = ? AND undone", (batch_id,)):
            self._replacement_batches[batch_id] = ids.new_id()
            return self._open_batch(batch_id)
        return batch_id

    def _update_batch(self, batch_id: str, act: str) -> None:
        """Record the last change of a batch."""
        self.connection.execute(
            "INSERT INTO batch (id, act, last, wall, tick) SELECT batch, ?, seq, wall, tick FROM change WHERE batch = ?"
            " ORDER BY seq DESC LIMIT 1 ON CONFLICT (id) DO UPDATE SET last = excluded.last, wall = excluded.wall,"
            " tick = excluded.tick",
            (act, batch_id),
        )

    def _with_required(self, changes: Iterable[Change]) -> Iterator[Change]:
        """Yield changes, each after those that restore what it needs and another terminal has undone meanwhile."""
        is_present: dict[tuple[str, str], bool] = {}
        for change in changes:
            yield from self._restore_required(change, is_present)
            yield change
            if change.fields is None or "created" in change.fields:
                is_present[change.entity, change.id] = change.fields is not None

    def _restore_required(self, change: Change, is_present: dict[tuple[str, str], bool]) -> Iterator[Change]:
        for required in projection.required_entities(change):
            if required not in is_present:
                is_present[required] = projection.row_exists(self.connection, *required)
            if not is_present[required]:
                fields = fold_active(list_entity_changes(self.rows, required[1]), include_creation=True)
                if fields:
                    is_present[required] = True
                    restored = Change(entity=required[0], id=required[1], fields=fields)
                    yield from self._restore_required(restored, is_present)
                    yield restored


def _collect_keys(rows: Iterator[tuple[Any, ...]]) -> Keys:
    """Collect one key a row; integers compactly, 8 bytes each."""
    keys = (key for (key,) in rows)
    first = next(keys, None)
    if first is None:
        return ()
    return array("q", chain([first], keys)) if isinstance(first, int) else [first, *keys]
