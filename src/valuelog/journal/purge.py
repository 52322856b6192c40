"""Erases the text of an entity for good."""

from valuelog.journal import projection
from valuelog.journal.connection import vacuum
from valuelog.journal.database import Database
from valuelog.journal.errors import JournalError, PurgeIncomplete
from valuelog.journal.log import Change, payload_hash

PARTS = {"pain": ("sighting", "promise"), "project": ("measurement",)}
"""The entity types that are purged together with the entity that they refer to."""


def purge(database: Database, entity: str, entity_id: str) -> None:
    """Erase the text of an entity from the tables, the full text index, the log and free pages.

    The log still shows that there were changes, with the hashes of their fields. Raises PurgeIncomplete.
    """
    with database.transaction():
        removals = _removal_changes(database, entity, entity_id)
        database.write("purge", removals)
        for removal in removals:
            if removal.fields is None:
                _erase_fields(database, removal.id)
        if entity in projection.SEARCHABLE_ENTITIES:
            database.connection.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
    _vacuum(database)


def _removal_changes(database: Database, entity: str, entity_id: str) -> list[Change]:
    """Return the changes that remove an entity and, all its parts, undone or not.

    Other references to it become empty.
    """
    sql = "SELECT DISTINCT entity_id FROM change WHERE entity = ? AND json_extract(fields, '$.' || ?) = ?"
    removals: list[Change] = []
    for holder_entity, field in projection.referring_fields(entity):
        for (holder_id,) in database.rows(sql, (holder_entity, field, entity_id)):
            if holder_entity in PARTS.get(entity, ()):
                removals += _removal_changes(database, holder_entity, holder_id)
            else:
                removals.append(Change(entity=holder_entity, id=holder_id, fields={field: None}))
    return [*removals, Change(entity=entity, id=entity_id, fields=None)]


def _erase_fields(database: Database, entity_id: str) -> None:
    """Replace the fields and the salt of an entity's changes by their hash."""
    rows = database.rows("SELECT seq, fields, salt FROM change WHERE entity_id = ? AND act <> 'purge'", (entity_id,))
    erased = [(payload_hash(fields.encode(), salt), seq) for seq, fields, salt in rows if fields is not None]
    database.connection.executemany("UPDATE change SET fields = NULL, salt = NULL, erased = ? WHERE seq = ?", erased)


def _vacuum(database: Database) -> None:
    """Rewrite the file: freed B-tree cells may still contain deleted text that secure_delete does not overwrite."""
    try:
        database.connection.execute("PRAGMA temp_store = MEMORY")
        vacuum(database.connection, database.path)
    except JournalError as error:
        raise PurgeIncomplete(database.path) from error
