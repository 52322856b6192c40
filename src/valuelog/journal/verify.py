"""Checks that find silent damage: SQLite's own, the hash chain, and the log folded again.

Everything is read leniently: damaged text is decoded losslessly (`decode_text`), and a value of the wrong type is
damage, never an exception.
"""

import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from sqlite3 import Connection
from typing import Any, NamedTuple

from valuelog.journal.log import ERASED, fold
from valuelog.journal.projection import DERIVED_COLUMNS, LOG_ONLY_ENTITIES, TABLES, derive_columns

_OTHER_CODES = {
    sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_AUTH, sqlite3.SQLITE_INTERRUPT,
}  # fmt: skip
"""Error codes that say nothing about the content of a file; the others can be the result of a flipped bit."""

CHUNK_SIZE = 2_000
"""How many changes are read and compared at once."""

FULL_TEXT_INDEX = "search_fts"
"""The full text index of the current schema."""

_BEFORE_ALL = -(2**63)
"""Below every `seq`, damaged ones too."""

Report = Callable[[int], None]
"""Is called with the number of changes that were checked so far."""


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


def find_damage(connection: Connection, *, is_old_schema: bool = False) -> list[str]:
    """Return a sentence about each problem; none for an undamaged journal.

    With `is_old_schema`, columns that a later migration adds may be missing.
    """
    return [damage.text for damage in iter_damage(connection, is_old_schema=is_old_schema)]


def iter_damage(
    connection: Connection, *, is_old_schema: bool = False, report: Report = lambda _: None
) -> Iterator[Damage]:
    """Yield each problem: SQLite's, the chain's, the fold's, batches', references' and the full text index's."""
    with decode_losslessly(connection):
        file_damage = list(check_file(connection, is_old_schema=is_old_schema))
        if file_damage:
            yield from file_damage
        else:
            yield from check_content(connection, is_old_schema=is_old_schema, report=report)


def check_content(
    connection: Connection, *, is_old_schema: bool = False, report: Report = lambda _: None
) -> Iterator[Damage]:
    """Check the log and the tables in one pass, then batches, references and the full text index.

    Text is decoded by SQLite's module, which is faster, and again losslessly if that fails.
    """
    lossless, connection.text_factory = connection.text_factory, str
    try:
        damage = list(_check_content(connection, is_old_schema=is_old_schema, report=report))
    except (sqlite3.DatabaseError, UnicodeDecodeError, MemoryError, OverflowError):
        connection.text_factory = lossless
        damage = list(catch_damage(_check_content(connection, is_old_schema=is_old_schema, report=report)))
    finally:
        connection.text_factory = lossless
    yield from damage


def _check_content(connection: Connection, *, is_old_schema: bool, report: Report) -> Iterator[Damage]:
    yield from check_log(connection, is_old_schema=is_old_schema, report=report)
    yield from check_batches(connection)
    yield from check_references(connection)
    yield from check_full_text(connection, full_text_indexes(connection, is_old_schema=is_old_schema))


def catch_damage(checks: Iterable[Damage]) -> Iterator[Damage]:
    """Yield from some checks; an error of SQLite that damage causes ends them as one more problem."""
    try:
        yield from checks
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF in _OTHER_CODES:
            raise
        yield Damage("unreadable-page", f"SQLite: {error}")
    except (MemoryError, OverflowError):  # an impossible length
        yield Damage("unreadable-page", "SQLite: a length is impossible")
    except UnicodeDecodeError:  # an error message of SQLite that names an unreadable table
        yield Damage("unreadable-page", "SQLite: the names of its tables are unreadable")


# Text of any bytes


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


# The file


def check_file(connection: Connection, *, is_old_schema: bool = False) -> Iterator[Damage]:
    """Run SQLite's own check."""
    return catch_damage(_check_file(connection, is_old_schema=is_old_schema))


def _check_file(connection: Connection, *, is_old_schema: bool) -> Iterator[Damage]:
    _refresh_full_text(connection, full_text_indexes(connection, is_old_schema=is_old_schema))
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield Damage("unreadable-page", f"SQLite: {message}")


def full_text_indexes(connection: Connection, *, is_old_schema: bool) -> tuple[str, ...]:
    """Return the names of the full text indexes; older schemas had others."""
    if not is_old_schema:
        return (FULL_TEXT_INDEX,)
    sql = "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE % USING fts5%' ORDER BY name"
    return tuple(row[0] for row in connection.execute(sql))


def _refresh_full_text(connection: sqlite3.Connection, indexes: tuple[str, ...]) -> None:
    """Make SQLite read each full-text index again.

    Since 3.53 at the latest, integrity_check calls an index corrupt that another connection changed since this one
    last searched it.
    """
    for name in indexes:
        connection.execute(f"SELECT rowid FROM {name}('a') LIMIT 1").fetchone()


# The log


def check_log(
    connection: Connection, *, is_old_schema: bool = False, report: Report = lambda _: None
) -> Iterator[Damage]:
    """Check the hash chain, and fold the log and compare it with the tables, in one pass in the order of `seq`."""
    chain, tables = HashChain(), Projection(connection, is_old_schema=is_old_schema)
    count = 0
    for chunk in read_log(connection):
        yield from chain.check(chunk)
        yield from tables.check(chunk)
        count += len(chunk)
        report(count)
    yield from tables.finish()


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


# The tables


def check_projection(connection: Connection, *, is_old_schema: bool = False) -> Iterator[str]:
    """Fold the log again and compare each entity with its row."""
    with decode_losslessly(connection):
        tables = Projection(connection, is_old_schema=is_old_schema)
        for chunk in read_log(connection):
            yield from (damage.text for damage in tables.check(chunk))
        yield from (damage.text for damage in tables.finish())


class Projection:
    """Compares the tables with the log, chunk by chunk.

    Most entities have one change. Their rows are read in the order of the log, many at once; the others one by one
    at the end.
    """

    def __init__(self, connection: Connection, *, is_old_schema: bool = False) -> None:
        """Find the entities that have several changes."""
        self._connection = connection
        self._is_old_schema = is_old_schema
        columns = {entity: table_columns(connection, entity, existing_only=is_old_schema) for entity in TABLES}
        self._columns = {entity: names for entity, names in columns.items() if names}
        sql = "SELECT entity_id FROM change GROUP BY entity_id HAVING count(*) > 1"
        self._repeated = {row[0] for row in connection.execute(sql)}
        self._row_counts = dict.fromkeys(self._columns, 0)
        self._name_counts = dict.fromkeys(_list_tables(), 0)

    def check(self, chunk: Iterable[Row]) -> Iterator[Damage]:
        """Compare the entities of a chunk that have no other change."""
        by_entity: dict[Any, list[Row]] = {}
        for row in chunk:
            if row.entity_id not in self._repeated and row.entity not in LOG_ONLY_ENTITIES:
                by_entity.setdefault(row.entity, []).append(row)
        for entity, rows in by_entity.items():
            if entity not in self._columns:
                yield from (_row_damage(entity, row.entity_id) for row in rows)
            else:
                yield from self._check_rows(entity, rows)

    def _check_rows(self, entity: str, rows: Sequence[Row]) -> Iterator[Damage]:
        actual = self._read_rows(entity, rows)
        names = [
            (field, table, self._read_names(table, rows, field)) for field, table in TABLES[entity].list_tables.items()
        ]
        expect = _RowFolder(entity, self._columns[entity])
        for row in rows:
            fields = parse_fields(row.fields)
            stored = actual.get(row.entity_id)
            is_equal = expect.is_equal(row, fields, stored)
            for field, table, by_id in names:
                listed = by_id.get(row.entity_id, _NO_NAMES)
                self._name_counts[table] += len(listed)
                is_equal = is_equal and fields.get(field, _NO_NAMES) == listed
            self._row_counts[entity] += stored is not None
            if not is_equal and not self._matches(entity, row.entity_id, [(row.seq, row.fields)]):
                yield _row_damage(entity, row.entity_id)

    def _read_rows(self, entity: str, rows: Sequence[Row]) -> dict[Any, tuple[Any, ...]]:
        """Return the rows of some entities, by id; the id is the last column."""
        key = TABLES[entity].key
        select = f"SELECT {', '.join(self._columns[entity])}, {key} FROM {entity}"
        if "place" in self._columns[entity]:
            found = self._connection.execute(f"{select} WHERE place BETWEEN ? AND ?", (rows[0].seq, rows[-1].seq))
        else:
            ids = _json_list(row.entity_id for row in rows)
            found = self._connection.execute(f"{select} WHERE {key} IN (SELECT value FROM json_each(?))", (ids,))
        return {row[-1]: row for row in found}

    def _read_names(self, table: str, rows: Sequence[Row], field: str) -> dict[Any, list[str]]:
        """Return the sorted names of entries, by id; only of entries that should have any."""
        ids = _json_list(row.entity_id for row in rows if f'"{field}":[' in str(row.fields))
        sql = f"SELECT entry, name FROM {table} WHERE entry IN (SELECT value FROM json_each(?)) ORDER BY entry, name"
        found = self._connection.execute(sql, (ids,))
        return {entry: [name for _, name in group] for entry, group in groupby(found, key=itemgetter(0))}

    def finish(self) -> Iterator[Damage]:
        """Compare the entities with several changes; find rows that are not in the log at all."""
        sql = "SELECT entity, seq, fields FROM change WHERE entity_id = ? ORDER BY wall, tick, id"  # few rows each
        for entity_id in sorted(self._repeated, key=str):
            changes = self._connection.execute(sql, (bindable(entity_id),)).fetchall()
            yield from self._check_repeated(entity_id, changes)
        yield from self._check_surplus()

    def _check_repeated(self, entity_id: Any, changes: list[tuple[Any, ...]]) -> Iterator[Damage]:  # noqa: ANN401  an id
        by_entity: dict[Any, list[tuple[Any, Any]]] = {}
        for entity, seq, fields in changes:
            if entity not in LOG_ONLY_ENTITIES:
                by_entity.setdefault(entity, []).append((seq, fields))
        for entity, own_changes in by_entity.items():
            if entity not in self._columns or not self._matches(entity, entity_id, own_changes):
                yield _row_damage(entity, entity_id)
                continue
            row = actual_row(self._connection, entity, self._columns[entity], entity_id)
            self._count(entity, row, [row[field] for field in TABLES[entity].list_tables] if row else [])

    def _count(self, entity: str, row: object, names: Iterable[Sequence[str]]) -> None:
        """Count a row and its names as known."""
        self._row_counts[entity] += row is not None
        for table, listed in zip(TABLES[entity].list_tables.values(), names, strict=False):
            self._name_counts[table] += len(listed)

    def _matches(self, entity: str, entity_id: Any, changes: list[tuple[Any, Any]]) -> bool:  # noqa: ANN401  an id
        columns = self._columns[entity]
        actual = actual_row(self._connection, entity, columns, entity_id)
        return actual == expected_row(entity, columns, changes)

    def _check_surplus(self) -> Iterator[Damage]:
        """Find rows without a change; the search is slow, so it only starts if there are too many rows."""
        for entity, known in self._row_counts.items():
            if self._count_rows(entity) != known:
                key = TABLES[entity].key
                sql = f"SELECT {key} FROM {entity} WHERE {key} NOT IN (SELECT entity_id FROM change)"
                for (entity_id,) in self._connection.execute(sql):
                    text = f"{entity} {entity_id} is not in the log"
                    yield Damage("row-without-log", text, entity=entity, entity_id=str(entity_id))
        for table, known in self._name_counts.items():
            if self._count_rows(table) != known:
                yield from self._check_names(table)

    def _count_rows(self, table: str) -> int:
        return int(self._connection.execute(f"SELECT count(*) FROM {table} NOT INDEXED").fetchone()[0])

    def _check_names(self, table: str) -> Iterator[Damage]:
        """Find entries with names that their only change does not set; those with several changes were compared."""
        sql = f"SELECT DISTINCT entry FROM {table} ORDER BY entry"
        for (entity_id,) in self._connection.execute(sql).fetchall():
            changes = self._connection.execute(
                "SELECT seq, fields FROM change WHERE entity_id = ? AND entity = 'entry' ORDER BY wall, tick, id",
                (bindable(entity_id),),
            ).fetchall()
            if entity_id not in self._repeated and not self._matches("entry", entity_id, changes):
                yield _row_damage("entry", entity_id)


class _RowFolder:
    """Compares one change with the row that it should result in, fast: False may be wrong, True is not."""

    def __init__(self, entity: str, columns: Sequence[str]) -> None:
        table = TABLES[entity]
        self._key = table.key
        self._known = {*(name for name in table.defaults if name in columns), *table.list_tables}
        self._lists = [name for name, default in table.defaults.items() if default == []]
        self._defaults = {name: _encode_json(each) if each == [] else each for name, each in table.defaults.items()}
        derived = DERIVED_COLUMNS.get(entity, {})
        self._derived = [(name, *functions) for name, functions in derived.items() if name in columns]
        self._select = itemgetter(*columns, table.key)

    def is_equal(self, row: Row, fields: Any, stored: tuple[Any, ...] | None) -> bool:  # noqa: ANN401  JSON
        """Return True if a row is what the only change of its entity results in."""
        if not isinstance(fields, dict) or not fields.keys() <= self._known:
            return False
        if stored is None or "created" not in fields:
            return stored is None and "created" not in fields
        values = {**self._defaults, **fields, self._key: row.entity_id, "place": row.seq}
        for name in self._lists:
            if name in fields:
                values[name] = _encode_json(fields[name])
        try:
            for name, field, derive in self._derived:
                values[name] = derive(values[field])
        except (TypeError, ValueError, AttributeError):
            return False
        return bool(self._select(values) == stored)


_NO_NAMES: list[str] = []


def _list_tables() -> list[str]:
    return [name for table in TABLES.values() for name in table.list_tables.values()]


def _row_damage(entity: Any, entity_id: Any) -> Damage:  # noqa: ANN401  values from a damaged file
    text = f"{entity} {entity_id} does not match its changes"
    return Damage("row-differs", text, entity=str(entity), entity_id=str(entity_id))


def differs_from_log(connection: Connection, entity: str, entity_id: str) -> bool:
    """Fold the changes of one entity again and compare it with its row."""
    with decode_losslessly(connection):
        sql = "SELECT seq, fields FROM change WHERE entity_id = ? ORDER BY wall, tick, id"
        changes = connection.execute(sql, (entity_id,)).fetchall()
        columns = table_columns(connection, entity)
        return actual_row(connection, entity, columns, entity_id) != expected_row(entity, columns, changes)


def parse_fields(text: Any) -> Any:  # noqa: ANN401  a JSON object, None, or ERASED
    """Return the fields of a change: a dict, None, or ERASED if they were erased or cannot be parsed."""
    fields = ERASED if text is None else _parse_json(text)
    return fields if fields is None or isinstance(fields, dict) else ERASED


def expected_row(entity: str, columns: Sequence[str], changes: Sequence[tuple[Any, Any]]) -> dict[str, Any] | None:
    """Return the row that the changes (`seq`, `fields`) result in; derived columns only where the table has them."""
    state = fold(parse_fields(fields) for _, fields in changes)
    if state is None:
        return None
    table = TABLES[entity]
    place = {"place": min(seq for seq, _ in changes)} if "place" in columns else {}
    values = {**table.initial_fields, **place, **state}
    try:
        derived = {name: value for name, value in derive_columns(entity, values).items() if name in columns}
    except (TypeError, ValueError, AttributeError):  # a value of an impossible type
        derived = {}
    return {**values, **derived}


def table_columns(connection: Connection, entity: str, *, existing_only: bool = False) -> list[str]:
    """Return the columns of a table, or only those it has."""
    table = TABLES[entity]
    columns = [*table.defaults, *DERIVED_COLUMNS.get(entity, {}), *(["place"] if table.has_place else [])]
    if not existing_only:
        return columns
    existing = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (entity,))}
    return [column for column in columns if column in existing]


def actual_row(connection: Connection, entity: str, columns: Sequence[str], entity_id: Any) -> dict[str, Any] | None:  # noqa: ANN401  an id from a damaged file
    """Return the row of an entity, with initial values for missing columns."""
    table = TABLES[entity]
    sql = f"SELECT {', '.join(columns)} FROM {entity} WHERE {table.key} = ?"
    row = connection.execute(sql, (bindable(entity_id),)).fetchone()
    if row is None:
        return None
    actual = {**table.defaults, **dict(zip(columns, row, strict=True))}
    lists = (column for column, default in table.defaults.items() if default == [] and column in columns)
    actual.update({column: _parse_json(actual[column]) for column in lists})
    for field, list_table in table.list_tables.items():
        sql = f"SELECT name FROM {list_table} WHERE entry = ? ORDER BY name"
        actual[field] = [name for (name,) in connection.execute(sql, (bindable(entity_id),))]
    return actual


def bindable(value: Any) -> Any:  # noqa: ANN401  a value from a damaged file
    """Return a value as a parameter of a query; a text that is invalid UTF-8 is NULL, and equals nothing."""
    return None if isinstance(value, str) and not value.isascii() and _has_surrogates(value) else value


def _has_surrogates(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _parse_json(text: Any) -> Any:  # noqa: ANN401  any JSON value, or ERASED
    try:
        value, end = _decode_json(text)
    except (ValueError, TypeError, RecursionError):
        return ERASED
    return value if end == len(text) else ERASED


_encode_json = json.JSONEncoder().encode
_decode_json = json.JSONDecoder().raw_decode


def _json_list(values: Iterable[object]) -> str:
    """Encode texts for json_each; a value that JSON or UTF-8 cannot hold is left out."""
    return _encode_json([value for value in values if isinstance(value, str)])


# Batches, references and the full text index


def check_batches(connection: Connection) -> Iterator[Damage]:
    """Check the last change and state of each batch against the log."""
    inconsistent = connection.execute(
        "SELECT b.id FROM batch b LEFT JOIN change c ON c.seq = b.last WHERE c.batch IS NOT b.id OR c.act IS NOT b.act"
        " OR EXISTS (SELECT 1 FROM change d WHERE d.batch = b.id AND d.seq > b.last)"
        " UNION SELECT batch FROM change WHERE batch NOT IN (SELECT id FROM batch)",
    )
    undone = {row[0] for row in connection.execute("SELECT id FROM batch WHERE undone")}
    for batch_id in sorted({row[0] for row in inconsistent} | (undone ^ undone_batches(connection)), key=str):
        yield Damage("batch", f"batch {batch_id} does not match its changes", entity="batch", entity_id=str(batch_id))


def check_references(connection: Connection) -> Iterator[Damage]:
    """Check foreign keys."""
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield Damage("missing-reference", f"{table} refers to a {parent} that does not exist", entity=str(table))


def check_full_text(connection: Connection, indexes: tuple[str, ...] = (FULL_TEXT_INDEX,)) -> Iterator[Damage]:
    """Check the full text indexes against the tables; skipped on a read-only connection."""
    for index in indexes:
        try:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            match error.sqlite_errorcode & 0xFF:
                case sqlite3.SQLITE_CORRUPT:
                    yield Damage("full-text", f"the full text index {index} does not match its text")
                case sqlite3.SQLITE_READONLY:
                    return
                case _:
                    raise


def undone_batches(connection: Connection) -> set[Any]:
    """Return the batches that the log says are undone: each undone one, and each undo that was redone."""
    sql = "SELECT undoes, batch, act, max(seq) FROM change WHERE undoes IS NOT NULL GROUP BY batch ORDER BY 4"
    undos: dict[str, str] = {}
    undone: set[str] = set()
    for target, batch, act, _ in connection.execute(sql):
        if act == "undo":
            undone.add(target)
            undos[target] = batch
        else:
            undone.discard(target)
            undone.add(undos.get(target, target))
    return undone
