"""Changes of one journal that the log of another lacks, and those of them that can be appended to it."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from sqlite3 import Connection
from typing import Any, NamedTuple

from valuelog.journal.erasure import PURGE_ACT, erase_arrived
from valuelog.journal.ids import new_id
from valuelog.journal.log import INTERNAL_ENTITIES, hash_row
from valuelog.journal.merge import recompute, records_of_batches, refresh_batches
from valuelog.journal.projection import LOG_ONLY_ENTITIES, TABLES
from valuelog.journal.restore.partial_reads import iter_readable_rows, list_columns
from valuelog.journal.tables_check import differs_from_log

_METADATA = ("counter", "wall", "tick", "entity", "entity_id", "batch", "act", "undoes")
"""The columns that a change's hash covers, behind its id and device, and before those of later schemas."""

_MAX_WALL = 253_370_764_800_000
"""The year 9999, in milliseconds since 1970."""


class StoredChange(NamedTuple):
    """A row of the log as it is stored: the name of its device, and its other columns except `seq`."""

    device: str
    columns: Mapping[str, Any]

    @property
    def counter(self) -> int:
        """The place in the log of its device; 0 if that is unreadable."""
        counter = self.columns["counter"]
        return counter if isinstance(counter, int) else 0

    @property
    def wall(self) -> int:
        """The time on the clock of its device, in milliseconds since 1970, UTC; 0 if that is unreadable."""
        times = (self.columns.get("own_wall"), self.columns["wall"])
        return next((time for time in times if isinstance(time, int) and 0 <= time < _MAX_WALL), 0)

    @property
    def day(self) -> date | None:
        """The day that it sets, as a new entry does."""
        try:
            return date.fromisoformat(json.loads(self.columns["fields"])["day"])
        except (TypeError, ValueError, LookupError):
            return None

    @property
    def is_visible(self) -> bool:
        """Whether it is about something that users see."""
        return self.columns["entity"] not in {*INTERNAL_ENTITIES, *LOG_ONLY_ENTITIES}


class MissingChanges(NamedTuple):
    """The changes that a log lacks: those that can be appended to it undamaged, and all others."""

    continuing: tuple[StoredChange, ...] = ()
    others: tuple[StoredChange, ...] = ()


def find_missing_changes(log: Connection, other: Connection) -> MissingChanges:
    """Return the readable changes of another log that a log lacks.

    Per device, those continue it whose counters follow its last one, up to the first that is missing or altered. Where
    both logs went on under the same counters, the changes of the other one continue it as those of a new device.
    """
    known = {row[0] for row in log.execute("SELECT hash FROM change")}
    missing = sorted(
        (change for change in _read_changes(log, other) if change.columns["hash"] not in known),
        key=lambda change: (change.device, change.counter),
    )
    continuing: list[StoredChange] = []
    others: list[StoredChange] = []
    for device, changes in groupby(missing, key=lambda change: change.device):
        listed = list(changes)
        chain = _find_chain(log, listed)
        is_branch = bool(chain) and chain[0].counter <= _last_of_device(log, device)[0]
        continuing += _renumber(chain) if is_branch else chain
        others += listed[len(chain) :] if chain else listed
    return MissingChanges(tuple(sorted(continuing, key=_order_key)), tuple(others))


def _read_changes(log: Connection, other: Connection) -> Iterator[StoredChange]:
    """Yield the readable changes of another log; for unreadable names of devices, those of this log are tried."""
    names = dict(log.execute("SELECT id, name FROM device"))
    names |= dict(iter_readable_rows(other, "device", ["id", "name"], "id"))
    columns = [name for name in list_columns(other, "change") if name not in {"seq", "device"}]
    for device, *values in iter_readable_rows(other, "change", ["device", *columns], "seq"):
        yield StoredChange(str(names.get(device, "")), dict(zip(columns, values, strict=True)))


def _find_chain(log: Connection, changes: list[StoredChange]) -> list[StoredChange]:
    """Return the first of some changes of one device, as long as each fits the one before it, in the log or here."""
    counter = changes[0].counter - 1
    before = _hash_at(log, changes[0].device, counter)
    chain: list[StoredChange] = []
    for change in changes:
        if change.counter != counter + 1 or change.columns["hash"] != _expected_hash(before, change):
            break
        counter, before = change.counter, change.columns["hash"]
        chain.append(change)
    return chain


def _renumber(chain: list[StoredChange]) -> list[StoredChange]:
    """Return changes as those of a new device."""
    device, before = new_id(), b""
    renumbered: list[StoredChange] = []
    for counter, change in enumerate(chain, 1):
        moved = StoredChange(device, {**change.columns, "counter": counter})
        before = _expected_hash(before, moved)
        renumbered.append(StoredChange(device, {**moved.columns, "hash": before}))
    return renumbered


def _hash_at(log: Connection, device: str, counter: int) -> bytes:
    sql = "SELECT hash FROM change WHERE device = (SELECT id FROM device WHERE name = ?) AND counter = ?"
    row = log.execute(sql, (device, counter)).fetchone()
    return row[0] if row else b""


def _last_of_device(log: Connection, device: str) -> tuple[int, bytes]:
    sql = (
        "SELECT counter, hash FROM change WHERE device = (SELECT id FROM device WHERE name = ?)"
        " ORDER BY counter DESC LIMIT 1"
    )
    return log.execute(sql, (device,)).fetchone() or (0, b"")


def _expected_hash(before: bytes, change: StoredChange) -> bytes:
    """Return the hash that a change has unless it was altered; an empty one if its columns have wrong types."""
    columns = change.columns
    try:
        fields = columns["fields"]
        payload = None if fields is None else fields.encode(errors="surrogateescape")
        more = (columns.get("own_wall"), payload, columns.get("salt"), columns["erased"])
        return hash_row(before, (columns["id"], change.device, *(columns[name] for name in _METADATA), *more))
    except (TypeError, AttributeError, ValueError):
        return b""


def _order_key(change: StoredChange) -> tuple[Any, ...]:
    return change.columns["wall"], change.columns["tick"], change.columns["id"]


def append_changes(connection: Connection, changes: Iterable[StoredChange]) -> bool:
    """Append changes to a log as they are, and derive the tables from it. The caller holds the transaction.

    Words of what is purged in either log are erased; return whether there were any.
    """
    listed = list(changes)
    for change in listed:
        _insert_change(connection, change)
    toggled = {change.columns["undoes"] for change in listed} - {None}
    refresh_batches(connection, {change.columns["batch"] for change in listed} | toggled)
    records = {*_entities_of(listed)} | records_of_batches(connection, toggled)
    result = recompute(connection, records, purged=[_entity_of(change) for change in listed if _purges(change)])
    return bool(erase_arrived(connection, result.purged, records))


def find_append_problems(connection: Connection, changes: Iterable[StoredChange]) -> Iterator[str]:
    """Yield a sentence about each reference and each entity that appended changes left inconsistent."""
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table} refers to a {parent} that does not exist"
    for entity, entity_id in _entities_of(changes):
        if differs_from_log(connection, entity, entity_id):
            yield f"{entity} {entity_id} does not match its changes"


def _entities_of(changes: Iterable[StoredChange]) -> list[tuple[str, str]]:
    """Return the type and id of each entity that some changes are about and that has a table."""
    entities = (_entity_of(change) for change in changes)
    return [each for each in dict.fromkeys(entities) if each[0] in TABLES]


def _entity_of(change: StoredChange) -> tuple[str, str]:
    return change.columns["entity"], change.columns["entity_id"]


def _purges(change: StoredChange) -> bool:
    is_purge = change.columns["act"] == PURGE_ACT and change.columns["fields"] == "null"
    return change.columns["entity"] in TABLES and (is_purge or change.columns["fields"] is None)


def _insert_change(connection: Connection, change: StoredChange) -> None:
    connection.execute("INSERT OR IGNORE INTO device (name) VALUES (?)", (change.device,))
    marks = ", ".join("?" * len(change.columns))
    connection.execute(
        f"INSERT INTO change (seq, device, {', '.join(change.columns)}) VALUES"
        f" ((SELECT ifnull(max(seq), 0) + 1 FROM change), (SELECT id FROM device WHERE name = ?), {marks})",
        (change.device, *change.columns.values()),
    )
