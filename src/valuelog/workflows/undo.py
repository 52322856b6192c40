"""Undo and redo changes, and load their history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from valuelog.journal.errors import NothingToUndo
from valuelog.journal.history import Batch, entity_text_at, list_batches, list_entity_batches
from valuelog.journal.log import INTERNAL_ENTITIES, LoggedChange
from valuelog.journal.store import ADDRESSABLE_ENTITIES, Journal
from valuelog.journal.undo import ToggledBatch

MAX_DESCRIBED = 10
"""How many entities of a large batch, such as an import, are described."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoResult:
    """One undo or redo: the act of the batch that it toggled, and a description of each entity in it.

    Of a large batch only the first entities are described; `more` counts the others.
    """

    verb: str
    act: str
    descriptions: tuple[str, ...]
    next_command: str
    more: int = 0


def undo_changes(journal: Journal, count: int) -> tuple[UndoResult, ...]:
    """Undo up to `count` batches, the newest first. Raises NothingToUndo if there is none at all."""
    results: list[UndoResult] = []
    while len(results) < count:
        try:
            results.append(_build_result(journal, "Undone", journal.undo(), "valuelog redo"))
        except NothingToUndo:
            if not results:
                raise
            break
    return tuple(results)


def undo_last_change_of(journal: Journal, id_prefix: str) -> UndoResult:
    """Undo the last change of one entity, with all that changed in the same command.

    Raises UnknownId, AmbiguousId, NothingToUndo, or ChangedTogether if other entities would change unexpectedly.
    """
    _, entity_id = journal.resolve_id(id_prefix, *ADDRESSABLE_ENTITIES, include_deleted=True)
    return _build_result(journal, "Undone", journal.undo(entity_id), "valuelog redo")


def redo_change(journal: Journal) -> UndoResult:
    """Redo the latest undone batch. Raises NothingToRedo."""
    return _build_result(journal, "Redone", journal.redo(), "valuelog undo")


def _build_result(journal: Journal, verb: str, toggled: ToggledBatch, next_command: str) -> UndoResult:
    descriptions = describe_changes(journal, toggled.changes[:MAX_DESCRIBED] if toggled.more else toggled.changes)
    more = toggled.more + len(toggled.changes) - len(descriptions) if toggled.more else 0
    return UndoResult(verb=verb, act=toggled.act, descriptions=descriptions, next_command=next_command, more=more)


def describe_changes(journal: Journal, changes: Sequence[LoggedChange]) -> tuple[str, ...]:
    """Describe each entity that some changes are about: the first line of its text, or its day.

    A sighting is left out if its pain point is described.
    """
    last_changes = {change.entity_id: change for change in changes if change.entity not in INTERNAL_ENTITIES}
    described = (
        change
        for change in last_changes.values()
        if change.entity != "sighting" or _parent_id(change) not in last_changes
    )
    return tuple(filter(None, (entity_text_at(journal, change) for change in described)))


PARENT_FIELDS = {"sighting": "pain", "measurement": "project"}
"""The field with the entity that an entity without an id for users is part of."""


def _parent_id(change: LoggedChange) -> str | None:
    """Return the id of the pain point of a sighting, or the project of a reading; None if the change was purged."""
    return change.fields.get(PARENT_FIELDS[change.entity]) if isinstance(change.fields, dict) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeHistory:
    """Batches with descriptions of their entities, the newest last.

    `prefix_lengths` has the unique prefix lengths of the ids of entities that a batch changed alone.
    """

    described_batches: tuple[tuple[Batch, tuple[str, ...]], ...]
    now: datetime
    prefix_lengths: Mapping[str, int] = field(default_factory=dict)
    has_older: bool = False


def load_history(journal: Journal, id_prefix: str | None, limit: int, now: datetime) -> ChangeHistory:
    """Load the latest `limit` batches, or the changes of one entity. Raises UnknownId or AmbiguousId."""
    if id_prefix:
        _, entity_id = journal.resolve_id(id_prefix, *ADDRESSABLE_ENTITIES, include_deleted=True)
        batches = list_entity_batches(journal, entity_id)
    else:
        batches = list_batches(journal, limit=limit + 1)
    latest = batches[-limit:]
    single_ids = () if id_prefix else filter(None, map(single_entity_id, latest))
    return ChangeHistory(
        described_batches=tuple((batch, describe_changes(journal, _described_part(batch))) for batch in latest),
        now=now,
        prefix_lengths=journal.prefix_lengths(single_ids),
        has_older=len(batches) > limit,
    )


def single_entity_id(batch: Batch) -> str | None:
    """Return the id of the entity that a batch changed, if it is only one and users know its id."""
    ids = {
        _parent_id(change) if change.entity in PARENT_FIELDS else change.entity_id
        for change in batch.changes
        if change.entity in {*ADDRESSABLE_ENTITIES, *PARENT_FIELDS}
    }
    return ids.pop() if batch.count == len(batch.changes) and len(ids) == 1 else None


def _described_part(batch: Batch) -> tuple[LoggedChange, ...]:
    """Return the changes of a batch that are described: of a large one only the first few."""
    return batch.changes if batch.count == len(batch.changes) else batch.changes[:MAX_DESCRIBED]
