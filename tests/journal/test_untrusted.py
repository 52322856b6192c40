"""Journal files that another person made: their triggers don't run, and opening them deletes nothing."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.journal_files import is_undamaged, write_test_journal
from support.makers import open_test_journal
from valuelog.journal.doctor.examination import examine
from valuelog.journal.errors import ForeignRollbackJournal
from valuelog.journal.foreign import iter_entities, open_foreign
from valuelog.journal.restore.restore import UnsoundCopy, prepare_restore
from valuelog.journal.super_journals import forget_other_file, names_other_file

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
SUPER_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
ENDLESS = "WITH RECURSIVE r (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM r)"
HALF_A_CHANGE = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in ("PRAGMA cache_size = 1", "BEGIN", "CREATE TABLE large (x)"):
    connection.execute(statement)
for _ in range(100):
    connection.execute("INSERT INTO large VALUES (zeroblob(3000))")
os.kill(os.getpid(), 9)
"""


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """Return a journal that another person made."""
    (tmp_path / "theirs").mkdir()
    return write_test_journal(tmp_path / "theirs")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the journal of the user."""
    return write_test_journal(tmp_path)


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def restore(path: Path, copy: Path) -> Path | None:
    with prepare_restore(path, copy) as running:
        return running.finish("new-device", NOW)


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def import_all(path: Path) -> int:
    with open_foreign(path, lambda: NOW) as journal:
        return len(list(iter_entities(journal)))


# Triggers and views


@pytest.mark.parametrize(
    "trigger",
    [
        "CREATE TRIGGER evil AFTER INSERT ON change BEGIN DELETE FROM entry; END",
        "CREATE TRIGGER evil BEFORE INSERT ON batch BEGIN SELECT raise(ignore); END",
        f"CREATE TRIGGER evil AFTER INSERT ON change BEGIN DELETE FROM entry WHERE id IN ({ENDLESS} SELECT 1); END",
    ],
)
def test_triggers_of_a_restored_file_are_not_run(path: Path, theirs: Path, trigger: str) -> None:
    before = count(theirs, "entry")
    change(theirs, trigger)
    restore(path, theirs)
    assert count(path, "entry") == before
    assert is_undamaged(path)
    assert examine(path, now=NOW).is_sound


def test_views_in_the_place_of_tables_are_refused(path: Path, theirs: Path) -> None:
    endless = f"CREATE VIEW promise AS {ENDLESS} SELECT x AS id, x AS text, NULL AS deleted FROM r"
    change(theirs, "PRAGMA legacy_alter_table = ON", "ALTER TABLE promise RENAME TO other", endless)
    with pytest.raises(UnsoundCopy):
        restore(path, theirs)


@pytest.mark.damages_journal
def test_other_definitions_of_tables_are_refused(path: Path, theirs: Path) -> None:
    change(theirs, "ALTER TABLE entry ADD COLUMN more TEXT")
    with pytest.raises(UnsoundCopy, match="its table entry"):
        restore(path, theirs)


def test_triggers_of_an_imported_file_are_removed(theirs: Path) -> None:
    before = import_all(theirs)
    change(theirs, "CREATE TRIGGER evil AFTER INSERT ON search_fts_config BEGIN DELETE FROM entry; END")
    assert import_all(theirs) == before > 0


# Rollback journals that name another file


def name_file(journal: Path, name: Path) -> Path:
    """Leave an interrupted change, whose rollback journal names a file; return the rollback journal."""
    killed = subprocess.run([sys.executable, "-c", HALF_A_CHANGE, str(journal)], check=False)
    assert killed.returncode == -signal.SIGKILL
    rollback_journal = journal.with_name(f"{journal.name}-journal")
    text = os.fsencode(name)
    page = (0x40000000 // 4096 + 1).to_bytes(4)
    with rollback_journal.open("ab") as file:
        file.write(page + text + len(text).to_bytes(4) + (sum(text) & 0xFFFFFFFF).to_bytes(4) + SUPER_JOURNAL_MAGIC)
    return rollback_journal


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """Return a file that somebody wants to be deleted."""
    precious = tmp_path / "precious.txt"
    precious.write_text("precious")
    return precious


def test_sqlite_deletes_the_named_file(theirs: Path, precious: Path) -> None:
    name_file(theirs, precious)
    assert count(theirs, "entry")
    assert not precious.exists()


@pytest.mark.parametrize(
    ("read", "error"),
    [
        (import_all, ForeignRollbackJournal),
        (lambda theirs: open_test_journal(theirs.parent, write=False), ForeignRollbackJournal),
        (lambda theirs: open_test_journal(theirs.parent), ForeignRollbackJournal),
        (lambda theirs: examine(theirs, now=NOW), ForeignRollbackJournal),
        (lambda theirs: restore(theirs.parent.parent / "journal.db", theirs), UnsoundCopy),
    ],
)
def test_no_command_deletes_the_named_file(
    path: Path, theirs: Path, precious: Path, read: Callable[[Path], object], error: type[Exception]
) -> None:
    assert path.exists()
    name_file(theirs, precious)
    with pytest.raises(error):
        read(theirs)
    assert precious.exists()


def test_journal_beside_such_a_file_can_be_replaced(path: Path, precious: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    name_file(path, precious)
    restore(path, copy)
    assert is_undamaged(path)
    assert precious.exists()


def test_name_is_cut_off_a_copy(theirs: Path, precious: Path) -> None:
    rollback_journal = name_file(theirs, precious)
    assert names_other_file(rollback_journal)
    forget_other_file(rollback_journal)
    assert not names_other_file(rollback_journal)
    assert count(theirs, "entry")  # the interrupted change is still rolled back
    assert precious.exists()
    assert is_undamaged(theirs)
