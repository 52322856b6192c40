"""Restoring a file: what is checked, what is kept, and what a kill leaves behind at any moment."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from support.journal_files import connection_of, is_undamaged, write_test_journal
from support.makers import FRIDAY, make_entry, open_test_journal
from support.subprocesses import run_child
from valuelog.journal import days, entries
from valuelog.journal.backups import make_backup
from valuelog.journal.copies import read_head
from valuelog.journal.log import Change
from valuelog.journal.restore.restore import JournalChanged, UnsoundCopy, prepare_restore

NOW = datetime(2026, 11, 20, 17, 30, tzinfo=UTC)
SCHEMAS = sorted(Path(__file__).parent.glob("schema_*.sql"))


def texts_in(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT text FROM entry WHERE deleted IS NULL ORDER BY place")]


def add_texts(folder: Path, *texts: str, device: str = "a-laptop") -> None:
    journal = open_test_journal(folder, device=device)
    for text in texts:
        entries.add(journal, [make_entry(text=text)])
    journal.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return a journal with three entries, which a backup has, and two newer ones."""
    path = write_test_journal(tmp_path)
    make_backup(path, now=NOW)
    add_texts(tmp_path, "newer one", "newer two")
    return path


def backup_of(path: Path) -> Path:
    return next((path.parent / "backups").glob("*.db"))


def restore(path: Path, copy: Path | None = None, *, keep_newer: bool = False) -> Path | None:
    with prepare_restore(path, copy or backup_of(path)) as running:
        if keep_newer:
            running.keep_newer()
        return running.finish("new-device", NOW)


def test_restore_keeps_the_replaced_file_byte_for_byte(path: Path) -> None:
    before = path.read_bytes()
    kept = restore(path)
    assert kept == path.with_name("journal.replaced-2026-11-20T173000Z.db")
    assert kept.read_bytes() == before
    assert len(texts_in(path)) == 3
    assert is_undamaged(path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_restore_logs_both_heads_and_is_not_undone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        head = read_head(connection)
    restore(path)
    journal = open_test_journal(path.parent, device="new-device")
    ((fields,),) = journal.rows("SELECT fields FROM change WHERE act = 'restore'")
    assert f'"replaced":"{head}"' in fields
    assert f'"restored":"{backup_of(path).name.split(".")[2]}"' in fields
    assert journal.undo().act == "add"


def test_restored_file_goes_back_with_another_restore(path: Path) -> None:
    kept = restore(path)
    restore(path, kept)
    assert texts_in(path)[-2:] == ["newer one", "newer two"]
    assert is_undamaged(path)


def test_keep_newer_appends_what_continues_the_copy(path: Path) -> None:
    journal = open_test_journal(path.parent)
    journal.undo()
    journal.close()
    restore(path, keep_newer=True)
    assert texts_in(path)[3:] == ["newer one"]
    assert is_undamaged(path)
    assert open_test_journal(path.parent).redo().act == "add"


def test_keep_newer_stops_at_the_first_altered_change(path: Path) -> None:
    add_texts(path.parent, "newer three")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE change SET fields = replace(fields, 'newer two', 'newer 2') WHERE seq = 5")
    with prepare_restore(path, backup_of(path)) as running:
        assert [change.columns["counter"] for change in running.missing.continuing] == [4]
        assert [change.columns["counter"] for change in running.missing.others] == [5, 6]
        running.keep_newer()
        running.finish("new-device", NOW)
    assert texts_in(path)[3:] == ["newer one"]
    assert is_undamaged(path)


def test_keep_newer_joins_the_branch_of_an_older_copy(path: Path) -> None:
    """The older file was put in place by hand, and written to as the same device."""
    newest = path.with_name("newest.db")
    shutil.copy(path, newest)
    shutil.copy(backup_of(path), path)
    add_texts(path.parent, "on the other branch")
    with prepare_restore(path, newest) as running:
        assert len(running.missing.continuing) == 1
        assert not running.missing.others
        comparison = running.compare()
        assert (comparison.gained, comparison.lost) == (2, 1)
        running.keep_newer()
        running.finish("a-restored", datetime.now(UTC))
    assert texts_in(path)[-3:] == ["newer one", "newer two", "on the other branch"]
    assert is_undamaged(path)


def test_keep_newer_knows_changes_of_other_devices(path: Path) -> None:
    add_texts(path.parent, "from a desktop", device="a-desktop")
    restore(path, keep_newer=True)
    assert texts_in(path)[3:] == ["newer one", "newer two", "from a desktop"]
    assert is_undamaged(path)


def damage_middle(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def overwrite(path: Path) -> None:
    path.write_bytes(b"a picture" * 10_000)


def replace_header(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(bytes(100))


def flip_bit(path: Path) -> None:
    raw = path.read_bytes()
    position = raw.index(b"newer two")
    path.write_bytes(raw[:position] + bytes([raw[position] ^ 1]) + raw[position + 1 :])


@pytest.mark.parametrize("damage", [Path.unlink, damage_middle, empty, overwrite, replace_header, flip_bit])
@pytest.mark.parametrize("keep_newer", [False, True])
def test_any_state_of_the_present_file_is_replaced_and_kept(path: Path, damage: object, keep_newer: bool) -> None:  # noqa: FBT001  a parameter of pytest
    damage(path)  # type: ignore[operator]
    before = path.read_bytes() if path.exists() else None
    kept = restore(path, keep_newer=keep_newer)
    assert (kept.read_bytes() if kept else None) == before
    assert len(texts_in(path)) >= 3
    assert is_undamaged(path)
    assert sorted(each.name for each in path.parent.iterdir() if each != kept) == ["backups", "journal.db"]


def test_newer_changes_survive_unreadable_pages(tmp_path: Path) -> None:
    path = write_test_journal(tmp_path, 300)
    make_backup(path, now=NOW)
    add_texts(tmp_path, *(f"newer {number}" for number in range(60)))
    with closing(sqlite3.connect(path)) as connection:
        ((root,),) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'entry'")
        ((size,),) = connection.execute("PRAGMA page_size")
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * size)
    restore(path, keep_newer=True)
    assert len(texts_in(path)) == 360
    assert is_undamaged(path)


@pytest.mark.parametrize("schema", SCHEMAS, ids=lambda path: path.stem)
def test_copies_of_every_released_schema_can_be_restored(tmp_path: Path, schema: Path) -> None:
    old = tmp_path / "old.db"
    with closing(sqlite3.connect(old)) as connection:
        connection.executescript(schema.read_text(encoding="utf-8"))
    path = write_test_journal(tmp_path / "home")
    before = old.read_bytes()
    restore(path, old)
    assert is_undamaged(path)
    assert old.read_bytes() == before


def alter_text(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE change SET fields = replace(fields, 'nightly', 'daily')")


def make_newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (Path.unlink, "it doesn't exist"),
        (damage_middle, "SQLite can't read"),
        (empty, "it is an empty file"),
        (overwrite, "it is another kind of file"),
        (alter_text, "was altered"),
        (make_newer, "a newer valuelog wrote it"),
    ],
)
def test_unsound_copies_are_refused(path: Path, damage: object, reason: str) -> None:
    copy = backup_of(path)
    damage(copy)  # type: ignore[operator]
    before = path.read_bytes()
    with pytest.raises(UnsoundCopy, match=reason):
        restore(path, copy)
    assert path.read_bytes() == before
    assert not list(path.parent.glob(".*"))


def test_journal_that_changed_since_the_preview_is_not_replaced(path: Path) -> None:
    with prepare_restore(path, backup_of(path)) as running:
        add_texts(path.parent, "meanwhile")
        with pytest.raises(JournalChanged):
            running.finish("new-device", NOW)
    assert texts_in(path)[-1] == "meanwhile"


def test_restore_waits_for_a_writer(path: Path) -> None:
    journal = open_test_journal(path.parent)
    with prepare_restore(path, backup_of(path)) as running:
        code = f"""
import sqlite3, time
connection = sqlite3.connect({str(path)!r}, isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
time.sleep(0.5)
open({str(path.with_name("released"))!r}, "w").close()
connection.execute("ROLLBACK")
"""
        with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as writer:
            assert writer.stdout
            writer.stdout.readline()
            running.finish("new-device", NOW)
            assert path.with_name("released").exists()
    journal.close()
    assert len(texts_in(path)) == 3


def test_interrupted_change_is_kept_with_its_rollback_journal(path: Path) -> None:
    run_child("die_during_transaction", path)
    rollback_journal = Path(f"{path}-journal")
    before = path.read_bytes(), rollback_journal.read_bytes()
    kept = restore(path, keep_newer=True)
    assert kept
    assert (kept.read_bytes(), Path(f"{kept}-journal").read_bytes()) == before
    assert not rollback_journal.exists()
    assert len(texts_in(path)) == 5
    assert len(texts_in(kept)) == 5


KILLER = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path

limit, calls = int(sys.argv[3]), 0
def count(function):
    def call(*args, **kwargs):
        global calls
        calls += 1
        if calls == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*args, **kwargs)
    return call
for name in ("link", "rename", "replace", "unlink", "fsync", "pwrite", "ftruncate", "open", "write", "close"):
    setattr(os, name, count(getattr(os, name)))
from valuelog.journal.restore.restore import prepare_restore
with prepare_restore(Path(sys.argv[1]), Path(sys.argv[2])) as running:
    running.keep_newer()
    running.finish("new-device", datetime.now(UTC))
"""


@pytest.mark.slow
@pytest.mark.slow
@pytest.mark.parametrize("is_hot", [False, True])
def test_restore_killed_at_any_step_leaves_nothing_half_done(path: Path, tmp_path: Path, is_hot: bool) -> None:  # noqa: FBT001  a parameter of pytest
    if is_hot:
        run_child("die_during_transaction", path)
    for step in range(1, 200):
        folder = tmp_path / str(step)
        folder.mkdir()
        for name in path.parent.glob("journal.db*"):
            shutil.copy2(name, folder)
        journal = folder / "journal.db"
        command = [sys.executable, "-c", KILLER, str(journal), str(backup_of(path)), str(step)]
        done = subprocess.run(command, check=False, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        kept = list(folder.glob("journal.replaced-*.db"))
        is_restored = bool(
            connection_of(open_test_journal(folder)).execute("SELECT 1 FROM change WHERE act = 'restore'").fetchone()
        )
        assert is_undamaged(journal)
        assert texts_in(journal)[3:] == ["newer one", "newer two"]
        assert not is_restored or texts_in(kept[0])[3:] == ["newer one", "newer two"]
        if done.returncode == 0:
            assert step > 10
            return
        assert done.returncode == -signal.SIGKILL
    pytest.fail("The restore never ended.")


# WAL mode, which other programs set

LEFT_IN_WAL = """
import os, sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
for statement in ("PRAGMA journal_mode = WAL", "PRAGMA wal_autocheckpoint = 0", sys.argv[2]):
    connection.execute(statement)
os._exit(0)
"""


def write_in_wal_mode(path: Path, statement: str) -> None:
    """Change a journal as a program does that is killed before its change is in the file itself."""
    subprocess.run([sys.executable, "-c", LEFT_IN_WAL, str(path), statement], check=True)


def side_files(path: Path) -> list[str]:
    return sorted(each.name for each in path.parent.glob(f"{path.name}-*"))


@pytest.mark.damages_journal
def test_what_another_program_wrote_does_not_reach_the_restored_journal(path: Path) -> None:
    write_in_wal_mode(path, "UPDATE entry SET text = 'from another program'")
    kept = restore(path)
    assert side_files(path) == []
    assert is_undamaged(path)
    assert "from another program" not in texts_in(path)
    assert kept
    assert set(texts_in(kept)) == {"from another program"}


@pytest.mark.damages_journal
def test_what_another_program_wrote_is_a_part_of_the_copy(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    write_in_wal_mode(copy, "UPDATE entry SET text = 'from another program'")
    with pytest.raises(UnsoundCopy):  # the log doesn't have it
        restore(path, copy)


def test_restored_journal_is_not_in_wal_mode(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    shutil.copy(path, copy)
    write_in_wal_mode(copy, "PRAGMA user_version")
    restore(path, copy)
    assert path.read_bytes()[18:20] == b"\x01\x01"
    assert is_undamaged(path)


def test_keep_newer_erases_from_an_older_copy_what_was_purged(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copied-before.db"
    shutil.copy(path, copy)
    journal = open_test_journal(tmp_path)
    newest = find_id(path, "newer one")
    journal.purge("entry", newest)
    journal.close()
    restore(path, copy, keep_newer=True)
    assert b"newer one" in copy.read_bytes()
    assert b"newer one" not in path.read_bytes()
    assert is_undamaged(path)


def test_keep_newer_erases_newer_words_of_what_the_copy_purged(path: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "journal.db"
    shutil.copy(path, copy)
    newest = find_id(path, "newer one")
    open_test_journal(copy.parent).purge("entry", newest)
    open_test_journal(tmp_path).write("edit", [Change("entry", newest, {"text": "newer wombat"})])
    restore(path, copy, keep_newer=True)
    assert "newer one" not in texts_in(path)
    assert b"wombat" not in path.read_bytes()
    assert is_undamaged(path)


def test_keep_newer_keeps_entries_of_a_project_that_was_purged(path: Path, tmp_path: Path) -> None:
    journal = open_test_journal(tmp_path)
    entries.add(journal, [make_entry(text="part of refunds", project="Refunds")])
    ((project,),) = journal.rows("SELECT id FROM project")
    copy = tmp_path / "copied-before.db"
    shutil.copy(path, copy)
    journal.purge("project", project)
    journal.close()
    restore(path, copy, keep_newer=True)
    assert "part of refunds" in texts_in(path)
    assert b"Refunds" not in path.read_bytes()
    assert is_undamaged(path)


def test_keep_newer_erases_a_note_from_before_its_purge(path: Path, tmp_path: Path) -> None:
    journal = open_test_journal(tmp_path)
    days.add_days_off(journal, [FRIDAY], "wombat day")
    (tmp_path / "elsewhere").mkdir()
    copy = tmp_path / "elsewhere" / "journal.db"
    shutil.copy(path, copy)
    days.add_days_off(journal, [FRIDAY], "wombat holiday")
    journal.close()
    open_test_journal(copy.parent).purge("day_off", FRIDAY.isoformat())
    restore(path, copy, keep_newer=True)
    assert b"wombat" not in path.read_bytes()
    assert is_undamaged(path)


def find_id(path: Path, text: str) -> str:
    with closing(sqlite3.connect(path)) as connection:
        return str(connection.execute("SELECT id FROM entry WHERE text = ?", (text,)).fetchone()[0])
