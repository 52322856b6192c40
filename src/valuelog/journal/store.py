"""The Journal: a file that is read, and written through one function that keeps log and tables together."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import islice
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from valuelog.journal import ids, projection
from valuelog.journal.connection import open_to_read, open_to_write, patiently, take_turn, translated
from valuelog.journal.log import Change, Fields, Log, Values, of_thing, said_last, standing
from valuelog.journal.timestamps import moment_fields
from valuelog.model.errors import AmbiguousId, UnknownId
from valuelog.model.text import first_line

NAMED = ("entry", "pain", "project", "promise")
"""The things that people name by their id."""

MANY = 1_000
"""A batch of more changes, which only an import is, is not looked at change by change."""

CHUNK = 2_000
"""So many changes are written at once."""

HELD_BACK = 120_000
"""So many kilobytes of what is not on disk yet are kept in memory; more than that, and readers have to wait."""

CANDIDATES = 8
"""How many candidates an ambiguous id lists."""


class Journal:
    """One open journal. `written` tells whether anything was changed through it."""

    def __init__(self, path: Path, connection: Connection, device: str, clock: Callable[[], datetime]) -> None:
        """Use `open_journal`; this only puts the parts together."""
        self.path = path
        self.written = False
        self.connection = connection
        self._log = Log(connection, device)
        self._clock = clock
        self._instead: dict[str, str] = {}

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def rows(self, sql: str, values: Values = ()) -> list[tuple[Any, ...]]:
        """Read rows. For the modules of this package only."""
        with translated(self.path):
            return patiently(self.path, lambda: self.connection.execute(sql, values).fetchall())

    def each(self, sql: str, values: Values = ()) -> Iterator[tuple[Any, ...]]:
        """Read rows one by one, however many. For the modules of this package only."""
        with translated(self.path):
            yield from self.connection.execute(sql, values)

    def moment(self) -> Fields:
        """Return the fields that bring a thing into being now."""
        return moment_fields(self._clock())

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
        with translated(self.path):
            take_turn(self.connection)
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                self.connection.rollback()
                raise
        self.written = True

    def append(
        self, act: str, changes: Iterable[Change], *, batch: str | None = None, undoes: str | None = None
    ) -> str:
        """Write changes within a transaction. Returns the batch that they became part of. For this package only."""
        batch, now = self._open(batch) if batch else ids.new_id(), self._clock()
        for change in changes:
            for each in self._complete(change):
                self._log.append([each], batch=batch, act=act, undoes=undoes, now=now)
                projection.put(self.connection, each)
        return self._told(batch, act)

    def load(self, act: str, changes: Iterable[Change], *, undoes: str | None = None) -> str:
        """Bring things into being that have no row, or remove some, however many. Returns the batch.

        Within a transaction. What is written stays in memory until its end, so that others can read meanwhile.
        """
        self.connection.execute(f"PRAGMA cache_size = -{HELD_BACK}")
        batch, now = ids.new_id(), self._clock()
        for chunk in chunks(changes, CHUNK):
            self._log.append(chunk, batch=batch, act=act, undoes=undoes, now=now)
            projection.make(self.connection, chunk)
            projection.unmake(self.connection, chunk)
        return self._told(batch, act)

    def _told(self, batch: str, act: str) -> str:
        """Write down up to where a batch goes by now."""
        self.connection.execute(
            "INSERT INTO batch (id, act, last) SELECT batch, ?, seq FROM change WHERE batch = ?"
            " ORDER BY seq DESC LIMIT 1 ON CONFLICT (id) DO UPDATE SET last = excluded.last",
            (act, batch),
        )
        return batch

    def _open(self, batch: str) -> str:
        """Return the batch to write to: another one from when somebody took this one back."""
        batch = self._instead.get(batch, batch)
        if self.rows("SELECT 1 FROM batch WHERE id = ? AND undone", (batch,)):
            self._instead[batch] = ids.new_id()
            return self._open(batch)
        return batch

    def _complete(self, change: Change) -> Iterator[Change]:
        """Return a change, after those that bring back what it needs and another terminal took back meanwhile."""
        for entity, name in projection.needs(change):
            if not projection.there(self.connection, entity, name):
                fields = standing(of_thing(self.rows, name), needed=True)
                if fields:
                    yield from self._complete(Change(entity=entity, id=name, fields=fields))
        yield change

    def letters(self, names: Iterable[str]) -> dict[str, int]:
        """Return how many letters of each id tell it from all others that were ever given."""
        sql = (
            "SELECT max(entity_id) FROM change WHERE entity_id < :id"
            " UNION ALL SELECT min(entity_id) FROM change WHERE entity_id > :id"
        )
        return {name: ids.shortest(name, (row[0] for row in self.rows(sql, {"id": name}) if row[0])) for name in names}

    def find(self, words: str, *entities: str, gone: bool = False) -> tuple[str, str]:
        """Return the kind and id of the one thing whose id begins like this. Raises UnknownId or AmbiguousId.

        With `gone`, things count too that were deleted or taken back.
        """
        beginning = ids.typed(words)
        look = self._ever if gone else self._beginning
        found = [(entity, name, text) for entity in entities or NAMED for name, text in look(entity, beginning)]
        if not found:
            raise UnknownId(words, entities or NAMED)
        if len(found) > 1:
            listed = [(name, text) for _, name, text in sorted(found, key=lambda thing: thing[1])]
            letters = self.letters(name for name, _ in listed)
            raise AmbiguousId(words, [(name[: letters[name]], text) for name, text in listed])
        return found[0][0], found[0][1]

    def _beginning(self, entity: str, beginning: str) -> list[tuple[str, str]]:
        if not ids.possible(beginning):
            return []
        text = "name" if entity == "project" else "text"
        rows = self.rows(
            f"SELECT id, substr({text}, 1, 200) FROM {entity}"
            f" WHERE id >= ? AND id < ? AND deleted IS NULL LIMIT {CANDIDATES}",
            (beginning, beginning + "~"),
        )
        return [(name, first_line(words)) for name, words in rows]

    def _ever(self, entity: str, beginning: str) -> list[tuple[str, str]]:
        """Return the things of one kind that the log knows, each with what it said last."""
        if not ids.possible(beginning):
            return []
        sql = (
            "SELECT DISTINCT entity_id FROM change WHERE entity_id >= ? AND entity_id < ? AND entity = ?"
            f" LIMIT {CANDIDATES}"
        )
        names = [row[0] for row in self.rows(sql, (beginning, beginning + "~", entity))]
        return [(name, said_last(of_thing(self.rows, name))) for name in names]


def chunks(changes: Iterable[Change], size: int) -> Iterator[list[Change]]:
    """Return changes in lists of so many."""
    left = iter(changes)
    while chunk := list(islice(left, size)):
        yield chunk


def open_journal(path: Path, device: str, clock: Callable[[], datetime], *, write: bool) -> Journal:
    """Open the journal at a path to read or to write it. Raises JournalError."""
    connection = open_to_write(path) if write else open_to_read(path)
    return Journal(path, connection, device, clock)
