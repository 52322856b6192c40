"""The hash chain of a log that may be damaged: reads changes as they are stored, and finds those that were altered.

Everything is read leniently: damaged text is decoded losslessly (`decode_text`), and a value of the wrong type is
damage, never an exception.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from sqlite3 import Connection
from typing import Any, NamedTuple

CHUNK_SIZE = 2_000
"""How many changes are read and compared at once."""

_BEFORE_ALL = -(2**63)
"""Below every `seq`, damaged ones too."""


class Damage(NamedTuple):
    """One problem: its kind (such as altered-change), a sentence, and the change and the entity that it is about."""

    kind: str
    text: str
    change: str = ""
    entity: str = ""
    entity_id: str = ""


class Row(NamedTuple):
    """A row of the log as it is stored; `device` is the name. Any value may be damaged."""

    seq: Any
    hash: Any
    fields: Any
    erased: Any
    device: Any
    id: Any
    counter: Any
    wall: Any
    tick: Any
    entity: Any
    entity_id: Any
    batch: Any
    act: Any
    undoes: Any
    own_wall: Any
    salt: Any

    @property
    def metadata(self) -> tuple[Any, ...]:
        """What the hash covers besides the payload; changes of version 0.1.0 have no `own_wall`."""
        return self.id, self.device, *self[6 : 14 if self.own_wall is None else 15]


_ROW_COLUMNS = (
    "c.seq, c.hash, c.fields, c.erased, d.name, c.id, c.counter, c.wall, c.tick, c.entity, c.entity_id, c.batch,"
    " c.act, c.undoes, "
)


def row_columns(connection: Connection) -> str:
    """Return the columns of a Row, from a `change` c and its `device` d; before schema 5 some are missing."""
    existing = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info('change')")}
    return _ROW_COLUMNS + ", ".join(f"c.{name}" if name in existing else "NULL" for name in ("own_wall", "salt"))


@contextmanager
def decode_losslessly(connection: Connection) -> Iterator[None]:
    """Decode text even where a flipped bit made it invalid UTF-8, without loss; see `encode_text`."""
    previous_factory, connection.text_factory = connection.text_factory, decode_text
    try:
        yield
    finally:
        connection.text_factory = previous_factory


def decode_text(raw: bytes) -> str:
    """Decode UTF-8; invalid bytes become surrogates."""
    return raw.decode(errors="surrogateescape")


def encode_text(text: Any) -> bytes:  # noqa: ANN401  a value from a damaged file
    """Return the stored bytes of a text; of a value of another type, something that no hash fits."""
    if isinstance(text, str):
        return text.encode(errors="surrogateescape")
    return text if isinstance(text, bytes) else repr(text).encode()


def read_log(connection: Connection, *, after: int = _BEFORE_ALL) -> Iterator[list[Row]]:
    """Yield the log in chunks, in the order of `seq`."""
    source = "change c LEFT JOIN device d ON d.id = c.device"
    sql = f"SELECT {row_columns(connection)} FROM {source} WHERE c.seq > ? ORDER BY c.seq"
    cursor = connection.execute(sql, (after,))
    while chunk := cursor.fetchmany(CHUNK_SIZE):
        yield [Row._make(row) for row in chunk]


def select_rows(connection: Connection, condition: str, values: Sequence[object]) -> list[Row]:
    """Return the changes `c` of devices `d` that a condition in SQL selects."""
    source = "change c LEFT JOIN device d ON d.id = c.device"
    rows = connection.execute(f"SELECT {row_columns(connection)} FROM {source} WHERE {condition}", values)
    return [Row._make(row) for row in rows]


def fits_chain(connection: Connection, row: Row) -> bool:
    """Return True if the hash of a change fits it and the one before it on its device."""
    previous = select_rows(connection, "d.name = ? AND c.counter = ? - 1", (bindable(row.device), row.counter))
    return bool(row.hash == expected_hash(previous[0].hash if previous else b"", row))


def check_hash_chain(connection: Connection, after: Mapping[str, bytes] | None = None) -> Iterator[Damage]:
    """Check that `seq` has no gaps, and each hash against the previous one of its device and its payload.

    `after` has the verified head of each device: only changes since then are checked. If one of the heads is not in
    the log, everything is.
    """
    with decode_losslessly(connection):
        start = _find_heads(connection, after) if after else 0
        chain = HashChain({**(after or {})} if start else {}, start)
        for chunk in read_log(connection, after=start or _BEFORE_ALL):
            yield from chain.check(chunk)


def _find_heads(connection: Connection, heads: Mapping[str, bytes]) -> int:
    """Return the `seq` of the latest of some heads, or 0 if one of them is missing."""
    sql = "SELECT c.seq, c.hash FROM device d JOIN change c ON c.device = d.id WHERE d.name = ? ORDER BY c.counter DESC"
    found = [next((seq for seq, head in connection.execute(sql, (name,)) if head == heads[name]), 0) for name in heads]
    return max(found) if all(found) else 0


def expected_hash(before: bytes, row: Row) -> bytes | None:
    """Return the hash that a change should have after the one before it; None if a value has an impossible type."""
    try:
        payload = row.erased if row.fields is None else sha256((row.salt or b"") + encode_text(row.fields)).digest()
        return sha256(before + encode_metadata(row.metadata) + payload).digest()
    except (TypeError, ValueError):
        return None


def encode_metadata(metadata: tuple[Any, ...]) -> bytes:
    """Return the JSON of what the hash covers besides the payload; in the usual case several times as fast as json."""
    change, device, counter, wall, tick, entity, entity_id, batch, act, undoes, *own_wall = metadata
    types = {type(change), type(device), type(entity), type(entity_id), type(batch), type(act)}
    if types == {str} and {type(counter), type(wall), type(tick), *map(type, own_wall)} == {int}:
        names = f'"{entity}", "{entity_id}", "{batch}", "{act}", ' + ("null" if undoes is None else f'"{undoes}"')
        more = f", {own_wall[0]}" if own_wall else ""
        text = f'["{change}", "{device}", {counter}, {wall}, {tick}, {names}{more}]'
        quotes = 2 * (6 + (undoes is not None))
        if text.isascii() and text.isprintable() and "\\" not in text and text.count('"') == quotes:
            return text.encode()
    return json.dumps(metadata).encode()


class HashChain:
    """Checks the chain of each device, chunk by chunk."""

    def __init__(self, last_hashes: dict[str, bytes] | None = None, last_seq: int = 0) -> None:
        """Continue after verified heads, by device."""
        self._last_hashes: dict[Any, Any] = last_hashes or {}
        self._last_seq = last_seq

    def check(self, chunk: Iterable[Row]) -> Iterator[Damage]:
        """Yield each change of a chunk that was altered, or whose predecessor is missing."""
        hashes = self._last_hashes
        for row in chunk:
            before = hashes.get(row.device, b"")
            has_gap = row.seq != self._last_seq + 1
            if has_gap or row.hash != expected_hash(before if isinstance(before, bytes) else b"", row):
                yield _chain_damage(row, has_gap=has_gap)
            hashes[row.device], self._last_seq = row.hash, row.seq


def _chain_damage(row: Row, *, has_gap: bool) -> Damage:
    text = f"change {row.id} was altered, or the one before it is missing"
    kind = "chain-gap" if has_gap else "altered-change"
    return Damage(kind, text, change=str(row.id), entity=str(row.entity), entity_id=str(row.entity_id))


def bindable(value: Any) -> Any:  # noqa: ANN401  a value from a damaged file
    """Return a value as a parameter of a query; a text that is invalid UTF-8 is NULL, and equals nothing."""
    return None if isinstance(value, str) and not value.isascii() and _has_surrogates(value) else value


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)
