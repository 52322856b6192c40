"""What a purge erases from a database, be it the journal or a copy of any schema: entities, and their texts."""

import json
from collections.abc import Collection, Iterable, Iterator
from sqlite3 import Connection
from typing import Any, NamedTuple

from valuelog.journal import projection
from valuelog.journal.ids import id_from_origin
from valuelog.journal.log import Change, fold, payload_hash
from valuelog.model.fields import ENTITIES, FieldType

PARTS = {"pain": ("sighting", "promise"), "project": ("measurement",)}
"""The entity types that are purged together with the entity that they refer to."""

WORDLESS_ENTITIES = frozenset({"day_off"})
"""The entity types of which a purge leaves the fact, without its words, under the same id: that is the day."""

PURGE_ACT = "purge"
"""The act of the changes of a purge, in the log."""

EVER_REFERRING = (
    "SELECT DISTINCT entity_id FROM change WHERE entity = ?"
    " AND CASE WHEN json_valid(fields) THEN json_extract(fields, '$.' || ?) END = ?"
)
"""Selects the entities of a type of which a field ever held an id, as SQL."""

MAIN_TEXT_FIELDS = ("text", "name", "answer", "value", "note")


class Purge(NamedTuple):
    """What a purge does to one database: the entities whose text is erased, and the changes that follow from it."""

    erased: tuple[tuple[str, str], ...]
    updates: tuple[Change, ...]


def plan_purge(connection: Connection, entity: str, entity_id: str) -> Purge:
    """Return what to do to a database to purge an entity, all its parts, undone or not."""
    erased, updates = _collect(connection, entity, entity_id)
    return Purge(tuple(erased), (*updates, *_kept_facts(connection, entity, entity_id)))


def _collect(connection: Connection, entity: str, entity_id: str) -> tuple[list[tuple[str, str]], list[Change]]:
    """Return the entities to erase, parts first, and the changes that empty other references to them."""
    erased: list[tuple[str, str]] = []
    updates: list[Change] = []
    for holder_entity, field in projection.referring_fields(entity):
        for (holder_id,) in connection.execute(EVER_REFERRING, (holder_entity, field, entity_id)).fetchall():
            if holder_entity in PARTS.get(entity, ()):
                part_erased, part_updates = _collect(connection, holder_entity, holder_id)
                erased, updates = erased + part_erased, updates + part_updates
            else:
                updates.append(Change(entity=holder_entity, id=holder_id, fields={field: None}))
    return [*erased, (entity, entity_id)], updates


def _kept_facts(connection: Connection, entity: str, entity_id: str) -> Iterator[Change]:
    """Yield the change with which a day off or a sighting stays, without its words, if it exists.

    A sighting gets another id, the same on every machine, because the purged one is gone for good: a rule that lets
    later changes count again would need the references of erased changes.
    """
    sql = (
        "SELECT fields FROM change c WHERE entity_id = ? AND entity = ? AND fields IS NOT NULL AND undoes IS NULL"
        " AND batch NOT IN (SELECT id FROM batch WHERE undone) ORDER BY wall, tick, id"
    )
    if entity not in {"day_off", "sighting"}:
        return
    state = fold(json.loads(fields) for (fields,) in connection.execute(sql, (entity_id, entity)))
    if state is None:
        return
    if entity == "day_off":
        yield Change(entity, entity_id, {**state, "note": None})
    elif row := connection.execute("SELECT text FROM pain WHERE id = ?", (state["pain"],)).fetchone():
        wordless = {**state, "text": row[0]}  # what a sighting without words of its own has
        yield Change(entity, id_from_origin(f"sighting:{entity_id}"), wordless)


def erase_changes(connection: Connection, ids: Iterable[str], last_seq: int, *, has_salt: bool = True) -> bool:
    """Replace the fields and the salt of the changes of some entities by their hash.

    Return True if one had no salt, so that a short text could be guessed from the hash.
    """
    salt = "salt" if has_salt else "NULL"
    sql = (
        f"SELECT seq, CAST(fields AS BLOB), {salt} FROM change WHERE entity_id IN (SELECT value FROM json_each(?))"
        " AND seq <= ? AND fields IS NOT NULL AND fields <> 'null'"
    )
    rows = connection.execute(sql, (json.dumps([*ids]), last_seq)).fetchall()
    erased = [(payload_hash(fields, salt), seq) for seq, fields, salt in rows]
    cleared = "fields = NULL, salt = NULL" if has_salt else "fields = NULL"
    connection.executemany(f"UPDATE change SET {cleared}, erased = ? WHERE seq = ?", erased)
    return any(salt is None for _, _, salt in rows)


def erase_arrived(
    connection: Connection, purged: Collection[tuple[str, str]], arrived: Iterable[tuple[str, str]] = ()
) -> frozenset[tuple[str, str]]:
    """Erase what the log and the full text index have of purged entities. Return those of which there was anything.

    `arrived` are all entities that new changes are about: of those that stay without their words, what is earlier than
    their last purge is erased.
    """
    wordless = {each for each in arrived if each[0] in WORDLESS_ENTITIES}.difference(purged)
    sql = (
        "SELECT seq, CAST(fields AS BLOB), salt, entity, entity_id FROM change c"
        " WHERE entity = :entity AND entity_id = :id"
        " AND fields IS NOT NULL AND fields <> 'null'"
    )
    earlier = (
        f" AND EXISTS (SELECT 1 FROM change p WHERE p.entity_id = c.entity_id AND p.act = '{PURGE_ACT}'"
        " AND p.fields = 'null' AND (p.wall, p.tick, p.id) > (c.wall, c.tick, c.id))"
    )
    rows = [
        row
        for condition, entities in (("", purged), (earlier, wordless))
        for entity, entity_id in entities
        for row in connection.execute(sql + condition, {"entity": entity, "id": entity_id})
    ]
    connection.executemany(
        "UPDATE change SET fields = NULL, salt = NULL, erased = ? WHERE seq = ?",
        [(payload_hash(fields, salt), seq) for seq, fields, salt, *_ in rows],
    )
    erased = frozenset((entity, entity_id) for *_, entity, entity_id in rows)
    if any(entity in projection.SEARCHABLE_ENTITIES for entity, _ in erased):
        connection.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
    return erased


# The texts


def read_texts(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """Return every text that some entities ever had."""
    return frozenset(
        value
        for entity, fields in _read_fields(connection, ids)
        for name, value in fields.items()
        if isinstance(value, str) and value and _is_text(entity, name)
    )


def main_texts(connection: Connection, entity_id: str) -> frozenset[str]:
    """Return the main texts that an entity ever had."""
    fields = [each for _, each in _read_fields(connection, [entity_id])]
    return frozenset(each[name] for each in fields for name in MAIN_TEXT_FIELDS if isinstance(each.get(name), str))


def _read_fields(connection: Connection, ids: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    sql = (
        "SELECT entity, fields FROM change WHERE entity_id IN (SELECT value FROM json_each(?)) AND fields IS NOT NULL"
        " AND json_valid(fields) AND json_type(fields) = 'object'"
    )
    return [(entity, json.loads(fields)) for entity, fields in connection.execute(sql, (json.dumps([*ids]),))]


def _is_text(entity: str, name: str) -> bool:
    field = ENTITIES[entity].fields.get(name) if entity in ENTITIES else None
    return field is None or field.type is FieldType.TEXT
