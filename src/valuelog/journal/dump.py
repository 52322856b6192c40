"""Exports entities in their current state, and looks them up for an import.

Deleted entities and the log are not exported.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from valuelog.journal import projection
from valuelog.journal.database import Keys
from valuelog.journal.erasure import PURGE_ACT
from valuelog.journal.errors import DamagedRecord
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.fields import ENTITIES
from valuelog.model.period import Period, week_of

EXPORT_ORDER = (
    "project", "measurement", "entry", "pain", "promise", "reflection", "day_off", "asked", "draft_seen", "finding",
)  # fmt: skip
"""Every entity type, after those it refers to; sightings come with their pain point."""

COUNTED_ENTITIES = ("entry", "pain", "sighting", *(each for each in EXPORT_ORDER if each not in {"entry", "pain"}))
"""Every entity type, in the order in which counts are shown."""

_PERIOD_CONDITIONS = {
    "project": "started_on BETWEEN :start AND :end OR id IN"
    " (SELECT project FROM entry WHERE day BETWEEN :start AND :end AND deleted IS NULL) OR id IN"
    " (SELECT project FROM measurement WHERE day BETWEEN :start AND :end AND deleted IS NULL)",
    "measurement": "day BETWEEN :start AND :end",
    "entry": "day BETWEEN :start AND :end",
    "pain": "id IN (SELECT pain FROM sighting WHERE day BETWEEN :start AND :end AND deleted IS NULL)",
    "promise": "made_on BETWEEN :start AND :end",
    "reflection": "period IN (SELECT value FROM json_each(:weeks))",
    "day_off": "day BETWEEN :start AND :end OR (every IS NOT NULL AND day < :start AND coalesce(until, '~') >= :start)",
    "asked": "substr(id, 1, instr(id, ':') - 1) BETWEEN :start AND :end"
    " OR substr(id, 1, instr(id, ':') - 1) IN (SELECT value FROM json_each(:weeks))",
    "draft_seen": "day BETWEEN :start AND :end",
    "finding": "until BETWEEN :start AND :end",
}
"""SQL conditions for the entities of a Period: from :start to :end, and in the weeks named in :weeks (JSON)."""


_PARENT_CONDITIONS = {"measurement": "project IN (SELECT id FROM project WHERE deleted IS NULL)"}
"""SQL conditions for entities that are not exported without the one they are part of."""


def iter_creation_changes(journal: Journal, period: Period | None) -> Iterator[Change]:
    """Yield the entities that a journal, or a Period, has now, each as the change that would create it.

    They are read in pieces, so that a slow consumer keeps no one from writing. An entity that is changed meanwhile is
    exported in its old or its new state, one that is deleted may be missing, and one that is added is missing.
    """
    exported: set[str] = set()
    for entity, keys in _select_keys(journal, period).items():
        for change in _iter_entity_changes(journal, entity, keys):
            if _has_required_references(change, exported):
                exported.add(change.id)
                yield _drop_external_references(change, exported)
                if entity == "pain":
                    yield from _sighting_changes(journal, change.id)


def _select_keys(journal: Journal, period: Period | None) -> dict[str, Keys]:
    """Return the keys of the rows to export, all as of one moment, in the order in which they were created."""
    days = {"start": "", "end": "~", "weeks": "[]"}
    if period:
        days = {"start": period.start.isoformat(), "end": period.end.isoformat(), "weeks": _week_names(period)}
    with journal.read_transaction():
        return {
            entity: journal.keys(
                f"SELECT {_row_key(entity)} FROM {entity} t WHERE deleted IS NULL AND ({_condition(entity, period)})"
                f" ORDER BY created, {projection.TABLES[entity].key}",
                days,
            )
            for entity in EXPORT_ORDER
        }


def _condition(entity: str, period: Period | None) -> str:
    condition = f"({_PERIOD_CONDITIONS[entity]}) AND :weeks > ''" if period else ":start < :end < :weeks"
    return f"{condition} AND {_PARENT_CONDITIONS.get(entity, 'true')}"


def _row_key(entity: str) -> str:
    table = projection.TABLES[entity]
    return "place" if table.has_place else table.key


def _week_names(period: Period) -> str:
    """Return the names of the weeks that overlap a Period, as JSON."""
    week, names = week_of(period.start), []
    while week.start <= period.end:
        names.append(week.name)
        week = week.previous(-1)
    return json.dumps(names)


def _has_required_references(change: Change, exported: set[str]) -> bool:
    """Return False if an entity is part of one that was not exported, because it was deleted meanwhile."""
    fields = change.fields or {}
    required = projection.TABLES[change.entity].references.keys() & ENTITIES[change.entity].required_fields
    return all(fields.get(name) in exported for name in required)


def _drop_external_references(change: Change, exported: set[str]) -> Change:
    """Drop references to entities outside the exported set."""
    fields = dict(change.fields or {})
    for name in projection.TABLES[change.entity].references.keys() & fields.keys():
        if fields[name] not in exported:
            del fields[name]
    return change._replace(fields=fields)


def _iter_entity_changes(journal: Journal, entity: str, keys: Keys) -> Iterator[Change]:
    sql = (
        f"SELECT {_columns(entity)} FROM json_each(?) k CROSS JOIN {entity} t ON t.{_row_key(entity)} = k.value"
        " WHERE t.deleted IS NULL ORDER BY k.key"
    )
    return (_creation_change(entity, row) for row in journal.iter_rows_by_key(sql, keys))


def _sighting_changes(journal: Journal, pain_id: str) -> Iterator[Change]:
    sql = (
        f"SELECT {_columns('sighting')} FROM sighting t WHERE t.pain = ? AND t.deleted IS NULL ORDER BY t.created, t.id"
    )
    return (_creation_change("sighting", row) for row in journal.rows(sql, (pain_id,)))


def _field_names(entity: str) -> list[str]:
    """Return the fields of an entity type that are exported, in the order of `_columns`."""
    table = projection.TABLES[entity]
    return [*(name for name in table.defaults if name != "deleted"), *table.list_tables]


def _columns(entity: str) -> str:
    """Return the SQL of the key and the fields of a row `t`."""
    table = projection.TABLES[entity]
    lists = [
        f"(SELECT json_group_array(name) FROM (SELECT name FROM {list_table} WHERE entry = t.id ORDER BY name))"
        for list_table in table.list_tables.values()
    ]
    columns = [f"t.{name}" for name in table.defaults if name != "deleted"]
    return ", ".join([f"t.{table.key}", *columns, *lists])


def _creation_change(entity: str, row: tuple[Any, ...]) -> Change:
    """Return the change that would create the entity of a row that was selected with `_columns`.

    Raises DamagedRecord.
    """
    table = projection.TABLES[entity]
    entity_id, *values = row
    names = _field_names(entity)
    try:
        fields = {name: _decode_column(table, name, value) for name, value in zip(names, values, strict=True)}
    except (ValueError, TypeError) as error:
        raise DamagedRecord(f"{entity} {entity_id}") from error
    set_fields = {name: value for name, value in fields.items() if value != table.initial_fields[name]}
    return Change(entity=entity, id=entity_id, fields=set_fields)


def _decode_column(table: projection.Table, field: str, value: Any) -> Any:  # noqa: ANN401  a column in, JSON out
    return json.loads(value) if isinstance(table.initial_fields[field], list) else value


def find_entry_by_origin(journal: Journal, origin: str) -> str | None:
    """Return the id of the entry of this origin, deleted or not."""
    rows = journal.rows("SELECT id FROM entry WHERE origin = ? ORDER BY created, id", (origin,))
    return rows[0][0] if rows else None


def find_words(journal: Journal, entry_id: str) -> tuple[str, str, str] | None:
    """Return the day, kind and text of the entry with exactly this id, deleted or not."""
    rows = journal.rows("SELECT day, kind, text FROM entry WHERE id = ?", (entry_id,))
    return rows[0] if rows else None


def find_commit_entries(journal: Journal, day: str) -> list[str]:
    """Return the ids of the entries of a day that came from commits, deleted or not."""
    sql = "SELECT id FROM entry WHERE day = ? AND origin LIKE '%:commit:%' ORDER BY created, id"
    return [row[0] for row in journal.rows(sql, (day,))]


def was_erased(journal: Journal, entity_id: str) -> bool:
    """Return True if a purge has erased an entity, which must not come back by an import."""
    sql = "SELECT 1 FROM change WHERE entity_id = ? AND act = ? AND fields = 'null' LIMIT 1"
    return bool(journal.rows(sql, (entity_id, PURGE_ACT)))


def entity_exists(journal: Journal, entity: str, entity_id: str) -> bool:
    """Return True if an entity exists, deleted or not."""
    key = projection.TABLES[entity].key
    return bool(journal.rows(f"SELECT 1 FROM {entity} WHERE {key} = ?", (entity_id,)))


def find_entity_type(journal: Journal, entity_id: str) -> str | None:
    """Return the type of the entity that ever had this id, existing or not."""
    sql = "SELECT entity FROM change WHERE entity_id = ? LIMIT 1"
    rows = journal.rows(sql, (entity_id,))
    return rows[0][0] if rows else None


def find_creation_change(journal: Journal, entity: str, entity_id: str) -> Change | None:
    """Return an entity as the change that would create it, or None if it is deleted or does not exist."""
    key = projection.TABLES[entity].key
    sql = f"SELECT {_columns(entity)} FROM {entity} t WHERE t.{key} = ? AND t.deleted IS NULL"
    return next((_creation_change(entity, row) for row in journal.rows(sql, (entity_id,))), None)


def differs_from_journal(journal: Journal, change: Change) -> bool:
    """Return True if an entity is deleted or differs from what a change would create, apart from timestamps."""
    table = projection.TABLES[change.entity]
    current = find_creation_change(journal, change.entity, change.id)
    ignored = dict.fromkeys(("created", "utc_offset"))
    imported = {**table.initial_fields, **(change.fields or {}), **ignored}
    return current is None or {**table.initial_fields, **(current.fields or {}), **ignored} != imported


def reference_fields(entity: str) -> Collection[str]:
    """Return the fields of an entity type that refer to other entities."""
    return projection.TABLES[entity].references


def references(change: Change) -> Iterator[tuple[str, str]]:
    """Yield the type and id of each entity that a change refers to."""
    return projection.references(change.entity, change.fields)


_LIVE_COUNT = "SELECT count(*) FROM {} WHERE deleted IS NULL"

_QUICK_COUNTS = {
    "entry": "SELECT (SELECT count(*) FROM entry) - (SELECT count(*) FROM entry WHERE deleted IS NOT NULL AND id IN"
    " (SELECT c.entity_id FROM batch b JOIN change c ON c.batch = b.id WHERE b.act = 'delete'))",
    "asked": "SELECT count(*) FROM asked",
    "draft_seen": "SELECT count(*) FROM draft_seen",
}
"""How the types of which there are most are counted in milliseconds: without a look at each row.

An entry is marked as deleted only by the act `delete`, the others never.
"""


def count_entities(journal: Journal) -> Mapping[str, int]:
    """Return the number of entities of each type."""
    return {
        name: int(journal.rows(_QUICK_COUNTS.get(name) or _LIVE_COUNT.format(name))[0][0]) for name in COUNTED_ENTITIES
    }
