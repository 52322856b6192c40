"""Undo and redo: each appends one change that switches a batch off or on; the merge rule says what its records become.

They concern the batches of this device and of the ids it had before, or those of every device until another machine
has given its name.
"""

from dataclasses import dataclass

from valuelog.journal.database import Database
from valuelog.journal.errors import ChangedTogether, NothingToRedo, NothingToUndo
from valuelog.journal.log import IS_VISIBLE, LARGE_BATCH_SIZE, LoggedChange, list_batch_changes

_CANNOT_BE_UNDONE = "act IN ('undo', 'redo', 'purge', 'restore', 'repair')"

_IS_OWN = (
    "NOT EXISTS (SELECT 1 FROM json_each(:others) n"
    " WHERE c.device = json_extract(n.value, '$[0]') AND c.counter > json_extract(n.value, '$[1]'))"
)
"""Whether a change `c` is of this device; `others` is what `Database.other_devices` returns."""

_UNDOABLE = (
    f"SELECT id FROM batch b WHERE undone = 0 AND NOT {_CANNOT_BE_UNDONE} AND EXISTS (SELECT 1 FROM change c"
    f" WHERE c.batch = b.id AND c.fields IS NOT NULL AND {IS_VISIBLE} AND {_IS_OWN})"
    " ORDER BY wall DESC, tick DESC, id DESC LIMIT 1"
)
_LAST_UNDO = (
    "SELECT c.undoes, c.wall, c.tick FROM change c JOIN batch b ON b.id = c.undoes WHERE c.undoes IS NOT NULL"
    f" AND c.act = 'undo' AND b.undone AND {_IS_OWN} ORDER BY c.wall DESC, c.tick DESC, c.id DESC LIMIT 1"
)
_CHANGED_SINCE = (
    f"SELECT 1 FROM batch b WHERE (b.wall, b.tick) > (:wall, :tick) AND NOT {_CANNOT_BE_UNDONE}"
    f" AND EXISTS (SELECT 1 FROM change c WHERE c.batch = b.id AND {IS_VISIBLE} AND {_IS_OWN}) LIMIT 1"
)
_UNDOABLE_OF = (
    f"SELECT id, act FROM batch b WHERE undone = 0 AND NOT {_CANNOT_BE_UNDONE} AND EXISTS (SELECT 1 FROM change c"
    f" WHERE c.batch = b.id AND c.entity_id = :id AND c.fields IS NOT NULL AND {_IS_OWN})"
    " ORDER BY wall DESC, tick DESC, id DESC LIMIT 1"
)
_OTHERS_OF_BATCH = (
    "SELECT DISTINCT c.entity_id, EXISTS (SELECT 1 FROM change later JOIN batch b ON b.id = later.batch"
    " WHERE later.entity_id = c.entity_id AND (later.wall, later.tick, later.id) > (c.wall, c.tick, c.id)"
    f" AND later.undoes IS NULL AND later.batch <> c.batch AND b.undone = 0 AND NOT b.{_CANNOT_BE_UNDONE})"
    " FROM change c WHERE c.batch = :batch AND c.entity_id <> :id AND c.entity <> 'asked' LIMIT 1000"
)
"""The other entities of a batch, and whether a later batch that is in force changed them."""

COLLECTING_ACTS = frozenset({"today", "gather", "import", "reflect", "demo"})
"""Acts that change things together which don't belong together."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ToggledBatch:
    """A batch that was undone or redone: its act, its first changes, and how many `more` there are."""

    act: str
    changes: tuple[LoggedChange, ...]
    more: int = 0


def undo_latest(database: Database) -> ToggledBatch:
    """Undo the latest batch that is in force. Raises NothingToUndo."""
    with database.transaction():
        latest = database.rows(_UNDOABLE, {"others": database.other_devices()})
        if not latest:
            raise NothingToUndo
        return _toggle_batch(database, "undo", latest[0][0])


def undo_latest_of(database: Database, entity_id: str) -> ToggledBatch:
    """Undo the latest batch in force that changed an entity. Raises NothingToUndo or ChangedTogether."""
    with database.transaction():
        latest = database.rows(_UNDOABLE_OF, {"id": entity_id, "others": database.other_devices()})
        if not latest:
            raise NothingToUndo
        ((batch, act),) = latest
        others = database.rows(_OTHERS_OF_BATCH, {"batch": batch, "id": entity_id})
        is_collection = act in COLLECTING_ACTS and bool(others)
        if is_collection or any(changed_later for _, changed_later in others):
            raise ChangedTogether(len(others))
        return _toggle_batch(database, "undo", batch)


def redo_latest(database: Database) -> ToggledBatch:
    """Redo the latest undone batch, unless something else was changed since. Raises NothingToRedo."""
    with database.transaction():
        others = database.other_devices()
        latest = database.rows(_LAST_UNDO, {"others": others})
        if not latest:
            raise NothingToRedo
        ((batch, wall, tick),) = latest
        if database.rows(_CHANGED_SINCE, {"wall": wall, "tick": tick, "others": others}):
            raise NothingToRedo
        return _toggle_batch(database, "redo", batch)


def _toggle_batch(database: Database, act: str, batch: str) -> ToggledBatch:
    changes = list_batch_changes(database.rows, batch, limit=LARGE_BATCH_SIZE)
    ((count,),) = database.rows("SELECT count(*) FROM change WHERE batch = ?", (batch,))
    database.toggle(act, batch)
    return ToggledBatch(act=changes[0].act, changes=tuple(changes), more=count - len(changes))
