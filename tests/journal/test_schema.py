"""The tables: frozen once they are released, and brought up to date without a word lost."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlite_utils import Database, Migrations

from support.journal_files import connection_of
from support.makers import close_after_test, make_entry, open_test_journal
from support.subprocesses import release_children, start_child, wait_for_child
from valuelog.journal import entries
from valuelog.journal.backup import write_verified_copy
from valuelog.journal.connection import APPLICATION_ID, SCHEMA_VERSION
from valuelog.journal.errors import DamagedJournal, JournalError, UnreachableJournal
from valuelog.journal.schema import first_tables, follow_through, migrate, migrations
from valuelog.journal.verify import find_damage

if TYPE_CHECKING:
    from valuelog.journal.store import Journal

SCHEMAS = sorted(Path(__file__).parent.glob("schema_*.sql"))


def tables(connection: sqlite3.Connection) -> dict[str, str]:
    """Return how everything in a database was made, apart from what full text and sqlite-utils make themselves."""
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    return {
        name: " ".join(sql.split()) for name, sql in rows if "_fts_" not in name and "_sqlite_migrations" not in sql
    }


def from_script(path: Path, script: Path) -> sqlite3.Connection:
    """Make a journal as a released version made it."""
    connection = close_after_test(sqlite3.connect(path, isolation_level=None))
    connection.executescript(script.read_text())
    return connection


def older(journal: "Journal") -> bytes:
    """Let a journal look as if an older version had written it. Returns its bytes."""
    connection_of(journal).execute("PRAGMA user_version = 0")
    journal.close()
    return journal.path.read_bytes()


def copies(journal: "Journal") -> list[Path]:
    return sorted(set(journal.path.parent.iterdir()) - {journal.path})


# What was released


def test_a_new_journal_has_the_tables_of_the_latest_release(journal: "Journal", tmp_path: Path) -> None:
    with closing(from_script(tmp_path / "released.db", SCHEMAS[-1])) as released:
        assert tables(connection_of(journal)) == tables(released)
        for pragma in ("application_id", "user_version"):
            asked = f"PRAGMA {pragma}"
            assert connection_of(journal).execute(asked).fetchone() == released.execute(asked).fetchone()


def test_there_is_a_frozen_schema_for_each_version() -> None:
    assert [path.name for path in SCHEMAS] == [f"schema_{number}.sql" for number in range(1, SCHEMA_VERSION + 1)]


@pytest.mark.parametrize("script", SCHEMAS, ids=lambda path: path.stem)
def test_a_journal_of_any_released_version_works_today(tmp_path: Path, script: Path) -> None:
    from_script(tmp_path / "journal.db", script).close()
    journal = open_test_journal(tmp_path)
    entries.add(journal, [make_entry(project="Refunds", tags=("ops",))])
    journal.undo()
    journal.redo()
    assert len(entries.search(journal, entries.Selection(query="mails"))) == 1
    assert find_damage(connection_of(journal)) == []


# Bringing up to date


def test_an_older_journal_is_copied_and_brought_up_to_date(full: "Journal") -> None:
    before = older(full)
    opened = open_test_journal(full.path.parent)
    assert connection_of(opened).execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    (kept,) = copies(full)
    assert kept.name == f"journal.db.before-schema-{SCHEMA_VERSION}-from-0"
    assert kept.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(kept)) as copied:
        assert find_damage(copied) == []
        assert copied.execute("PRAGMA user_version").fetchone() == (0,)
        wanted = sqlite3.connect(":memory:")
        wanted.deserialize(before)
        assert copied.execute("SELECT * FROM entry").fetchall() == wanted.execute("SELECT * FROM entry").fetchall()
        wanted.close()
    assert find_damage(connection_of(opened)) == []


def test_reading_brings_an_older_journal_up_to_date_too(full: "Journal") -> None:
    older(full)
    opened = open_test_journal(full.path.parent, write=False)
    assert len(entries.select(opened, entries.Selection())) == 4
    assert connection_of(opened).execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)


def test_an_update_that_fails_leaves_everything_as_it_was(journal: "Journal") -> None:
    entries.add(journal, [make_entry()])
    connection_of(journal).execute("DELETE FROM _sqlite_migrations")  # so that tables are made that are there already
    before = older(journal)
    for write in (True, False):
        with pytest.raises(UnreachableJournal, match="already exists"):
            open_test_journal(journal.path.parent, write=write)
        assert journal.path.read_bytes() == before


def test_without_a_sound_copy_nothing_is_updated(full: "Journal") -> None:
    connection_of(full).execute("UPDATE entry SET text = 'not in the log'")
    before = older(full)
    with pytest.raises(DamagedJournal, match=r"journal\.db is damaged"):
        open_test_journal(full.path.parent)
    assert full.path.read_bytes() == before
    assert copies(full) == []


def test_where_no_copy_can_be_made_nothing_is_updated(full: "Journal") -> None:
    before = older(full)
    full.path.with_name(f"journal.db.before-schema-{SCHEMA_VERSION}-from-0").mkdir()
    with pytest.raises(JournalError):
        open_test_journal(full.path.parent)
    assert full.path.read_bytes() == before


def test_two_terminals_update_a_journal_once(full: "Journal") -> None:
    older(full)
    terminals = [start_child("add_after_release", full.path) for _ in range(4)]
    release_children(*terminals)
    assert [wait_for_child(terminal).code for terminal in terminals] == [0] * 4
    opened = open_test_journal(full.path.parent)
    assert len(entries.select(opened, entries.Selection())) == 8
    (kept,) = copies(full)
    with closing(sqlite3.connect(kept)) as copied:
        assert copied.execute("SELECT count(*) FROM entry").fetchone() == (5,)
        assert copied.execute("PRAGMA user_version").fetchone() == (0,)


def later(fails: bool) -> Migrations:  # noqa: FBT001  reads well where it is called
    """Return what a later version might do: a column more, filled."""
    steps = Migrations(migrations.name)
    for known in (first_tables, follow_through):
        steps()(known)

    @steps()
    def moods(db: Database) -> None:
        db.execute("ALTER TABLE entry ADD COLUMN mood TEXT")
        db.execute("UPDATE entry SET mood = 'calm'")
        if fails:
            db.execute("UPDATE nowhere SET mood = 'upset'")

    return steps


def test_a_later_version_finds_all_there_is(full: "Journal") -> None:
    count = full.rows("SELECT count(*) FROM entry")
    connection_of(full).execute("BEGIN IMMEDIATE")
    with connection_of(full):
        migrate(connection_of(full), later(fails=False))
    assert full.rows("SELECT count(*) FROM entry WHERE mood = 'calm'") == count
    assert full.rows("SELECT name FROM _sqlite_migrations ORDER BY id") == [
        ("first_tables",),
        ("follow_through",),
        ("moods",),
    ]
    assert find_damage(connection_of(full)) == []


def test_a_later_version_that_fails_changes_nothing(full: "Journal") -> None:
    before = full.path.read_bytes()
    connection_of(full).execute("BEGIN IMMEDIATE")
    with pytest.raises(sqlite3.OperationalError, match="nowhere"), connection_of(full):
        migrate(connection_of(full), later(fails=True))
    assert full.path.read_bytes() == before


# Copies


def test_a_copy_is_whole_private_and_the_same(full: "Journal", tmp_path: Path) -> None:
    write_verified_copy(connection_of(full), tmp_path / "copy.db")
    with closing(sqlite3.connect(tmp_path / "copy.db")) as twin:
        assert find_damage(twin) == []
        assert twin.execute("PRAGMA application_id").fetchone() == (APPLICATION_ID,)
        assert twin.execute("SELECT * FROM change").fetchall() == full.rows("SELECT * FROM change")
    assert (tmp_path / "copy.db").stat().st_mode & 0o777 == 0o600


def test_a_copy_of_something_damaged_is_not_kept_and_replaces_nothing(full: "Journal", tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_text("an older copy")
    connection_of(full).execute("UPDATE entry SET text = 'not in the log'")
    with pytest.raises(DamagedJournal):
        write_verified_copy(connection_of(full), tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "an older copy"
    assert len(list(tmp_path.iterdir())) == 2


def test_columns_of_a_later_migration_may_be_missing_before_it(full: "Journal") -> None:
    connection = connection_of(full)
    connection.execute("ALTER TABLE project DROP COLUMN lesson")
    assert find_damage(connection)
    assert find_damage(connection, is_old_schema=True) == []
    connection.execute("UPDATE project SET slug = 'other'")
    assert find_damage(connection, is_old_schema=True)
