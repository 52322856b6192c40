"""What was changed: taking it back, making it again, looking back at it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from valuelog.journal.errors import NothingToUndo
from valuelog.journal.history import INTERNAL_ENTITIES, Batch, entity_text_at, list_batches, list_entity_batches
from valuelog.journal.log import LoggedChange
from valuelog.journal.store import ADDRESSABLE_ENTITIES, Journal
from valuelog.journal.undo import ToggledBatch, redo_latest, undo_latest

MOST = 10
"""Of an import so many things are named at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Took:
    """An undo or a redo to tell: which act it was about, and what it touched, each with its words where it has some.

    Of an import these are the first; so many `more` are not among them.
    """

    did: str
    act: str
    touched: tuple[str, ...]
    then: str
    more: int = 0


def undo_changes(journal: Journal, count: int) -> tuple[Took, ...]:
    """Take back the latest changes, the newest first. Raises NothingToUndo if there is none at all."""
    took = [_took(journal, "Undid", undo_latest(journal), "valuelog redo")]
    while len(took) < count:
        try:
            took.append(_took(journal, "Undid", undo_latest(journal), "valuelog redo"))
        except NothingToUndo:
            break
    return tuple(took)


def redo_change(journal: Journal) -> Took:
    """Make the latest undone change again. Raises NothingToRedo."""
    return _took(journal, "Redid", redo_latest(journal), "valuelog undo")


def _took(journal: Journal, did: str, undone: ToggledBatch, then: str) -> Took:
    about = touched(journal, undone.changes[:MOST] if undone.more else undone.changes)
    more = undone.more + len(undone.changes) - len(about) if undone.more else 0
    return Took(did=did, act=undone.act, touched=about, then=then, more=more)


def touched(journal: Journal, changes: Sequence[LoggedChange]) -> tuple[str, ...]:
    """Say what some changes were about, each thing once: the first line of its text, or its day."""
    last = {change.entity_id: change for change in changes if change.entity not in INTERNAL_ENTITIES}
    first = {change.entity_id for change in changes if change.entity == "sighting" and _pain_of(change) in last}
    return tuple(
        said for name, change in last.items() if name not in first and (said := entity_text_at(journal, change))
    )


def _pain_of(sighting: LoggedChange) -> str | None:
    """Return the pain point that a sighting is of; none where its words were purged."""
    return sighting.fields.get("pain") if isinstance(sighting.fields, dict) else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Past:
    """What was changed, the newest last: each batch with what it was about.

    `letters` says how many letters are enough of the id of each thing that was changed alone, `older` whether there is
    more before it.
    """

    batches: tuple[tuple[Batch, tuple[str, ...]], ...]
    now: datetime
    prefix_lengths: Mapping[str, int] = field(default_factory=dict)
    older: bool = False


def change_history(journal: Journal, words: str | None, latest: int, now: datetime) -> Past:
    """Look back at what was changed, or at what was done to one thing. Raises UnknownId or AmbiguousId."""
    name = journal.resolve_id(words, *ADDRESSABLE_ENTITIES, include_deleted=True)[1] if words else None
    found = list_entity_batches(journal, name)[-latest - 1 :] if name else list_batches(journal, limit=latest + 1)
    older, found = len(found) > latest, found[-latest:]
    single = () if name else (one for batch in found if (one := alone(batch)))
    about = tuple((batch, touched(journal, _some(batch))) for batch in found)
    return Past(batches=about, now=now, prefix_lengths=journal.prefix_lengths(single), older=older)


def alone(batch: Batch) -> str | None:
    """Return the id of what a batch changed, if it is one thing that people name."""
    named = {_pain_of(one) if one.entity == "sighting" else one.entity_id for one in batch.changes if _named(one)}
    return named.pop() if batch.count == len(batch.changes) and len(named) == 1 else None


def _named(change: LoggedChange) -> bool:
    return change.entity in {*ADDRESSABLE_ENTITIES, "sighting"}


def _some(batch: Batch) -> tuple[LoggedChange, ...]:
    """Return the changes by which a batch is told: the first few of an import."""
    return batch.changes if batch.count == len(batch.changes) else batch.changes[:MOST]
