"""Files of journals: written, read and compared."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from support.makers import make_entry, open_test_journal
from valuelog.journal import entries, search
from valuelog.journal.projection import TABLES
from valuelog.journal.store import Journal
from valuelog.journal.verify import find_damage
from valuelog.model.entry import Entry
from valuelog.model.search import parse_query


def write_test_journal(folder: Path, count: int = 3) -> Path:
    """Return a journal with some entries."""
    journal = open_test_journal(folder)
    entries.add(journal, [make_entry(text=f"{number} times the nightly report") for number in range(count)])
    journal.close()
    return journal.path


def connection_of(journal: Journal) -> sqlite3.Connection:
    """Return the connection of a journal, to look at or damage what its methods do not show."""
    return journal._database.connection  # noqa: SLF001


def entry_texts(journal: Journal) -> list[str]:
    return [entry.text for entry in entries.select(journal, entries.Selection())]


def find_entries(
    journal: Journal, words: str, selection: entries.Selection | None = None, *, limit: int = 1000
) -> tuple[Entry, ...]:
    """Return the entries that a search finds, the best match first."""
    chosen = selection or entries.Selection()
    return tuple(entry for entry, _ in search.search_entries(journal, parse_query(words), chosen, limit=limit))


def read_all_files(folder: Path) -> dict[str, bytes]:
    """Return the bytes of every file in a folder."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def is_undamaged(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as connection:
        return not find_damage(connection)


def read_projection(journal: Journal) -> dict[str, list[Any]]:
    """Return every row of the projection."""
    return {
        name: journal.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in (*TABLES, "entry_person", "entry_tag")
    }
