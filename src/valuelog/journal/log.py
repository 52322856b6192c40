"""The append-only log of changes, and the fold that turns changes into state.

A change sets some fields of one entity, or removes it (`fields` is None). A change that sets `created` creates the
entity; setting fields of an entity that does not exist does nothing. Changes are folded in the order of their hybrid
logical clock, which is the same on every machine; `seq` is only their position in this file.
"""

import json
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from sqlite3 import Connection
from typing import Any, NamedTuple

from valuelog.journal.errors import AlteredChange
from valuelog.journal.ids import new_id
from valuelog.model.text import first_line

LARGE_BATCH_SIZE = 1_000
"""A batch of more changes (an import) is not loaded change by change."""

INTERNAL_ENTITIES = frozenset({"asked", "device"})
"""Entity types that users never see: a batch of nothing else is neither listed nor undone."""

IS_VISIBLE = f"c.entity NOT IN ({', '.join(map(repr, INTERNAL_ENTITIES))})"
"""The condition in SQL that a change `c` is about something else."""

Fields = Mapping[str, Any]
"""Plain values by field name, as in `model.fields`."""

Values = Sequence[object] | Mapping[str, object]
"""Parameters of a query: by position (`?`) or by name (`:day`)."""

ReadRows = Callable[[str, Values], list[tuple[Any, ...]]]
"""Returns the rows of a query."""

ERASED = object()
"""The fields of a purged change."""

SALT_SIZE = 16
"""Random bytes that enter the hash of a change, so that short texts can't be guessed from it after a purge."""

MAX_WALL = 253_402_300_799_999
"""The last millisecond of the year 9999. A later time in the log is damage, and no clock continues from it."""

MAX_TICK = 2**31 - 1
"""The last counter of a millisecond; the clock then continues with the next millisecond."""


class Change(NamedTuple):
    """A change to write: the fields it sets, or None to remove the entity."""

    entity: str
    id: str
    fields: Fields | None


TOGGLE_ENTITY = "batch"
"""The entity type of a change that undoes or redoes a batch. (Until schema 5, the changes of an undo wrote values.)"""


class RawChange(NamedTuple):
    """A change as it is stored and hashed, without its device and counter; `fields` is JSON, byte for byte."""

    id: str
    wall: int
    tick: int
    entity: str
    entity_id: str
    batch: str
    act: str
    undoes: str | None
    own_wall: int | None
    fields: str | None
    salt: bytes | None
    erased: bytes | None


class LoggedChange(NamedTuple):
    """A change in the log.

    `undoes` is the batch that it undoes or redoes, `undone` whether its own batch is undone. `wall` is in milliseconds
    since 1970, UTC, and never runs backwards; `tick` orders changes of the same millisecond. `own_wall` is what the
    clock of the device showed.
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
    own_wall: int
    undone: bool

    @property
    def is_active(self) -> bool:
        """Whether it counts in the state of its entity: neither undone nor written by an undo or redo."""
        return not self.undone and self.undoes is None

    @property
    def order_key(self) -> tuple[int, int, str]:
        """Its position in the order of all changes."""
        return self.wall, self.tick, self.id

    @property
    def is_creation(self) -> bool:
        """Whether it creates its entity."""
        return isinstance(self.fields, dict) and "created" in self.fields


class Log:
    """The append-only log of one journal, written by one device."""

    def __init__(self, connection: Connection, device: str) -> None:
        """Write as `device`, the random name of this user on this machine."""
        self._connection = connection
        self._device = device

    def append(self, changes: Sequence[Change], *, batch: str, act: str, undoes: str | None, now: datetime) -> None:
        """Append changes, each hash chained to the device's last one. The caller holds the transaction."""
        number = self._device_number()
        counter, before = self._last_of_device(number)
        own_wall = to_milliseconds(now)
        wall, tick = self._next_timestamp(own_wall)
        salts = os.urandom(SALT_SIZE * len(changes))
        rows = []
        for place, change in enumerate(changes):
            payload, salt = canonical_json(change.fields), salts[SALT_SIZE * place : SALT_SIZE * (place + 1)]
            row = (
                new_id(), self._device, counter + 1 + place, wall, tick + place, change.entity, change.id, batch, act,
                undoes, own_wall,
            )  # fmt: skip
            before = chain_hash(before, row, payload_hash(payload.encode(), salt))
            rows.append((row[0], number, *row[2:], payload, salt, before))
        self._connection.executemany(
            "INSERT INTO change (id, device, counter, wall, tick, entity, entity_id, batch, act, undoes, own_wall,"
            " fields, salt, hash) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            rows,
        )

    def _device_number(self) -> int:
        sql = "SELECT id FROM device WHERE name = ?"
        if row := self._connection.execute(sql, (self._device,)).fetchone():
            return int(row[0])
        self._connection.execute("INSERT INTO device (name) VALUES (?)", (self._device,))
        return self._device_number()

    def _last_of_device(self, number: int) -> tuple[int, bytes]:
        sql = "SELECT counter, hash FROM change WHERE device = ? ORDER BY counter DESC LIMIT 1"
        return self._connection.execute(sql, (number,)).fetchone() or (0, b"")

    def _next_timestamp(self, own_wall: int) -> tuple[int, int]:
        """Return wall time that never runs backwards, and a counter for changes of the same millisecond.

        A hybrid logical clock: S. Kulkarni et al. (2014), Logical Physical Clocks. No device's clock runs
        backwards, so the last change of each device suffices. Times that no clock shows are damage, and ignored.
        """
        sql = (
            "SELECT wall, tick FROM device d CROSS JOIN change c WHERE c.device = d.id AND c.counter ="
            " (SELECT counter FROM change WHERE device = d.id AND wall BETWEEN 0 AND :max_wall"
            " AND tick BETWEEN 0 AND :max_tick ORDER BY counter DESC LIMIT 1) ORDER BY wall DESC, tick DESC LIMIT 1"
        )
        bounds = {"max_wall": MAX_WALL - 1, "max_tick": MAX_TICK}
        wall, tick = self._connection.execute(sql, bounds).fetchone() or (0, 0)
        if own_wall > wall:
            return own_wall, 0
        return (wall, tick + 1) if tick < MAX_TICK // 2 else (wall + 1, 0)


def to_milliseconds(moment: datetime) -> int:
    """Return a time in milliseconds since 1970, UTC."""
    return int(moment.timestamp() * 1000)


def canonical_json(fields: Fields | None) -> str:
    """Encode fields so that equal fields are equal text."""
    return _encode_canonical(fields)


_encode_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


HASHED_COLUMNS = (
    "c.id, d.name, c.counter, c.wall, c.tick, c.entity, c.entity_id, c.batch, c.act, c.undoes, c.own_wall,"
    " CAST(c.fields AS BLOB), c.salt, c.erased"
)
"""The columns of a change `c` of a device `d` that its hash covers, for `hash_row`."""


def hash_row(before: bytes, row: Sequence[Any]) -> bytes:
    """Return the hash that a change must have, from its HASHED_COLUMNS and the hash before it on its device."""
    *metadata, own_wall, payload, salt, erased = row
    if own_wall is not None:  # changes of version 0.1.0 have none
        metadata.append(own_wall)
    return chain_hash(before, metadata, erased if payload is None else payload_hash(payload, salt))


def chain_hash(before: bytes, metadata: Sequence[object], hashed_payload: bytes) -> bytes:
    """Return the hash of a change: over the previous hash, its metadata and the hash of its payload."""
    return sha256_digest(before + json.dumps(metadata).encode() + hashed_payload)


def payload_hash(payload: bytes, salt: bytes | None) -> bytes:
    """Return the hash of the encoded fields of a change; those of version 0.1.0 have no salt."""
    return sha256_digest((salt or b"") + payload)


def sha256_digest(data: bytes) -> bytes:
    """Return the SHA-256 of some bytes."""
    from hashlib import sha256  # noqa: PLC0415  loads OpenSSL, which reading does not need

    return sha256(data).digest()


def list_batch_changes(read_rows: ReadRows, batch_id: str, *, limit: int = -1) -> list[LoggedChange]:
    """Return the first `limit` changes of a batch, or all, in order."""
    first = f"SELECT seq FROM change WHERE batch = ? ORDER BY wall, tick, id LIMIT {limit:d}"
    return _select_changes(read_rows, f"c.seq IN ({first})", batch_id)


def list_entity_changes(read_rows: ReadRows, entity_id: str) -> list[LoggedChange]:
    """Return all changes of an entity, in order."""
    return _select_changes(read_rows, "c.entity_id = ?", entity_id)


def list_toggles(read_rows: ReadRows, batch_id: str) -> list[LoggedChange]:
    """Return the changes that undo or redo a batch, in order."""
    return _select_changes(read_rows, f"c.undoes = ? AND c.entity = '{TOGGLE_ENTITY}'", batch_id)


LOGGED_COLUMNS = (
    f"c.seq, (SELECT undone FROM batch WHERE id = c.batch), c.hash, (SELECT p.hash FROM change p"
    f" WHERE p.device = c.device AND p.counter = c.counter - 1), {HASHED_COLUMNS}"
)
"""The columns of a change `c` of a device `d`, for `read_change`."""


def _select_changes(read_rows: ReadRows, where: str, value: str) -> list[LoggedChange]:
    sql = (
        f"SELECT {LOGGED_COLUMNS} FROM change c LEFT JOIN device d ON d.id = c.device"
        f" WHERE {where} ORDER BY c.wall, c.tick, c.id"
    )
    return [read_change(row) for row in read_rows(sql, (value,))]


def read_change(row: Sequence[Any]) -> LoggedChange:
    """Return the change in a row of LOGGED_COLUMNS. Raises AlteredChange if it isn't what was written."""
    seq, undone, stored_hash, before, *hashed = row
    change_id, _, _, wall, tick, entity, entity_id, batch, act, undoes, own_wall, payload, _, _ = hashed
    if undone is None or stored_hash != hash_row(before or b"", hashed):
        raise AlteredChange(str(entity), str(entity_id))
    return LoggedChange(
        seq=seq, id=change_id, entity=entity, entity_id=entity_id, batch=batch, act=act, undoes=undoes, wall=wall,
        tick=tick, own_wall=wall if own_wall is None else own_wall, undone=bool(undone),
        fields=ERASED if payload is None else json.loads(payload),
    )  # fmt: skip


def fold(field_sets: Iterable[Any]) -> dict[str, Any] | None:
    """Return the state of an entity after changes with these fields, or None if it does not exist."""
    state: dict[str, Any] | None = None
    for fields in field_sets:
        if fields is None:
            state = None
        elif fields is not ERASED and (state is not None or "created" in fields):
            state = {**(state or {}), **fields}
    return state


def fold_active(changes: Iterable[LoggedChange], *, include_creation: bool = False) -> dict[str, Any] | None:
    """Fold the active changes of an entity; `include_creation` counts its creation even if that is undone."""
    return fold(change.fields for change in changes if change.is_active or (include_creation and change.is_creation))


def last_text(changes: Iterable[LoggedChange]) -> str:
    """Return the first line of the text that some changes of an entity set last."""
    text = ""
    for change in changes:
        if isinstance(change.fields, dict):
            text = next(filter(None, map(change.fields.get, ("text", "name", "answer", "value"))), text)
    return first_line(text)
