"""A journal as it is at one moment, in memory, laid out for people who look at it with other tools.

What is shown, and how, stands in `snapshot.sql`. Nothing is written to a disk, so nothing of it outlives the process.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection

from valuelog.journal.connection import translate_errors
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.schedule import Schedule


@contextmanager
def open_snapshot(journal: Journal, schedule: Schedule, escape: Callable[[str], str]) -> Iterator[str]:
    """Yield the name under which this process can open the snapshot, which is gone afterwards.

    Whatever somebody wrote is shown as `visible` tells it.
    It opens as `file:NAME?mode=memory&cache=shared`.
    """
    name = f"valuelog-{new_id()}"
    with closing(sqlite3.connect(_uri(name), uri=True)):
        with translate_errors(journal.path), closing(_copy_to_memory(journal)) as twin:
            _create_tables(twin, name, schedule, escape)
        yield name


def _uri(name: str) -> str:
    return f"file:{name}?mode=memory&cache=shared"


def _copy_to_memory(journal: Journal) -> Connection:
    """Copy a journal into memory. Whoever writes it at the moment is waited for once, and waits then."""
    twin = sqlite3.connect(":memory:", isolation_level=None, uri=True)
    journal.copy_to(twin)
    return twin


def _create_tables(twin: Connection, name: str, schedule: Schedule, escape: Callable[[str], str]) -> None:
    """Make the tables that are shown out of those of the journal; everybody has one name there."""
    twin.execute("PRAGMA temp_store = MEMORY")
    twin.create_function("known_as", 1, lambda called: schedule.aliases.get(called, called), deterministic=True)
    twin.create_function("visible", 1, lambda text: None if text is None else escape(text), deterministic=True)
    twin.execute("ATTACH ? AS shown", (_uri(name),))
    twin.executescript(f"BEGIN; {Path(__file__).with_suffix('.sql').read_text(encoding='utf-8')} COMMIT;")
