"""What a change is told by: what was done, to what, on which day, and the command that comes next or takes it back."""

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from valuelog.journal.store import Journal
from valuelog.model.entry import Entry
from valuelog.model.errors import BadInput
from valuelog.model.project import slugify

if TYPE_CHECKING:
    from valuelog.model.pain import PainPoint
    from valuelog.model.project import Project
    from valuelog.model.promise import Promise

    Told = Entry | PainPoint | Project | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """One change to tell. `until` is the day until which something was promised, `more` what else one should know.

    `then` is the command that comes next: undo if it is empty, and nothing at all if it is none.
    """

    did: str
    what: "Told"
    prefix_length: int
    day: date
    until: date | None = None
    then: str | None = ""
    more: str = ""


class NothingChanged(BadInput):
    """An edit that would change nothing."""

    def __init__(self, edit: str = "valuelog edit") -> None:
        """Say so."""
        super().__init__("Nothing was changed.", f"Give new words, or flags: {edit} --help")


def told(
    journal: Journal,
    did: str,
    what: "Told",
    day: date,
    *,
    until: date | None = None,
    then: str | None = "",
    more: str = "",
) -> Changed:
    """Return what to tell of a change that was just made."""
    if isinstance(what, Entry) and what.project:
        what = replace(what, project=slugify(what.project))
    letters = journal.prefix_lengths([what.id])[what.id]
    return Changed(did=did, what=what, prefix_length=letters, day=day, until=until, then=then, more=more)
