"""Finding what was written: lists, single things, and what was done to them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from valuelog.journal import entries, pains
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry
from valuelog.model.pain import PainPoint


@dataclass(frozen=True, kw_only=True, slots=True)
class Listing:
    """Some entries, and how many letters of each id are enough to name it. `ranked`: the best match comes first."""

    entries: tuple[Entry, ...]
    letters: Mapping[str, int]
    ranked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Pains:
    """Some pain points, and how many letters of each id are enough."""

    pains: tuple[PainPoint, ...]
    letters: Mapping[str, int]
    today: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """Whatever an id names."""

    what: Entry | PainPoint
    letters: int


def listing(journal: Journal, found: Iterable[Entry], *, ranked: bool = False) -> Listing:
    """Put what is needed to show some entries beside them."""
    listed = tuple(found)
    return Listing(entries=listed, letters=journal.letters(entry.id for entry in listed), ranked=ranked)


def open_pains(journal: Journal, today: date) -> Pains:
    """Return what still hurts."""
    found = pains.open_pains(journal)
    return Pains(pains=found, letters=journal.letters(pain.id for pain in found), today=today)


def thing(journal: Journal, words: str) -> Thing:
    """Return what an id or its beginning names. Raises UnknownId or AmbiguousId."""
    entity, name = journal.find(words, "entry", "pain")
    what = pains.get(journal, name) if entity == "pain" else entries.get(journal, name)
    return Thing(what=what, letters=journal.letters([name])[name])


def latest_things(journal: Journal, most: int) -> tuple[Entry | PainPoint, ...]:
    """Return what somebody may want to name: open pain points and the latest entries."""
    latest = entries.select(journal, entries.Selection(), latest=most)
    return (*pains.open_pains(journal, most=most), *reversed(latest))
