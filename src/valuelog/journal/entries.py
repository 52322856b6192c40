"""Entries in the journal: writing, changing, deleting and finding them."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from valuelog.journal import projects
from valuelog.journal.log import Change
from valuelog.journal.rows import RowReader
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import timestamp_fields
from valuelog.model.entry import Entry, Kind, Side
from valuelog.model.fields import changed_fields, set_fields
from valuelog.model.period import Period

_READER = RowReader(Entry, "entry", "e", {"project": "(SELECT slug FROM project WHERE id = e.project)"})


class Selection(NamedTuple):
    """Which entries are meant. Everything given must hold; several people or tags must all be there.

    Each of the `people` is given by all the names that they go by. `words` are full text: all of them, "a phrase" in
    quotes, -word for what must be absent.
    """

    period: Period | None = None
    kinds: tuple[Kind, ...] = ()
    side: Side | None = None
    people: tuple[tuple[str, ...], ...] = ()
    tags: tuple[str, ...] = ()
    project: str | None = None
    source: str | None = None
    query: str | None = None


def creation_changes(
    journal: Journal, entries: Iterable[Entry], started_projects: dict[str, str] | None = None
) -> list[Change]:
    """Return the changes that write new entries down, and start the projects that they name for the first time.

    `started` remembers the slugs of those within a batch that is written piece by piece.
    """
    changes: list[Change] = []
    started_projects = {} if started_projects is None else started_projects
    for entry in entries:
        project, starting = projects.find_or_start(journal, entry.project, entry.day, started_projects)
        changes += [*starting, with_project(creation_change(entry), project)]
    return changes


def creation_change(entry: Entry) -> Change:
    """Return the change that writes a new entry down, but for its project."""
    fields = {**set_fields("entry", entry, without=["project"]), **timestamp_fields(entry.created)}
    return Change(entity="entry", id=entry.id, fields=fields)


def with_project(change: Change, project_id: str | None) -> Change:
    """Return the change that writes a new entry down, with the id of its project."""
    return change._replace(fields={**(change.fields or {}), "project": project_id}) if project_id else change


def add(journal: Journal, entries: Iterable[Entry], *, act: str = "add", batch: str | None = None) -> str:
    """Write entries down, all or none. Returns the batch."""
    with journal.transaction():
        return journal.write(act, creation_changes(journal, entries), batch=batch)


def update(journal: Journal, old: Entry, new: Entry, *, act: str = "edit", batch: str | None = None) -> bool:
    """Write down in what an entry differs now. Returns whether it differs at all."""
    fields = changed_fields("entry", old, new, without=["project"])  # of which an Entry only has the slug
    starting: list[Change] = []
    with journal.transaction():
        if new.project != old.project:
            fields["project"], starting = projects.find_or_start(journal, new.project, new.day, {})
        if fields:
            journal.write(act, [*starting, Change(entity="entry", id=new.id, fields=fields)], batch=batch)
    return bool(fields)


def get(journal: Journal, entry_id: str) -> Entry:
    """Return the entry with exactly this id."""
    return _READER.read(journal.rows(f"SELECT {_READER.columns} FROM entry e WHERE e.id = ?", (entry_id,))[0])


def select(journal: Journal, selection: Selection, *, limit: int | None = None) -> tuple[Entry, ...]:
    """Return entries, the newest day last; only the `latest` so many if given."""
    where, values = _build_conditions(selection)
    limit_clause = "" if limit is None else f" LIMIT {limit:d}"
    sql = f"SELECT {_READER.columns} FROM entry e WHERE {where} ORDER BY e.day DESC, e.place DESC{limit_clause}"
    return tuple(_READER.read(row) for row in reversed(journal.rows(sql, values)))


def iter_entries(journal: Journal, period: Period | None) -> Iterator[Entry]:
    """Yield the entries of a Period, or all, one by one, the newest day last."""
    where, values = _build_conditions(Selection(period=period))
    sql = f"SELECT {_READER.columns} FROM entry e WHERE {where} ORDER BY e.day, e.place"
    return map(_READER.read, journal.iter_rows(sql, values))


def search(journal: Journal, selection: Selection, *, limit: int | None = None) -> tuple[Entry, ...]:
    """Return the entries that hold the words of a selection, the best match first, newer ones before older."""
    where, values = _build_conditions(selection)
    limit_clause = "" if limit is None else f" LIMIT {limit:d}"
    sql = (
        f"SELECT {_READER.columns} FROM entry_fts f JOIN entry e ON e.place = f.rowid"
        f" WHERE {where} ORDER BY f.rank, e.day DESC, e.place DESC{limit_clause}"
    )
    return tuple(_READER.read(row) for row in journal.rows(sql, values))


_HAS_NAME_CORRELATED = "EXISTS (SELECT 1 FROM {} WHERE entry = e.id AND name IN ({}))"
_HAS_NAME_INDEXED = "e.id IN (SELECT entry FROM {} WHERE name IN ({}))"
"""Whether an entry names somebody or something: asked of each of a few entries, or of the name if all are meant."""


def _build_conditions(selection: Selection) -> tuple[str, list[object]]:
    """Return the conditions of a selection as SQL over e (and f for words), and their values."""
    days = selection.period
    comparison = "=" if selection.side is Side.WORK else "<>"
    named = _HAS_NAME_CORRELATED if days or selection.query is not None else _HAS_NAME_INDEXED
    parts: list[tuple[object, str, Sequence[object]]] = [
        (True, "e.deleted IS NULL", ()),
        (days, "e.day BETWEEN ? AND ?", (days.start.isoformat(), days.end.isoformat()) if days else ()),
        (selection.kinds, f"e.kind IN ({_placeholders(selection.kinds)})", list(map(str, selection.kinds))),
        (selection.side, f"e.kind {comparison} 'activity'", ()),
        *((True, named.format("entry_person", _placeholders(names)), names) for names in selection.people),
        *((True, named.format("entry_tag", "?"), (name,)) for name in selection.tags),
        (selection.project, "e.project = ?", (selection.project,)),
        (selection.source, "e.origin BETWEEN ? || ':' AND ? || ';'", (selection.source, selection.source)),
        (selection.query is not None, "entry_fts MATCH ?", (build_fts_query(selection.query or ""),)),
    ]
    meant = [(sql, values) for wanted, sql, values in parts if wanted]
    return " AND ".join(sql for sql, _ in meant), [value for _, values in meant for value in values]


def _placeholders(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))


def build_fts_query(query: str) -> str:
    """Write what a person searches for as an FTS5 query in which none of it acts but quotes and a leading minus."""
    tokens = re.findall(r'(-?)(?:"([^"]*)"?|([^\s"]+))', query)
    terms = [(minus, said) for minus, phrase, word in tokens if any(map(str.isalnum, said := phrase or word))]
    wanted = [f'"{said}"' for minus, said in terms if not minus]
    unwanted = [f' NOT "{said}"' for minus, said in terms if minus]
    return (" ".join(wanted) or '""') + "".join(unwanted)


def delete_entities(journal: Journal, entities: Iterable[tuple[str, str]]) -> None:
    """Hide entities, each given by its type and id, everywhere; undo brings them back."""
    now = journal.timestamp_fields()["created"]
    journal.write("delete", [Change(entity=entity, id=name, fields={"deleted": now}) for entity, name in entities])


def list_people_and_tags(journal: Journal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return everyone and every tag that the journal knows, the most often named first."""
    sql = "SELECT name FROM {} GROUP BY name ORDER BY count(*) DESC, name LIMIT 1000"
    people, tags = (tuple(row[0] for row in journal.rows(sql.format(table))) for table in ("entry_person", "entry_tag"))
    return people, tags


def is_journal_empty(journal: Journal) -> bool:
    """Tell whether nothing was ever written down here."""
    some = " UNION ALL ".join(f"SELECT 1 FROM {table}" for table in ("entry", "pain", "promise", "project"))
    return not journal.rows(f"{some} LIMIT 1")
