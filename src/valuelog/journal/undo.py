"""Taking back and making again. A thing is what its changes add up to whose batches stand; both only move that line."""

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from valuelog.journal import projection
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.log import (
    Change,
    LoggedChange,
    diff_fields,
    fold,
    fold_active,
    list_batch_changes,
    list_entity_changes,
)
from valuelog.journal.store import LARGE_BATCH_SIZE, Journal

_IS_UNDO_REDO_OR_PURGE = "act IN ('undo', 'redo', 'purge')"
_LATEST_BATCH = (
    "SELECT id FROM batch b WHERE undone = 0 AND {}"
    " AND EXISTS (SELECT 1 FROM change c WHERE c.batch = b.id AND c.fields IS NOT NULL) ORDER BY last DESC LIMIT 1"
)
_UNDOABLE = _LATEST_BATCH.format(f"NOT {_IS_UNDO_REDO_OR_PURGE}")
_REDOABLE = _LATEST_BATCH.format(
    f"act = 'undo' AND last > (SELECT coalesce(max(last), 0) FROM batch WHERE NOT {_IS_UNDO_REDO_OR_PURGE})"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class ToggledBatch:
    """A batch that was taken back or made again: what it did, its first changes, and how many more there are."""

    act: str
    changes: tuple[LoggedChange, ...]
    more: int = 0


def undo_latest(journal: Journal) -> ToggledBatch:
    """Take back the latest batch that still stands. Raises NothingToUndo."""
    with journal.transaction():
        found = journal.rows(_UNDOABLE)
        if not found:
            raise NothingToUndo
        return _toggle_batch(journal, "undo", found[0][0])


def redo_latest(journal: Journal) -> ToggledBatch:
    """Make the latest undone batch again, unless something else was changed since. Raises NothingToRedo."""
    with journal.transaction():
        found = journal.rows(_REDOABLE)
        if not found:
            raise NothingToRedo
        journal.connection.execute("UPDATE batch SET undone = 1 WHERE id = ?", found[0])
        ((batch,),) = journal.rows("SELECT undoes FROM change WHERE batch = ? LIMIT 1", found[0])
        return _toggle_batch(journal, "redo", batch)


def _toggle_batch(journal: Journal, act: str, batch: str) -> ToggledBatch:
    """Let a batch fall or stand again, and everything that it touched follow; what refers to others goes first."""
    journal.connection.execute("UPDATE batch SET undone = ? WHERE id = ?", (act == "undo", batch))
    ((count,),) = journal.rows("SELECT count(*) FROM change WHERE batch = ?", (batch,))
    if count > LARGE_BATCH_SIZE:
        return _toggle_large_batch(journal, act, batch, count)
    changes = list_batch_changes(journal.rows, batch)
    touched = {(change.entity, change.entity_id) for change in changes}
    journal.append(act, _reconcile_all(journal, _touched_entities(changes), touched), undoes=batch)
    return ToggledBatch(act=changes[0].act, changes=tuple(changes))


def _reconcile_all(
    journal: Journal, things: Iterable[tuple[str, str]], touched: Collection[tuple[str, str]]
) -> Iterator[Change]:
    """Yield the changes that make things what their standing changes add up to."""
    for thing in sorted(dict.fromkeys(things), key=lambda thing: -projection.reference_depth(thing[0])):
        change = _reconcile(journal, *thing)
        if change.fields != {} or thing in touched:
            yield change


def _touched_entities(changes: Iterable[LoggedChange]) -> Iterator[tuple[str, str]]:
    """Return everything that some changes touch or refer to."""
    for change in changes:
        yield change.entity, change.entity_id
        if isinstance(change.fields, dict):
            yield from projection.references(change.entity, change.fields)


def _reconcile(journal: Journal, entity: str, entity_id: str) -> Change:
    """Return the change that makes a thing what its standing changes add up to; what others refer to stays."""
    history = list_entity_changes(journal.rows, entity_id)
    current, target = fold(change.fields for change in history), fold_active(history)
    if target is None and projection.is_referenced(journal.connection, entity, entity_id):
        target = fold_active(history, include_creation=True)
    return Change(
        entity=entity, id=entity_id, fields=diff_fields(current, target, projection.TABLES[entity].initial_fields)
    )


def _toggle_large_batch(journal: Journal, act: str, batch: str, count: int) -> ToggledBatch:
    """Turn a large batch: what nobody else touched or refers to at once, the rest thing by thing."""
    alone = _exclusive_entities(journal, batch, undo=act == "undo")
    rest = [thing for thing in _entities_of_batch(journal, batch) if thing not in alone]
    touched = set(rest)
    rest += _entities_referenced_by(journal, batch) - alone
    name = journal.append_bulk(
        act, _creation_changes(journal, batch, alone) if act == "redo" else _removal_changes(alone), undoes=batch
    )
    journal.append(act, _reconcile_all(journal, rest, touched), batch=name, undoes=batch)
    first = list_batch_changes(journal.rows, batch, limit=LARGE_BATCH_SIZE)
    return ToggledBatch(act=first[0].act, changes=tuple(first), more=count - len(first))


def _entities_of_batch(journal: Journal, batch: str) -> Iterator[tuple[str, str]]:
    """Return the kind and id of each thing that a batch changes."""
    return journal.iter_rows("SELECT DISTINCT entity, entity_id FROM change WHERE batch = ?", (batch,))


def _entities_referenced_by(journal: Journal, batch: str) -> set[tuple[str, str]]:
    """Return the kind and id of each thing that what a batch changes refers to."""
    sql = (
        "SELECT DISTINCT json_extract(fields, '$.' || :field) FROM change"
        " WHERE batch = :batch AND entity = :entity AND json_extract(fields, '$.' || :field) IS NOT NULL"
    )
    return {
        (to, name)
        for entity, table in projection.TABLES.items()
        for field, to in table.references.items()
        for (name,) in journal.rows(sql, {"field": field, "batch": batch, "entity": entity})
    }


def _exclusive_entities(journal: Journal, batch: str, *, undo: bool) -> set[tuple[str, str]]:
    """Return the things that one change of a batch brought into being and no other batch touched.

    For an undo also only those that nothing else refers to: that would have to stay.
    """
    sql = (
        "SELECT m.entity, m.entity_id FROM change m WHERE m.batch = :batch AND NOT EXISTS (SELECT 1 FROM change c"
        " WHERE c.entity_id = m.entity_id AND c.seq <> m.seq AND (c.batch = :batch OR c.undoes IS NOT :batch))"
    )
    alone = set(journal.iter_rows(sql, {"batch": batch}))
    while undo and (held := _externally_referenced(journal, batch, alone)):
        alone -= held
    return alone


def _externally_referenced(journal: Journal, batch: str, alone: Collection[tuple[str, ...]]) -> set[tuple[str, ...]]:
    """Return those of some things of a batch to which something refers that is not one of them."""
    return {
        (entity, name)
        for entity in projection.TABLES
        for kind, column in projection.referring_fields(entity)
        for name, holder in journal.iter_rows(
            f"SELECT {column}, id FROM {kind} WHERE {column} IN (SELECT entity_id FROM change WHERE batch = ?)",
            (batch,),
        )
        if (entity, name) in alone and (kind, holder) not in alone
    }


def _removal_changes(alone: Collection[tuple[str, str]]) -> Iterator[Change]:
    """Yield the changes that remove things, first what refers to others."""
    for entity, name in sorted(alone, key=lambda thing: -projection.reference_depth(thing[0])):
        yield Change(entity=entity, id=name, fields=None)


def _creation_changes(journal: Journal, batch: str, alone: Collection[tuple[str, str]]) -> Iterator[Change]:
    """Yield the changes that bring things into being as a batch once did."""
    for entity, name, fields in journal.iter_rows(
        "SELECT entity, entity_id, fields FROM change WHERE batch = ?", (batch,)
    ):
        if (entity, name) in alone:
            yield Change(entity=entity, id=name, fields=json.loads(fields))
