"""The Journal: a file that is read, and written through one function that keeps log and tables together."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from valuelog.journal import file, ids, state
from valuelog.journal.changes import Change, Fields, Log, Logged, inverse, of_batch, of_thing
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.rows import moment_fields
from valuelog.model.errors import AmbiguousId, UnknownId

NAMED = ("entry", "pain", "project", "promise")
"""The things that people name by their id, and the column that says what each is."""

CANDIDATES = 8
"""How many candidates an ambiguous id lists."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """A batch that was taken back or made again."""

    act: str
    changes: tuple[Logged, ...]


class Journal:
    """One open journal. `written` tells whether anything was changed through it."""

    def __init__(self, path: Path, connection: Connection, device: str, clock: Callable[[], datetime]) -> None:
        """Use `open_journal`; this only puts the parts together."""
        self.path = path
        self.written = False
        self.connection = connection
        self._log = Log(connection, device)
        self._clock = clock

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Read rows. For the modules of this package only."""
        with file.translated(self.path):
            return self.connection.execute(sql, values).fetchall()

    def moment(self) -> Fields:
        """Return the fields that bring a thing into being now."""
        return moment_fields(self._clock())

    def write(self, act: str, changes: Iterable[Change], *, batch: str | None = None) -> str:
        """Append changes and let the tables follow, all or nothing; on disk when this returns.

        Changes with the same batch are one thing to undo. Returns the batch.
        """
        batch = batch or ids.new_id()
        listed = tuple(changes)
        self.transaction(lambda: self.append(act, listed, batch))
        return batch

    def transaction(self, work: Callable[[], object]) -> None:
        """Do some work all or not at all. For this package only."""
        with file.translated(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                work()
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise
        self.written = True

    def append(self, act: str, changes: Sequence[Change], batch: str | None = None) -> None:
        """Write changes within a transaction. For this package only."""
        batch = batch or ids.new_id()
        now = self._clock()
        for change in changes:
            self._log.append(change, batch=batch, act=act, now=now)
            state.put(self.connection, change)
        self.connection.execute(
            "INSERT INTO batch (id, act, last) VALUES (?, ?, (SELECT max(seq) FROM change))"
            " ON CONFLICT (id) DO UPDATE SET last = excluded.last",
            (batch, act),
        )

    def undo(self) -> Undone:
        """Take back the latest batch that still stands. Raises NothingToUndo."""
        sql = (
            "SELECT id FROM batch WHERE undone = 0 AND act NOT IN ('undo', 'redo', 'purge') ORDER BY last DESC LIMIT 1"
        )
        return self._reverse("undo", sql, NothingToUndo)

    def redo(self) -> Undone:
        """Make the latest undone batch again, unless something else was changed since. Raises NothingToRedo."""
        sql = (
            "SELECT id FROM batch WHERE undone = 0 AND act = 'undo' AND last > (SELECT coalesce(max(last), 0)"
            " FROM batch WHERE act NOT IN ('undo', 'redo', 'purge')) ORDER BY last DESC LIMIT 1"
        )
        return self._reverse("redo", sql, NothingToRedo)

    def _reverse(self, act: str, latest: str, nothing: type[Exception]) -> Undone:
        """Append the inverse of a batch, last change first."""
        changes: list[Logged] = []

        def work() -> None:
            found = self.connection.execute(latest).fetchone()
            if not found:
                raise nothing
            changes.extend(of_batch(self.connection, found[0]))
            self.append(act, self._inverses(changes))
            self._mark_undone(found[0], changes)

        self.transaction(work)
        return Undone(act=self._original(changes[0]).act, changes=tuple(changes))

    def _inverses(self, changes: Sequence[Logged]) -> list[Change]:
        found = (
            inverse(change, of_thing(self.connection, change.entity_id), state.TABLES[change.entity].unset)
            for change in reversed(changes)
        )
        return [change for change in found if change]

    def _mark_undone(self, batch: str, changes: Sequence[Logged]) -> None:
        """Mark a batch as taken back; one that it had taken back itself stands again."""
        self.connection.execute("UPDATE batch SET undone = 1 WHERE id = ?", (batch,))
        self.connection.execute(
            "UPDATE batch SET undone = 0 WHERE id = (SELECT batch FROM change WHERE id = ?)",
            (changes[0].undoes,),
        )

    def _original(self, change: Logged) -> Logged:
        """Follow an undo to what it undid."""
        while change.undoes:
            sql = "SELECT batch FROM change WHERE id = ?"
            batch = self.connection.execute(sql, (change.undoes,)).fetchone()[0]
            change = next(found for found in of_batch(self.connection, batch) if found.id == change.undoes)
        return change

    def letters(self, names: Iterable[str]) -> dict[str, int]:
        """Return how many letters of each id tell it from all others."""
        with file.translated(self.path):
            return ids.shortest(self.connection, names)

    def find(self, words: str, *entities: str) -> tuple[str, str]:
        """Return the kind and id of the one thing whose id begins like this. Raises UnknownId or AmbiguousId."""
        beginning = ids.typed(words)
        found = [
            (entity, name, text) for entity in entities or NAMED for name, text in self._beginning(entity, beginning)
        ]
        if not found:
            raise UnknownId(words, " or ".join(entities).replace("pain", "pain point") or "thing")
        if len(found) > 1:
            listed = [(name, text) for _, name, text in sorted(found, key=lambda thing: thing[1])]
            letters = self.letters(name for name, _ in listed)
            raise AmbiguousId(words, [(name[: letters[name]], text) for name, text in listed])
        return found[0][0], found[0][1]

    def _beginning(self, entity: str, beginning: str) -> list[tuple[str, str]]:
        if not beginning or set(beginning) - set(ids.ALPHABET):
            return []
        text = "name" if entity == "project" else "text"
        rows = self.rows(
            f"SELECT id, substr({text}, 1, 200) FROM {entity}"
            f" WHERE id >= ? AND id < ? AND deleted IS NULL LIMIT {CANDIDATES}",
            (beginning, beginning + "~"),
        )
        return [(name, words.partition("\n")[0]) for name, words in rows]


def open_journal(path: Path, device: str, clock: Callable[[], datetime], *, write: bool) -> Journal:
    """Open the journal at a path to read or to write it. Raises JournalError."""
    connection = file.open_to_write(path) if write else file.open_to_read(path)
    return Journal(path, connection, device, clock)
