"""The log: changes that are appended and never rewritten, and what they add up to.

A change sets some fields of one thing, or removes it (its fields are then none). A change that sets `created` brings
a thing into being; setting fields of a thing that is not there does nothing. Changes are added up in the order of
their clock, which is the same on every machine that has them; `seq` is only where they stand in this file.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from sqlite3 import Connection
from typing import Any, NamedTuple

from valuelog.journal.ids import new_id
from valuelog.model.text import first_line

LARGE_BATCH_SIZE = 1_000
"""A batch of more changes (an import) is not loaded change by change."""

Fields = Mapping[str, Any]
"""What a change sets: names of columns, and lists for people and tags."""

Values = Sequence[object] | Mapping[str, object]
"""What a query's placeholders stand for: by place (`?`) or by name (`:day`)."""

ReadRows = Callable[[str, Values], list[tuple[Any, ...]]]
"""Returns the rows of a query."""

ERASED = object()
"""Stands for the fields of a change whose words were purged."""


class Change(NamedTuple):
    """A change to be written: what it sets, or none to remove the thing."""

    entity: str
    id: str
    fields: Fields | None


class LoggedChange(NamedTuple):
    """A change as it stands in the log.

    `undoes` names the batch that it takes back or makes again. `undone` tells whether its own batch was taken back.
    `wall` is in milliseconds since 1970, UTC.
    """

    seq: int
    id: str
    entity: str
    entity_id: str
    fields: Any
    batch: str
    act: str
    undoes: str | None
    wall: int
    tick: int
    undone: bool

    @property
    def is_active(self) -> bool:
        """Whether somebody made this change and has not taken it back."""
        return not self.undone and self.undoes is None

    @property
    def order_key(self) -> tuple[int, int, str]:
        """Its place in the order of all changes."""
        return self.wall, self.tick, self.id

    @property
    def is_creation(self) -> bool:
        """Whether it brings its thing into being."""
        return isinstance(self.fields, dict) and "created" in self.fields


class Log:
    """The append-only log of one journal, written by one device."""

    def __init__(self, connection: Connection, device: str) -> None:
        """Write as `device`, the random name of this machine's user."""
        self._connection = connection
        self._device = device

    def append(self, changes: Iterable[Change], *, batch: str, act: str, undoes: str | None, now: datetime) -> None:
        """Write changes at the end, each chained to the device's last. The caller holds the transaction."""
        number = self._device_number()
        counter, before = self._last_of_device(number)
        wall, tick = self._next_moment(now)
        rows = []
        for place, change in enumerate(changes):
            payload = canonical_json(change.fields)
            row = (
                new_id(), self._device, counter + 1 + place, wall, tick + place, change.entity, change.id, batch, act,
                undoes,
            )  # fmt: skip
            before = chain_hash(before, row, sha256_digest(payload.encode()))
            rows.append((row[0], number, *row[2:], payload, before))
        self._connection.executemany(
            "INSERT INTO change (id, device, counter, wall, tick, entity, entity_id, batch, act, undoes, fields, hash)"
            " VALUES (?,?,?,?,?,?,?,?,?,?,?,?)",
            rows,
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

        A hybrid logical clock: S. Kulkarni et al. (2014), Logical Physical Clocks. No device's own runs backwards, so
        that the last change of each is enough to look at.
        """
        sql = (
            "SELECT wall, tick FROM device d CROSS JOIN change c WHERE c.device = d.id AND c.counter ="
            " (SELECT max(counter) FROM change WHERE device = d.id) ORDER BY wall DESC, tick DESC LIMIT 1"
        )
        wall, tick = self._connection.execute(sql).fetchone() or (0, 0)
        current = int(now.timestamp() * 1000)
        return (current, 0) if current > wall else (wall, tick + 1)


def canonical_json(fields: Fields | None) -> str:
    """Write fields so that the same fields are always the same text."""
    return _encode_canonical(fields)


_encode_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def chain_hash(before: bytes, row: tuple[object, ...], payload_hash: bytes) -> bytes:
    """Return the hash of a change: over the hash before it, all that it says of itself, and its payload's hash."""
    return sha256_digest(before + json.dumps(row).encode() + payload_hash)


def sha256_digest(data: bytes) -> bytes:
    """Return the SHA-256 of some bytes."""
    from hashlib import sha256  # noqa: PLC0415  loads all of OpenSSL, and reading needs none of it

    return sha256(data).digest()


def list_batch_changes(read_rows: ReadRows, batch_id: str, *, limit: int = -1) -> list[LoggedChange]:
    """Return the changes of a batch, or the first of them, in order."""
    first = f"SELECT seq FROM change WHERE batch = ? ORDER BY wall, tick, id LIMIT {limit:d}"
    return _select_changes(read_rows, f"c.seq IN ({first})", batch_id)


def list_entity_changes(read_rows: ReadRows, entity_id: str) -> list[LoggedChange]:
    """Return every change of one thing, in order."""
    return _select_changes(read_rows, "c.entity_id = ?", entity_id)


def _select_changes(read_rows: ReadRows, where: str, value: str) -> list[LoggedChange]:
    sql = (
        "SELECT c.seq, c.id, c.entity, c.entity_id, c.fields, c.batch, c.act, c.undoes, c.wall, c.tick, b.undone"
        f" FROM change c JOIN batch b ON b.id = c.batch WHERE {where} ORDER BY c.wall, c.tick, c.id"
    )
    return [_change_from_row(row) for row in read_rows(sql, (value,))]


def _change_from_row(row: tuple[Any, ...]) -> LoggedChange:
    seq, name, entity, entity_id, fields, batch, act, undoes, wall, tick, undone = row
    return LoggedChange(
        seq=seq, id=name, entity=entity, entity_id=entity_id, batch=batch, act=act, undoes=undoes, wall=wall,
        tick=tick, undone=bool(undone), fields=ERASED if fields is None else json.loads(fields),
    )  # fmt: skip


def fold(field_sets: Iterable[Any]) -> dict[str, Any] | None:
    """Add the fields of a thing's changes up: what it is, or none if it is not there."""
    state: dict[str, Any] | None = None
    for fields in field_sets:
        if fields is None:
            state = None
        elif fields is not ERASED and (state is not None or "created" in fields):
            state = {**(state or {}), **fields}
    return state


def fold_active(changes: Iterable[LoggedChange], *, include_creation: bool = False) -> dict[str, Any] | None:
    """Add up what nobody took back of a thing's changes; if it is needed, its beginning counts in any case."""
    return fold(change.fields for change in changes if change.is_active or (include_creation and change.is_creation))


def diff_fields(current: Fields | None, target: Fields | None, initial_fields: Fields) -> Fields | None:
    """Return the fields that make one state of a thing another: none to remove it, empty if it stays as it is.

    `unset` is what each field is while nothing has set it.
    """
    if current is None or target is None:
        return {} if current is target else target
    before, after = {**initial_fields, **current}, {**initial_fields, **target}
    return {name: after[name] for name in current.keys() | target.keys() if before[name] != after[name]}


def last_text(changes: Iterable[LoggedChange]) -> str:
    """Return the first line of what some changes of a thing last said of it."""
    text = ""
    for change in changes:
        if isinstance(change.fields, dict):
            text = next(filter(None, map(change.fields.get, ("text", "name", "answer"))), text)
    return first_line(text)
