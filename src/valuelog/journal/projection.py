"""The tables that the log adds up to, and the one place that writes them."""

import json
from collections.abc import Iterator, Mapping, Sequence
from sqlite3 import Connection
from types import MappingProxyType
from typing import Any, NamedTuple

from valuelog.journal.log import Change, Fields
from valuelog.model.fields import ENTITIES, Entity

_EMPTY: Mapping[str, str] = MappingProxyType({})


class Table(NamedTuple):
    """How the fields of one kind of thing are kept: its key, the columns with what they are unless set, its lists.

    `lists` are fields that live in a table of their own, one row for each name. `refers` are fields that hold the id
    of another thing. `placed` tells that rows have a number of their own: the place in the log where it began.
    """

    key: str
    defaults: Fields
    list_tables: Mapping[str, str] = _EMPTY
    references: Mapping[str, str] = _EMPTY
    has_place: bool = False

    @property
    def initial_fields(self) -> Fields:
        """What each field is while nothing has set it."""
        return {**self.defaults, **{name: [] for name in self.list_tables}}


_LIST_TABLES = {"entry": {"people": "entry_person", "tags": "entry_tag"}}

_ENTITIES_WITH_PLACE = frozenset({"entry", "pain", "promise"})


def _table(entity: Entity) -> Table:
    list_tables = _LIST_TABLES.get(entity.name, {})
    return Table(
        key=entity.key,
        defaults={name: field.initial_value for name, field in entity.fields.items() if name not in list_tables},
        list_tables=list_tables,
        references={name: field.references for name, field in entity.fields.items() if field.references},
        has_place=entity.name in _ENTITIES_WITH_PLACE,
    )


TABLES = {name: _table(entity) for name, entity in ENTITIES.items()}
"""The table of every entity."""


FULL_TEXT_ENTITIES = ("entry", "pain")
"""Every kind of thing that has full text."""


def reference_depth(entity: str) -> int:
    """Return how far references lead from a kind of thing: a sighting names a pain point, that its fix, and so on."""
    return max((1 + reference_depth(to) for to in TABLES[entity].references.values()), default=0)


def apply_change(connection: Connection, change: Change) -> None:
    """Let the tables follow a change. The caller holds the transaction and has written the log."""
    table = TABLES[change.entity]
    if change.fields is None:
        connection.execute(f"DELETE FROM {change.entity} WHERE {table.key} = ?", (change.id,))
        return
    columns = {name: _encode_value(value) for name, value in change.fields.items() if name not in table.list_tables}
    if row_exists(connection, change.entity, change.id):
        _update_row(connection, change, table.key, columns)
    elif "created" in change.fields:
        _insert_row(connection, change, table, columns)
    else:
        return
    for name in table.list_tables.keys() & change.fields.keys():
        _replace_list(connection, table.list_tables[name], change.id, change.fields[name])


def insert_rows(connection: Connection, changes: Sequence[Change]) -> None:
    """Make the rows of things that have none. The caller holds the transaction and has written the log."""
    for entity, table in TABLES.items():
        born = [(change.id, change.fields) for change in changes if change.entity == entity and change.fields]
        if not born:
            continue
        columns = [table.key, *(name for name in table.defaults if name != table.key)]
        whole = ((name, {**table.defaults, **fields}) for name, fields in born)
        rows = [
            (*[name] * (1 + table.has_place), *[_encode_value(fields[column]) for column in columns[1:]])
            for name, fields in whole
        ]
        place = "(SELECT min(seq) FROM change WHERE entity_id = ?), " if table.has_place else ""
        marks = ", ".join("?" * len(columns))
        connection.executemany(
            f"INSERT INTO {entity} ({'place, ' * table.has_place}{', '.join(columns)}) VALUES ({place}{marks})",
            rows,
        )
        for field, other in table.list_tables.items():
            pairs = [(owner, name) for owner, fields in born for name in fields.get(field, ())]
            connection.executemany(f"INSERT INTO {other} (entry, name) VALUES (?, ?)", pairs)


def delete_rows(connection: Connection, changes: Sequence[Change]) -> None:
    """Remove the rows of things that changes say are gone. The caller holds the transaction and has written the log."""
    for entity, table in TABLES.items():
        gone = [(change.id,) for change in changes if change.entity == entity and change.fields is None]
        connection.executemany(f"DELETE FROM {entity} WHERE {table.key} = ?", gone)


def row_exists(connection: Connection, entity: str, entity_id: str) -> bool:
    """Tell whether a thing has a row."""
    sql = f"SELECT 1 FROM {entity} WHERE {TABLES[entity].key} = ?"
    return connection.execute(sql, (entity_id,)).fetchone() is not None


def references(entity: str, fields: Fields | None) -> Iterator[tuple[str, str]]:
    """Return the kind and id of each thing that some fields name."""
    for name, kind in TABLES[entity].references.items():
        if fields and fields.get(name):
            yield kind, fields[name]


def required_entities(change: Change) -> Iterator[tuple[str, str]]:
    """Return the kind and id of each thing that has to be there for a change to take effect."""
    if change.fields and "created" not in change.fields:
        yield change.entity, change.id
    yield from references(change.entity, change.fields)


def referring_fields(entity: str) -> tuple[tuple[str, str], ...]:
    """Return the kinds of things that hold the id of one kind, each with the field that does."""
    return tuple(
        (kind, name) for kind, table in TABLES.items() for name, to in table.references.items() if to == entity
    )


def is_referenced(connection: Connection, entity: str, entity_id: str) -> bool:
    """Tell whether a row holds the id of a thing."""
    return any(
        connection.execute(f"SELECT 1 FROM {kind} WHERE {column} = ? LIMIT 1", (entity_id,)).fetchone()
        for kind, column in referring_fields(entity)
    )


def _encode_value(value: Any) -> Any:  # noqa: ANN401  JSON in, a column out
    return _encode_json(value) if isinstance(value, list) else value


_encode_json = json.JSONEncoder().encode


def _update_row(connection: Connection, change: Change, key: str, columns: Fields) -> None:
    if columns:
        sets = ", ".join(f"{name} = ?" for name in columns)
        connection.execute(f"UPDATE {change.entity} SET {sets} WHERE {key} = ?", (*columns.values(), change.id))


def _insert_row(connection: Connection, change: Change, table: Table, columns: Fields) -> None:
    """Make a row. It keeps its place in the order of things when it is made again."""
    columns = {table.key: change.id, **columns}
    if table.has_place:
        sql = "SELECT min(seq) FROM change WHERE entity_id = ?"
        columns["place"] = connection.execute(sql, (change.id,)).fetchone()[0]
    marks = ", ".join("?" * len(columns))
    sql = f"INSERT INTO {change.entity} ({', '.join(columns)}) VALUES ({marks})"
    connection.execute(sql, tuple(columns.values()))


def _replace_list(connection: Connection, table: str, entry_id: str, names: list[str]) -> None:
    connection.execute(f"DELETE FROM {table} WHERE entry = ?", (entry_id,))
    connection.executemany(f"INSERT INTO {table} (entry, name) VALUES (?, ?)", [(entry_id, name) for name in names])
