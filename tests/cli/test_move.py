"""`move`, and what `config set journal` says: the journal is never lost, doubled or overwritten."""

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.env import process_environment
from support.messages import assert_one_clear_message
from valuelog.cli.synced_folders import find_sync_service
from valuelog.journal.backups import list_backups
from valuelog.journal.errors import UnreachableJournal
from valuelog.journal.move import move_journal
from valuelog.model.errors import ValuelogError

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def test_move_takes_journal_and_copies_along_and_points_settings_to_it(
    run: "Run", home: "Path", journal_path: "Path"
) -> None:
    run("add", "activity", "x")
    run("add", "helped", "y")
    before = run("export", "jsonl").out
    (journal_path.parent / f"{journal_path.name}.before-import").write_bytes(b"copy")
    (journal_path.parent / "other.db.before-import").write_bytes(b"not ours")
    result = run("move", str(home / "new" / "notes"))
    target = home / "new" / "notes" / journal_path.name
    assert result.err == (
        f"Moved your journal (2 entries) to {target}\nMove it back with: valuelog move {journal_path.parent}\n"
    )
    assert (result.out, run("export", "jsonl").out) == ("", before)
    assert run("config", "get", "journal").out == f"{target}\n"
    assert sorted(path.name for path in target.parent.iterdir()) == ["journal.db", "journal.db.before-import"]
    assert [path.name for path in journal_path.parent.iterdir()] == ["other.db.before-import"]
    assert target.stat().st_mode & 0o777 == 0o600
    assert "Undone" in run("undo").err
    run("move", str(journal_path.parent))
    assert journal_path.exists()
    assert not target.exists()


def test_move_takes_backups_and_their_checks_along(run: "Run", home: "Path", journal_path: "Path") -> None:
    other = journal_path.with_name("work.db")
    run("--journal", str(other), "add", "activity", "y")
    run("--journal", str(other), "backup")
    run("add", "activity", "x")
    run("backup")
    (before,) = list_backups(journal_path)
    run("move", str(home / "new"))
    (moved,) = list_backups(home / "new" / "journal.db")
    assert moved == before._replace(path=home / "new" / "backups" / before.path.name)
    assert moved.path.stat().st_nlink == 1
    assert list_backups(journal_path) == ()
    assert [backup.is_verified for backup in list_backups(other)] == [True]
    run("--journal", str(other), "move", str(home / "new"))
    assert list(journal_path.parent.iterdir()) == []
    assert [len(list_backups(home / "new" / name)) for name in ("journal.db", "work.db")] == [1, 1]
    assert "no damage" in run("backup", "check").out


def test_move_does_not_overwrite_backups(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("add", "activity", "x")
    run("backup")
    (backup,) = list_backups(journal_path)
    (home / "new" / "backups").mkdir(parents=True)
    (home / "new" / "backups" / backup.path.name).write_bytes(b"precious")
    assert "already exists. Nothing was moved." in run("move", str(home / "new"), fails=1).err
    assert [path.name for path in (home / "new" / "backups").iterdir()] == [backup.path.name]
    assert list_backups(journal_path) == (backup,)


def test_move_that_fails_later_leaves_the_backups(
    run: "Run", home: "Path", journal_path: "Path", monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValuelogError("config.toml cannot be written.", "Check it.")

    run("add", "activity", "x")
    run("backup")
    before = list_backups(journal_path)
    monkeypatch.setattr("valuelog.cli.move.write_setting", fail)
    assert "cannot be written" in run("move", str(home / "new"), fails=1).err
    assert not (home / "new").exists()
    assert list_backups(journal_path) == before


def test_move_does_not_overwrite(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("add", "activity", "x")
    (home / "new").mkdir()
    (home / "new" / "journal.db.before-import").write_bytes(b"precious")
    copy = journal_path.with_name("journal.db.before-import")
    copy.write_bytes(b"copy")
    assert "already exists. Nothing was moved." in run("move", str(home / "new"), fails=1).err
    assert [path.name for path in (home / "new").iterdir()] == ["journal.db.before-import"]
    assert (home / "new" / "journal.db.before-import").read_bytes() == b"precious"
    assert journal_path.exists()
    assert copy.read_bytes() == b"copy"
    assert not (home / "config").exists() or run("config", "get", "journal").out != ""
    assert run("list", "--plain").out.count("\n") == 1


def test_move_that_cannot_change_the_settings_leaves_the_journal(
    run: "Run", home: "Path", journal_path: "Path"
) -> None:
    run("add", "activity", "x")
    (home / "config" / "valuelog").mkdir(parents=True)
    (home / "config" / "valuelog" / "config.toml").write_text("remindat = 3\n")
    assert "There is no setting “remindat”" in run("move", str(home / "new"), fails=1).err
    assert not (home / "new").exists()
    assert journal_path.exists()


@pytest.mark.parametrize("existing", ["", "new"])
def test_move_that_fails_later_removes_only_the_folders_that_it_made(
    run: "Run", home: "Path", journal_path: "Path", monkeypatch: pytest.MonkeyPatch, existing: str
) -> None:
    def fail(*_: object) -> None:
        raise ValuelogError("config.toml cannot be written.", "Check it.")

    run("add", "activity", "x")
    (home / existing).mkdir(exist_ok=True)
    monkeypatch.setattr("valuelog.cli.move.write_setting", fail)
    assert "cannot be written" in run("move", str(home / "new" / "a" / "b"), fails=1).err
    assert (home / "new").exists() is bool(existing)
    assert not (home / "new" / "a").exists()
    assert journal_path.exists()


def test_move_that_finds_a_file_in_the_way_copies_nothing(home: "Path", run: "Run", journal_path: "Path") -> None:
    run("add", "activity", "x")
    journal_path.with_name("journal.db.before-import").write_bytes(b"copy")
    (home / "new").mkdir()
    (home / "new" / "journal.db.before-import").symlink_to(home / "nowhere")
    before = (home / "new").stat().st_mtime_ns
    assert "already exists. Nothing was moved." in run("move", str(home / "new"), fails=1).err
    assert (home / "new").stat().st_mtime_ns == before


def test_move_of_another_journal_leaves_the_settings(run: "Run", home: "Path", journal_path: "Path") -> None:
    other = home / "other.db"
    run("add", "activity", "x")
    run("--journal", str(other), "add", "activity", "y")
    target = home / "new" / "other.db"
    moved = run("--journal", str(other), "move", str(target.parent))
    assert moved.err.splitlines() == [
        f"Moved your journal (1 entry) to {target}",
        f"Your settings weren't changed: your journal is still {journal_path}",
        f"Move it back with: valuelog --journal {target} move {home}",
    ]
    assert not (home / "config" / "valuelog" / "config.toml").exists()
    assert run("config", "get", "journal").out == f"{journal_path}\n"
    assert run("list", "--plain").out.count("\tx") == 1
    run("--journal", str(target), "move", str(home))
    assert other.exists()


def test_move_of_the_configured_journal_by_its_path_changes_the_settings(
    run: "Run", home: "Path", journal_path: "Path"
) -> None:
    run("add", "activity", "x")
    run("--journal", str(journal_path), "move", str(home / "new"))
    assert run("config", "get", "journal").out == f"{home}/new/journal.db\n"


@pytest.mark.parametrize("folder", ["", " "])
def test_move_without_a_name_of_a_folder_is_refused(run: "Run", folder: str) -> None:
    run("add", "activity", "x")
    assert_one_clear_message(run("move", folder, fails=2), "The name of the folder is empty.\nName a folder: valuelog")


REFUSED = [
    ((), "There is no journal at", 1),
    (("file",), "is the name of a file.", 2),
    (("new.db",), "is the name of a file.", 2),
    (("data/valuelog",), "Your journal is already in", 2),
]


@pytest.mark.parametrize(("names", "message", "code"), REFUSED)
def test_move_refuses(run: "Run", home: "Path", names: tuple[str, ...], message: str, code: int) -> None:
    if names:
        run("add", "activity", "x")
    (home / "file").touch()
    result = run("move", str(home / (names[0] if names else "new")), fails=code)
    assert message in result.err
    assert not (home / "config").exists()


def test_move_refuses_a_journal_that_a_variable_names(run: "Run", home: "Path") -> None:
    path = f"{home}/other.db"
    run("add", "activity", "x", VALUELOG_JOURNAL=path)
    assert "VALUELOG_JOURNAL names your journal" in run("move", str(home / "new"), VALUELOG_JOURNAL=path, fails=2).err


def test_move_follows_a_symbolic_link(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("add", "activity", "x")
    real = journal_path.rename(home / "real.db")
    journal_path.symlink_to(real)
    run("move", str(home / "new"))
    assert run("list", "--plain").out.count("\n") == 1
    assert not real.exists()
    assert not journal_path.is_symlink()


def test_writer_that_waits_for_a_move_loses_nothing_silently(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("add", "activity", "x")
    (home / "new").mkdir()
    add = [sys.executable, "-m", "valuelog", "--journal", str(journal_path), "add", "activity", "late"]
    with move_journal(journal_path, home / "new" / "journal.db"):
        waiting = subprocess.Popen(add, env=process_environment(home), stderr=subprocess.PIPE)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(2)
    assert b"The journal was moved meanwhile. Nothing was changed.\nTry again." in waiting.communicate()[1]
    assert waiting.returncode == 1
    assert not journal_path.exists()


def test_moves_at_once_leave_one_whole_journal(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("add", "activity", "x")
    environ = process_environment(home)
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "valuelog", "move", str(home / name)], env=environ, stderr=subprocess.DEVNULL
        )
        for name in ("a", "b", "c")
    ]
    codes = [process.wait() for process in running]
    assert 0 in codes
    assert len(list(home.glob("*/journal.db")) + [path for path in [journal_path] if path.exists()]) == 1
    assert run("list", "--plain").out.count("\n") == 1


def test_unreadable_target_is_an_error(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("add", "activity", "x")
    (home / "file").touch()
    with pytest.raises(UnreachableJournal), move_journal(journal_path, home / "file" / "x" / "journal.db"):
        pass
    assert journal_path.exists()


# config set journal


def test_new_path_says_where_the_entries_are_and_how_to_move_them(
    run: "Run", home: "Path", journal_path: "Path"
) -> None:
    run("add", "activity", "x")
    run("add", "activity", "y")
    new = home / "Dropbox" / "j.db"
    lines = run("config", "set", "journal", str(new)).err.splitlines()
    assert lines[1] == (
        f"Nothing is there yet. Your 2 entries stay in {journal_path}."
        f" Move them with: valuelog config set journal {journal_path} && valuelog move {new.parent}"
    )
    assert lines[2].startswith("Careful: Dropbox syncs this folder.")
    run("add", "activity", "z")
    shown = run("config", "set", "journal", str(journal_path)).err
    assert f"It has 2 entries. Your 1 entry stays in {new}." in shown
    beside = journal_path.with_name("other.db")
    assert (
        f"Go back with: valuelog config set journal {journal_path}" in run("config", "set", "journal", str(beside)).err
    )


def test_same_path_says_nothing_more(run: "Run", journal_path: "Path") -> None:
    assert run("config", "set", "journal", str(journal_path)).err.count("\n") == 1


SYNCED = [
    ("Dropbox/notes", "Dropbox"),
    ("Dropbox (Personal)/notes", "Dropbox"),
    ("OneDrive - Company/notes", "OneDrive"),
    ("Library/Mobile Documents/com~apple~CloudDocs", "iCloud"),
    ("Library/CloudStorage/GoogleDrive-me@example.org/My Drive", "Google Drive"),
    ("Google Drive/a", "Google Drive"),
    ("st/a/b", "Syncthing"),
    ("notes", None),
    ("dropboxes/a", None),
]


@pytest.mark.parametrize(("folder", "service"), SYNCED)
def test_synced_folder_is_recognized(home: "Path", folder: str, service: str | None) -> None:
    (home / "st" / ".stfolder").mkdir(parents=True)
    assert find_sync_service(home / folder / "journal.db") == service


def test_link_into_a_synced_folder_is_recognized(home: "Path") -> None:
    (home / "Dropbox").mkdir()
    (home / "notes").symlink_to(home / "Dropbox")
    assert find_sync_service(home / "notes" / "journal.db") == "Dropbox"
