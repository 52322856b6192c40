"""The confirmation of a change: what was done to which entity, and the next command."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from valuelog.journal.store import Journal
from valuelog.model.entry import Entry
from valuelog.model.errors import BadInput
from valuelog.model.project import slugify

if TYPE_CHECKING:
    from valuelog.model.pain import PainPoint
    from valuelog.model.project import Project
    from valuelog.model.promise import Promise

    Entity = Entry | PainPoint | Project | Promise


class Confirmation(NamedTuple):
    """One confirmed change.

    `due` is the due day of a promise, `note` a remark about the change. `next_command` is the suggested next command:
    an empty one means undo, None means no suggestion.
    """

    verb: str
    entity: "Entity"
    prefix_length: int
    day: date
    due: date | None = None
    next_command: str | None = ""
    note: str = ""


class NothingChanged(BadInput):
    """An edit would change nothing."""

    def __init__(self, command: str = "valuelog edit") -> None:
        """Point to the help of the command."""
        super().__init__("Nothing was changed.", f"Give a new text or options: {command} --help")


def build_confirmation(
    journal: Journal,
    verb: str,
    entity: "Entity",
    day: date,
    *,
    due: date | None = None,
    next_command: str | None = "",
    note: str = "",
) -> Confirmation:
    """Build the confirmation of a change that was just written."""
    if isinstance(entity, Entry) and entity.project:
        entity = replace(entity, project=slugify(entity.project))
    return Confirmation(
        verb=verb,
        entity=entity,
        prefix_length=journal.prefix_lengths([entity.id])[entity.id],
        day=day,
        due=due,
        next_command=next_command,
        note=note,
    )
