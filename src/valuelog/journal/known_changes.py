"""Tells changes that this version understands from those that only a newer one does."""

import json
from typing import Any

from valuelog.journal.erasure import PURGE_ACT
from valuelog.journal.log import MAX_TICK, MAX_WALL, RawChange
from valuelog.journal.projection import LOG_ONLY_ENTITIES
from valuelog.model.fields import ENTITIES, LIST_TYPES, Field, FieldType


def is_known(change: RawChange) -> bool:
    """Return True if this version understands a change: its entity, its fields, and what they may hold."""
    if not (0 <= change.wall <= MAX_WALL and 0 <= change.tick <= MAX_TICK):
        return False
    if change.entity in LOG_ONLY_ENTITIES or change.undoes is not None or change.fields is None:
        return change.entity in LOG_ONLY_ENTITIES or change.entity in ENTITIES
    if change.entity not in ENTITIES:
        return False
    try:
        fields = json.loads(change.fields)
        if "\\u" in change.fields:
            json.dumps(fields, ensure_ascii=False).encode()  # refuses lone surrogates, which SQLite can't store
    except (ValueError, RecursionError):
        return False
    if fields is None:
        return change.act == PURGE_ACT
    known = ENTITIES[change.entity].fields
    return isinstance(fields, dict) and all(
        name in known and _may_hold(known[name], value) for name, value in fields.items()
    )


def _may_hold(field: Field, value: Any) -> bool:  # noqa: ANN401  a JSON value
    if value is None:
        return not field.is_required and field.type not in LIST_TYPES
    match field.type:
        case FieldType.INTEGER:
            return type(value) is int and field.range[0] <= value < 2**63  # an older version had other upper limits
        case FieldType.CHOICE:
            return value in field.choices
        case FieldType.KEYS | FieldType.NAMES:
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case _:
            return isinstance(value, str)
