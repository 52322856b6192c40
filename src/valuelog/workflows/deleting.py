"""Deleting what was written, softly, and erasing its words for good."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from valuelog.journal import entries, pains, projects, promises
from valuelog.journal.store import Journal
from valuelog.model.errors import ValuelogError
from valuelog.model.promise import Promise
from valuelog.workflows.confirmation import Confirmation, build_confirmation

if TYPE_CHECKING:
    from datetime import date

    from valuelog.workflows.confirmation import Entity

DELETABLE_ENTITIES = ("entry", "pain", "promise", "project")
"""What can be deleted by its id; a project only while nothing belongs to it."""

PURGEABLE_ENTITIES = (*DELETABLE_ENTITIES, "reflection")
"""Whose words can be erased for good."""


def delete(journal: Journal, id_prefixes: Sequence[str]) -> tuple[Confirmation, ...]:
    """Delete entries, pain points, promises and empty projects, all or none; a pain point's steps with it.

    Raises UnknownId, AmbiguousId or NotEmpty.
    """
    found = tuple(dict.fromkeys(journal.resolve_id(name, *DELETABLE_ENTITIES) for name in id_prefixes))
    gone = [build_confirmation(journal, "Deleted", *_load_entity(journal, *thing)) for thing in found]
    steps = [("promise", step.id) for kind, name in found if kind == "pain" for step in _open_steps(journal, name)]
    entries.delete_entities(journal, dict.fromkeys((*found, *steps)))
    return tuple(gone)


def _open_steps(journal: Journal, pain_id: str) -> list[Promise]:
    return [promise for promise in promises.list_promises_for_pain(journal, pain_id) if promise.is_open]


class ProjectNotEmpty(ValuelogError):
    """A project that entries belong to."""

    def __init__(self, slug: str) -> None:
        """Say what to do instead."""
        super().__init__(
            f"Entries belong to {slug}. Nothing was deleted.",
            f'Give it up with: valuelog project drop {slug} "…"; see them with: valuelog list --project {slug}',
        )


def _load_entity(journal: Journal, entity: str, entity_id: str) -> "tuple[Entity, date]":
    if entity == "pain":
        pain = pains.get(journal, entity_id)
        return pain, pain.last_seen
    if entity == "promise":
        promise = promises.get(journal, entity_id)
        return promise, promise.made_on
    if entity == "project":
        project = projects.get(journal, entity_id)
        if entries.select(journal, entries.Selection(project=entity_id), limit=1):
            raise ProjectNotEmpty(project.slug)
        return project, project.started_on
    entry = entries.get(journal, entity_id)
    return entry, entry.day


def purge_text(journal: Journal, id_prefix: str) -> None:
    """Erase the words of one thing for good, deleted ones too. Raises UnknownId or AmbiguousId."""
    journal.purge(*journal.resolve_id(id_prefix, *PURGEABLE_ENTITIES, include_deleted=True))
