"""What a change is told by: what was done, to what, on which day, and the command that comes next or takes it back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from valuelog.journal.changes import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint
from valuelog.model.project import Project, slug_of
from valuelog.model.promise import Promise

Told = Entry | PainPoint | Project | Promise
"""What a change can be about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One change to tell. `until` is the day until which something was promised, `then` the command that comes next.

    Without `then`, it is undo.
    """

    did: str
    what: Told
    letters: int
    day: date
    until: date | None = None
    then: str = ""


class NothingChanged(BadInput):
    """An edit that would change nothing."""

    def __init__(self, edit: str = "valuelog edit") -> None:
        """Say so."""
        super().__init__("Nothing was changed.", f"Give new words, or flags: {edit} --help")


def told(journal: Journal, did: str, what: Told, day: date, *, until: date | None = None, then: str = "") -> Changed:
    """Return what to tell of a change that was just made."""
    if isinstance(what, Entry) and what.project:
        what = replace(what, project=slug_of(what.project))
    return Changed(did=did, what=what, letters=journal.letters([what.id])[what.id], day=day, until=until, then=then)


def write_told(journal: Journal, act: str, changes: Sequence[Change], *, batch: str | None = None) -> None:
    """Write the changes that say something; those without fields say nothing."""
    journal.write(act, [change for change in changes if change.fields != {}], batch=batch)
