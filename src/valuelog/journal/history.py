"""History: what was changed and when, batch by batch or for one thing; and erasing words for good."""

from dataclasses import dataclass
from datetime import UTC, datetime

from valuelog.journal.changes import Change, Logged, of_batch, of_thing
from valuelog.journal.store import Journal


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Changes that were made as one and are undone as one. `at` is the moment of the last of them, UTC."""

    id: str
    act: str
    at: datetime
    undone: bool
    changes: tuple[Logged, ...]


def batches(journal: Journal, *, latest: int) -> tuple[Batch, ...]:
    """Return the latest batches, the newest last."""
    rows = journal.rows("SELECT id, act, undone FROM batch ORDER BY last DESC LIMIT ?", (latest,))
    return tuple(_batch(journal, *row) for row in reversed(rows))


def _batch(journal: Journal, name: str, act: str, undone: int) -> Batch:
    changes = tuple(of_batch(journal.connection, name))
    return Batch(id=name, act=act, at=_moment(changes[-1].wall), undone=bool(undone), changes=changes)


def of(journal: Journal, name: str) -> tuple[Batch, ...]:
    """Return what was done to one thing, each change as a batch of its own, the newest last."""
    return tuple(
        Batch(id=change.batch, act=change.act, at=_moment(change.wall), undone=False, changes=(change,))
        for change in of_thing(journal.connection, name)
    )


def _moment(wall: int) -> datetime:
    return datetime.fromtimestamp(wall / 1000, UTC)


def purge(journal: Journal, entity: str, name: str) -> None:
    """Erase the words of one thing for good: from its tables, the full text and the log.

    The log keeps that there were changes, and their hashes; batches that have no words left can't be undone any more.
    """
    removals = _removals(journal, entity, name)
    erased = [change.id for change in removals]

    def erase() -> None:
        journal.append("purge", removals)
        marks = ", ".join("?" * len(erased))
        execute = journal.connection.execute
        execute(f"UPDATE change SET fields = NULL WHERE entity_id IN ({marks}) AND act <> 'purge'", erased)
        execute(
            "UPDATE batch SET undone = 1 WHERE NOT EXISTS"
            " (SELECT 1 FROM change WHERE change.batch = batch.id AND fields IS NOT NULL)",
        )
        execute(f"INSERT INTO {entity}_fts ({entity}_fts) VALUES ('rebuild')")

    journal.transaction(erase)


def _removals(journal: Journal, entity: str, name: str) -> list[Change]:
    """Return the changes that remove a thing and what belongs to it."""
    seen = journal.rows("SELECT id FROM sighting WHERE pain = ?", (name,)) if entity == "pain" else []
    return [
        *(Change(entity="sighting", id=row[0], fields=None) for row in seen),
        Change(entity=entity, id=name, fields=None),
    ]


SILENT = frozenset({"asked"})
"""What is kept for the program's own sake and is not worth telling."""


def words_of(journal: Journal, entity: str, name: str) -> str:
    """Say what a thing is about, from the log, so that it can be told even when it is gone."""
    if entity == "day_off":
        return name
    said = ""
    for change in of_thing(journal.connection, name):
        if isinstance(change.fields, dict):
            said = change.fields.get("text") or change.fields.get("name") or said
    return said.partition("\n")[0]
