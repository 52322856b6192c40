"""The history of changes: by batch, or of one entity."""

from dataclasses import dataclass
from datetime import UTC, datetime

from valuelog.journal.log import (
    IS_VISIBLE,
    LARGE_BATCH_SIZE,
    MAX_WALL,
    LoggedChange,
    last_text,
    list_batch_changes,
    list_entity_changes,
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
        "SELECT id, act, undone FROM batch b WHERE EXISTS"
        f" (SELECT 1 FROM change c WHERE c.batch = b.id AND {IS_VISIBLE}) ORDER BY last DESC LIMIT ?",
        (limit,),
    )
    return tuple(_load_batch(journal, *row) for row in reversed(rows))


def _load_batch(journal: Journal, batch_id: str, act: str, undone: int) -> Batch:
    changes = tuple(list_batch_changes(journal.rows, batch_id, limit=LARGE_BATCH_SIZE))
    ((count,),) = journal.rows("SELECT count(*) FROM change WHERE batch = ?", (batch_id,))
    changed_at = _datetime_of(changes[-1].own_wall)
    return Batch(id=batch_id, act=act, changed_at=changed_at, undone=bool(undone), changes=changes, count=count)


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
    listed = (change for change in changes if change.entity != "sighting" or change.batch not in creation_batches)
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


def _datetime_of(wall: int) -> datetime:
    return datetime.fromtimestamp(min(max(wall, 0), MAX_WALL) / 1000, UTC)


def entity_text_at(journal: Journal, change: LoggedChange) -> str:
    """Return the first line of the text that an entity had at a change; of days off and findings, the id."""
    if change.entity in {"day_off", "finding"}:
        return change.entity_id
    history = list_entity_changes(journal.rows, change.entity_id)
    return last_text(earlier for earlier in history if earlier.order_key <= change.order_key)
