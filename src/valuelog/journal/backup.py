"""Copies of a journal that were checked before they count."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from valuelog.journal.connection import journal_exists, sync_folder, translate_errors
from valuelog.journal.errors import DamagedJournal
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.journal.verify import find_damage


def create_backup(journal: Journal, operation: str) -> None:
    """Keep a checked copy of a journal that is about to change much, beside it, in the place of the last such one.

    Raises JournalError: NotAJournal if something else has that name.
    """
    target = journal.path.with_name(f"{journal.path.name}.before-{operation}")
    with translate_errors(target):
        if journal.rows("SELECT 1 FROM change LIMIT 1"):
            journal_exists(target)
            write_verified_copy(journal.connection, target)


def write_verified_copy(connection: Connection, target: Path) -> None:
    """Write a complete, checked copy; a copy that fails its check is not kept, and DamagedJournal is raised."""
    unfinished = target.with_name(f".{target.name}.{new_id()}")
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as twin:
            connection.backup(twin)
            if find_damage(twin):
                raise DamagedJournal(Path(connection.execute("PRAGMA database_list").fetchone()[2]))
        unfinished.replace(target)
        sync_folder(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)
