"""Verified copies of a journal."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from sqlite3 import Connection

from valuelog.journal.errors import DamagedJournal
from valuelog.journal.files import sync_folder
from valuelog.journal.ids import new_id
from valuelog.journal.verify import find_damage


def write_verified_copy(connection: Connection, target: Path, *, is_old_schema: bool = False) -> None:
    """Write a complete copy. Raises DamagedJournal, and keeps no copy, if `find_damage` finds any."""
    unfinished = target.with_name(f".{target.name}.{new_id()}")
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        with closing(sqlite3.connect(unfinished, isolation_level=None)) as twin:
            connection.backup(twin)
            if find_damage(twin, is_old_schema=is_old_schema):
                raise DamagedJournal(Path(connection.execute("PRAGMA database_list").fetchone()[2]))
        unfinished.replace(target)
        sync_folder(target.parent)
    finally:
        unfinished.unlink(missing_ok=True)
