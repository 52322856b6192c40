"""Checks that find silent damage: SQLite's own, the hash chain, and the log folded again."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from sqlite3 import Connection
from typing import Any

from valuelog.journal.log import ERASED, HASHED_COLUMNS, fold, hash_row
from valuelog.journal.projection import DERIVED_COLUMNS, LOG_ONLY_ENTITIES, TABLES, derive_columns

_DAMAGE_CODES = {sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
"""Error codes of a damaged file; SQLITE_ERROR because a table may be missing."""


def find_damage(connection: Connection, *, is_old_schema: bool = False) -> list[str]:
    """Return a sentence about each problem; none for an undamaged journal.

    With `is_old_schema`, columns that a later migration adds may be missing.
    """
    previous_factory, connection.text_factory = connection.text_factory, _decode_lossy
    try:
        indexes = _full_text_indexes(connection, is_old_schema=is_old_schema)
        _refresh_full_text(connection, indexes)
        problems = [f"SQLite: {row[0]}" for row in connection.execute("PRAGMA integrity_check") if row[0] != "ok"]
        return problems or [
            *check_hash_chain(connection),
            *check_projection(connection, is_old_schema=is_old_schema),
            *check_batches_and_references(connection),
            *check_full_text(connection, indexes),
        ]  # fmt: skip
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGE_CODES:
            raise
        return [f"SQLite: {error}"]
    except UnicodeDecodeError:  # an error message of SQLite that names an unreadable table
        return ["SQLite: the names of its tables are unreadable"]
    finally:
        connection.text_factory = previous_factory


def _decode_lossy(raw: bytes) -> str:
    """Decode text even where a flipped bit made it invalid UTF-8."""
    return raw.decode(errors="replace")


FULL_TEXT_INDEX = "search_fts"
"""The full text index of the current schema."""


def _full_text_indexes(connection: Connection, *, is_old_schema: bool) -> tuple[str, ...]:
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


def check_hash_chain(connection: Connection, after: Mapping[str, bytes] | None = None) -> Iterator[str]:
    """Check that `seq` has no gaps, and each hash against the previous one of its device and its payload.

    `after` has the verified head of each device: only changes since then are checked. If one of the heads is not in
    the log, everything is.
    """
    last_seq = _find_heads(connection, after) if after else 0
    columns = HASHED_COLUMNS if _has_column(connection, "change", "salt") else _UNSALTED_COLUMNS
    rows = connection.execute(
        f"SELECT c.seq, c.hash, {columns} FROM change c LEFT JOIN device d ON d.id = c.device"
        " WHERE c.seq > ? ORDER BY c.seq",
        (last_seq,),
    )
    last_hashes: dict[str, bytes] = {**(after or {})} if last_seq else {}
    for seq, stored_hash, *hashed in rows:
        change_id, device = hashed[:2]
        if stored_hash != hash_row(last_hashes.get(device, b""), hashed) or seq != last_seq + 1:
            yield f"change {change_id} was altered, or the one before it is missing"
        last_hashes[device], last_seq = stored_hash, seq


_UNSALTED_COLUMNS = HASHED_COLUMNS.replace("c.own_wall", "NULL").replace("c.salt", "NULL")
"""The same before schema 5."""


def _has_column(connection: Connection, table: str, column: str) -> bool:
    sql = "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"
    return connection.execute(sql, (table, column)).fetchone() is not None


def _find_heads(connection: Connection, heads: Mapping[str, bytes]) -> int:
    """Return the `seq` of the latest of some heads, or 0 if one of them is missing."""
    sql = "SELECT c.seq, c.hash FROM device d JOIN change c ON c.device = d.id WHERE d.name = ? ORDER BY c.counter DESC"
    found = [next((seq for seq, head in connection.execute(sql, (name,)) if head == heads[name]), 0) for name in heads]
    return max(found) if all(found) else 0


def check_projection(connection: Connection, *, is_old_schema: bool = False) -> Iterator[str]:
    """Fold the log again and compare each entity with its row."""
    columns = {entity: _columns(connection, entity, existing_only=is_old_schema) for entity in TABLES}
    tables = [entity for entity in TABLES if columns[entity]]
    rows = connection.execute("SELECT entity, entity_id, seq, fields FROM change ORDER BY entity_id, wall, tick, id")
    for (entity, entity_id), group in groupby(rows, key=itemgetter(0, 1)):
        changes = list(group)
        if entity in LOG_ONLY_ENTITIES:
            continue
        if entity not in tables or _actual_row(connection, entity, columns[entity], entity_id) != _expected_row(
            entity, columns[entity], changes
        ):
            yield f"{entity} {entity_id} does not match its changes"
    for entity in tables:
        key = TABLES[entity].key
        sql = f"SELECT {key} FROM {entity} WHERE {key} NOT IN (SELECT entity_id FROM change)"
        yield from (f"{entity} {row[0]} is not in the log" for row in connection.execute(sql))


def differs_from_log(connection: Connection, entity: str, entity_id: str) -> bool:
    """Fold the changes of one entity again and compare it with its row."""
    columns = _columns(connection, entity, existing_only=False)
    sql = "SELECT entity, entity_id, seq, fields FROM change WHERE entity_id = ? ORDER BY wall, tick, id"
    changes = connection.execute(sql, (entity_id,)).fetchall()
    return _actual_row(connection, entity, columns, entity_id) != _expected_row(entity, columns, changes)


def _expected_row(entity: str, columns: list[str], changes: list[tuple[Any, ...]]) -> dict[str, Any] | None:
    """Return the row that the log results in; derived columns only where the table has them."""
    state = fold(ERASED if row[3] is None else _parse_json(row[3]) for row in changes)
    if state is None:
        return None
    table = TABLES[entity]
    place = {"place": min(row[2] for row in changes)} if "place" in columns else {}
    values = {**table.initial_fields, **place, **state}
    derived = {name: value for name, value in derive_columns(entity, values).items() if name in columns}
    return {**values, **derived}


def _columns(connection: Connection, entity: str, *, existing_only: bool) -> list[str]:
    """Return the columns of a table, or only those it has."""
    table = TABLES[entity]
    columns = [*table.defaults, *DERIVED_COLUMNS.get(entity, {}), *(["place"] if table.has_place else [])]
    if not existing_only:
        return columns
    existing = {row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (entity,))}
    return [column for column in columns if column in existing]


def _actual_row(connection: Connection, entity: str, columns: list[str], entity_id: str) -> dict[str, Any] | None:
    """Return the row of an entity, with initial values for missing columns."""
    table = TABLES[entity]
    row = connection.execute(
        f"SELECT {', '.join(columns)} FROM {entity} WHERE {table.key} = ?", (entity_id,)
    ).fetchone()
    if row is None:
        return None
    actual = {**table.defaults, **dict(zip(columns, row, strict=True))}
    lists = (column for column, default in table.defaults.items() if default == [] and column in columns)
    actual.update({column: _parse_json(actual[column]) for column in lists})
    for field, list_table in table.list_tables.items():
        sql = f"SELECT name FROM {list_table} WHERE entry = ? ORDER BY name"
        actual[field] = [name for (name,) in connection.execute(sql, (entity_id,))]
    return actual


def _parse_json(text: str) -> Any:  # noqa: ANN401  any JSON value, or ERASED
    try:
        return json.loads(text)
    except ValueError:
        return ERASED


def check_batches_and_references(connection: Connection) -> Iterator[str]:
    """Check the last change and state of each batch against the log, and foreign keys."""
    inconsistent = connection.execute(
        "SELECT b.id FROM batch b LEFT JOIN change c ON c.seq = b.last WHERE c.batch IS NOT b.id OR c.act IS NOT b.act"
        " OR EXISTS (SELECT 1 FROM change d WHERE d.batch = b.id AND d.seq > b.last)"
        " UNION SELECT batch FROM change WHERE batch NOT IN (SELECT id FROM batch)",
    )
    undone = {row[0] for row in connection.execute("SELECT id FROM batch WHERE undone")}
    for batch_id in sorted({row[0] for row in inconsistent} | (undone ^ _undone_batches(connection))):
        yield f"batch {batch_id} does not match its changes"
    for table, _, parent, _ in connection.execute("PRAGMA foreign_key_check"):
        yield f"{table} refers to a {parent} that does not exist"


def check_full_text(connection: Connection, indexes: tuple[str, ...] = (FULL_TEXT_INDEX,)) -> Iterator[str]:
    """Check the full text indexes against the tables; skipped on a read-only connection."""
    for index in indexes:
        try:
            connection.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")
        except sqlite3.DatabaseError as error:
            match error.sqlite_errorcode & 0xFF:
                case sqlite3.SQLITE_CORRUPT:
                    yield f"the full text index {index} does not match its text"
                case sqlite3.SQLITE_READONLY:
                    return
                case _:
                    raise


def _undone_batches(connection: Connection) -> set[str]:
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
