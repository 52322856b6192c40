"""Tells changes that this version understands from those that only a newer one does, or that no version writes.

What is taken in stays in the log, and a value that can't be read would make all records of its type unreadable.
"""

import json
import re
from datetime import date, datetime
from typing import Any

from valuelog.journal.erasure import PURGE_ACT
from valuelog.journal.log import MAX_TICK, MAX_WALL, RawChange, canonical_json
from valuelog.journal.projection import LOG_ONLY_ENTITIES
from valuelog.model.errors import BadInput
from valuelog.model.fields import ENTITIES, LIST_TYPES, Field, FieldType
from valuelog.model.recurrence import parse_recurrence

LATEST_WALL = MAX_WALL - 86_400_000
"""The last time that is taken in; the clock of this device, which continues from it, has a day before it ends."""

_RANDOM_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_NATURAL_KEYS = frozenset({"finding", "asked", "draft_seen"})
_LIMITED = frozenset({"minutes", "utc_offset"})
"""The integers of which a larger one can't be read; older versions had other upper limits for the rest."""


def is_known(change: RawChange) -> bool:
    """Return True if this version understands a change: its entity, its fields, and what they may hold."""
    if not (0 <= change.wall <= LATEST_WALL and 0 <= change.tick <= MAX_TICK):
        return False
    if not _may_be_id(change.entity, change.entity_id):
        return False
    if change.fields is None:
        return True
    try:
        fields = _parse(change.fields)
    except (ValueError, RecursionError):
        return False
    is_toggle = change.undoes is not None  # of an older version: it wrote values, which don't count
    if fields is None or change.entity in LOG_ONLY_ENTITIES:
        return fields is not None or is_toggle or change.act == PURGE_ACT
    known = ENTITIES[change.entity].fields
    return all(
        name in known and ((value is None and is_toggle) or _may_hold(known[name], value))
        for name, value in fields.items()
    )


def _may_be_id(entity: str, entity_id: str) -> bool:
    if entity == "day_off":
        return _is_day(entity_id)
    if entity in LOG_ONLY_ENTITIES or (entity in ENTITIES and entity not in _NATURAL_KEYS):
        return bool(_RANDOM_ID.fullmatch(entity_id))
    return entity in ENTITIES and bool(entity_id) and "\0" not in entity_id


def _parse(text: str) -> dict[str, Any] | None:
    """Return fields. Raises ValueError unless they are an object, with each name once, or null; RecursionError."""
    fields = json.loads(text, object_pairs_hook=_unique)
    if fields is not None and not isinstance(fields, dict):
        raise ValueError
    canonical_json(fields).encode()  # refuses lone surrogates, which SQLite can't store
    return fields


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object. Raises ValueError if it has a name twice: SQLite and Python read different values of it."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise ValueError
    return fields


def _may_hold(field: Field, value: Any) -> bool:  # noqa: ANN401  a JSON value
    if value is None:
        return not field.is_required and field.type not in LIST_TYPES
    match field.type:
        case FieldType.INTEGER:
            limit = field.range[1] if field.name in _LIMITED else 2**63 - 1
            return type(value) is int and field.range[0] <= value <= limit
        case FieldType.CHOICE:
            return value in field.choices
        case FieldType.KEYS | FieldType.NAMES:
            return (
                isinstance(value, list) and all(isinstance(each, str) for each in value) and _fits_table(field, value)
            )
        case _:
            return isinstance(value, str) and _may_be_text(field, value)


def _fits_table(field: Field, values: list[str]) -> bool:
    """Return True unless names repeat: they are rows of a table."""
    return field.type is not FieldType.NAMES or len({*values}) == len(values)


def _may_be_text(field: Field, value: str) -> bool:
    match field.type:
        case FieldType.DAY:
            return _is_day(value)
        case FieldType.TIMESTAMP:
            return _is_timestamp(value)
        case FieldType.RECURRENCE:
            return _is_recurrence(value)
        case FieldType.REFERENCE:
            return _may_be_id(field.references, value)
        case FieldType.SLUG:
            return value.isprintable() and value.split() == [value]
        case _:
            return bool(value) or field.allows_empty or not field.is_required


def _is_day(text: str) -> bool:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return False
    return day.isoformat() == text and date.min.year < day.year < date.max.year


def _is_timestamp(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return False
    return moment.tzinfo is not None and date.min.year < moment.year < date.max.year


def _is_recurrence(text: str) -> bool:
    try:
        parse_recurrence(text)
    except BadInput:
        return False
    return True
