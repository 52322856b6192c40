"""History: what was changed and when, batch by batch or for one thing; and erasing words for good."""

from dataclasses import dataclass
from datetime import UTC, datetime

from valuelog.journal import projection
from valuelog.journal.connection import translated
from valuelog.journal.errors import JournalError, NotWiped
from valuelog.journal.log import Change, Logged, digest, of_batch, of_thing, said_last
from valuelog.journal.store import MANY, Journal


@dataclass(frozen=True, kw_only=True, slots=True)
class Batch:
    """Changes that were made as one and are undone as one. `at` is the moment of the last one shown, UTC.

    Of an import only the first are shown; `count` is how many there are.
    """

    id: str
    act: str
    at: datetime
    undone: bool
    changes: tuple[Logged, ...]
    count: int


def batches(journal: Journal, *, latest: int) -> tuple[Batch, ...]:
    """Return the latest batches, the newest last."""
    rows = journal.rows("SELECT id, act, undone FROM batch ORDER BY last DESC LIMIT ?", (latest,))
    return tuple(_batch(journal, *row) for row in reversed(rows))


def _batch(journal: Journal, name: str, act: str, undone: int) -> Batch:
    changes = tuple(of_batch(journal.rows, name, most=MANY))
    ((count,),) = journal.rows("SELECT count(*) FROM change WHERE batch = ?", (name,))
    at = _moment(changes[-1].wall)
    return Batch(id=name, act=act, at=at, undone=bool(undone), changes=changes, count=count)


def of(journal: Journal, name: str) -> tuple[Batch, ...]:
    """Return what was done to one thing, each change as a batch of its own, the newest last.

    To a pain point belong its sightings and steps; that it was seen when it was noted goes without saying.
    """
    own = of_thing(journal.rows, name)
    noted = {change.batch for change in own if change.births or change.fields is None}
    parts = journal.rows(
        "SELECT id FROM sighting WHERE pain = :id UNION SELECT id FROM promise WHERE pain = :id", {"id": name}
    )
    changes = [*own, *(change for (part,) in parts for change in of_thing(journal.rows, part))]
    told = (change for change in changes if change.entity != "sighting" or change.batch not in noted)
    return tuple(
        Batch(
            id=change.batch, act=change.act, at=_moment(change.wall), undone=change.undone, changes=(change,), count=1
        )
        for change in sorted(told, key=lambda change: change.moment)
    )


def _moment(wall: int) -> datetime:
    return datetime.fromtimestamp(wall / 1000, UTC)


def purge(journal: Journal, entity: str, name: str) -> None:
    """Erase the words of one thing for good: from its tables, the full text, the log and the room they leave behind.

    The log keeps that there were changes, and the hashes of their words. Raises NotWiped.
    """
    with journal.transaction():
        removals = _removals(journal, entity, name)
        journal.append("purge", removals)
        for removal in removals:
            if removal.fields is None:
                _erase(journal, removal.id)
        if entity in projection.SEARCHED:
            journal.connection.execute(f"INSERT INTO {entity}_fts ({entity}_fts) VALUES ('rebuild')")
    _wipe(journal)


def _removals(journal: Journal, entity: str, name: str) -> list[Change]:
    """Return the changes that remove a thing, a pain point with all its sightings and steps, taken back or not.

    Whatever else ever named it does so no longer.
    """
    sql = "SELECT DISTINCT entity_id FROM change WHERE entity = ? AND json_extract(fields, '$.' || ?) = ?"
    removals: list[Change] = []
    for kind, field in projection.referring(entity):
        for (holder,) in journal.rows(sql, (kind, field, name)):
            part = entity == "pain" and kind in PARTS
            loosened = [Change(entity=kind, id=holder, fields={field: None})]
            removals += _removals(journal, kind, holder) if part else loosened
    return [*removals, Change(entity=entity, id=name, fields=None)]


PARTS = ("sighting", "promise")
"""What goes with a pain point when its words are erased."""


def _erase(journal: Journal, name: str) -> None:
    """Keep nothing of what a thing's changes said but its hash."""
    said = journal.rows("SELECT seq, fields FROM change WHERE entity_id = ? AND act <> 'purge'", (name,))
    erased = [(digest(fields.encode()), seq) for seq, fields in said if fields is not None]
    journal.connection.executemany("UPDATE change SET fields = NULL, erased = ? WHERE seq = ?", erased)


def _wipe(journal: Journal) -> None:
    """Write the whole file anew: pages that were once rearranged hold old words where SQLite does not look again."""
    try:
        with translated(journal.path):
            journal.connection.execute("PRAGMA temp_store = MEMORY")
            journal.connection.execute("VACUUM")
    except JournalError as error:
        raise NotWiped(journal.path) from error


SILENT = frozenset({"asked"})
"""What is kept for the program's own sake and is not worth telling."""


def words_of(journal: Journal, change: Logged) -> str:
    """Say what a change is about, from the log: what its thing said by then, even if it is gone now."""
    if change.entity == "day_off":
        return change.entity_id
    history = of_thing(journal.rows, change.entity_id)
    return said_last(earlier for earlier in history if earlier.moment <= change.moment)
