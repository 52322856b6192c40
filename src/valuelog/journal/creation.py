"""Removes a new journal again if what it was created for fails."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from valuelog.journal.connection import connect_to_write


@contextmanager
def remove_new_on_error(path: Path) -> Iterator[None]:
    """If the block raises, remove the journal that it created, unless it has changes, and the new folders."""
    target = path.resolve()
    is_new = not target.exists()
    new_folders = [folder for folder in target.parents if not folder.exists()]
    try:
        yield
    except BaseException:
        if is_new:
            _remove_unused(target)
        for folder in new_folders:
            with suppress(OSError):
                folder.rmdir()
        raise


def _remove_unused(target: Path) -> None:
    """Remove a journal without changes while no other program can write to it; one that has it open tries again."""
    with suppress(sqlite3.Error, OSError), closing(connect_to_write(target)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        if not connection.execute("SELECT 1 FROM change LIMIT 1").fetchone():
            target.unlink()
        connection.execute("ROLLBACK")
