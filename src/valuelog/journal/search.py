"""Full text search over everything that people type, the best match first."""

from collections.abc import Iterator
from typing import NamedTuple

from valuelog.journal import entries, projects
from valuelog.journal.entries import Selection
from valuelog.journal.rows import limit_clause
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry
from valuelog.model.search import SearchQuery, Term

RANK = "bm25(search_fts, 2.0, 1.0)"
"""SQL of the rank: the main text weighs twice as much as the details. Lower is better."""


class Match(NamedTuple):
    """A row other than an entry that matches.

    `root` is the id of what it belongs to: the pain point of a sighting, the project of a reading, or itself. `day` is
    a day, or the week that an answer is about. `details` are the answers about it, one a line.
    """

    entity: str
    id: str
    root: str
    day: str
    text: str
    details: str
    rank: float


def search_entries(
    journal: Journal, query: SearchQuery, selection: Selection, *, limit: int
) -> tuple[tuple[Entry, float], ...]:
    """Return the entries of a selection that match a query, each with its rank; newer before older."""
    if not query.included:
        return ()
    where, values = entries.build_conditions(selection, is_narrow=True)
    source, rank, match_values = "entry e", "0.0", []
    if words := build_fts_query(query):
        source, rank, match_values = "search_fts CROSS JOIN entry e ON e.place = search_fts.rowid", RANK, [words]
        where = f"search_fts MATCH ? AND {where}"
    text = " || char(10) || ".join(f"coalesce(e.{column}, '')" for column in ("text", "evidence", "raised_outcome"))
    conditions, more_values = _conditions_beside_index(query, "e", text)
    sql = (
        f"SELECT {rank} AS rank, {entries.COLUMNS} FROM {source} WHERE {where}{conditions}"
        f" ORDER BY rank, e.day DESC, e.created DESC, e.id DESC{limit_clause(limit)}"
    )
    rows = journal.rows(sql, [*match_values, *values, *more_values])
    return tuple((entries.read_row(row), rank) for rank, *row in rows)


def search_others(journal: Journal, query: SearchQuery) -> tuple[Match, ...]:
    """Return what matches a query and is no entry."""
    if not query.included:
        return ()
    words = build_fts_query(query)
    conditions, values = _conditions_beside_index(query, "o", "o.text || char(10) || o.details")
    sql = (
        f"WITH m AS MATERIALIZED (SELECT rowid AS place, {RANK} AS rank FROM search_fts WHERE search_fts MATCH ?)"
        f" SELECT o.entity, o.id, o.root, o.day, o.text, o.details, o.rank FROM ({_others_sql(is_indexed=bool(words))})"
        f" o WHERE true{conditions} ORDER BY o.rank, o.day DESC, o.created DESC, o.id DESC"
    )
    return tuple(Match(*row) for row in journal.rows(sql, [words or '""', *values]))


def _others_sql(*, is_indexed: bool) -> str:
    """Return the SQL of all rows with text that are no entries; with `is_indexed`, of those in m, the matches.

    Each table is joined on its own, because SQLite would copy a union of them first.
    """
    first_seen = "(SELECT min(day) FROM sighting WHERE pain = t.id AND deleted IS NULL)"
    parts = (
        _Table("pain", first_seen, details=("shared", "better", "step", "hit", "how", "raised_outcome")),
        _Table("sighting", "t.day", parent="pain"),
        _Table("promise", "t.made_on"),
        _Table("project", "t.started_on", text="t.name", details=projects.ANSWER_FIELDS),
        _Table("measurement", "t.day", text="t.value", parent="project"),
        _Table("reflection", "t.period", text="t.answer"),
        _Table("day_off", "t.day", text="t.note", key="t.day"),
    )
    return " UNION ALL ".join(part.sql(is_indexed=is_indexed) for part in parts)


class _Table(NamedTuple):
    """A table with text: SQL of its day, text and key, its columns of details, and the table that it is a part of."""

    name: str
    day: str
    text: str = "t.text"
    key: str = "t.id"
    details: tuple[str, ...] = ()
    parent: str = ""

    def sql(self, *, is_indexed: bool) -> str:
        """Return the SQL of its rows; those that are deleted, or whose parent is, are left out."""
        details = " || char(10) || ".join(f"coalesce(t.{column}, '')" for column in self.details) or "''"
        root = f"t.{self.parent}" if self.parent else self.key
        parent = f" JOIN {self.parent} r ON r.id = t.{self.parent} AND r.deleted IS NULL" if self.parent else ""
        source = f"m CROSS JOIN {self.name} t ON t.place = m.place" if is_indexed else f"{self.name} t"
        return (
            f"SELECT t.place, t.created, '{self.name}' AS entity, {self.key} AS id, {root} AS root, {self.day} AS day,"
            f" {self.text} AS text, {details} AS details, {'m.rank' if is_indexed else '0.0'} AS rank"
            f" FROM {source}{parent} WHERE t.deleted IS NULL"
        )


def _conditions_beside_index(query: SearchQuery, alias: str, text: str) -> tuple[str, list[str]]:
    """Return the conditions for words that must not be there, and for terms that only `text` itself can show."""
    conditions = [*_exclusions(query, alias), *_text_conditions(query, text)]
    return "".join(f" AND {sql}" for sql, _ in conditions), [value for _, value in conditions]


def _exclusions(query: SearchQuery, alias: str) -> Iterator[tuple[str, str]]:
    """Yield the condition of the words that must not be there, unless `build_fts_query` has them."""
    excluded = [_fts_term(term) for term in query.excluded if not term.is_substring]
    if excluded and not build_fts_query(query):
        sql = f"{alias}.place NOT IN (SELECT rowid FROM search_fts WHERE search_fts MATCH ?)"
        yield sql, " OR ".join(excluded)


def _text_conditions(query: SearchQuery, text: str) -> Iterator[tuple[str, str]]:
    for term in (*query.included, *query.excluded):
        if term.is_substring:
            yield f"instr(lower({text}), lower(?)) {'=' if term.is_excluded else '>'} 0", term.text


def build_fts_query(query: SearchQuery) -> str:
    """Return the FTS5 query; whole words rank above beginnings of longer ones. Empty without a word to look up."""
    included, excluded = ([term for term in terms if not term.is_substring] for terms in query)
    words = " AND ".join(f'({_fts_term(term)} OR "{term.text}")' for term in included)
    return words + "".join(f" NOT {_fts_term(term)}" for term in excluded) if words else ""


def _fts_term(term: Term) -> str:
    return f'"{term.text}"' if term.is_exact else f'"{term.text}" *'
