"""Taking back and making again. A thing is what its changes add up to whose batches stand; both only move that line."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from valuelog.journal import state
from valuelog.journal.changes import Change, Logged, difference, fold, of_batch, of_thing, standing
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.store import Journal

_OURS = "act IN ('undo', 'redo', 'purge')"
_LATEST = (
    "SELECT id FROM batch b WHERE undone = 0 AND {}"
    " AND EXISTS (SELECT 1 FROM change c WHERE c.batch = b.id AND c.fields IS NOT NULL) ORDER BY last DESC LIMIT 1"
)
_UNDOABLE = _LATEST.format(f"NOT {_OURS}")
_REDOABLE = _LATEST.format(f"act = 'undo' AND last > (SELECT coalesce(max(last), 0) FROM batch WHERE NOT {_OURS})")


@dataclass(frozen=True, kw_only=True, slots=True)
class Undone:
    """A batch that was taken back or made again: what it did, and its changes."""

    act: str
    changes: tuple[Logged, ...]


def undo(journal: Journal) -> Undone:
    """Take back the latest batch that still stands. Raises NothingToUndo."""
    with journal.transaction():
        found = journal.rows(_UNDOABLE)
        if not found:
            raise NothingToUndo
        return _turned(journal, "undo", found[0][0])


def redo(journal: Journal) -> Undone:
    """Make the latest undone batch again, unless something else was changed since. Raises NothingToRedo."""
    with journal.transaction():
        found = journal.rows(_REDOABLE)
        if not found:
            raise NothingToRedo
        journal.connection.execute("UPDATE batch SET undone = 1 WHERE id = ?", found[0])
        ((batch,),) = journal.rows("SELECT undoes FROM change WHERE batch = ? LIMIT 1", found[0])
        return _turned(journal, "redo", batch)


def _turned(journal: Journal, act: str, batch: str) -> Undone:
    """Let a batch fall or stand again, and everything that it touched follow; what refers to others goes first."""
    journal.connection.execute("UPDATE batch SET undone = ? WHERE id = ?", (act == "undo", batch))
    changes = of_batch(journal.rows, batch)
    touched = {(change.entity, change.entity_id) for change in changes}
    things = sorted(dict.fromkeys(_things(changes)), key=lambda thing: -state.reach(thing[0]))
    settled = (_settled(journal, *thing) for thing in things)
    told = (change for change in settled if change.fields != {} or (change.entity, change.id) in touched)
    journal.append(act, told, undoes=batch)
    return Undone(act=changes[0].act, changes=tuple(changes))


def _things(changes: Iterable[Logged]) -> Iterator[tuple[str, str]]:
    """Return everything that some changes touch or refer to."""
    for change in changes:
        yield change.entity, change.entity_id
        if isinstance(change.fields, dict):
            yield from state.references(change.entity, change.fields)


def _settled(journal: Journal, entity: str, name: str) -> Change:
    """Return the change that makes a thing what its standing changes add up to; what others refer to stays."""
    history = of_thing(journal.rows, name)
    now, then = fold(change.fields for change in history), standing(history)
    if then is None and state.is_referred(journal.connection, entity, name):
        then = standing(history, needed=True)
    return Change(entity=entity, id=name, fields=difference(now, then, state.TABLES[entity].unset))
