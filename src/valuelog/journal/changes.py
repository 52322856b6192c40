"""The log: changes that are appended and never rewritten, what they add up to, and how one is taken back.

A change sets some fields of one thing, or removes it (its fields are then none). A change that sets `created` brings
a thing into being; setting fields of a thing that is not there does nothing.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from sqlite3 import Connection
from typing import Any

from valuelog.journal.ids import new_id

Fields = Mapping[str, Any]
"""What a change sets: names of columns, and lists for people and tags."""

ERASED = object()
"""Stands for the fields of a change whose words were purged."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A change to be written: what it sets, or none to remove the thing."""

    entity: str
    id: str
    fields: Fields | None
    undoes: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Logged:
    """A change as it stands in the log. `wall` is in milliseconds since 1970, UTC."""

    seq: int
    id: str
    entity: str
    entity_id: str
    fields: Any
    batch: str
    act: str
    undoes: str | None
    wall: int


class Log:
    """The append-only log of one journal, written by one device."""

    def __init__(self, connection: Connection, device: str) -> None:
        """Write as `device`, the random name of this machine's user."""
        self._connection = connection
        self._device = device

    def append(self, change: Change, *, batch: str, act: str, now: datetime) -> None:
        """Write one change at the end, chained to the device's last. The caller holds the transaction."""
        number = self._device_number()
        counter, before = self._last_of_device(number)
        wall, tick = self._next_moment(now)
        payload = canonical(change.fields)
        name, payload_hash = new_id(), sha256(payload.encode()).digest()
        row = (name, self._device, counter + 1, wall, tick, change.entity, change.id, batch, act, change.undoes)
        self._connection.execute(
            "INSERT INTO change (id, device, counter, wall, tick, entity, entity_id, batch, act, undoes, fields,"
            " payload_hash, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            (name, number, *row[2:], payload, payload_hash, chained(before, row, payload_hash)),
        )

    def _device_number(self) -> int:
        sql = "SELECT id FROM device WHERE name = ?"
        if found := self._connection.execute(sql, (self._device,)).fetchone():
            return int(found[0])
        self._connection.execute("INSERT INTO device (name) VALUES (?)", (self._device,))
        return self._device_number()

    def _last_of_device(self, number: int) -> tuple[int, bytes]:
        sql = "SELECT counter, hash FROM change WHERE device = ? ORDER BY counter DESC LIMIT 1"
        return self._connection.execute(sql, (number,)).fetchone() or (0, b"")

    def _next_moment(self, now: datetime) -> tuple[int, int]:
        """Return wall time that never runs backwards, and a counter for changes of the same millisecond.

        A hybrid logical clock: S. Kulkarni et al. (2014), Logical Physical Clocks.
        """
        sql = "SELECT wall, tick FROM change ORDER BY seq DESC LIMIT 1"
        wall, tick = self._connection.execute(sql).fetchone() or (0, 0)
        current = int(now.timestamp() * 1000)
        return (current, 0) if current > wall else (wall, tick + 1)


def canonical(fields: Fields | None) -> str:
    """Write fields so that the same fields are always the same text."""
    return json.dumps(fields, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def chained(before: bytes, row: tuple[object, ...], payload_hash: bytes) -> bytes:
    """Return the hash of a change: over the hash before it, all that it says of itself, and its payload's hash."""
    return sha256(before + json.dumps(row).encode() + payload_hash).digest()


def of_batch(connection: Connection, batch: str) -> list[Logged]:
    """Return the changes of a batch, in order."""
    return _logged(connection, "batch = ?", batch)


def of_thing(connection: Connection, entity_id: str) -> list[Logged]:
    """Return every change of one thing, in order."""
    return _logged(connection, "entity_id = ?", entity_id)


def _logged(connection: Connection, where: str, value: str) -> list[Logged]:
    sql = f"SELECT seq, id, entity, entity_id, fields, batch, act, undoes, wall FROM change WHERE {where} ORDER BY seq"
    return [logged(row) for row in connection.execute(sql, (value,)).fetchall()]


def logged(row: tuple[Any, ...]) -> Logged:
    """Read a row of the log."""
    seq, name, entity, entity_id, fields, batch, act, undoes, wall = row
    return Logged(
        seq=seq, id=name, entity=entity, entity_id=entity_id, batch=batch, act=act, undoes=undoes, wall=wall,
        fields=ERASED if fields is None else json.loads(fields),
    )  # fmt: skip


def fold(changes: Iterable[Logged]) -> dict[str, Any] | None:
    """Add the changes of one thing up: its fields, or none if it is not there."""
    state: dict[str, Any] | None = None
    for change in changes:
        state = folded(state, change.fields)
    return state


def folded(state: dict[str, Any] | None, fields: Any) -> dict[str, Any] | None:  # noqa: ANN401  JSON, none or ERASED
    """Add one change to what a thing is."""
    if fields is None:
        return None
    if fields is ERASED or (state is None and "created" not in fields):
        return state
    return {**(state or {}), **fields}


def inverse(change: Logged, history: Iterable[Logged], defaults: Fields) -> Change | None:
    """Return the change that takes another back, given all changes of the same thing; none where nothing is left.

    A field that was not set before goes back to its default.
    """
    if change.fields is ERASED:
        return None
    before = fold(earlier for earlier in history if earlier.seq < change.seq)
    if before is not None and change.fields is not None:
        fields: Fields | None = {name: before.get(name, defaults.get(name)) for name in change.fields}
    else:
        fields = before
    return Change(entity=change.entity, id=change.entity_id, fields=fields, undoes=change.id)
