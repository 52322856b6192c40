"""Everything that a journal holds, thing by thing: carried out of one, and into another.

What was deleted stays behind, and so does how things came to be: a thing is carried as it is now.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

from valuelog.journal import state
from valuelog.journal.changes import Change
from valuelog.journal.store import Journal
from valuelog.model.period import Period

ORDER = ("project", "entry", "pain", "promise", "reflection", "day_off", "asked", "draft_seen")
"""Every kind of thing, what others refer to first; sightings come with their pain point."""

_WITHIN = {
    "project": "started_on BETWEEN ?1 AND ?2 OR id IN"
    " (SELECT project FROM entry WHERE day BETWEEN ?1 AND ?2 AND deleted IS NULL)",
    "entry": "day BETWEEN ?1 AND ?2",
    "pain": "id IN (SELECT pain FROM sighting WHERE day BETWEEN ?1 AND ?2 AND deleted IS NULL)",
    "promise": "made_on BETWEEN ?1 AND ?2",
    "reflection": "substr(created, 1, 10) BETWEEN ?1 AND ?2",
    "day_off": "day BETWEEN ?1 AND ?2",
    "asked": "substr(created, 1, 10) BETWEEN ?1 AND ?2",
    "draft_seen": "day BETWEEN ?1 AND ?2",
}
"""What of each kind belongs to a Period."""


def things(journal: Journal, period: Period | None) -> Iterator[Change]:
    """Yield everything that is in a journal, or of a Period: each as the change that brings it into being."""
    days = (period.start.isoformat(), period.end.isoformat()) if period else ("", "~")
    told: set[str] = set()
    for entity in ORDER:
        for change in _each(journal, entity, _WITHIN[entity] if period else "?1 < ?2", days):
            told.add(change.id)
            yield _without_what_stays(change, told)
            if entity == "pain":
                yield from _each(journal, "sighting", "pain = ?1", (change.id,))


def _without_what_stays(change: Change, told: set[str]) -> Change:
    """Leave out what refers to a thing that is not carried."""
    fields = dict(change.fields or {})
    for name in state.TABLES[change.entity].refers.keys() & fields.keys():
        if fields[name] not in told:
            del fields[name]
    return change._replace(fields=fields)


def _each(journal: Journal, entity: str, condition: str, values: tuple[str, ...]) -> Iterator[Change]:
    table = state.TABLES[entity]
    columns = [name for name in table.defaults if name != "deleted"]
    lists = [
        f"(SELECT json_group_array(name) FROM (SELECT name FROM {place} WHERE entry = t.id ORDER BY name))"
        for place in table.lists.values()
    ]
    sql = (
        f"SELECT {table.key}, {', '.join([*columns, *lists])} FROM {entity} t"
        f" WHERE deleted IS NULL AND ({condition}) ORDER BY {'place' if table.placed else 'created, 1'}"
    )
    names = [*columns, *table.lists]
    for name, *row in journal.each(sql, values):
        fields = dict(zip(names, (_read(table, *pair) for pair in zip(names, row, strict=True)), strict=True))
        said = {field: value for field, value in fields.items() if value != table.unset[field]}
        yield Change(entity=entity, id=name, fields=said)


def _read(table: state.Table, field: str, value: Any) -> Any:  # noqa: ANN401  a column in, JSON out
    return json.loads(value) if isinstance(table.unset[field], list) else value


def is_there(journal: Journal, entity: str, name: str) -> bool:
    """Tell whether a thing is in the journal, deleted or not."""
    return state.there(journal.connection, entity, name)


def came_in(journal: Journal, origin: str) -> bool:
    """Tell whether an entry of this origin is in the journal, deleted or not."""
    return journal.connection.execute("SELECT 1 FROM entry WHERE origin = ?", (origin,)).fetchone() is not None


def references(change: Change) -> Iterator[tuple[str, str]]:
    """Return the kind and id of each thing that a change names."""
    return state.references(change.entity, change.fields)


def counts(journal: Journal) -> Mapping[str, int]:
    """Return how many things of each kind that people know the journal holds."""
    known = ("entry", "pain", "project", "promise")
    return {name: int(journal.rows(f"SELECT count(*) FROM {name} WHERE deleted IS NULL")[0][0]) for name in known}
