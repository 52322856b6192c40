"""Search everything that people type, and load what was found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, TypeAlias

from valuelog.journal import pains, projects, promises, search
from valuelog.journal.entries import Selection
from valuelog.journal.search import Match
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, people_in, tags_in
from valuelog.model.fields import labeled_texts
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit, period_containing
from valuelog.model.project import Project
from valuelog.model.promise import Promise
from valuelog.model.search import SearchQuery, find_hits, parse_query

OTHER_KINDS = {
    "pain": ("pain", "sighting"),
    "promise": ("promise",),
    "project": ("project", "measurement"),
    "reflection": ("reflection",),
    "off": ("day_off",),
}
"""The kinds of things other than entries that can be searched, and their entity types."""

ENTRY_ONLY_FILTERS = ("kinds", "side", "source", "question", "impact", "is_proven")
"""Filters that only entries can match."""

FoundEntity: TypeAlias = Entry | PainPoint | Promise | Project | None


class Passage(NamedTuple):
    """A text of something found, apart from its main text: a label such as `evidence`, or the day it was felt."""

    label: str
    text: str
    day: date | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """Something that was found: an entity, or an answer of a weekly talk or the note of a day off, which have none.

    `kind` is a kind of entries, or one of OTHER_KINDS. `name` is its id, empty where people never see one. `passages`
    are those of its other texts that match. `period` is the week that an answer is about.
    """

    kind: str
    name: str
    day: date
    text: str
    entity: FoundEntity = None
    passages: tuple[Passage, ...] = ()
    period: Period | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchResults:
    """What was found, the best match first, and the unique prefix lengths of the ids."""

    found: tuple[Found, ...]
    query: SearchQuery
    prefix_lengths: Mapping[str, int]
    today: date


def search_all(
    journal: Journal,
    words: str,
    selection: Selection,
    today: date,
    *,
    kinds: Iterable[str] = (),
    limit: int,
) -> tuple[SearchResults, bool]:
    """Return what matches best, and whether the limit cut off others. `kinds` are some of OTHER_KINDS.

    Without any filter that only entries can match, everything is searched.
    """
    query = parse_query(words)
    kinds = tuple(kinds)
    ranked: list[tuple[float, Found]] = []
    if selection.kinds or not kinds:
        matches = search.search_entries(journal, query, selection, limit=limit + 1)
        ranked += [(rank, _found_entry(entry, query)) for entry, rank in matches]
    if kinds or all(getattr(selection, name) in {None, ()} for name in ENTRY_ONLY_FILTERS):
        ranked += _search_others(journal, query, selection, kinds or tuple(OTHER_KINDS), limit + 1)
    ranked.sort(key=lambda each: (each[0], -each[1].day.toordinal()))
    found = tuple(each for _, each in ranked[:limit])
    prefix_lengths = journal.prefix_lengths(each.name for each in found if each.name)
    results = SearchResults(found=found, query=query, prefix_lengths=prefix_lengths, today=today)
    return results, len(ranked) > limit


def _found_entry(entry: Entry, query: SearchQuery) -> Found:
    passages = _matching([Passage("evidence", entry.evidence)] if entry.evidence else [], query)
    return Found(kind=str(entry.kind), name=entry.id, day=entry.day, text=entry.text, entity=entry, passages=passages)


def _matching(passages: Iterable[Passage], query: SearchQuery) -> tuple[Passage, ...]:
    """Return each passage that a query matches, once."""
    return tuple(dict.fromkeys(passage for passage in passages if find_hits(passage.text, query)))


def _search_others(
    journal: Journal, query: SearchQuery, selection: Selection, kinds: tuple[str, ...], limit: int
) -> Iterator[tuple[float, Found]]:
    """Yield what matches and is no entry, with its rank: each pain point and project once, at its best match."""
    entities = {entity for kind in kinds for entity in OTHER_KINDS[kind]}
    by_root: dict[tuple[str, str], list[Match]] = {}
    for match in search.search_others(journal, query):
        if match.entity in entities and _is_selected(match, selection):
            by_root.setdefault((_kind_of(match), match.root), []).append(match)
    for (kind, root), matches in list(by_root.items())[:limit]:
        yield matches[0].rank, _load(journal, kind, root, matches, query)


def _kind_of(match: Match) -> str:
    return next(kind for kind, entities in OTHER_KINDS.items() if match.entity in entities)


def _is_selected(match: Match, selection: Selection) -> bool:
    """Return True if a match is in the period and of the project, and mentions the people and tags."""
    text = f"{match.text}\n{match.details}"
    return (
        (selection.period is None or _overlaps(match.day, selection.period))
        and (selection.project is None or selection.project == match.root)
        and all(not set(names).isdisjoint(people_in(text)) for names in selection.people)
        and all(not set(names).isdisjoint(tags_in(text)) for names in selection.tags)
    )


def _overlaps(day: str, period: Period) -> bool:
    own = _week(day)
    first, last = (own.start, own.end) if own else (date.fromisoformat(day),) * 2
    return first <= period.end and last >= period.start


def _week(name: str) -> Period | None:
    """Return the week of a name such as 2026-W47; None for a day."""
    return period_containing(date.fromisoformat(f"{name}-1"), Unit.WEEK) if "W" in name else None


def _load(journal: Journal, kind: str, root: str, matches: list[Match], query: SearchQuery) -> Found:
    """Load what some matches belong to."""
    first = matches[0]
    match kind:
        case "pain":
            pain = pains.get(journal, root)
            return _found(kind, pain, pain.last_seen, [*_pain_passages(pain, matches)], query)
        case "project":
            project = projects.get(journal, root)
            passages = [Passage(label, text) for label, text in labeled_texts("project", project)]
            readings = [Passage("reading", m.text, date.fromisoformat(m.day)) for m in matches if m.entity != kind]
            return _found(kind, project, project.started_on, [*passages, *readings], query)
        case "promise":
            promise = promises.get(journal, root)
            return _found(kind, promise, promise.made_on, [], query)
        case _:
            week = _week(first.day)
            day = week.start if week else date.fromisoformat(first.day)
            return Found(kind=kind, name="", day=day, text=first.text, period=week)


def _found(
    kind: str, entity: PainPoint | Project | Promise, day: date, passages: list[Passage], query: SearchQuery
) -> Found:
    others = [passage for passage in passages if passage.text != entity.text]
    return Found(kind=kind, name=entity.id, day=day, text=entity.text, entity=entity, passages=_matching(others, query))


def _pain_passages(pain: PainPoint, matches: list[Match]) -> Iterator[Passage]:
    yield from (Passage(label, text) for label, text in labeled_texts("pain", pain))
    if pain.how:
        yield Passage("how", pain.how)
    for match in matches:
        if match.entity == "sighting":
            yield Passage("felt", match.text, date.fromisoformat(match.day))
