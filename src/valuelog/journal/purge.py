"""Erases the text of an entity for good: from every copy that valuelog made, then from the journal.

The journal comes last: if the process is killed before, the same command finds everything again.
"""

import json
from collections.abc import Callable, Iterable
from typing import NamedTuple

from valuelog.journal import projection
from valuelog.journal.backup_checks import lock_backups
from valuelog.journal.connection import translate_errors, vacuum
from valuelog.journal.copies import backups_folder
from valuelog.journal.database import Database
from valuelog.journal.erasure import erase_changes, main_texts, plan_purge, read_texts
from valuelog.journal.errors import JournalError, PurgeIncomplete
from valuelog.journal.log import Change
from valuelog.journal.purge_copies import purge_copies

MIN_QUOTE_LENGTH, MAX_QUOTE_LENGTH = 8, 40
"""A text counts as repeated elsewhere if this much of its beginning is there; a shorter one only as a whole text."""

MAX_REPEATS = 20
"""How many other entities with the same words are named."""


class PurgeResult(NamedTuple):
    """What a purge did besides erasing text from the journal.

    `copy_count` is the number of copies it was erased from; `unreached` describes each file that may still have it.
    `repeats` are the ids or days of others with the same words. `is_guessable` says that changes of version 0.1.0 were
    erased, whose hash stays and has no salt.
    """

    copy_count: int
    unreached: tuple[str, ...]
    repeats: tuple[str, ...]
    is_guessable: bool


ClearFiles = Callable[[frozenset[str], frozenset[str]], Iterable[str]]
"""Erases ids and texts from other files; returns a description of each file that may still have them."""


def purge(
    database: Database,
    entity: str,
    entity_id: str,
    *,
    clear_files: ClearFiles = lambda _ids, _texts: (),
    report: Callable[[int], None] = lambda _done: None,
) -> PurgeResult:
    """Erase the text of an entity from copies, other files, the tables, the full text index, the log and free pages.

    The log still shows that there were changes, with the hashes of their fields. Of a day off or a sighting, only the
    words go. Raises PurgeIncomplete.
    """
    folder = backups_folder(database.path)
    with translate_errors(folder), lock_backups(folder), translate_errors(database.path):  # no new copy meanwhile
        copies = purge_copies(database, entity, entity_id, report)
        plan = plan_purge(database.connection, entity, entity_id)
        ids = frozenset(name for _, name in plan.erased) | copies.ids
        texts = read_texts(database.connection, ids) | copies.texts
        unreached = (*copies.unreached, *clear_files(ids, texts))
        repeats = _find_repeats(database, ids, main_texts(database.connection, entity_id) | copies.main_texts)
        is_guessable = _erase_from_journal(database, entity, entity_id) or copies.is_guessable
    _vacuum(database, unreached)
    return PurgeResult(copies.copy_count, unreached, repeats, is_guessable)


def _erase_from_journal(database: Database, entity: str, entity_id: str) -> bool:
    """Erase an entity from the log and the tables; return True if a change without salt was erased."""
    with database.transaction():
        plan = plan_purge(database.connection, entity, entity_id)
        ((last_seq,),) = database.rows("SELECT ifnull(max(seq), 0) FROM change")
        removals = [Change(entity=each, id=name, fields=None) for each, name in plan.erased]
        database.write("purge", [*removals, *plan.updates])
        is_guessable = erase_changes(database.connection, [name for _, name in plan.erased], last_seq)
        if entity in projection.SEARCHABLE_ENTITIES:
            database.connection.execute("INSERT INTO search_fts (search_fts) VALUES ('rebuild')")
    return is_guessable


def _vacuum(database: Database, unreached: tuple[str, ...]) -> None:
    """Rewrite the file: freed B-tree cells may still contain deleted text that secure_delete does not overwrite."""
    try:
        with translate_errors(database.path):
            database.connection.execute("PRAGMA temp_store = MEMORY")
        vacuum(database.connection, database.path)
    except JournalError as error:
        raise PurgeIncomplete(database.path, unreached) from error


# Where else the words are


def _find_repeats(database: Database, ids: frozenset[str], texts: Iterable[str]) -> tuple[str, ...]:
    """Return the ids or days of entities outside `ids` that have, or had, the beginning of one of some texts."""
    sql = (
        "SELECT DISTINCT entity, entity_id FROM change WHERE instr(fields, ?)"
        f" AND entity_id NOT IN (SELECT value FROM json_each(?)) LIMIT {MAX_REPEATS}"
    )
    known = json.dumps([*ids])
    found = [row for text in sorted(texts) for row in database.rows(sql, (_as_stored(text), known))]
    return tuple(dict.fromkeys(_shown_id(database, *row) for row in found))[:MAX_REPEATS]


def _as_stored(text: str) -> str:
    """Return the beginning of a text as it is in the JSON of a change; a short text with its quotes."""
    quoted = json.dumps(text[:MAX_QUOTE_LENGTH], ensure_ascii=False)
    return quoted if len(text) < MIN_QUOTE_LENGTH else quoted[1:-1]


def _shown_id(database: Database, entity: str, entity_id: str) -> str:
    """Return the id under which people find an entity: that of its pain point or project for a part of one."""
    field = {"sighting": "pain", "measurement": "project"}.get(entity)
    if field is None:
        return entity_id
    rows = database.rows(f"SELECT {field} FROM {entity} WHERE id = ?", (entity_id,))
    return str(rows[0][0]) if rows else entity_id
