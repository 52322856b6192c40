"""Reads the rows of an entity's table into instances of its model class, and writes what changes.

Columns and fields derive from `valuelog.model.fields`.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any, Generic, TypeVar, cast, get_args

from valuelog.journal.errors import DamagedRecord
from valuelog.journal.log import Change, Values
from valuelog.journal.projection import TABLES
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import parse_optional_day, parse_timestamp, timestamp_fields
from valuelog.model.errors import BadInput
from valuelog.model.fields import ENTITIES, Field, FieldType, changed_fields, set_fields
from valuelog.model.recurrence import parse_recurrence

Model = TypeVar("Model")

_NO_EXPRESSIONS: Mapping[str, str] = {}


class EntityTable(Generic[Model]):
    """The table of one entity type.

    `columns` is what a query selects for `read`; `alias` names the table in that query. `expressions` are SQL for
    fields of the model class that are not the column of their name: computed ones, or one replaced by another.
    """

    def __init__(
        self,
        model: type[Model],
        entity: str,
        alias: str,
        *,
        order_by: str,
        expressions: Mapping[str, str] = _NO_EXPRESSIONS,
    ) -> None:
        """Derive columns and converters from the fields that the model class and the entity share."""
        known, model_fields = ENTITIES[entity].fields, fields(cast("Any", model))
        self._model = model
        self._entity = entity
        self._from = f"{entity} {alias}"
        self._key = f"{alias}.{TABLES[entity].key}"
        self._order_by = order_by
        self._has_deleted = any(field.name == "deleted" for field in model_fields)
        self._converters: dict[str, Callable[[Any], Any] | None] = {"id": None}
        columns = [self._key]
        for field in model_fields:
            if field.name in {"created", "deleted"} or not (field.name in known or field.name in expressions):
                continue
            columns.append(expressions.get(field.name) or _select_column(entity, field.name, alias))
            self._converters[field.name] = _converter(known.get(field.name), field.type)
        self.columns = ", ".join(columns + [f"{alias}.{name}" for name in ("created", "utc_offset", "deleted")])

    def read(self, row: Sequence[Any], **extra: object) -> Model:
        """Return the model instance of a row that was selected with `columns`; `extra` are further fields of it.

        Raises DamagedRecord.
        """
        *values, created, offset, deleted = row
        if not isinstance(row[0], str):  # its id, in a damaged file
            raise DamagedRecord(f"{self._entity} {row[0]}")
        try:
            arguments = {
                name: convert(value) if convert else value
                for (name, convert), value in zip(self._converters.items(), values, strict=True)
            }
            arguments["created"] = parse_timestamp(created, offset)
            if self._has_deleted:
                arguments["deleted"] = parse_timestamp(deleted, offset) if deleted else None
            return self._model(**arguments, **extra)
        except (ValueError, TypeError, ArithmeticError, BadInput, DamagedRecord) as error:
            raise DamagedRecord(f"{self._entity} {row[0]}") from error

    def select(
        self, journal: Journal, condition: str, values: Values = (), *, limit: int | None = None
    ) -> tuple[Model, ...]:
        """Return what a condition in SQL selects, in the usual order."""
        sql = (
            f"SELECT {self.columns} FROM {self._from} WHERE {condition} ORDER BY {self._order_by}{limit_clause(limit)}"
        )
        return tuple(map(self.read, journal.rows(sql, values)))

    def get(self, journal: Journal, entity_id: str) -> Model:
        """Return the entity with exactly this id."""
        return self.select(journal, f"{self._key} = ?", (entity_id,))[0]

    def reload(self, journal: Journal, entity: Model) -> Model:
        """Return the current state of an entity; the given one if another terminal has undone its creation."""
        return next(iter(self.select(journal, f"{self._key} = ?", (cast("Any", entity).id,))), entity)

    def creation_change(self, new: Model) -> Change:
        """Return the change that creates an entity."""
        entity = cast("Any", new)
        fields = {**set_fields(self._entity, entity), **timestamp_fields(entity.created)}
        return Change(entity=self._entity, id=entity.id, fields=fields)

    def update_change(self, old: Model, new: Model) -> Change:
        """Return the change that turns one state of an entity into another; without fields if they are equal."""
        fields = changed_fields(self._entity, old, new)
        return Change(entity=self._entity, id=cast("Any", new).id, fields=fields)

    def update(
        self,
        journal: Journal,
        entity: Model,
        act: str,
        transition: Callable[[Model], Model],
        *,
        batch: str | None = None,
    ) -> Model:
        """Apply a transition to the current state of an entity, write what differs and return the new state."""
        with journal.transaction():
            current = self.reload(journal, entity)
            new = transition(current)
            journal.write(act, [self.update_change(current, new)], batch=batch)
        return new


def limit_clause(limit: int | None) -> str:
    """Return the LIMIT of a query; none returns all rows."""
    return "" if limit is None else f" LIMIT {limit:d}"


def _select_column(entity: str, name: str, alias: str) -> str:
    """Return the SQL of a field: its column, or the names in its own table as a sorted JSON list."""
    if table := TABLES[entity].list_tables.get(name):
        return f"(SELECT json_group_array(name) FROM (SELECT name FROM {table} WHERE entry = {alias}.id ORDER BY name))"
    return f"{alias}.{name}"


def _converter(field: Field | None, annotation: Any) -> Callable[[Any], Any] | None:  # noqa: ANN401  a type expression
    """Return how a column becomes a field of the model class; None if it stays as it is."""
    if field is None:
        return parse_optional_day if date in (annotation, *get_args(annotation)) else None
    choice, *optional = get_args(annotation) or (annotation,)
    converters: dict[FieldType, Callable[[Any], Any]] = {
        FieldType.DAY: parse_optional_day,
        FieldType.CHOICE: (lambda text: choice(text) if text else None) if optional else choice,
        FieldType.KEYS: lambda text: tuple(json.loads(text)),
        FieldType.NAMES: lambda text: tuple(json.loads(text)),
        FieldType.RECURRENCE: lambda text: parse_recurrence(text) if text else None,
    }
    return converters.get(field.type)
