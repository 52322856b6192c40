"""Undo and redo.

An entity's state is the fold of all changes in batches that are not undone; undo and redo toggle a batch, and append
the changes that make each entity it touched what its remaining changes add up to.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from valuelog.journal import projection
from valuelog.journal.database import Database
from valuelog.journal.errors import ChangedTogether, NothingToRedo, NothingToUndo
from valuelog.journal.log import (
    IS_VISIBLE,
    LARGE_BATCH_SIZE,
    LOGGED_COLUMNS,
    Change,
    LoggedChange,
    diff_fields,
    fold,
    fold_active,
    list_batch_changes,
    list_entity_changes,
    read_change,
)

_CANNOT_BE_UNDONE = "act IN ('undo', 'redo', 'purge', 'restore', 'repair')"
_LATEST_BATCH = (
    "SELECT id FROM batch b WHERE undone = 0 AND {}"
    f" AND EXISTS (SELECT 1 FROM change c WHERE c.batch = b.id AND c.fields IS NOT NULL AND {IS_VISIBLE})"
    " ORDER BY last DESC LIMIT 1"
)
_UNDOABLE = _LATEST_BATCH.format(f"NOT {_CANNOT_BE_UNDONE}")
_REDOABLE = _LATEST_BATCH.format(
    f"act = 'undo' AND last > (SELECT coalesce(max(last), 0) FROM batch b WHERE NOT {_CANNOT_BE_UNDONE}"
    f" AND EXISTS (SELECT 1 FROM change c WHERE c.batch = b.id AND {IS_VISIBLE}))"
)


_UNDOABLE_OF = (
    f"SELECT id, act FROM batch b WHERE undone = 0 AND NOT {_CANNOT_BE_UNDONE} AND EXISTS (SELECT 1 FROM change c"
    " WHERE c.batch = b.id AND c.entity_id = :id AND c.fields IS NOT NULL) ORDER BY last DESC LIMIT 1"
)
_OTHERS_OF_BATCH = (
    "SELECT DISTINCT c.entity_id, EXISTS (SELECT 1 FROM change later JOIN batch b ON b.id = later.batch"
    f" WHERE later.entity_id = c.entity_id AND later.seq > c.seq AND b.undone = 0 AND NOT b.{_CANNOT_BE_UNDONE})"
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
        latest = database.rows(_UNDOABLE)
        if not latest:
            raise NothingToUndo
        return _toggle_batch(database, "undo", latest[0][0])


def undo_latest_of(database: Database, entity_id: str) -> ToggledBatch:
    """Undo the latest batch in force that changed an entity. Raises NothingToUndo or ChangedTogether."""
    with database.transaction():
        latest = database.rows(_UNDOABLE_OF, {"id": entity_id})
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
        latest_undo = database.rows(_REDOABLE)
        if not latest_undo:
            raise NothingToRedo
        database.connection.execute("UPDATE batch SET undone = 1 WHERE id = ?", latest_undo[0])
        ((batch_id,),) = database.rows("SELECT undoes FROM change WHERE batch = ? LIMIT 1", latest_undo[0])
        return _toggle_batch(database, "redo", batch_id)


def _toggle_batch(database: Database, act: str, batch_id: str) -> ToggledBatch:
    """Undo or redo a batch: write what its entities and those they refer to become."""
    database.connection.execute("UPDATE batch SET undone = ? WHERE id = ?", (act == "undo", batch_id))
    ((count,),) = database.rows("SELECT count(*) FROM change WHERE batch = ?", (batch_id,))
    if count > LARGE_BATCH_SIZE:
        return _toggle_large_batch(database, act, batch_id, count)
    changes = list_batch_changes(database.rows, batch_id)
    touched = {(change.entity, change.entity_id) for change in changes}
    _reconcile_all(database, _touched_entities(changes), touched, act=act, undoes=batch_id)
    return ToggledBatch(act=changes[0].act, changes=tuple(changes))


def _reconcile_all(
    database: Database,
    entities: Iterable[tuple[str, str]],
    touched: Collection[tuple[str, str]],
    *,
    act: str,
    undoes: str,
    batch: str | None = None,
) -> None:
    """Write the changes that make each entity what its active changes add up to.

    Entities that refer to others come first: a referenced entity cannot be removed.
    """
    by_depth = sorted(dict.fromkeys(entities), key=_negative_depth)
    for _, group in groupby(by_depth, key=_negative_depth):
        changes = [
            change for entity in group if (change := _reconcile(database, *entity)).fields != {} or entity in touched
        ]
        if changes:
            batch = database.write(act, changes, batch=batch, undoes=undoes)


def _negative_depth(entity: tuple[str, str]) -> int:
    return -projection.reference_depth(entity[0])


def _touched_entities(changes: Iterable[LoggedChange]) -> Iterator[tuple[str, str]]:
    """Yield every entity that some changes touch or refer to."""
    for change in changes:
        yield change.entity, change.entity_id
        if isinstance(change.fields, dict):
            yield from projection.references(change.entity, change.fields)


def _reconcile(database: Database, entity: str, entity_id: str) -> Change:
    """Return the change that makes an entity the fold of its active changes; a referenced one is not removed."""
    history = list_entity_changes(database.rows, entity_id)
    current, target = fold(change.fields for change in history), fold_active(history)
    if target is None and projection.is_referenced(database.connection, entity, entity_id):
        target = fold_active(history, include_creation=True)
    return Change(
        entity=entity, id=entity_id, fields=diff_fields(current, target, projection.TABLES[entity].initial_fields)
    )


def _toggle_large_batch(database: Database, act: str, batch: str, count: int) -> ToggledBatch:
    """Toggle a large batch: in bulk the entities that only it touches, the others one by one."""
    exclusive = _exclusive_entities(database, batch, undo=act == "undo")
    rest = [entity for entity in _entities_of_batch(database, batch) if entity not in exclusive]
    touched = set(rest)
    rest += _entities_referenced_by(database, batch) - exclusive
    changes = _creation_changes(database, batch, exclusive) if act == "redo" else _removal_changes(exclusive)
    toggling_batch = database.write(act, changes, undoes=batch)
    _reconcile_all(database, rest, touched, act=act, undoes=batch, batch=toggling_batch)
    first = list_batch_changes(database.rows, batch, limit=LARGE_BATCH_SIZE)
    return ToggledBatch(act=first[0].act, changes=tuple(first), more=count - len(first))


def _entities_of_batch(database: Database, batch: str) -> Iterator[tuple[str, str]]:
    """Yield the type and id of each entity that a batch changes."""
    return database.iter_rows("SELECT DISTINCT entity, entity_id FROM change WHERE batch = ?", (batch,))


def _entities_referenced_by(database: Database, batch: str) -> set[tuple[str, str]]:
    """Return the type and id of each entity that the changes of a batch refer to."""
    sql = (
        "SELECT DISTINCT json_extract(fields, '$.' || :field) FROM change"
        " WHERE batch = :batch AND entity = :entity AND json_extract(fields, '$.' || :field) IS NOT NULL"
    )
    return {
        (referenced, entity_id)
        for entity, table in projection.TABLES.items()
        for field, referenced in table.references.items()
        for (entity_id,) in database.rows(sql, {"field": field, "batch": batch, "entity": entity})
    }


def _exclusive_entities(database: Database, batch: str, *, undo: bool) -> set[tuple[str, str]]:
    """Return the entities that one change of a batch created and no other batch touched.

    For an undo, those that other entities refer to are left out, because they have to stay.
    """
    sql = (
        "SELECT m.entity, m.entity_id FROM change m WHERE m.batch = :batch AND NOT EXISTS (SELECT 1 FROM change c"
        " WHERE c.entity_id = m.entity_id AND c.seq <> m.seq AND (c.batch = :batch OR c.undoes IS NOT :batch))"
    )
    exclusive = set(database.iter_rows(sql, {"batch": batch}))
    while undo and (referenced := _externally_referenced(database, batch, exclusive)):
        exclusive -= referenced
    return exclusive


def _externally_referenced(
    database: Database, batch: str, entities: Collection[tuple[str, ...]]
) -> set[tuple[str, ...]]:
    """Return those entities of a batch that an entity outside of them refers to."""
    return {
        (entity, entity_id)
        for entity in projection.TABLES
        for referring, field in projection.referring_fields(entity)
        for entity_id, referring_id in database.iter_rows(
            f"SELECT {field}, id FROM {referring} WHERE {field} IN (SELECT entity_id FROM change WHERE batch = ?)",
            (batch,),
        )
        if (entity, entity_id) in entities and (referring, referring_id) not in entities
    }


def _removal_changes(entities: Collection[tuple[str, str]]) -> Iterator[Change]:
    """Yield the changes that remove entities, those that refer to others first."""
    for entity, entity_id in sorted(entities, key=_negative_depth):
        yield Change(entity=entity, id=entity_id, fields=None)


def _creation_changes(database: Database, batch: str, entities: Collection[tuple[str, str]]) -> Iterator[Change]:
    """Yield the changes that create entities as the batch did."""
    sql = f"SELECT {LOGGED_COLUMNS} FROM change c LEFT JOIN device d ON d.id = c.device WHERE c.batch = ?"
    for change in map(read_change, database.iter_rows(sql, (batch,))):
        if (change.entity, change.entity_id) in entities:
            yield Change(entity=change.entity, id=change.entity_id, fields=change.fields)
