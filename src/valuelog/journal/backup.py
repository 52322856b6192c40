"""Copies of a journal that were checked before they count."""

import os
import sqlite3
from pathlib import Path
from sqlite3 import Connection

from valuelog.journal.audit import damage
from valuelog.journal.errors import DamagedJournal


def copy(connection: Connection, target: Path) -> None:
    """Write a complete, checked copy; a copy that fails its check is not kept, and DamagedJournal is raised."""
    unfinished = target.with_name(f".{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    twin = sqlite3.connect(unfinished, isolation_level=None)
    try:
        connection.backup(twin)
        if damage(twin):
            raise DamagedJournal(target)
    finally:
        twin.close()
    unfinished.replace(target)
