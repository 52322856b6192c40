"""Derives anew what follows from the log: rows, batches, the search index, and the definitions of tables."""

import json
import sqlite3
from collections.abc import Iterable, Sequence
from contextlib import suppress
from sqlite3 import Connection
from typing import Any

from valuelog.journal.doctor.examination import definitions, expected_definitions
from valuelog.journal.hash_chain import Row, encode_text
from valuelog.journal.merge import refresh_batches
from valuelog.journal.projection import LOG_ONLY_ENTITIES, TABLES
from valuelog.journal.tables_check import expected_row, table_columns
from valuelog.journal.verify import FULL_TEXT_INDEX
from valuelog.model.fields import ENTITIES, FieldType


def write_changes(connection: Connection, rows: Iterable[Row], *, without: Sequence[int] = ()) -> None:
    """Put rows of the log in place, and remove others. Raises ValueError for text that isn't UTF-8."""
    listed = list(rows)
    removed = [*without, *(row.seq for row in listed)]
    connection.executemany("DELETE FROM change WHERE seq = ?", [(seq,) for seq in removed])
    for name in {row.device for row in listed}:
        connection.execute("INSERT OR IGNORE INTO device (name) VALUES (?)", (name,))
    connection.executemany(
        "INSERT OR REPLACE INTO change (seq, hash, fields, erased, device, id, counter, wall, tick, entity, entity_id,"
        " batch, act, undoes, own_wall, salt)"
        " VALUES (?,?,?,?,(SELECT id FROM device WHERE name = ?),?,?,?,?,?,?,?,?,?,?,?)",
        listed,
    )


def rename_devices(connection: Connection, names: dict[str, str]) -> None:
    """Give devices their right names."""
    for damaged, name in names.items():
        raw = encode_text(damaged)
        connection.execute("UPDATE device SET name = ? WHERE CAST(name AS BLOB) = ?", (name, raw))


def refold_entity(connection: Connection, entity: str, entity_id: str) -> None:
    """Write the row of an entity as its changes add up. The caller has dropped the triggers."""
    if entity not in TABLES:
        return
    table = TABLES[entity]
    columns = table_columns(connection, entity)
    connection.execute(f"DELETE FROM {entity} WHERE {table.key} = ?", (entity_id,))
    for list_table in table.list_tables.values():
        connection.execute(f"DELETE FROM {list_table} WHERE entry = ?", (entity_id,))
    values = expected_row(connection, entity, columns, entity_id)
    if values is None:
        return
    if table.has_place:  # a row whose id was altered is at the place of the right one
        connection.execute(f"DELETE FROM {entity} WHERE place = ?", (values["place"],))
    stored = [_encode(values[name]) for name in columns]
    marks = ", ".join("?" * (1 + len(columns)))
    connection.execute(
        f"INSERT INTO {entity} ({', '.join([table.key, *columns])}) VALUES ({marks})", (entity_id, *stored)
    )
    for field, list_table in table.list_tables.items():
        pairs = [(entity_id, name) for name in values[field]]
        connection.executemany(f"INSERT OR IGNORE INTO {list_table} (entry, name) VALUES (?, ?)", pairs)


def _encode(value: Any) -> Any:  # noqa: ANN401  JSON in, a column out
    return json.dumps(value) if isinstance(value, list) else value


def refold_all(connection: Connection) -> None:
    """Write every row anew."""
    for entity, entity_id in connection.execute("SELECT DISTINCT entity, entity_id FROM change").fetchall():
        if entity not in LOG_ONLY_ENTITIES:
            refold_entity(connection, entity, entity_id)


def remove_wordless_rows(connection: Connection) -> None:
    """Remove rows that are in no log and hold no text, such as which questions were asked."""
    for name, entity in ENTITIES.items():
        if not any(field.type is FieldType.TEXT for field in entity.fields.values()):
            key = entity.key
            connection.execute(f"DELETE FROM {name} WHERE {key} NOT IN (SELECT entity_id FROM change)")


def rebuild_batches(connection: Connection) -> None:
    """Derive the batches, and which of them are undone."""
    connection.execute("DELETE FROM batch")
    refresh_batches(connection, [batch for (batch,) in connection.execute("SELECT DISTINCT batch FROM change")])


def rebuild_full_text(connection: Connection) -> None:
    """Index all text again."""
    connection.execute(f"INSERT INTO {FULL_TEXT_INDEX} ({FULL_TEXT_INDEX}) VALUES ('rebuild')")


def drop_triggers(connection: Connection) -> None:
    """Drop all triggers: a damaged search index must not stop a repair. `restore_definitions` brings them back."""
    for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        connection.execute(f'DROP TRIGGER "{name}"')


def restore_definitions(connection: Connection) -> None:
    """Create indexes, views and triggers as this version does; tables stay as they are."""
    wanted, stored = expected_definitions(), definitions(connection)
    order = ("trigger", "view", "index")
    for name, (kind, sql) in sorted(
        stored.items(), key=lambda item: order.index(item[1][0]) if item[1][0] in order else 9
    ):
        if kind in order and wanted.get(name) != (kind, sql):
            with suppress(sqlite3.OperationalError):  # dropped together with what it belongs to
                connection.execute(f'DROP {kind.upper()} "{name}"')
    for kind in reversed(order):
        for name, (its_kind, sql) in wanted.items():
            if its_kind == kind and stored.get(name) != (kind, sql):
                connection.execute(sql)
