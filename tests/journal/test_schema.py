"""The schema: frozen once released, and migrated without losing data."""

import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database, Migrations

from support.journal_files import connection_of, find_entries
from support.makers import close_after_test, make_entry, open_test_journal
from support.subprocesses import release_children, start_child, wait_for_child
from valuelog.journal import entries
from valuelog.journal.backups import list_backups
from valuelog.journal.connection import APPLICATION_ID, SCHEMA_VERSION
from valuelog.journal.copies import AlteredJournal, write_verified_copy
from valuelog.journal.errors import DamagedJournal, JournalError, UnreachableJournal
from valuelog.journal.notices import listen_to_notices
from valuelog.journal.schema import (
    first_tables,
    follow_through,
    migrate,
    migrations,
    raised,
    recurrence,
    search_everything,
    sides,
)
from valuelog.journal.verify import find_damage

if TYPE_CHECKING:
    from valuelog.journal.store import Journal

SCHEMAS = sorted(Path(__file__).parent.glob("schema_*.sql"))


def read_schema(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the SQL of each table, index, trigger and view, except internal ones of FTS5 and sqlite-utils."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        name: " ".join(sql.split()) for name, sql in rows if "_fts_" not in name and "_sqlite_migrations" not in sql
    }


def create_from_script(path: Path, script: Path) -> sqlite3.Connection:
    """Create a journal as a released version did."""
    connection = close_after_test(sqlite3.connect(path, isolation_level=None))
    connection.executescript(script.read_text())
    return connection


def make_old(journal: "Journal") -> bytes:
    """Mark a journal as written by an older version, and close it. Return its bytes."""
    connection_of(journal).execute("PRAGMA user_version = 0")
    journal.close()
    return journal.path.read_bytes()


def list_copies(journal: "Journal") -> list[Path]:
    return [backup.path for backup in list_backups(journal.path)]


# Released schemas


def test_new_journal_has_the_latest_schema(journal: "Journal", tmp_path: Path) -> None:
    with closing(create_from_script(tmp_path / "released.db", SCHEMAS[-1])) as released:
        assert read_schema(connection_of(journal)) == read_schema(released)
        for pragma in ("application_id", "user_version"):
            statement = f"PRAGMA {pragma}"
            assert connection_of(journal).execute(statement).fetchone() == released.execute(statement).fetchone()


def test_each_schema_version_is_frozen() -> None:
    assert [path.name for path in SCHEMAS] == [f"schema_{number}.sql" for number in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize("script", SCHEMAS, ids=lambda path: path.stem)
def test_journal_of_each_version_is_migrated(tmp_path: Path, script: Path) -> None:
    create_from_script(tmp_path / "journal.db", script).close()
    journal = open_test_journal(tmp_path)
    entries.add(journal, [make_entry(project="Refunds", tags=("ops",))])
    journal.undo()
    journal.redo()
    assert len(find_entries(journal, "mails")) == 1
    assert find_damage(connection_of(journal)) == []


# Migration


def test_migration_writes_a_verified_copy(full: "Journal") -> None:
    before = make_old(full)
    opened = open_test_journal(full.path.parent)
    assert connection_of(opened).execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    (copy,) = list_copies(full)
    assert copy.parent == full.path.parent / "backups"
    assert list_backups(full.path)[0].is_verified
    assert copy.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(copy)) as copied:
        assert find_damage(copied) == []
        assert copied.execute("PRAGMA user_version").fetchone() == (0,)
        expected = sqlite3.connect(":memory:")
        expected.deserialize(before)
        assert copied.execute("SELECT * FROM entry").fetchall() == expected.execute("SELECT * FROM entry").fetchall()
        expected.close()
    assert find_damage(connection_of(opened)) == []


def test_reading_migrates_an_older_journal(full: "Journal") -> None:
    make_old(full)
    opened = open_test_journal(full.path.parent, write=False)
    assert len(entries.select(opened, entries.Selection())) == 4
    assert connection_of(opened).execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_failed_migration_changes_nothing(journal: "Journal") -> None:
    entries.add(journal, [make_entry()])
    connection_of(journal).execute("DELETE FROM _sqlite_migrations")  # so that it creates existing tables
    before = make_old(journal)
    for write in (True, False):
        with pytest.raises(UnreachableJournal, match="already exists"):
            open_test_journal(journal.path.parent, write=write)
        assert journal.path.read_bytes() == before


@pytest.mark.damages_journal
def test_altered_journal_is_migrated_and_its_copy_marked(full: "Journal") -> None:
    connection_of(full).execute("UPDATE entry SET text = 'not in the log'")
    make_old(full)
    notices: list[str] = []
    with listen_to_notices(notices.append):
        opened = open_test_journal(full.path.parent)
        open_test_journal(full.path.parent)
    assert connection_of(opened).execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    assert [backup.is_verified for backup in list_backups(full.path)] == [False]
    (notice,) = notices
    assert "was altered" in notice
    assert notice.endswith("See: valuelog doctor")


def test_unreadable_journal_is_not_migrated(full: "Journal") -> None:
    (root,) = full.rows("SELECT rootpage FROM sqlite_master WHERE name = 'change'")[0]
    (size,) = full.rows("PRAGMA page_size")[0]
    make_old(full)
    with full.path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(bytes(size))
    before = full.path.read_bytes()
    with pytest.raises(DamagedJournal, match=r"journal\.db is damaged"):
        open_test_journal(full.path.parent)
    assert full.path.read_bytes() == before
    assert list_copies(full) == []


def test_journal_is_not_migrated_without_a_copy(full: "Journal") -> None:
    before = make_old(full)
    full.path.with_name("backups").write_text("not a folder")
    with pytest.raises(JournalError, match="backups"):
        open_test_journal(full.path.parent)
    assert full.path.read_bytes() == before


def test_concurrent_migration_runs_once(full: "Journal") -> None:
    make_old(full)
    terminals = [start_child("add_after_release", full.path) for _ in range(4)]
    release_children(*terminals)
    assert [wait_for_child(terminal).code for terminal in terminals] == [0] * 4
    opened = open_test_journal(full.path.parent)
    assert len(entries.select(opened, entries.Selection())) == 8
    (copy,) = list_copies(full)
    with closing(sqlite3.connect(copy)) as copied:
        assert copied.execute("SELECT count(*) FROM entry").fetchone() == (5,)
        assert copied.execute("PRAGMA user_version").fetchone() == (0,)


def make_later_migrations(fails: bool) -> Migrations:  # noqa: FBT001  named at each call
    """Return migrations with one more, which adds and fills a column."""
    steps = Migrations(migrations.name)
    for migration in (first_tables, follow_through, sides, recurrence, raised, search_everything):
        steps()(migration)

    @steps()
    def moods(db: Database) -> None:
        db.execute("ALTER TABLE entry ADD COLUMN mood TEXT")
        db.execute("UPDATE entry SET mood = 'calm'")
        if fails:
            db.execute("UPDATE missing SET mood = 'upset'")

    return steps


@pytest.mark.damages_journal
def test_later_migration_keeps_all_rows(full: "Journal") -> None:
    count = full.rows("SELECT count(*) FROM entry")
    connection_of(full).execute("BEGIN IMMEDIATE")
    with connection_of(full):
        migrate(connection_of(full), make_later_migrations(fails=False))
    assert full.rows("SELECT count(*) FROM entry WHERE mood = 'calm'") == count
    assert full.rows("SELECT name FROM _sqlite_migrations ORDER BY id") == [
        ("first_tables",),
        ("follow_through",),
        ("sides",),
        ("recurrence",),
        ("raised",),
        ("search_everything",),
        ("salted_changes",),
        ("merging",),
        ("moods",),
    ]
    assert find_damage(connection_of(full)) == []


def test_failed_later_migration_is_rolled_back(full: "Journal") -> None:
    before = full.path.read_bytes()
    connection_of(full).execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="missing"), connection_of(full):
        migrate(connection_of(full), make_later_migrations(fails=True))
    assert full.path.read_bytes() == before


# Copies


def test_verified_copy_is_complete_and_private(full: "Journal", tmp_path: Path) -> None:
    write_verified_copy(connection_of(full), tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as twin:
        assert find_damage(twin) == []
        assert twin.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert twin.execute("SELECT * FROM change").fetchall() == full.rows("SELECT * FROM change")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_folder_of_a_verified_copy_is_fsynced_after_the_rename(
    full: "Journal", tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[tuple[bool, bool]] = []
    fsync = os.fsync

    def spy_fsync(descriptor: int) -> None:
        calls.append((stat.S_ISDIR(os.fstat(descriptor).st_mode), (tmp_path / "copy.db").exists()))
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", spy_fsync)
    write_verified_copy(connection_of(full), tmp_path / "copy.db")
    assert calls == [(False, False), (True, True)]


@pytest.mark.damages_journal
def test_copy_of_a_damaged_journal_is_discarded(full: "Journal", tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("an older copy")
    connection_of(full).execute("UPDATE entry SET text = 'not in the log'")
    with pytest.raises(AlteredJournal):
        write_verified_copy(connection_of(full), tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "an older copy"
    assert len(list(tmp_path.iterdir())) == 2


@pytest.mark.damages_journal
def test_old_schema_may_lack_columns(full: "Journal") -> None:
    connection = connection_of(full)
    connection.execute("ALTER TABLE promise DROP COLUMN carried")
    assert find_damage(connection)
    assert find_damage(connection, is_old_schema=True) == []
    connection.execute("UPDATE project SET slug = 'other'")
    assert find_damage(connection, is_old_schema=True)
