"""Compares the tables of every journal that a test wrote with the merge rule."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from sqlite3 import Connection

import pytest

from support.merge_oracle import LIST_TABLES, find_differences, open_to_compare
from valuelog.cli.world import World
from valuelog.journal import database
from valuelog.journal.connection import APPLICATION_ID, SCHEMA_VERSION, commit
from valuelog.journal.hash_chain import check_hash_chain
from valuelog.model.fields import ENTITIES

MAX_CHANGES = 3_000
"""A larger journal isn't compared: the oracle takes 30 µs a change, and such a journal has nothing that others lack."""

State = tuple[int, int]
"""The time and the size of a file."""


class RuleCheck:
    """The journals that were written, and how their tables differ from the rule."""

    def __init__(self) -> None:
        """Begin with none."""
        self.differences: list[str] = []
        self._written: set[Path] = set()
        self._compared: dict[Path, State] = {}

    def note(self, path: Path) -> None:
        """Remember that a journal was written."""
        self._written.add(path)

    def compare_written(self) -> None:
        """Compare what was written since the last call."""
        while self._written:
            self.compare(self._written.pop())

    def compare(self, path: Path) -> None:
        """Compare one journal, unless it is as it was."""
        state = _state(path)
        if state and self._compared.get(path) != state:
            self._compared[path] = state
            self.differences += [f"{path.name}: {each}" for each in differences_of(path)]


def _state(path: Path) -> State | None:
    """Return the state of a file; None if there is none, or a transaction isn't over."""
    if not path.is_file() or path.with_name(f"{path.name}-journal").exists():
        return None
    status = path.stat()
    return status.st_mtime_ns, status.st_size


def differences_of(path: Path) -> list[str]:
    """Return how the tables of a journal differ from the rule; nothing if it isn't a sound one of this schema."""
    try:
        with closing(open_to_compare(path)) as connection:
            if not is_comparable(connection):
                return []
            differences = find_differences(connection)
            return differences if differences and is_log_sound(connection) else []
    except (sqlite3.Error, ValueError, TypeError):  # not a journal, or locked, or damaged
        return []


def is_comparable(connection: Connection) -> bool:
    """Return whether a file is a small journal of this schema, without a view in the place of a table."""
    pragmas = ("application_id", "user_version")
    header = [connection.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas]
    if header != [APPLICATION_ID, SCHEMA_VERSION] or count_changes(connection) > MAX_CHANGES:
        return False
    tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    return tables >= {*ENTITIES, *LIST_TABLES.values(), "batch", "device"}


def count_changes(connection: Connection) -> int:
    """Return the number of changes."""
    return int(connection.execute("SELECT count(*) FROM change").fetchone()[0])


def is_log_sound(connection: Connection) -> bool:
    """Return whether SQLite and the hash chain find the log undamaged: nothing follows from an altered one."""
    return connection.execute("PRAGMA quick_check").fetchall() == [("ok",)] and not any(check_hash_chain(connection))


@contextmanager
def check_commands() -> Iterator[RuleCheck]:
    """Compare each journal after each command of this process that wrote to it."""
    check = RuleCheck()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "commit", noting(commit, check))
        patch.setattr(World, "close", comparing(World.close, check))
        yield check


def noting(original: Callable[[Connection, Path], None], check: RuleCheck) -> Callable[[Connection, Path], None]:
    """Return `commit`, which then notes the journal."""

    def commit_and_note(connection: Connection, path: Path) -> None:
        original(connection, path)
        check.note(path)

    return commit_and_note


def comparing(close: Callable[[World], None], check: RuleCheck) -> Callable[[World], None]:
    """Return `World.close`, which then compares what the command wrote."""

    def close_and_compare(world: World) -> None:
        close(world)
        check.compare_written()

    return close_and_compare


def journals_in(folder: Path) -> Iterator[Path]:
    """Yield the journals and backups in a folder, which other processes may have written."""
    yield from (path for path in sorted(folder.rglob("*.db")) if path.is_file())
