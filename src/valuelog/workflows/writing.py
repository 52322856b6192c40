"""Making entries and pain points out of words: what `add`, the evening and answers from a file have in common."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from valuelog.journal import entries, pains
from valuelog.journal.changes import Change
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, clean, names, people_in, tags_in
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.project import project_in, slug_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What somebody wants to write down, before it has an id. A kind of none is a pain point."""

    kind: Kind | None
    text: str
    day: date
    minutes: int | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    project: str | None = None
    effects: tuple[Effect, ...] = ()
    beneficiaries: tuple[Beneficiary, ...] = ()
    evidence: str | None = None


OF_ENTRIES = ("minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence")
"""What only an entry can have."""


def entry_of(note: Note, kind: Kind, now: datetime) -> Entry:
    """Make an Entry. @names and #tags in the text join those that were given; +name is its project unless one is."""
    text = clean(note.text)
    return Entry(
        id=new_id(),
        day=note.day,
        kind=kind,
        text=text,
        created=now,
        minutes=note.minutes,
        people=names((*note.people, *people_in(text))),
        tags=names((*note.tags, *tags_in(text))),
        project=project_name(note.project) if note.project is not None else project_in(text),
        effects=tuple(dict.fromkeys(note.effects)),
        beneficiaries=tuple(dict.fromkeys(note.beneficiaries)),
        evidence=clean(note.evidence) if note.evidence else None,
    )


def project_name(words: str) -> str:
    """Return the name of a project as it is kept. Raises BadText."""
    slug_of(words)
    return clean(words)


class NotOfPain(BadInput):
    """Something was said of a pain point that only an entry can have."""

    def __init__(self, said: Sequence[str]) -> None:
        """Remember what."""
        super().__init__(f"A pain point has no {' and no '.join(said)}.", "Say it in its text, or note an entry.")


def pain_of(note: Note, now: datetime) -> PainPoint:
    """Make a PainPoint that was seen once, on the day of the note. Raises NotOfPain."""
    if said := [name for name in OF_ENTRIES if getattr(note, name) not in {None, ()}]:
        raise NotOfPain(said)
    text = clean(note.text)
    first = Sighting(id=new_id(), day=note.day, text=text, created=now)
    return PainPoint(id=new_id(), text=text, created=now, sightings=(first,))


def reworded(entry: Entry, text: str) -> Entry:
    """Return an Entry with another text; whom and what only the old one mentioned leaves with it."""
    text = clean(text)
    people = (*(set(entry.people) - set(people_in(entry.text))), *people_in(text))
    tags = (*(set(entry.tags) - set(tags_in(entry.text))), *tags_in(text))
    return replace(entry, text=text, people=names(people), tags=names(tags), project=_rejoined(entry, text))


def _rejoined(entry: Entry, text: str) -> str | None:
    """Return the project of an entry with another text: the one that this names as +name, if it names another one."""
    before, after = project_in(entry.text), project_in(text)
    if (before and slug_of(before)) == (after and slug_of(after)):
        return entry.project
    left = before is not None and slug_of(before) == entry.project
    return after or (None if left else entry.project)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What a note became: an Entry, a new PainPoint, or another sighting of a known one.

    `near` is an open pain point that looks like the new one.
    """

    what: Entry | PainPoint
    again: bool = False
    near: PainPoint | None = None


def plan(journal: Journal, notes: tuple[Note, ...], now: datetime) -> tuple[list[Change], list[Written]]:
    """Return the changes that write notes down, and what each of them becomes."""
    changes: list[Change] = []
    written: list[Written] = []
    new = [entry_of(note, note.kind, now) for note in notes if note.kind]
    changes += entries.births(journal, new)
    written += [Written(what=entry) for entry in new]
    for note in notes:
        if not note.kind:
            more, became = pain_changes(journal, pain_of(note, now))
            changes += more
            written.append(became)
    return changes, written


def pain_changes(journal: Journal, pain: PainPoint) -> tuple[list[Change], Written]:
    """Return the changes that note a pain point, or a sighting where an open one says the very same."""
    known = pains.like(journal, pain.text)
    if known and known.text.casefold() == pain.text.casefold():
        sighting = pain.sightings[0]
        return [pains.sighted(known.id, sighting)], Written(what=known.seen(sighting), again=True)
    return pains.births([pain]), Written(what=pain, near=known)
