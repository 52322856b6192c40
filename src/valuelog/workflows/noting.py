"""Writing several notes down at once, friction among them: what the evening and answers from a file have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from valuelog.journal import entries, pains
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, clean_text
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.text import first_line, truncate_line
from valuelog.workflows.joining import entered
from valuelog.workflows.writing import Note

GIST = 60
"""How much of a text names it."""

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
    text = clean_text(note.text)
    first = Sighting(id=new_id(), day=note.day, text=text, created=now)
    return PainPoint(id=new_id(), text=text, created=now, sightings=(first,))


class LooksKnown(BadInput):
    """Friction that looks like some that is known, and nobody is there to say whether it is the same."""

    def __init__(self, known: PainPoint, typed: str, said: str = "", *, in_line: bool = False) -> None:
        """Name what it looks like; where there may be several, the words that do."""
        same, other = (f'"seen": "{typed}"', '"new": true') if in_line else (f"--seen {typed}", "--new")
        super().__init__(
            f"{f'“{truncate_line(said, GIST)}”' if said else 'This'} looks like"
            f" {typed} “{truncate_line(known.text, GIST)}”,"
            f" seen {known.times_seen}."
            " Nothing was written.",
            f"Say {'in its line ' * in_line}which it is: {same} if it is the same, {other} if it is another one.",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """What a note became: an Entry, a new PainPoint, or another sighting of a known one."""

    what: Entry | PainPoint
    again: bool = False


def plan(journal: Journal, notes: tuple[Note, ...], now: datetime) -> tuple[list[Change], list[Written]]:
    """Return the changes that write notes down, and what each of them becomes.

    Raises LooksKnown, UnknownId, AmbiguousId or PainClosed.
    """
    changes: list[Change] = []
    written: list[Written] = []
    new = [entered(journal, note, note.kind, now) for note in notes if note.kind]
    changes += entries.creation_changes(journal, new)
    written += [Written(what=entry) for entry in new]
    for note in notes:
        if not note.kind:
            more, became = _pain_changes(journal, note, pain_of(note, now))
            changes += more
            written.append(became)
    return changes, written


def _pain_changes(journal: Journal, note: Note, pain: PainPoint) -> tuple[list[Change], Written]:
    """Return the changes that note a pain point, or a sighting of one that is known."""
    if known := _known(journal, note, pain.text):
        sighting = pain.sightings[0]
        return [pains.sighting_change(known.id, sighting)], Written(what=known.add_sighting(sighting), again=True)
    return pains.creation_changes([pain]), Written(what=pain)


def _known(journal: Journal, note: Note, text: str) -> PainPoint | None:
    """Return the pain point that friction is: the one that is named, or one that says the very same."""
    if note.again is not None:
        return pains.get(journal, journal.resolve_id(note.again, "pain")[1])
    known = None if note.new else pains.find_similar_pain(journal, text)
    if known and known.text.casefold() != text.casefold():
        typed = known.id[: journal.prefix_lengths([known.id])[known.id]]
        raise LooksKnown(known, typed, first_line(text), in_line=note.in_line)
    return known
