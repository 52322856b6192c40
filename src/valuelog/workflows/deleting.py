"""Delete entities, which undo brings back, and purge texts for good."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from valuelog.journal import entries, pains, projects, promises
from valuelog.journal.store import Journal
from valuelog.model.errors import ValuelogError
from valuelog.workflows.confirmation import Confirmation, build_confirmation

if TYPE_CHECKING:
    from datetime import date

    from valuelog.workflows.confirmation import Entity

DELETABLE_ENTITIES = ("entry", "pain", "promise", "project")
"""Entities that can be deleted by id; a project only while it has no entries."""

PURGEABLE_ENTITIES = (*DELETABLE_ENTITIES, "reflection")
"""Entities whose text can be purged."""


def delete(journal: Journal, id_prefixes: Sequence[str]) -> tuple[Confirmation, ...]:
    """Delete entries, pain points with their steps, promises and empty projects: all or none.

    Raises UnknownId, AmbiguousId or ProjectNotEmpty.
    """
    named = tuple(dict.fromkeys(journal.resolve_id(prefix, *DELETABLE_ENTITIES) for prefix in id_prefixes))
    confirmations = [build_confirmation(journal, "Deleted", *_load_entity(journal, *reference)) for reference in named]
    steps = [
        ("promise", promise.id)
        for entity, entity_id in named
        if entity == "pain"
        for promise in promises.list_promises_for_pain(journal, entity_id)
        if promise.is_open
    ]
    entries.delete_entities(journal, dict.fromkeys((*named, *steps)))
    return tuple(confirmations)


class ProjectNotEmpty(ValuelogError):
    """A project with entries cannot be deleted."""

    def __init__(self, slug: str) -> None:
        """Suggest to drop the project."""
        super().__init__(
            f"{slug} still has entries. Nothing was deleted.",
            f'Drop it with: valuelog project drop {slug} "…"; see its entries with: valuelog list --project {slug}',
        )


def _load_entity(journal: Journal, entity: str, entity_id: str) -> "tuple[Entity, date]":
    """Return an entity and the day that its confirmation shows. Raises ProjectNotEmpty."""
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
    """Purge the text of one entity, even a deleted one. Raises UnknownId or AmbiguousId."""
    journal.purge(*journal.resolve_id(id_prefix, *PURGEABLE_ENTITIES, include_deleted=True))
