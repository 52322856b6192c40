"""An evening whose answers come by flags or from a file: all are written down at once, or none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from valuelog.journal import days
from valuelog.journal.store import Journal
from valuelog.model.pain import PainPoint
from valuelog.model.prompt import PAIN
from valuelog.workflows.noting import Written, plan
from valuelog.workflows.writing import Note


def write_all(journal: Journal, day: date, notes: tuple[Note, ...], now: datetime) -> tuple[Written, ...]:
    """Write answers down that nobody had to be asked for, all or none, and remember their questions as asked."""
    with journal.transaction():
        changes, written = plan(journal, notes, now)
        answered = {str(note.kind or PAIN) for note in notes} - days.asked(journal, day)
        marks = [days.ask(journal, day, question) for question in sorted(answered)]
        journal.write("today", [*changes, *marks])
    return tuple(written)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lookalike:
    """A pain point that was noted as new though it looks like a known one, and how many letters name each."""

    new: PainPoint
    known: PainPoint
    letters: Mapping[str, int]


def lookalikes(journal: Journal, written: Iterable[Written]) -> tuple[Lookalike, ...]:
    """Return what nobody could be asked about: whether new friction is some that was known."""
    return tuple(
        Lookalike(new=one.what, known=one.near, letters=journal.letters([one.what.id, one.near.id]))
        for one in written
        if isinstance(one.what, PainPoint) and one.near
    )
