"""Compares the tables with what the changes in a log that may be damaged add up to."""

import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from sqlite3 import Connection
from typing import Any

from valuelog.journal.hash_chain import Damage, Row, bindable, decode_losslessly
from valuelog.journal.log import ERASED
from valuelog.journal.merge import PlainChange, Rule, parse_fields
from valuelog.journal.projection import DERIVED_COLUMNS, LOG_ONLY_ENTITIES, TABLES, derive_columns

_NOT_SIMPLE = (
    "SELECT entity_id FROM change GROUP BY entity_id HAVING count(*) > 1"
    " UNION SELECT c.entity_id FROM change u CROSS JOIN change c ON c.batch = u.undoes WHERE u.undoes IS NOT NULL"
)
"""The entities with several changes, or with one that was undone at some time."""


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
        self._rule = Rule(connection)
        self._repeated = {row[0] for row in connection.execute(_NOT_SIMPLE)}
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
            if not is_equal and not self._matches(entity, row.entity_id):
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
        sql = "SELECT DISTINCT entity FROM change WHERE entity_id = ?"
        for entity_id in sorted(self._repeated, key=str):
            entities = self._connection.execute(sql, (bindable(entity_id),)).fetchall()
            yield from self._check_repeated(entity_id, [entity for (entity,) in entities])
        yield from self._check_surplus()

    def _check_repeated(self, entity_id: Any, entities: Iterable[Any]) -> Iterator[Damage]:  # noqa: ANN401  an id
        for entity in entities:
            if entity in LOG_ONLY_ENTITIES:
                continue
            if entity not in self._columns or not self._matches(entity, entity_id):
                yield _row_damage(entity, entity_id)
                continue
            row = actual_row(self._connection, entity, self._columns[entity], entity_id)
            self._count(entity, row, [row[field] for field in TABLES[entity].list_tables] if row else [])

    def _count(self, entity: str, row: object, names: Iterable[Sequence[str]]) -> None:
        """Count a row and its names as known."""
        self._row_counts[entity] += row is not None
        for table, listed in zip(TABLES[entity].list_tables.values(), names, strict=False):
            self._name_counts[table] += len(listed)

    def _matches(self, entity: str, entity_id: Any) -> bool:  # noqa: ANN401  an id
        columns = self._columns[entity]
        actual = actual_row(self._connection, entity, columns, entity_id)
        return actual == expected_row(self._connection, entity, columns, entity_id, self._rule)

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
            if entity_id not in self._repeated and not self._matches("entry", entity_id):
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
        columns = table_columns(connection, entity)
        expected = expected_row(connection, entity, columns, entity_id)
        return actual_row(connection, entity, columns, entity_id) != expected


_CHANGES_OF = (
    "SELECT seq, fields, act, undoes IS NULL AND coalesce((SELECT t.act <> 'undo' FROM change t"
    " WHERE t.undoes = c.batch ORDER BY t.wall DESC, t.tick DESC, t.id DESC LIMIT 1), 1)"
    " FROM change c WHERE entity_id = ? AND entity = ? ORDER BY wall, tick, id"
)


def expected_row(
    connection: Connection,
    entity: str,
    columns: Sequence[str],
    entity_id: Any,  # noqa: ANN401  from a damaged file
    rule: Rule | None = None,
) -> dict[str, Any] | None:
    """Return the row that the log results in by the merge rule; derived columns only where the table has them."""
    rows = connection.execute(_CHANGES_OF, (bindable(entity_id), entity)).fetchall()
    changes = [PlainChange(parse_fields(fields), act, bool(is_active)) for _, fields, act, is_active in rows]
    state = (rule or Rule(connection)).compute(entity, entity_id, changes).fields
    if state is None:
        return None
    table = TABLES[entity]
    place = {"place": min(seq for seq, *_ in rows)} if "place" in columns else {}
    values = {**table.initial_fields, **place, **state}
    values |= {field: sorted(values[field]) for field in table.list_tables if isinstance(values[field], list)}
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
