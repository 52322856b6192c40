"""Creates an in-memory copy of a journal in plain tables (see snapshot.sql) for exploring it with other tools.

Nothing is written to disk.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection

from valuelog.journal.connection import translate_errors
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.schedule import Schedule
from valuelog.model.trade import Vocabulary, trade_words


@contextmanager
def open_snapshot(journal: Journal, schedule: Schedule, escape: Callable[[str], str]) -> Iterator[str]:
    """Yield the name of a shared in-memory database, which this process opens as `file:NAME?mode=memory&cache=shared`.

    `escape` is applied to all texts. The database is dropped at the end of the block.
    """
    name = f"valuelog-{new_id()}"
    with closing(sqlite3.connect(_uri(name), uri=True)):
        with translate_errors(journal.path), closing(_copy_to_memory(journal)) as copy:
            _create_tables(copy, name, schedule, escape)
        yield name


def _uri(name: str) -> str:
    return f"file:{name}?mode=memory&cache=shared"


def _copy_to_memory(journal: Journal) -> Connection:
    """Copy a journal into memory in one read transaction."""
    copy = sqlite3.connect(":memory:", isolation_level=None, uri=True)
    try:
        journal.copy_to(copy)
    except BaseException:
        copy.close()
        raise
    return copy


def _create_tables(copy: Connection, name: str, schedule: Schedule, escape: Callable[[str], str]) -> None:
    """Create the tables of the snapshot: aliases are resolved, and keys are the words of the user's trade."""
    copy.execute("PRAGMA temp_store = MEMORY")
    copy.create_function("resolve_alias", 1, lambda name: schedule.aliases.get(name, name), deterministic=True)
    copy.create_function("resolve_tag", 1, lambda name: schedule.tag_aliases.get(name, name), deterministic=True)
    for field, vocabulary in trade_words()._asdict().items():
        copy.create_function(f"translate_{field}", 1, _translator(vocabulary), deterministic=True)
    copy.create_function("sanitize", 1, lambda text: None if text is None else escape(text), deterministic=True)
    copy.execute("ATTACH ? AS snapshot", (_uri(name),))
    copy.executescript(f"BEGIN; {Path(__file__).with_suffix('.sql').read_text(encoding='utf-8')} COMMIT;")


def _translator(vocabulary: Vocabulary) -> Callable[[str], str | None]:
    """Return a function that replaces the keys in a JSON list by the user's words; an empty list becomes NULL."""

    def translate(keys: str) -> str | None:
        words = [vocabulary.own.get(key, key) for key in json.loads(keys)]
        return json.dumps(words, ensure_ascii=False, separators=(",", ":")) if words else None

    return translate
