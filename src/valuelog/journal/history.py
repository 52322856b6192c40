"""The history of changes: by batch, or of one entity."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from valuelog.journal.log import (
    IS_VISIBLE,
    LARGE_BATCH_SIZE,
    MAX_WALL,
    TOGGLE_ENTITY,
    LoggedChange,
    last_text,
    list_batch_changes,
    list_entity_changes,
    list_toggles,
)
from valuelog.journal.store import Journal


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Changes that are undone together.

    Of a large batch, `changes` are only the first; `count` is their number in all. `changed_at` is the time of the last
    of `changes` on the clock of its device, UTC.
    """

    id: str
    act: str
    changed_at: datetime
    undone: bool
    changes: tuple[LoggedChange, ...]
    count: int


def list_batches(journal: Journal, *, limit: int) -> tuple[Batch, ...]:
    """Return the latest batches that changed anything users see, the newest last."""
    rows = journal.rows(
        "SELECT id, act, undone FROM batch b"
        f" WHERE EXISTS (SELECT 1 FROM change c WHERE c.batch = b.id AND {IS_VISIBLE})"
        " ORDER BY wall DESC, tick DESC, id DESC LIMIT ?",
        (limit,),
    )
    return tuple(_load_batch(journal, *row) for row in reversed(rows))


def _load_batch(journal: Journal, batch_id: str, act: str, undone: int) -> Batch:
    changes = tuple(list_batch_changes(journal.rows, batch_id, limit=LARGE_BATCH_SIZE))
    changed_at = _datetime_of(changes[-1].own_wall)
    if toggled := changes[0].undoes if changes[0].entity == TOGGLE_ENTITY else None:
        changes = _toggled_changes(journal, changes[0], toggled)
    ((count,),) = journal.rows("SELECT count(*) FROM change WHERE batch = ?", (toggled or batch_id,))
    return Batch(id=batch_id, act=act, changed_at=changed_at, undone=bool(undone), changes=changes, count=count)


def _toggled_changes(journal: Journal, toggle: LoggedChange, batch_id: str) -> tuple[LoggedChange, ...]:
    """Return the changes of a batch that was undone or redone, each at the moment of that."""
    changes = list_batch_changes(journal.rows, batch_id, limit=LARGE_BATCH_SIZE)
    return tuple(_at_toggle(change, toggle) for change in changes) or (toggle,)


def _at_toggle(change: LoggedChange, toggle: LoggedChange) -> LoggedChange:
    """Return an undo or redo as a change of an entity that its batch changed."""
    return toggle._replace(entity=change.entity, entity_id=change.entity_id)


def list_entity_batches(journal: Journal, entity_id: str) -> tuple[Batch, ...]:
    """Return the changes of one entity, each as its own batch, the newest last.

    Those of a pain point include its sightings and steps, but not the sighting that was created with it; those of a
    project its readings.
    """
    own_changes = list_entity_changes(journal.rows, entity_id)
    creation_batches = {change.batch for change in own_changes if change.is_creation or change.fields is None}
    parts = journal.rows(
        "SELECT id FROM sighting WHERE pain = :id UNION SELECT id FROM promise WHERE pain = :id"
        " UNION SELECT id FROM measurement WHERE project = :id",
        {"id": entity_id},
    )
    changes = [*own_changes, *(change for (part,) in parts for change in list_entity_changes(journal.rows, part))]
    listed = [change for change in changes if change.entity != "sighting" or change.batch not in creation_batches]
    listed += _toggles_of(journal, listed)
    return tuple(
        Batch(
            id=change.batch,
            act=change.act,
            changed_at=_datetime_of(change.own_wall),
            undone=change.undone,
            changes=(change,),
            count=1,
        )
        for change in sorted(listed, key=lambda change: change.order_key)
    )


def _toggles_of(journal: Journal, changes: Sequence[LoggedChange]) -> list[LoggedChange]:
    """Return when the batches of some changes were undone or redone, once for each entity."""
    by_batch = {(change.batch, change.entity_id): change for change in changes}
    return [
        _at_toggle(change, toggle)
        for (batch, _), change in by_batch.items()
        for toggle in list_toggles(journal.rows, batch)
    ]


def _datetime_of(wall: int) -> datetime:
    return datetime.fromtimestamp(min(max(wall, 0), MAX_WALL) / 1000, UTC)


def entity_text_at(journal: Journal, change: LoggedChange) -> str:
    """Return the first line of the text that an entity had at a change; of days off and findings, the id."""
    if change.entity in {"day_off", "finding"}:
        return change.entity_id
    history = list_entity_changes(journal.rows, change.entity_id)
    earlier = [each for each in history if each.order_key <= change.order_key]
    if change.entity != TOGGLE_ENTITY and change.undoes and change.fields == {}:
        earlier = _in_force_at(journal, earlier, change) or earlier
    return last_text(earlier)


def _in_force_at(journal: Journal, changes: Sequence[LoggedChange], moment: LoggedChange) -> list[LoggedChange]:
    """Return those of some changes whose batches were in force after a moment."""
    undone = set()
    for batch in {change.batch for change in changes}:
        toggles = [each for each in list_toggles(journal.rows, batch) if each.order_key <= moment.order_key]
        if toggles and toggles[-1].act == "undo":
            undone.add(batch)
    return [change for change in changes if change.batch not in undone and change.undoes is None]
