"""The tables that are the projection of the log, and the only code that writes them."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from sqlite3 import Connection
from types import MappingProxyType
from typing import Any, NamedTuple

from valuelog.journal.log import Change, Fields
from valuelog.model.entry import is_evidence, words_key
from valuelog.model.fields import ENTITIES, Entity

_EMPTY: Mapping[str, str] = MappingProxyType({})

DERIVED_COLUMNS: Mapping[str, Mapping[str, tuple[str, Callable[[Any], int]]]] = {
    "entry": {
        "words": ("text", lambda text: words_key(str(text))),
        "proven": ("evidence", lambda text: int(is_evidence(text))),
    },
}
"""The columns that follow from a field of their entity, and from nothing else: name → (field, function)."""


class Table(NamedTuple):
    """The table of one entity type.

    `defaults` maps its columns to their initial values. `list_tables` maps fields to tables with one row per name.
    `references` maps fields that hold an id to its entity type. With `has_place`, it has a column `place`: the `seq`
    of the change that created the entity. It is its row in the full text index, and differs between machines.
    """

    key: str
    defaults: Fields
    list_tables: Mapping[str, str] = _EMPTY
    references: Mapping[str, str] = _EMPTY
    has_place: bool = False

    @property
    def initial_fields(self) -> Fields:
        """The value of each field until a change sets it."""
        return {**self.defaults, **{name: [] for name in self.list_tables}}


_LIST_TABLES = {"entry": {"people": "entry_person", "tags": "entry_tag"}}

SEARCHABLE_ENTITIES = (
    "entry", "pain", "sighting", "promise", "project", "measurement", "reflection", "day_off",
)  # fmt: skip
"""The entity types whose text is in the full text index, under their `place`."""


def _table(entity: Entity) -> Table:
    list_tables = _LIST_TABLES.get(entity.name, {})
    return Table(
        key=entity.key,
        defaults={name: field.initial_value for name, field in entity.fields.items() if name not in list_tables},
        list_tables=list_tables,
        references={name: field.references for name, field in entity.fields.items() if field.references},
        has_place=entity.name in SEARCHABLE_ENTITIES,
    )


TABLES = {name: _table(entity) for name, entity in ENTITIES.items()}
"""The table of every entity."""

LOG_ONLY_ENTITIES = frozenset({"restore", "repair", "batch", "device"})
"""Entity types that are only in the log: a record of what was done to the whole journal."""


def derive_columns(entity: str, fields: Fields) -> dict[str, int]:
    """Return the derived columns that follow from some fields."""
    derived = DERIVED_COLUMNS.get(entity, {})
    return {name: derive(fields[field]) for name, (field, derive) in derived.items() if field in fields}


def reference_depth(entity: str) -> int:
    """Return the longest chain of references from an entity type, such as sighting → pain → entry → project."""
    return max((1 + reference_depth(to) for to in TABLES[entity].references.values()), default=0)


def apply_changes(connection: Connection, changes: Iterable[Change]) -> None:
    """Apply changes to the tables, in order. The caller holds the transaction and has appended them to the log.

    Foreign keys are deferred, so the changes of one entity type need not wait for those of another.
    """
    by_entity: dict[str, list[Change]] = {}
    for change in changes:
        by_entity.setdefault(change.entity, []).append(change)
    for entity, its_changes in by_entity.items():
        for write_rows, group in groupby(_plan_writes(connection, entity, its_changes), key=itemgetter(0)):
            write_rows(connection, entity, [change for _, change in group])


WriteRows = Callable[[Connection, str, Sequence[Change]], None]


def _plan_writes(connection: Connection, entity: str, changes: Sequence[Change]) -> Iterator[tuple[WriteRows, Change]]:
    """Yield each change of one entity type with the function that writes it; skip updates of missing entities."""
    existing = _existing_ids(connection, entity, changes)
    for change in changes:
        if change.fields is None:
            existing.discard(change.id)
            yield _delete_rows, change
        elif change.id in existing:
            yield _update_rows, change
        elif "created" in change.fields:
            existing.add(change.id)
            yield _insert_rows, change


def _existing_ids(connection: Connection, entity: str, changes: Sequence[Change]) -> set[str]:
    key = TABLES[entity].key
    sql = f"SELECT t.{key} FROM json_each(?) n CROSS JOIN {entity} t ON t.{key} = n.value"
    return {row[0] for row in connection.execute(sql, (_encode_json([change.id for change in changes]),))}


def _delete_rows(connection: Connection, entity: str, changes: Sequence[Change]) -> None:
    sql = f"DELETE FROM {entity} WHERE {TABLES[entity].key} = ?"
    connection.executemany(sql, [(change.id,) for change in changes])


def _insert_rows(connection: Connection, entity: str, changes: Sequence[Change]) -> None:
    """Insert rows. One that was removed before keeps its place: the `seq` of its first change."""
    table = TABLES[entity]
    columns = [name for name in table.defaults if name != table.key] + [*DERIVED_COLUMNS.get(entity, {})]
    rows = []
    for change in changes:
        values = {**table.defaults, **(change.fields or {})}
        values |= derive_columns(entity, values)
        rows.append((*[change.id] * (1 + table.has_place), *[_encode_value(values[name]) for name in columns]))
    place = f"(SELECT min(seq) FROM change WHERE entity_id = ? AND entity = '{entity}'), " if table.has_place else ""
    names = ", ".join(["place"] * table.has_place + [table.key, *columns])
    marks = ", ".join("?" * (1 + len(columns)))
    connection.executemany(f"INSERT INTO {entity} ({names}) VALUES ({place}{marks})", rows)
    for field, list_table in table.list_tables.items():
        pairs = [(change.id, name) for change in changes for name in (change.fields or {}).get(field, ())]
        connection.executemany(f"INSERT INTO {list_table} (entry, name) VALUES (?, ?)", pairs)


def _update_rows(connection: Connection, entity: str, changes: Sequence[Change]) -> None:
    table = TABLES[entity]
    for change in changes:
        fields = {**(change.fields or {}), **derive_columns(entity, change.fields or {})}
        columns = {name: _encode_value(value) for name, value in fields.items() if name not in table.list_tables}
        if columns:
            sql = f"UPDATE {entity} SET {', '.join(f'{name} = ?' for name in columns)} WHERE {table.key} = ?"
            connection.execute(sql, (*columns.values(), change.id))
        for field in table.list_tables.keys() & fields.keys():
            _replace_list(connection, table.list_tables[field], change.id, fields[field])


def read_rows(connection: Connection, entity: str, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return the rows of some entities of one type as plain fields, by id."""
    table = TABLES[entity]
    listed = _encode_json([*ids])
    sql = (
        f"SELECT t.{table.key}, {', '.join(f't.{name}' for name in table.defaults)} FROM json_each(?) n"
        f" CROSS JOIN {entity} t ON t.{table.key} = n.value"
    )
    json_columns = [name for name, value in table.defaults.items() if value == []]
    rows: dict[str, dict[str, Any]] = {}
    for entity_id, *values in connection.execute(sql, (listed,)):
        row = rows[entity_id] = dict(zip(table.defaults, values, strict=True))
        row.update({name: json.loads(row[name]) for name in json_columns}, **{name: [] for name in table.list_tables})
    for field, list_table in table.list_tables.items():
        sql = f"SELECT t.entry, t.name FROM json_each(?) n CROSS JOIN {list_table} t ON t.entry = n.value ORDER BY 2"
        for entry_id, name in connection.execute(sql, (listed,)):
            rows[entry_id][field].append(name)
    return rows


def row_exists(connection: Connection, entity: str, entity_id: str) -> bool:
    """Return True if an entity has a row."""
    sql = f"SELECT 1 FROM {entity} WHERE {TABLES[entity].key} = ?"
    return connection.execute(sql, (entity_id,)).fetchone() is not None


def references(entity: str, fields: Fields | None) -> Iterator[tuple[str, str]]:
    """Yield the type and id of each entity that some fields refer to."""
    for field, referenced in TABLES[entity].references.items():
        if fields and fields.get(field):
            yield referenced, fields[field]


def required_entities(change: Change) -> Iterator[tuple[str, str]]:
    """Yield the type and id of each entity that must exist for a change to take effect."""
    if change.entity in LOG_ONLY_ENTITIES:
        return
    if change.fields and "created" not in change.fields:
        yield change.entity, change.id
    yield from references(change.entity, change.fields)


def referring_fields(entity: str) -> tuple[tuple[str, str], ...]:
    """Return (entity type, field) for each field that refers to an entity type."""
    return tuple(
        (referring, field)
        for referring, table in TABLES.items()
        for field, referenced in table.references.items()
        if referenced == entity
    )


def is_referenced(connection: Connection, entity: str, entity_id: str) -> bool:
    """Return True if a row refers to an entity."""
    return any(
        connection.execute(f"SELECT 1 FROM {referring} WHERE {field} = ? LIMIT 1", (entity_id,)).fetchone()
        for referring, field in referring_fields(entity)
    )


def _encode_value(value: Any) -> Any:  # noqa: ANN401  JSON in, a column out
    return _encode_json(value) if isinstance(value, list) else value


_encode_json = json.JSONEncoder().encode


def _replace_list(connection: Connection, table: str, entry_id: str, names: list[str]) -> None:
    connection.execute(f"DELETE FROM {table} WHERE entry = ?", (entry_id,))
    connection.executemany(f"INSERT INTO {table} (entry, name) VALUES (?, ?)", [(entry_id, name) for name in names])
