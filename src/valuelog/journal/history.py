"""History: what was changed and when, batch by batch or for one thing; and erasing words for good."""

from dataclasses import dataclass
from datetime import UTC, datetime

from valuelog.journal import projection
from valuelog.journal.connection import translate_errors
from valuelog.journal.errors import JournalError, PurgeIncomplete
from valuelog.journal.log import Change, LoggedChange, last_text, list_batch_changes, list_entity_changes, sha256_digest
from valuelog.journal.store import LARGE_BATCH_SIZE, Journal


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Changes that were made as one and are undone as one. `at` is the moment of the last one shown, UTC.

    Of an import only the first are shown; `count` is how many there are.
    """

    id: str
    act: str
    changed_at: datetime
    undone: bool
    changes: tuple[LoggedChange, ...]
    count: int


def list_batches(journal: Journal, *, limit: int) -> tuple[Batch, ...]:
    """Return the latest batches, the newest last."""
    rows = journal.rows("SELECT id, act, undone FROM batch ORDER BY last DESC LIMIT ?", (limit,))
    return tuple(_load_batch(journal, *row) for row in reversed(rows))


def _load_batch(journal: Journal, batch_id: str, act: str, undone: int) -> Batch:
    changes = tuple(list_batch_changes(journal.rows, batch_id, limit=LARGE_BATCH_SIZE))
    ((count,),) = journal.rows("SELECT count(*) FROM change WHERE batch = ?", (batch_id,))
    at = _datetime_of(changes[-1].wall)
    return Batch(id=batch_id, act=act, changed_at=at, undone=bool(undone), changes=changes, count=count)


def list_entity_batches(journal: Journal, entity_id: str) -> tuple[Batch, ...]:
    """Return what was done to one thing, each change as a batch of its own, the newest last.

    To a pain point belong its sightings and steps; that it was seen when it was noted goes without saying.
    """
    own = list_entity_changes(journal.rows, entity_id)
    noted = {change.batch for change in own if change.is_creation or change.fields is None}
    parts = journal.rows(
        "SELECT id FROM sighting WHERE pain = :id UNION SELECT id FROM promise WHERE pain = :id", {"id": entity_id}
    )
    changes = [*own, *(change for (part,) in parts for change in list_entity_changes(journal.rows, part))]
    told = (change for change in changes if change.entity != "sighting" or change.batch not in noted)
    return tuple(
        Batch(
            id=change.batch,
            act=change.act,
            changed_at=_datetime_of(change.wall),
            undone=change.undone,
            changes=(change,),
            count=1,
        )
        for change in sorted(told, key=lambda change: change.order_key)
    )


def _datetime_of(wall: int) -> datetime:
    return datetime.fromtimestamp(wall / 1000, UTC)


def purge(journal: Journal, entity: str, entity_id: str) -> None:
    """Erase the words of one thing for good: from its tables, the full text, the log and the room they leave behind.

    The log keeps that there were changes, and the hashes of their words. Raises NotWiped.
    """
    with journal.transaction():
        removals = _removal_changes(journal, entity, entity_id)
        journal.append("purge", removals)
        for removal in removals:
            if removal.fields is None:
                _erase_fields(journal, removal.id)
        if entity in projection.FULL_TEXT_ENTITIES:
            journal.connection.execute(f"INSERT INTO {entity}_fts ({entity}_fts) VALUES ('rebuild')")
    _vacuum(journal)


def _removal_changes(journal: Journal, entity: str, entity_id: str) -> list[Change]:
    """Return the changes that remove a thing, a pain point with all its sightings and steps, taken back or not.

    Whatever else ever named it does so no longer.
    """
    sql = "SELECT DISTINCT entity_id FROM change WHERE entity = ? AND json_extract(fields, '$.' || ?) = ?"
    removals: list[Change] = []
    for kind, field in projection.referring_fields(entity):
        for (holder,) in journal.rows(sql, (kind, field, entity_id)):
            part = entity == "pain" and kind in PAIN_PARTS
            loosened = [Change(entity=kind, id=holder, fields={field: None})]
            removals += _removal_changes(journal, kind, holder) if part else loosened
    return [*removals, Change(entity=entity, id=entity_id, fields=None)]


PAIN_PARTS = ("sighting", "promise")
"""What goes with a pain point when its words are erased."""


def _erase_fields(journal: Journal, entity_id: str) -> None:
    """Keep nothing of what a thing's changes said but its hash."""
    said = journal.rows("SELECT seq, fields FROM change WHERE entity_id = ? AND act <> 'purge'", (entity_id,))
    erased = [(sha256_digest(fields.encode()), seq) for seq, fields in said if fields is not None]
    journal.connection.executemany("UPDATE change SET fields = NULL, erased = ? WHERE seq = ?", erased)


def _vacuum(journal: Journal) -> None:
    """Write the whole file anew: pages that were once rearranged hold old words where SQLite does not look again."""
    try:
        with translate_errors(journal.path):
            journal.connection.execute("PRAGMA temp_store = MEMORY")
            journal.connection.execute("VACUUM")
    except JournalError as error:
        raise PurgeIncomplete(journal.path) from error


INTERNAL_ENTITIES = frozenset({"asked"})
"""What is kept for the program's own sake and is not worth telling."""


def entity_text_at(journal: Journal, change: LoggedChange) -> str:
    """Say what a change is about, from the log: what its thing said by then, even if it is gone now."""
    if change.entity == "day_off":
        return change.entity_id
    history = list_entity_changes(journal.rows, change.entity_id)
    return last_text(earlier for earlier in history if earlier.order_key <= change.order_key)
