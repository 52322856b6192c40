"""Writing several notes down at once, friction among them: what the evening and answers from a file have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from valuelog.journal import entries, pains
from valuelog.journal.changes import Change
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, clean
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint, Sighting
from valuelog.workflows.writing import Note, entry_of

OF_ENTRIES = ("minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence")
"""What only an entry can have."""


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
