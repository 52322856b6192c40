"""What one journal has that another lacks: entries by day, and everything else by number."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from operator import itemgetter
from sqlite3 import Connection
from typing import Any, NamedTuple

from valuelog.journal.erasure import PURGE_ACT
from valuelog.journal.log import fold
from valuelog.journal.projection import TABLES
from valuelog.journal.restore.partial_reads import iter_readable_rows, list_columns

_COMPARED_COLUMNS = ("day", "kind", "text", "minutes", "evidence")
"""The columns of an entry that every schema has, and whose change a person would notice."""

OTHER_ENTITIES = ("pain", "project", "promise", "reflection", "sighting", "measurement", "day_off")
"""What is counted besides entries."""

_READ_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What reading a damaged table raises."""


class DayDifference(NamedTuple):
    """A day: its entries that only the first journal has, that only the second has, and that differ."""

    day: date
    gained: int
    lost: int
    changed: int


class OtherDifference(NamedTuple):
    """A type of entity: how many only the first journal has, and how many only the second."""

    entity: str
    gained: int
    lost: int


class Comparison(NamedTuple):
    """The differences of two journals, days in order. `is_partial` if not all of the second could be read."""

    days: tuple[DayDifference, ...] = ()
    others: tuple[OtherDifference, ...] = ()
    is_partial: bool = False

    @property
    def gained(self) -> int:
        """The number of entries that only the first journal has."""
        return sum(day.gained for day in self.days)

    @property
    def lost(self) -> int:
        """The number of entries that only the second journal has."""
        return sum(day.lost for day in self.days)

    @property
    def changed(self) -> int:
        """The number of entries that differ."""
        return sum(day.changed for day in self.days)


def compare_journals(first: Connection, second: Connection | None) -> Comparison:
    """Compare an undamaged journal of the current schema with one that may be damaged, of an older schema or missing.

    Writes a temporary table into the first one's connection.
    """
    first.execute("PRAGMA temp_store = MEMORY")  # the words of a journal don't belong into a folder for everyone
    first.create_function("fingerprint", -1, lambda *values: hash(values), deterministic=True)
    first.execute("DROP TABLE IF EXISTS temp.other")
    first.execute("CREATE TEMP TABLE other (id TEXT PRIMARY KEY, day TEXT, print INTEGER) WITHOUT ROWID")
    is_partial = False
    if second is not None:
        rows, is_partial = _read_entries(second)
        first.executemany("INSERT OR IGNORE INTO other VALUES (?, ?, ?)", rows)
    others = () if second is None or is_partial else tuple(_compare_others(first, second))
    if second is None:
        others = tuple(
            OtherDifference(entity, len(_existing_keys(first, entity)), 0)
            for entity in OTHER_ENTITIES
            if _existing_keys(first, entity)
        )
    return Comparison(tuple(_compare_days(first)), others, is_partial)


def _compare_days(first: Connection) -> Iterator[DayDifference]:
    own = f"(SELECT id, day, fingerprint({', '.join(_COMPARED_COLUMNS)}) AS print FROM entry WHERE deleted IS NULL)"
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for what, sql in (
        ("gained", f"SELECT day FROM {own} WHERE id NOT IN (SELECT id FROM other)"),
        ("lost", "SELECT day FROM other WHERE id NOT IN (SELECT id FROM entry WHERE deleted IS NULL)"),
        ("changed", f"SELECT e.day FROM {own} e JOIN other o ON o.id = e.id WHERE e.print <> o.print"),
    ):
        for day, count in first.execute(f"SELECT day, count(*) FROM ({sql}) GROUP BY day"):
            counts[day][what] += count
    for day in sorted(filter(_is_day, counts)):
        number = counts[day]
        yield DayDifference(date.fromisoformat(day), number["gained"], number["lost"], number["changed"])


def _is_day(text: object) -> bool:
    try:
        return bool(date.fromisoformat(str(text)))
    except ValueError:
        return False


def _read_entries(connection: Connection) -> tuple[list[tuple[str, str, int]], bool]:
    """Return id, day and fingerprint of each entry that can be read; and whether some can't be.

    In a damaged file, the log adds the entries whose row is lost.
    """
    columns = f"id, deleted, {', '.join(_COMPARED_COLUMNS)}"
    try:
        rows = connection.execute(f"SELECT {columns} FROM entry").fetchall()
        connection.execute("SELECT max(length(hash)) FROM change").fetchone()
    except _READ_ERRORS:
        partial = iter_readable_rows(connection, "entry", columns.split(", "), "place")
        states = {**_fold_readable_log(connection), **{row[0]: row[1:] for row in partial}}
        rows = [(entry_id, *values) for entry_id, values in states.items()]
        return list(_describe_rows(rows)), True
    return list(_describe_rows(rows)), False


def _describe_rows(rows: list[tuple[Any, ...]]) -> Iterator[tuple[str, str, int]]:
    for entry_id, deleted, *values in rows:
        if deleted is None and isinstance(entry_id, str) and entry_id.isascii() and _is_day(values[0]):
            yield entry_id, str(values[0]), hash(tuple(values))


def _fold_readable_log(connection: Connection) -> dict[str, tuple[Any, ...]]:
    """Return the entries that the readable part of a log adds up to."""
    needed = ("entity", "entity_id", "fields", "wall", "tick", "id", "batch", "act", "undoes")
    if not {*needed} <= {*list_columns(connection, "change")}:
        return {}
    by_entry: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    last_acts: dict[Any, tuple[Any, ...]] = {}
    for row in iter_readable_rows(connection, "change", needed, "seq"):
        entity, entity_id, fields, wall, tick, change_id, batch, act, undoes = row
        if not (isinstance(fields, str) and isinstance(wall, int) and isinstance(tick, int)):
            continue
        if undoes is not None:
            last_acts[undoes] = max(last_acts.get(undoes, ()), (wall, tick, str(change_id), act))
        elif entity == "entry":
            by_entry[str(entity_id)].append((wall, tick, str(change_id), batch, fields))
    undone = {batch for batch, last in last_acts.items() if last[-1] == "undo"}
    folded = {entry_id: fold(_parse_fields(changes, undone)) for entry_id, changes in by_entry.items()}
    defaults = TABLES["entry"].defaults
    return {
        entry_id: tuple({**defaults, **state}.get(name) for name in ("deleted", *_COMPARED_COLUMNS))
        for entry_id, state in folded.items()
        if state is not None
    }


def _parse_fields(changes: list[tuple[Any, ...]], undone: set[Any]) -> Iterator[dict[str, Any] | None]:
    for *_, batch, fields in sorted(changes, key=itemgetter(0, 1, 2)):
        if batch in undone:
            continue
        try:
            parsed = json.loads(fields)
        except ValueError:
            continue
        if parsed is None or isinstance(parsed, dict):
            yield parsed


def _compare_others(first: Connection, second: Connection) -> Iterator[OtherDifference]:
    for entity in OTHER_ENTITIES:
        try:
            theirs = _existing_keys(second, entity)
        except _READ_ERRORS:
            continue  # a schema without this table, or a damaged one
        ours = _existing_keys(first, entity)
        if ours != theirs:
            yield OtherDifference(entity, len(ours - theirs), len(theirs - ours))


def _existing_keys(connection: Connection, entity: str) -> set[str]:
    return {row[0] for row in connection.execute(f"SELECT {TABLES[entity].key} FROM {entity} WHERE deleted IS NULL")}


def count_erased(copy: Connection, present: Connection) -> int:
    """Return how many entities that were purged in the present journal have their words in a copy."""
    purged = "SELECT DISTINCT entity_id FROM change WHERE act = ? AND fields = 'null'"
    has_words = (
        "SELECT count(DISTINCT entity_id) FROM change WHERE entity_id IN (SELECT value FROM json_each(?))"
        " AND fields IS NOT NULL AND fields <> 'null'"
    )
    with suppress(*_READ_ERRORS):
        ids = [row[0] for row in present.execute(purged, (PURGE_ACT,))]
        return int(copy.execute(has_words, (json.dumps(ids),)).fetchone()[0])
    return 0
