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
from valuelog.workflows.joining import build_entry_with_project
from valuelog.workflows.writing import Note

MAX_QUOTE_LENGTH = 60
"""How much of a text names it."""

ENTRY_ONLY_FIELDS = ("minutes", "people", "tags", "project", "effects", "beneficiaries", "evidence")
"""What only an entry can have."""


class EntryOnlyFields(BadInput):
    """Something was said of a pain point that only an entry can have."""

    def __init__(self, text: Sequence[str]) -> None:
        """Remember what."""
        super().__init__(f"A pain point has no {' and no '.join(text)}.", "Say it in its text, or note an entry.")


def build_pain(note: Note, now: datetime) -> PainPoint:
    """Make a PainPoint that was seen once, on the day of the note. Raises NotOfPain."""
    if said := [name for name in ENTRY_ONLY_FIELDS if getattr(note, name) not in {None, ()}]:
        raise EntryOnlyFields(said)
    text = clean_text(note.text)
    first = Sighting(id=new_id(), day=note.day, text=text, created=now)
    return PainPoint(id=new_id(), text=text, created=now, sightings=(first,))


class SimilarPainExists(BadInput):
    """Friction that looks like some that is known, and nobody is there to say whether it is the same."""

    def __init__(self, known: PainPoint, short_id: str, text: str = "", *, from_answers_file: bool = False) -> None:
        """Name what it looks like; where there may be several, the words that do."""
        same, other = (f'"seen": "{short_id}"', '"new": true') if from_answers_file else (f"--seen {short_id}", "--new")
        super().__init__(
            f"{f'“{truncate_line(text, MAX_QUOTE_LENGTH)}”' if text else 'This'} looks like"
            f" {short_id} “{truncate_line(known.text, MAX_QUOTE_LENGTH)}”,"
            f" seen {known.times_seen}."
            " Nothing was written.",
            f"Say {'in its line ' * from_answers_file}which it is: {same} if it's the same, {other} if it's another.",
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedNote:
    """What a note became: an Entry, a new PainPoint, or another sighting of a known one."""

    entity: Entry | PainPoint
    is_sighting: bool = False


def build_note_changes(
    journal: Journal, notes: tuple[Note, ...], now: datetime
) -> tuple[list[Change], list[SavedNote]]:
    """Return the changes that write notes down, and what each of them becomes.

    Raises LooksKnown, UnknownId, AmbiguousId or PainClosed.
    """
    changes: list[Change] = []
    written: list[SavedNote] = []
    new = [build_entry_with_project(journal, note, note.kind, now) for note in notes if note.kind]
    changes += entries.creation_changes(journal, new)
    written += [SavedNote(entity=entry) for entry in new]
    for note in notes:
        if not note.kind:
            more, became = _pain_changes(journal, note, build_pain(note, now))
            changes += more
            written.append(became)
    return changes, written


def _pain_changes(journal: Journal, note: Note, pain: PainPoint) -> tuple[list[Change], SavedNote]:
    """Return the changes that note a pain point, or a sighting of one that is known."""
    if known := _find_known_pain(journal, note, pain.text):
        sighting = pain.sightings[0]
        return [pains.sighting_change(known.id, sighting)], SavedNote(
            entity=known.add_sighting(sighting), is_sighting=True
        )
    return pains.creation_changes([pain]), SavedNote(entity=pain)


def _find_known_pain(journal: Journal, note: Note, text: str) -> PainPoint | None:
    """Return the pain point that friction is: the one that is named, or one that says the very same."""
    if note.pain_id is not None:
        return pains.get(journal, journal.resolve_id(note.pain_id, "pain")[1])
    known = None if note.is_new_pain else pains.find_similar_pain(journal, text)
    if known and known.text.casefold() != text.casefold():
        typed = known.id[: journal.prefix_lengths([known.id])[known.id]]
        raise SimilarPainExists(known, typed, first_line(text), from_answers_file=note.from_answers_file)
    return known
