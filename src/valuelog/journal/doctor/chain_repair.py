"""Finds what altered and missing changes of the log were: only what fits the hash chain is ever put back.

A single flipped bit needs no backup: of all rows that differ in one bit, only the original has the stored hash.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from sqlite3 import Connection
from typing import Any

from valuelog.journal.hash_chain import (
    Row,
    bindable,
    decode_text,
    encode_metadata,
    encode_text,
    expected_hash,
    read_log,
    select_rows,
)

MAX_PAYLOAD_SIZE = 5_000
"""Of longer fields not every bit is tried."""

MAX_GAP = 10_000
"""In a wider gap only the first missing changes are looked for."""

_TEXT_COLUMNS = ("id", "entity", "entity_id", "batch", "act", "undoes")
_INTEGER_COLUMNS = ("counter", "wall", "tick", "own_wall")
_BLOB_COLUMNS = ("erased", "salt")


@dataclass(kw_only=True)
class ChainPlan:
    """How the chain becomes sound: `originals` replace or add rows, `strays` are at a wrong place, by `seq`.

    `renamed_devices` maps damaged names to right ones. `unresolved` are altered rows without an original, `lost` is
    the number of missing changes.
    """

    originals: dict[int, Row] = field(default_factory=dict)
    strays: list[int] = field(default_factory=list)
    renamed_devices: dict[str, str] = field(default_factory=dict)
    unresolved: list[Row] = field(default_factory=list)
    lost: int = 0

    @property
    def is_complete(self) -> bool:
        """Whether the whole chain fits after this."""
        return not self.unresolved and not self.lost


def plan_chain_repair(connection: Connection, sources: Sequence[Connection], *, last_seq: int = 0) -> ChainPlan:
    """Walk along the log and look for the original of whatever doesn't fit, in the row itself and in backups.

    `last_seq` is the last change that there was, if that isn't the last one in the log.
    """
    return _Planner(connection, sources).run(last_seq)


class _Planner:
    def __init__(self, connection: Connection, sources: Sequence[Connection]) -> None:
        self._connection, self._sources = connection, sources
        self._heads: dict[Any, bytes] = {}
        self._counters: dict[Any, int] = {}
        self._moved: set[Any] = set()
        self._lost_before: dict[Any, int] = {}
        self._plan = ChainPlan()

    def run(self, end: int) -> ChainPlan:
        """Walk along the log, and on to a last `seq`."""
        last_seq = 0
        for chunk in read_log(self._connection):
            for stored in chunk:
                if stored.id in self._moved:
                    self._plan.strays.append(stored.seq)
                    continue
                self._fill_gap(last_seq, stored.seq)
                self._check(stored)
                last_seq = stored.seq
        self._fill_gap(last_seq, end + 1)
        return self._plan

    def _check(self, stored: Row) -> None:
        row = stored._replace(device=self._plan.renamed_devices.get(stored.device, stored.device))
        if row.hash != expected_hash(self._heads.get(row.device, b""), row):
            original = self._find_original(row)
            if original is None and self._follows_gap(row):
                original = row
            if original is None:
                self._plan.unresolved.append(row)
            elif original != row:
                self._plan.originals[row.seq] = original
            row = original or row
        self._advance(row)

    def _advance(self, row: Row) -> None:
        self._heads[row.device] = row.hash if isinstance(row.hash, bytes) else b""
        self._counters[row.device] = row.counter if isinstance(row.counter, int) else 0
        self._lost_before[row.device] = self._plan.lost

    def _follows_gap(self, row: Row) -> bool:
        """Return True if a change doesn't fit only because the one before it is lost: the next one fits it."""
        if self._plan.lost == self._lost_before.get(row.device, 0):
            return False
        condition, values = "d.name = ? AND c.counter = ?", (bindable(row.device), _next_counter(row))
        following = select_rows(self._connection, condition, values)
        return not following or following[0].hash == expected_hash(row.hash, following[0])

    # Missing changes

    def _fill_gap(self, last: int, following: Any) -> None:  # noqa: ANN401  a value from a damaged file
        if not isinstance(following, int):
            return
        for seq in range(last + 1, following):
            row = self._find_missing(seq)
            if row is None:
                self._plan.lost += 1 if following - last <= MAX_GAP else 0
                if following - last > MAX_GAP:
                    self._plan.lost += 1
                    return
            else:
                self._plan.originals[seq] = row
                self._advance(row)

    def _find_missing(self, seq: int) -> Row | None:
        """Return a missing change: from a backup, or from the log, where it has another `seq`."""
        for row in self._candidates("c.seq = ?", (seq,)):
            if self._fits(row):
                return row
        for device, counter in list(self._counters.items()):
            for row in select_rows(self._connection, "d.name = ? AND c.counter = ?", (bindable(device), counter + 1)):
                if row.seq != seq and self._fits(row):
                    self._moved.add(row.id)
                    return row._replace(seq=seq)
        return None

    def _fits(self, row: Row) -> bool:
        return bool(row.hash == expected_hash(self._heads.get(row.device, b""), row))

    def _candidates(self, condition: str, values: tuple[object, ...]) -> Iterator[Row]:
        for source in self._sources:
            with suppress(sqlite3.DatabaseError, OverflowError):
                yield from select_rows(source, condition, values)

    # Altered changes

    def _find_original(self, row: Row) -> Row | None:
        """Return what an altered change was, if something fits the chain."""
        before = self._heads.get(row.device, b"")
        for candidate in self._candidates("c.seq = ?", (row.seq,)):
            if self._fits(candidate) and (candidate.hash == row.hash or candidate.id == row.id):
                return candidate
        counted = row._replace(counter=self._counters.get(row.device, 0) + 1)
        return (
            (counted if self._fits(counted) else None)
            or self._find_hash(before, row)
            or self._find_device(row)
            or next((each for each in one_bit_variants(before, row) if _is_storable(each)), None)
        )

    def _find_hash(self, before: bytes, row: Row) -> Row | None:
        """Return the row with the right hash if only the hash was altered."""
        right = expected_hash(before, row)
        if right is None or not isinstance(row.hash, bytes):
            return None
        if _distance(right, row.hash) == 1:
            return row._replace(hash=right)
        following = select_rows(
            self._connection, "d.name = ? AND c.counter = ?", (bindable(row.device), _next_counter(row))
        )
        is_continued = bool(following) and following[0].hash == expected_hash(right, following[0])
        return row._replace(hash=right) if is_continued else None

    def _find_device(self, row: Row) -> Row | None:
        """Return the row with another device, whose chain it fits; a new name may be a damaged one."""
        is_new = isinstance(row.device, str) and row.device not in self._heads
        names = [*self._heads, *(_flip_text(row.device) if is_new else ()), *self._known_devices()]
        for name in names:
            candidate = row._replace(device=name)
            if self._fits(candidate):
                if is_new:
                    self._plan.renamed_devices[row.device] = name
                return candidate
        return None

    def _known_devices(self) -> Iterator[str]:
        """Yield the names of devices that the backups have."""
        for source in self._sources:
            with suppress(sqlite3.DatabaseError):
                yield from (name for (name,) in source.execute("SELECT name FROM device").fetchall())


def one_bit_variants(before: bytes, row: Row) -> Iterator[Row]:
    """Yield the rows that differ from a row in one bit and fit the chain: at most one, unless SHA-256 is broken."""
    for variant in _metadata_variants(row):
        if expected_hash(before, variant) == row.hash:
            yield variant
    if isinstance(row.fields, str):
        yield from _payload_variants(before, row)


def _metadata_variants(row: Row) -> Iterator[Row]:
    for name in _TEXT_COLUMNS:
        yield from (row._replace(**{name: text}) for text in _flip_text(getattr(row, name)))
    for name in _INTEGER_COLUMNS:
        if isinstance(value := getattr(row, name), int):
            yield from (row._replace(**{name: value ^ (1 << bit)}) for bit in range(63))
    for name in _BLOB_COLUMNS:
        if isinstance(value := getattr(row, name), bytes):
            yield from (row._replace(**{name: flipped}) for flipped in _flip_bytes(value))


def _payload_variants(before: bytes, row: Row) -> Iterator[Row]:
    payload = encode_text(row.fields)
    if len(payload) > MAX_PAYLOAD_SIZE:
        return
    try:
        start, salt = before + encode_metadata(row.metadata), row.salt or b""
        for flipped in _flip_bytes(payload):
            if sha256(start + sha256(salt + flipped).digest()).digest() == row.hash:
                yield row._replace(fields=decode_text(flipped))
    except (TypeError, ValueError):
        return


def _flip_bytes(value: bytes) -> Iterator[bytes]:
    raw = bytearray(value)
    for place in range(len(raw)):
        for bit in range(8):
            raw[place] ^= 1 << bit
            yield bytes(raw)
            raw[place] ^= 1 << bit


def _flip_text(text: Any) -> Iterator[str]:  # noqa: ANN401  a value from a damaged file
    if isinstance(text, str) and len(text) < MAX_PAYLOAD_SIZE:
        yield from map(decode_text, _flip_bytes(encode_text(text)))


def _is_storable(row: Row) -> bool:
    return all(bindable(value) is value for value in row)


def _distance(one: bytes, other: bytes) -> int:
    """Return the number of bits in which two hashes differ."""
    if len(one) != len(other):
        return len(one) * 8
    return (int.from_bytes(one) ^ int.from_bytes(other)).bit_count()


def _next_counter(row: Row) -> int:
    return row.counter + 1 if isinstance(row.counter, int) else 0
