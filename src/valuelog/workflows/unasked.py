"""An evening whose answers come by flags or from a file: all are written down at once, or none."""

from datetime import date, datetime

from valuelog.journal import days
from valuelog.journal.store import Journal
from valuelog.model.question import PAIN_POINT
from valuelog.workflows.noting import SavedNote, build_note_changes
from valuelog.workflows.writing import Note


def save_evening_notes(journal: Journal, day: date, notes: tuple[Note, ...], now: datetime) -> tuple[SavedNote, ...]:
    """Write answers down that nobody had to be asked for, all or none, and remember their questions as asked.

    Raises LooksKnown, UnknownId, AmbiguousId or PainClosed.
    """
    with journal.transaction():
        changes, written = build_note_changes(journal, notes, now)
        answered = {str(note.kind or PAIN_POINT) for note in notes} - days.list_asked_questions(journal, day)
        marks = [days.asked_change(journal, day, question) for question in sorted(answered)]
        journal.write("today", [*changes, *marks])
    return tuple(written)
