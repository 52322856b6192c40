"""Everything that a journal holds, thing by thing: carried out of one, and into another.

What was deleted stays behind, and so does how things came to be: a thing is carried as it is now.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from valuelog.journal import projection
from valuelog.journal.log import Change, Fields
from valuelog.journal.store import Journal
from valuelog.model.period import Period, week_of

EXPORT_ORDER = ("project", "entry", "pain", "promise", "reflection", "day_off", "asked", "draft_seen")
"""Every kind of thing, what others refer to first; sightings come with their pain point."""

COUNTED_ENTITIES = ("entry", "pain", "sighting", *(kind for kind in EXPORT_ORDER if kind not in {"entry", "pain"}))
"""Every kind of thing that is counted, what people know best first."""

_PERIOD_CONDITIONS = {
    "project": "started_on BETWEEN :start AND :end OR id IN"
    " (SELECT project FROM entry WHERE day BETWEEN :start AND :end AND deleted IS NULL)",
    "entry": "day BETWEEN :start AND :end",
    "pain": "id IN (SELECT pain FROM sighting WHERE day BETWEEN :start AND :end AND deleted IS NULL)",
    "promise": "made_on BETWEEN :start AND :end",
    "reflection": "period IN (SELECT value FROM json_each(:weeks))",
    "day_off": "day BETWEEN :start AND :end",
    "asked": "substr(id, 1, instr(id, ':') - 1) BETWEEN :start AND :end"
    " OR substr(id, 1, instr(id, ':') - 1) IN (SELECT value FROM json_each(:weeks))",
    "draft_seen": "day BETWEEN :start AND :end",
}
"""What of each kind belongs to a Period: from a day on, to a day, and in the weeks of these names."""


def iter_creation_changes(journal: Journal, period: Period | None) -> Iterator[Change]:
    """Yield everything that is in a journal, or of a Period: each as the change that brings it into being."""
    days = {"start": "", "end": "~", "weeks": "[]"}
    if period:
        days = {"start": period.start.isoformat(), "end": period.end.isoformat(), "weeks": _week_names(period)}
    told: set[str] = set()
    for entity in EXPORT_ORDER:
        for change in _iter_entity_changes(
            journal,
            entity,
            f"({_PERIOD_CONDITIONS[entity]}) AND :weeks > ''" if period else ":start < :end < :weeks",
            days,
        ):
            told.add(change.id)
            yield _drop_external_references(change, told)
            if entity == "pain":
                yield from _iter_entity_changes(journal, "sighting", "pain = :id", {"id": change.id})


def _week_names(period: Period) -> str:
    """Return the names of the weeks that lie in a Period, in part or whole, as JSON."""
    week, found = week_of(period.start), []
    while week.start <= period.end:
        found.append(week.name)
        week = week.previous(-1)
    return json.dumps(found)


def _drop_external_references(change: Change, told: set[str]) -> Change:
    """Leave out what refers to a thing that is not carried."""
    fields = dict(change.fields or {})
    for name in projection.TABLES[change.entity].references.keys() & fields.keys():
        if fields[name] not in told:
            del fields[name]
    return change._replace(fields=fields)


def _iter_entity_changes(journal: Journal, entity: str, condition: str, values: Mapping[str, str]) -> Iterator[Change]:
    table = projection.TABLES[entity]
    columns = [name for name in table.defaults if name != "deleted"]
    lists = [
        f"(SELECT json_group_array(name) FROM (SELECT name FROM {place} WHERE entry = t.id ORDER BY name))"
        for place in table.list_tables.values()
    ]
    sql = (
        f"SELECT {table.key}, {', '.join([*columns, *lists])} FROM {entity} t"
        f" WHERE deleted IS NULL AND ({condition}) ORDER BY {'place' if table.has_place else 'created, 1'}"
    )
    names = [*columns, *table.list_tables]
    for name, *row in journal.iter_rows(sql, values):
        fields = dict(zip(names, (_decode_column(table, *pair) for pair in zip(names, row, strict=True)), strict=True))
        said = {field: value for field, value in fields.items() if value != table.initial_fields[field]}
        yield Change(entity=entity, id=name, fields=said)


def _decode_column(table: projection.Table, field: str, value: Any) -> Any:  # noqa: ANN401  a column in, JSON out
    return json.loads(value) if isinstance(table.initial_fields[field], list) else value


def import_change(entity: str, entity_id: str, fields: Fields) -> Change:
    """Return the change that creates an entity as another journal exported it."""
    return Change(entity=entity, id=entity_id, fields=fields)


def find_entry_by_origin(journal: Journal, origin: str) -> str | None:
    """Return the id of the entry of this origin in the journal, deleted or not."""
    rows = journal.rows("SELECT id FROM entry WHERE origin = ?", (origin,))
    return rows[0][0] if rows else None


def entity_exists(journal: Journal, entity: str, entity_id: str) -> bool:
    """Tell whether a thing is in the journal, deleted or not."""
    key = projection.TABLES[entity].key
    return bool(journal.rows(f"SELECT 1 FROM {entity} WHERE {key} = ?", (entity_id,)))


def find_entity_type(journal: Journal, entity_id: str) -> str | None:
    """Return which kind of thing this id was ever given to, whether or not it is still there."""
    sql = "SELECT entity FROM change WHERE entity_id = ? LIMIT 1"
    rows = journal.rows(sql, (entity_id,))
    return rows[0][0] if rows else None


def differs_from_journal(journal: Journal, change: Change) -> bool:
    """Tell whether a thing of the journal is not what a change would make it, whenever that was, or was deleted."""
    table = projection.TABLES[change.entity]
    now = next(_iter_entity_changes(journal, change.entity, f"{table.key} = :id", {"id": change.id}), None)
    born = dict.fromkeys(("created", "utc_offset"))
    then = {**table.initial_fields, **(change.fields or {}), **born}
    return now is None or {**table.initial_fields, **(now.fields or {}), **born} != then


def reference_fields(entity: str) -> Collection[str]:
    """Return the fields of a kind of thing that name another thing."""
    return projection.TABLES[entity].references


def references(change: Change) -> Iterator[tuple[str, str]]:
    """Return the kind and id of each thing that a change names."""
    return projection.references(change.entity, change.fields)


def count_entities(journal: Journal) -> Mapping[str, int]:
    """Return how many things of each kind the journal holds."""
    return {
        name: int(journal.rows(f"SELECT count(*) FROM {name} WHERE deleted IS NULL")[0][0]) for name in COUNTED_ENTITIES
    }
