"""What was changed: taking it back, making it again, looking back at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from valuelog.journal.errors import NothingToUndo
from valuelog.journal.history import INTERNAL_ENTITIES, Batch, entity_text_at, list_batches, list_entity_batches
from valuelog.journal.log import LoggedChange
from valuelog.journal.store import ADDRESSABLE_ENTITIES, Journal
from valuelog.journal.undo import ToggledBatch

MAX_DESCRIBED = 10
"""Of an import so many things are named at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class UndoResult:
    """An undo or a redo to tell: which act it was about, and what it touched, each with its words where it has some.

    Of an import these are the first; so many `more` are not among them.
    """

    verb: str
    act: str
    descriptions: tuple[str, ...]
    next_command: str
    more: int = 0


def undo_changes(journal: Journal, count: int) -> tuple[UndoResult, ...]:
    """Take back the latest changes, the newest first. Raises NothingToUndo if there is none at all."""
    took = [_build_result(journal, "Undone", journal.undo(), "valuelog redo")]
    while len(took) < count:
        try:
            took.append(_build_result(journal, "Undone", journal.undo(), "valuelog redo"))
        except NothingToUndo:
            break
    return tuple(took)


def redo_change(journal: Journal) -> UndoResult:
    """Make the latest undone change again. Raises NothingToRedo."""
    return _build_result(journal, "Redone", journal.redo(), "valuelog undo")


def _build_result(journal: Journal, verb: str, undone: ToggledBatch, next_command: str) -> UndoResult:
    about = describe_changes(journal, undone.changes[:MAX_DESCRIBED] if undone.more else undone.changes)
    more = undone.more + len(undone.changes) - len(about) if undone.more else 0
    return UndoResult(verb=verb, act=undone.act, descriptions=about, next_command=next_command, more=more)


def describe_changes(journal: Journal, changes: Sequence[LoggedChange]) -> tuple[str, ...]:
    """Say what some changes were about, each thing once: the first line of its text, or its day."""
    last = {change.entity_id: change for change in changes if change.entity not in INTERNAL_ENTITIES}
    first = {change.entity_id for change in changes if change.entity == "sighting" and _pain_id_of(change) in last}
    return tuple(
        said for name, change in last.items() if name not in first and (said := entity_text_at(journal, change))
    )


def _pain_id_of(sighting: LoggedChange) -> str | None:
    """Return the pain point that a sighting is of; none where its words were purged."""
    return sighting.fields.get("pain") if isinstance(sighting.fields, dict) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangeHistory:
    """What was changed, the newest last: each batch with what it was about.

    `prefix_lengths` says how many letters are enough of the id of each thing that was changed alone, `older` whether
    there is more before it.
    """

    described_batches: tuple[tuple[Batch, tuple[str, ...]], ...]
    now: datetime
    prefix_lengths: Mapping[str, int] = field(default_factory=dict)
    has_older: bool = False


def load_history(journal: Journal, id_prefix: str | None, limit: int, now: datetime) -> ChangeHistory:
    """Look back at what was changed, or at what was done to one thing. Raises UnknownId or AmbiguousId."""
    name = journal.resolve_id(id_prefix, *ADDRESSABLE_ENTITIES, include_deleted=True)[1] if id_prefix else None
    found = list_entity_batches(journal, name)[-limit - 1 :] if name else list_batches(journal, limit=limit + 1)
    older, found = len(found) > limit, found[-limit:]
    single = () if name else (one for batch in found if (one := single_entity_id(batch)))
    about = tuple((batch, describe_changes(journal, _first_changes(batch))) for batch in found)
    return ChangeHistory(
        described_batches=about, now=now, prefix_lengths=journal.prefix_lengths(single), has_older=older
    )


def single_entity_id(batch: Batch) -> str | None:
    """Return the id of what a batch changed, if it is one thing that people name."""
    named = {
        _pain_id_of(one) if one.entity == "sighting" else one.entity_id
        for one in batch.changes
        if _is_of_named_entity(one)
    }
    return named.pop() if batch.count == len(batch.changes) and len(named) == 1 else None


def _is_of_named_entity(change: LoggedChange) -> bool:
    return change.entity in {*ADDRESSABLE_ENTITIES, "sighting"}


def _first_changes(batch: Batch) -> tuple[LoggedChange, ...]:
    """Return the changes by which a batch is told: the first few of an import."""
    return batch.changes if batch.count == len(batch.changes) else batch.changes[:MAX_DESCRIBED]
