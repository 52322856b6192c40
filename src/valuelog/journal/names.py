"""People and tags: how often each appears, and with whom."""

import json
from collections.abc import Iterator, Mapping

from valuelog.journal.store import Journal

PEOPLE, TAGS = "entry_person", "entry_tag"
"""The tables of names."""


def count_names(journal: Journal, table: str, aliases: Mapping[str, str]) -> list[tuple[str, int, int, int, str, str]]:
    """Return for each name: entries, value entries, entries of help, first day and last day; aliases are resolved."""
    sql = (
        f"WITH {_resolved(table, aliases, 'named')}"
        " SELECT n.name, count(*), sum(e.kind IN ('improvement', 'outcome', 'helped') AND e.held IS NOT 'no'),"
        " sum(e.kind = 'helped'), min(e.day), max(e.day)"
        " FROM named n JOIN entry e ON e.id = n.entry WHERE e.deleted IS NULL GROUP BY n.name"
    )
    return journal.rows(sql, _values(aliases))


def count_people_by_tag(
    journal: Journal, people: Mapping[str, str], tags: Mapping[str, str]
) -> list[tuple[str, str, int]]:
    """Return (tag, person, entries) for each pair, the most frequent first; aliases are resolved."""
    sql = (
        f"WITH {_resolved(PEOPLE, people, 'person')}, {_resolved(TAGS, tags, 'tag')}"
        " SELECT t.name, p.name, count(*) FROM tag t JOIN person p ON p.entry = t.entry JOIN entry e ON e.id = t.entry"
        " WHERE e.deleted IS NULL GROUP BY 1, 2 ORDER BY 3 DESC, 2, 1"
    )
    return journal.rows(sql, [*_values(people), *_values(tags)])


def _resolved(table: str, aliases: Mapping[str, str], name: str) -> str:
    """Return the SQL of a table of names whose aliases are resolved, as a common table expression."""
    if not aliases:
        return f"{name} AS (SELECT entry, name FROM {table})"
    return (
        f"{name} AS (SELECT DISTINCT n.entry, coalesce(a.value, n.name) AS name"
        f" FROM {table} n LEFT JOIN json_each(?) a ON a.key = n.name)"
    )


def _values(aliases: Mapping[str, str]) -> list[str]:
    return [json.dumps(dict(aliases))] if aliases else []


def iter_pain_mentions(journal: Journal) -> Iterator[tuple[str, str, str]]:
    """Yield (id of a pain point, day, text) of each pain point and sighting that may mention someone."""
    sql = (
        "SELECT p.id, s.day, p.text || char(10) || s.text FROM pain p JOIN sighting s ON s.pain = p.id"
        " WHERE p.deleted IS NULL AND s.deleted IS NULL AND (instr(p.text, '@') OR instr(s.text, '@'))"
    )
    return journal.iter_rows(sql)
