"""Entries: create, update, delete and select."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from valuelog.journal import projects
from valuelog.journal.log import Change
from valuelog.journal.rows import EntityTable
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import timestamp_fields
from valuelog.model.entry import VALUE_KINDS, Entry, Impact, Kind, Side
from valuelog.model.fields import changed_fields, set_fields
from valuelog.model.period import Period

_TABLE = EntityTable(
    Entry,
    "entry",
    "e",
    order_by="e.day DESC, e.created DESC, e.id DESC",
    expressions={"project": "(SELECT slug FROM project WHERE id = e.project)"},
)

get, reload, read_row, COLUMNS = _TABLE.get, _TABLE.reload, _TABLE.read, _TABLE.columns


class Selection(NamedTuple):
    """Filters that entries must all match.

    Each item of `people` and `tags` holds all names of one person or tag; each of them must be there. `project` is an
    id.
    `question` is the id of a question, `is_proven` selects value with or without evidence that counts.
    """

    period: Period | None = None
    kinds: tuple[Kind, ...] = ()
    side: Side | None = None
    people: tuple[tuple[str, ...], ...] = ()
    tags: tuple[tuple[str, ...], ...] = ()
    project: str | None = None
    source: str | None = None
    question: str | None = None
    impact: Impact | None = None
    is_proven: bool | None = None


def creation_changes(
    journal: Journal, entries: Iterable[Entry], started_projects: dict[str, str] | None = None
) -> list[Change]:
    """Return the changes that create entries and the projects that they name for the first time.

    `started_projects` maps slugs to ids of projects that earlier changes of the same batch create; it is updated.
    """
    changes: list[Change] = []
    started_projects = {} if started_projects is None else started_projects
    for entry in entries:
        project, starting = projects.find_or_start(journal, entry.project, entry.day, started_projects)
        changes += [*starting, with_project(creation_change(entry), project)]
    return changes


def creation_change(entry: Entry) -> Change:
    """Return the change that creates an entry, without its project."""
    fields = {**set_fields("entry", entry, without=["project"]), **timestamp_fields(entry.created)}
    return Change(entity="entry", id=entry.id, fields=fields)


def with_project(change: Change, project_id: str | None) -> Change:
    """Return the change that creates an entry, with its project."""
    return change._replace(fields={**(change.fields or {}), "project": project_id}) if project_id else change


def add(journal: Journal, entries: Iterable[Entry], *, act: str = "add", batch: str | None = None) -> str:
    """Create entries, all or none. Return their batch."""
    with journal.transaction():
        return journal.write(act, creation_changes(journal, entries), batch=batch)


def update(journal: Journal, old: Entry, new: Entry, *, act: str = "edit", batch: str | None = None) -> bool:
    """Write what differs between two states of an entry. Return True if anything does."""
    fields = changed_fields("entry", old, new, without=["project"])  # Entry.project is a slug
    starting: list[Change] = []
    with journal.transaction():
        if new.project != old.project:
            fields["project"], starting = projects.find_or_start(journal, new.project, new.day, {})
        if fields:
            journal.write(act, [*starting, Change(entity="entry", id=new.id, fields=fields)], batch=batch)
    return bool(fields)


def evidence_change(entry: Entry, text: str) -> Change:
    """Return the change that sets the evidence of an entry."""
    return Change(entity="entry", id=entry.id, fields={"evidence": text})


def select(journal: Journal, selection: Selection, *, limit: int | None = None) -> tuple[Entry, ...]:
    """Return entries, the newest day last; only the newest `limit`."""
    return _TABLE.select(journal, *build_conditions(selection), limit=limit)[::-1]


def iter_entries(journal: Journal, period: Period | None) -> Iterator[Entry]:
    """Yield the entries that a Period, or the whole journal, has now, the newest day last.

    A slow consumer keeps no one from writing; entries deleted meanwhile are left out.
    """
    where, values = build_conditions(Selection(period=period))
    keys = journal.keys(f"SELECT e.place FROM entry e WHERE {where} ORDER BY e.day, e.created, e.id", values)
    sql = (
        f"SELECT {_TABLE.columns} FROM json_each(?) k CROSS JOIN entry e ON e.place = k.value"
        " WHERE e.deleted IS NULL ORDER BY k.key"
    )
    return map(_TABLE.read, journal.iter_rows_by_key(sql, keys))


_HAS_NAME_CORRELATED = "EXISTS (SELECT 1 FROM {} WHERE entry = e.id AND name IN ({}))"
_HAS_NAME_INDEXED = "e.id IN (SELECT entry FROM {} WHERE name IN ({}))"
"""Whether an entry has one of some names: checked per entry if few are selected, else through the index of names."""


def build_conditions(selection: Selection, *, is_narrow: bool = False) -> tuple[str, list[object]]:
    """Return the conditions of a selection as SQL over e, and their values.

    `is_narrow` tells that further conditions select few entries.
    """
    days = selection.period
    named = _HAS_NAME_CORRELATED if days or is_narrow else _HAS_NAME_INDEXED
    parts: list[tuple[object, str, Sequence[object]]] = [
        (True, "e.deleted IS NULL", ()),
        (days, "e.day BETWEEN ? AND ?", (days.start.isoformat(), days.end.isoformat()) if days else ()),
        (selection.kinds, f"e.kind IN ({_placeholders(selection.kinds)})", list(map(str, selection.kinds))),
        (selection.side, *_side_condition(selection.side)),
        *((True, named.format("entry_person", _placeholders(names)), names) for names in selection.people),
        *((True, named.format("entry_tag", _placeholders(names)), names) for names in selection.tags),
        (selection.project, "e.project = ?", (selection.project,)),
        (selection.question, "e.question = ?", (selection.question,)),
        (selection.impact, "e.impact = ?", (selection.impact,)),
        (selection.is_proven is not None, _PROVEN_CONDITION, (*VALUE_KINDS, int(bool(selection.is_proven)))),
        (selection.source, "e.origin BETWEEN ? || ':' AND ? || ';'", (selection.source, selection.source)),
    ]
    used = [(sql, values) for is_used, sql, values in parts if is_used]
    return " AND ".join(sql for sql, _ in used), [value for _, values in used for value in values]


_IS_VALUE = f"e.kind IN ({', '.join('?' * len(VALUE_KINDS))}) AND e.held IS NOT 'no'"
_PROVEN_CONDITION = f"{_IS_VALUE} AND e.proven = ?"


def _side_condition(side: Side | None) -> tuple[str, Sequence[object]]:
    """Return the condition of a side: work, value that held, or all the rest."""
    if side is Side.WORK:
        return "e.kind = 'activity'", ()
    return (_IS_VALUE if side is Side.VALUE else f"e.kind <> 'activity' AND NOT ({_IS_VALUE})"), VALUE_KINDS


def _placeholders(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def list_repeated_words(journal: Journal, period: Period, at_least: int) -> list[tuple[str, str, int]]:
    """Return the id and text of the first of some value entries with the same words, and how many of them there are.

    Those that are repeated most often come first.
    """
    kinds = ", ".join(f"'{kind}'" for kind in VALUE_KINDS)
    sql = (
        "SELECT counted.id, (SELECT text FROM entry WHERE id = counted.id), times FROM ("
        "SELECT min(day || created || id) AS first, id, count(*) AS times FROM entry WHERE day BETWEEN ? AND ?"
        f" AND kind IN ({kinds}) AND held IS NOT 'no' AND deleted IS NULL GROUP BY words HAVING count(*) >= ?"
        ") counted ORDER BY times DESC, first"
    )
    return journal.rows(sql, (period.start.isoformat(), period.end.isoformat(), at_least))


def count_added_evidence(journal: Journal, period: Period, since: date) -> int:
    """Return how many value entries of a Period are proven by evidence that was added after a day."""
    kinds = ", ".join(f"'{kind}'" for kind in VALUE_KINDS)
    sql = (
        f"SELECT count(*) FROM entry e WHERE day BETWEEN ? AND ? AND kind IN ({kinds}) AND held IS NOT 'no'"
        " AND deleted IS NULL AND proven = 1 AND EXISTS (SELECT 1 FROM change c WHERE c.entity_id = e.id"
        " AND json_extract(c.fields, '$.created') IS NULL AND json_extract(c.fields, '$.evidence') IS NOT NULL"
        " AND c.wall >= ?)"
    )
    after = datetime.combine(since + timedelta(days=1), time(), UTC).timestamp() * 1000
    ((count,),) = journal.rows(sql, (period.start.isoformat(), period.end.isoformat(), int(after)))
    return int(count)


def count_insights_of_older_version(journal: Journal) -> tuple[int, int]:
    """Return the number of insights and of all entries, if an older version, which counted insights, made the journal.

    Both are 0 otherwise. A new journal gets all its tables within a moment, an older one got some of them by an update.
    """
    sql = (
        "SELECT coalesce(sum(kind = 'insight'), 0), count(*) FROM entry WHERE deleted IS NULL AND ("
        "SELECT abs(max(julianday(applied_at)) - min(julianday(applied_at))) > 1.0 / (24 * 60) FROM _sqlite_migrations"
        " WHERE name IN ('first_tables', 'sides'))"
    )
    ((insights, all_entries),) = journal.rows(sql)
    return insights, all_entries


def delete_entities(journal: Journal, entities: Iterable[tuple[str, str]]) -> None:
    """Mark entities, given by type and id, as deleted; undo restores them."""
    now = journal.timestamp_fields()["created"]
    journal.write("delete", [Change(entity=entity, id=name, fields={"deleted": now}) for entity, name in entities])


def list_people_and_tags(journal: Journal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return all people and all tags, the most frequent first."""
    sql = "SELECT name FROM {} GROUP BY name ORDER BY count(*) DESC, name LIMIT 1000"
    people, tags = (tuple(row[0] for row in journal.rows(sql.format(table))) for table in ("entry_person", "entry_tag"))
    return people, tags


def filter_known_people(journal: Journal, names: Iterable[str]) -> frozenset[str]:
    """Return those names that entries have as people."""
    sql = "SELECT n.value FROM json_each(?) n WHERE EXISTS (SELECT 1 FROM entry_person WHERE name = n.value)"
    return frozenset(row[0] for row in journal.rows(sql, (json.dumps([*names]),)))


def is_journal_empty(journal: Journal) -> bool:
    """Return True if the journal has no entries, pain points, promises or projects."""
    rows = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in ("entry", "pain", "promise", "project"))
    return not journal.rows(f"{rows} LIMIT 1")


def count_entries(journal: Journal) -> int:
    """Return the number of entries."""
    return int(journal.rows("SELECT count(*) FROM entry WHERE deleted IS NULL")[0][0])
