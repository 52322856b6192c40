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

    Entity = Entry | PainPoint | Project | Promise


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """One change to tell. `until` is the day until which something was promised, `more` what else one should know.

    `then` is the command that comes next: undo if it is empty, and nothing at all if it is none.
    """

    verb: str
    entity: "Entity"
    prefix_length: int
    day: date
    due: date | None = None
    next_command: str | None = ""
    more: str = ""


class NothingChanged(BadInput):
    """An edit that would change nothing."""

    def __init__(self, edit: str = "valuelog edit") -> None:
        """Say so."""
        super().__init__("Nothing was changed.", f"Give new words, or flags: {edit} --help")


def build_confirmation(
    journal: Journal,
    verb: str,
    entity: "Entity",
    day: date,
    *,
    due: date | None = None,
    next_command: str | None = "",
    more: str = "",
) -> Confirmation:
    """Return what to tell of a change that was just made."""
    if isinstance(entity, Entry) and entity.project:
        entity = replace(entity, project=slugify(entity.project))
    letters = journal.prefix_lengths([entity.id])[entity.id]
    return Confirmation(
        verb=verb, entity=entity, prefix_length=letters, day=day, due=due, next_command=next_command, more=more
    )
