"""The command backup, and the backups that are made without being asked."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from support.env import process_environment
from valuelog.cli import automatic_backups
from valuelog.cli.world import World
from valuelog.journal.backup_checks import CHECKS_NAME
from valuelog.journal.backups import backups_folder, list_backups
from valuelog.journal.verify import find_damage

if TYPE_CHECKING:
    from conftest import Run


@pytest.fixture
def backups(journal_path: Path) -> Path:
    return backups_folder(journal_path)


def alter(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


# backup


def test_backup_makes_one_and_says_where(run: "Run", journal_path: Path) -> None:
    run("add", "activity", "audit mails")
    said = run("backup").err
    (backup,) = list_backups(journal_path)
    assert said.startswith(f"Backed up 1 entry as {backup.head} · verified")
    with closing(sqlite3.connect(backup.path)) as copied:
        assert find_damage(copied) == []


def test_backup_describes_the_new_one_as_json_and_plain(run: "Run", journal_path: Path) -> None:
    run("add", "activity", "audit mails")
    (described,) = json.loads(run("backup", "--json").out)
    (backup,) = list_backups(journal_path)
    assert described == {
        "id": backup.head, "made": "2026-11-20T17:30:00+00:00", "entries": 1, "size": backup.size, "verified": True,
        "path": str(backup.path),
    }  # fmt: skip
    assert run("backup", "--plain").out.split("\t")[0] == backup.head


def test_empty_journal_is_not_backed_up(run: "Run", backups: Path) -> None:
    assert "nothing to back up" in run("backup", fails=1).err
    assert "nothing to back up" in run("backup", "./copy.db", fails=1).err
    assert not backups.exists()


@pytest.mark.damages_journal
def test_backup_of_an_altered_journal_fails_and_names_doctor(run: "Run", journal_path: Path, backups: Path) -> None:
    run("add", "activity", "audit mails")
    alter(journal_path, "UPDATE entry SET text = 'not in the log'")
    error = run("backup", fails=1).err
    assert "was altered outside valuelog" in error
    assert "valuelog doctor" in error
    assert list_backups(journal_path) == ()
    assert sorted(path.name for path in backups.iterdir()) == ["lock"]


# backup FILE


@pytest.mark.parametrize("words", [(), ("copy",)])
def test_backup_file_writes_a_private_verified_copy(run: "Run", home: Path, words: tuple[str, ...]) -> None:
    run("add", "activity", "audit mails")
    copy = home / "copy.db"
    assert f"Copied 1 entry to {copy}" in run("backup", *words, str(copy)).err
    assert copy.stat().st_mode & 0o777 == 0o600
    assert len(json.loads(run("--journal", str(copy), "list", "--json").out)) == 1
    assert [path.name for path in home.glob(".copy*")] == []


def test_copy_replaces_only_an_older_copy_and_only_with_force(run: "Run", home: Path) -> None:
    run("add", "activity", "audit mails")
    copy = home / "copy.db"
    run("backup", str(copy))
    run("add", "activity", "one more")
    before = copy.read_bytes()
    assert "already exists" in run("backup", str(copy), fails=1).err
    assert copy.read_bytes() == before
    run("backup", str(copy), "--force")
    assert len(json.loads(run("--journal", str(copy), "list", "--json").out)) == 2


def test_copy_never_replaces_a_journal_with_other_changes(run: "Run", home: Path) -> None:
    other = home / "other.db"
    run("--journal", str(other), "add", "activity", "only here")
    before = other.read_bytes()
    run("add", "activity", "audit mails")
    assert "changes that yours doesn't have" in run("backup", str(other), "--force", fails=1).err
    assert other.read_bytes() == before


def test_copy_never_replaces_another_database(run: "Run", home: Path) -> None:
    alter(home / "other.db", "CREATE TABLE a (b)")
    run("add", "activity", "audit mails")
    assert "another program's database" in run("backup", str(home / "other.db"), "--force", fails=1).err


@pytest.mark.parametrize("name", ["journal.db", "journal.db-journal", "backups/copy.db"])
def test_copy_never_replaces_own_files(run: "Run", journal_path: Path, name: str) -> None:
    run("add", "activity", "audit mails")
    run("backup")
    before = journal_path.read_bytes()
    assert "belongs to valuelog itself" in run("backup", str(journal_path.parent / name), "--force", fails=2).err
    assert journal_path.read_bytes() == before


def test_export_does_not_write_among_the_backups(run: "Run", backups: Path) -> None:
    run("add", "activity", "audit mails")
    run("backup")
    assert "belongs to valuelog itself" in run("export", "jsonl", str(backups / "a.jsonl"), fails=2).err


def test_missing_folder_of_a_copy_is_one_line(run: "Run", home: Path) -> None:
    run("add", "activity", "audit mails")
    assert "No such file or directory" in run("backup", str(home / "none" / "copy.db"), fails=1).err


def test_mistyped_subcommand_writes_no_file(run: "Run", home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(home)
    run("add", "activity", "audit mails")
    assert "Did you mean list?" in run("backup", "lst", fails=2).err
    assert not (home / "lst").exists()


# backup list


def test_list_says_what_will_happen_when_there_are_none(run: "Run") -> None:
    assert "No backups yet. valuelog makes one after an evening" in run("backup", "list").out
    assert "automatic ones are off" in run("backup", "list", VALUELOG_BACKUPS="false").out
    assert run("backup", "list", "--json").out == "[]\n"
    assert run("backup", "list", "--plain").out == ""


def test_list_shows_the_newest_last_and_how_to_restore_it(run: "Run", journal_path: Path) -> None:
    run("add", "activity", "audit mails")
    copy = journal_path.with_name("journal.db.before-import")
    shutil.copy(journal_path, copy)
    os.utime(copy, (0, 0))
    run("backup")
    (_, backup) = list_backups(journal_path)
    old, new, _, hint = run("backup", "list").out.splitlines()
    assert old.split() == ["journal.db.before-import", "Thu", "1", "Jan", "1970", "01:00", "262", "KB", "unverified"]
    assert new.startswith(f"{backup.head} ")
    assert "Fri 20 Nov 2026 18:30" in new, "local time"
    assert new.split()[-5:-3] == ["1", "entry"]
    assert hint.endswith(f"valuelog restore {backup.head} -n")


# backup check


def test_check_reads_each_backup_and_verifies_older_copies(run: "Run", journal_path: Path, backups: Path) -> None:
    run("add", "activity", "audit mails")
    run("backup")
    (backups / CHECKS_NAME).unlink()
    assert not list_backups(journal_path)[0].is_verified
    assert "Read 1 backup completely: no damage." in run("backup", "check").out
    assert list_backups(journal_path)[0].is_verified


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        pytest.param(lambda raw: raw.replace(b"audit mails", b"audit nails"), "bytes have changed", id="flipped"),
        pytest.param(lambda raw: raw[: len(raw) // 2], "bytes have changed", id="truncated"),
        pytest.param(lambda _: b"", "bytes have changed", id="empty"),
    ],
)
def test_check_names_a_bad_backup_and_fails(run: "Run", journal_path: Path, damage: Any, problem: str) -> None:  # noqa: ANN401  a function
    run("add", "activity", "audit mails")
    run("backup")
    (backup,) = list_backups(journal_path)
    backup.path.write_bytes(damage(backup.path.read_bytes()))
    shown = " ".join(run("backup", "check", fails=1).out.split())
    assert str(backup.path) in shown
    assert problem in shown
    assert not list_backups(journal_path)[0].is_verified
    (checked,) = json.loads(run("backup", "check", "--json", fails=1).out)
    assert checked["verified"] is False
    assert checked["problems"]


def test_check_names_a_damaged_copy_of_0_1_0(run: "Run", journal_path: Path) -> None:
    run("add", "activity", "audit mails")
    copy = journal_path.with_name("journal.db.before-import")
    copy.write_bytes(journal_path.read_bytes().replace(b"audit mails", b"audit nails"))
    assert "altered" in run("backup", "check", "--plain", fails=1).out
    copy.write_bytes(journal_path.read_bytes()[:5000])
    assert "SQLite cannot read it" in run("backup", "check", "--plain", fails=1).out


def test_check_without_backups_succeeds(run: "Run") -> None:
    assert "No backups yet" in run("backup", "check").out


# Automatic backups


class Starts(list[tuple[Sequence[str], Mapping[str, str]]]):
    """Records which processes would be started."""

    def __call__(self, words: Sequence[str], environ: Mapping[str, str]) -> None:
        """Record one."""
        self.append((words, environ))


@pytest.fixture
def starts(monkeypatch: pytest.MonkeyPatch) -> Starts:
    """Let `run` start processes, which are only recorded."""
    starts = Starts()
    original = World.__init__

    def init(self: World, **fields: Any) -> None:  # noqa: ANN401  fields of a World
        original(self, **{"start_process": starts, **fields})

    monkeypatch.setattr(World, "__init__", init)
    return starts


def test_first_change_starts_a_backup(run: "Run", starts: Starts, journal_path: Path) -> None:
    run("add", "activity", "audit mails")
    ((words, _),) = starts
    assert list(words[1:]) == ["-P", "-m", "valuelog", "--journal", str(journal_path), "backup", "--automatic"]


def test_only_changes_start_a_backup(run: "Run", starts: Starts) -> None:
    run("list")
    run("undo", fails=1)
    run("config", "set", "name", "Kim")
    run("demo", "list")
    run("demo", "add", "activity", "x")
    assert starts == []


def test_change_within_an_hour_of_a_backup_starts_none(run: "Run", starts: Starts) -> None:
    run("add", "activity", "audit mails")
    run("backup")
    starts.clear()
    run("add", "activity", "one more")
    assert starts == []


def test_evening_that_changed_something_starts_a_backup_at_once(run: "Run", starts: Starts) -> None:
    run("add", "activity", "audit mails")
    run("backup")
    starts.clear()
    run("today", "--helped", "@sam runs the release")
    assert len(starts) == 1
    run("review", "--week", "--stop", "the Monday report")
    assert len(starts) == 2


def test_setting_or_variable_turns_automatic_backups_off(run: "Run", starts: Starts) -> None:
    run("add", "activity", "audit mails", VALUELOG_BACKUPS="false")
    run("config", "set", "backups", "false")
    run("add", "activity", "audit mails")
    assert starts == []


def test_broken_settings_do_not_break_the_change(run: "Run", starts: Starts, home: Path) -> None:
    (home / "config" / "valuelog").mkdir(parents=True)
    (home / "config" / "valuelog" / "config.toml").write_text("backups = 'sometimes'")
    assert "backups" in run("add", "activity", "audit mails").err
    assert len(starts) == 1


def test_process_that_cannot_start_is_no_error(run: "Run", monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    original = World.__init__
    monkeypatch.setattr(World, "__init__", lambda self, **fields: original(self, **{"start_process": fail, **fields}))
    assert "memory" not in run("add", "activity", "audit mails").err


def test_automatic_backup_is_made_only_if_something_is_new(run: "Run", journal_path: Path) -> None:
    run("add", "activity", "audit mails")
    for _ in range(2):
        assert run("backup", "--automatic") == run("backup", "--automatic")
    assert len(list_backups(journal_path)) == 1
    run("add", "activity", "one more")
    result = run("backup", "--automatic")
    assert (result.out, result.err) == ("", "")
    assert [backup.entry_count for backup in list_backups(journal_path)] == [2], "one a day is kept"


def test_automatic_backup_of_a_deleted_journal_creates_nothing(run: "Run", journal_path: Path) -> None:
    run("backup", "--automatic")
    assert not journal_path.parent.exists()


def test_failed_check_is_said_once_a_day_until_a_backup_succeeds(
    run: "Run", starts: Starts, journal_path: Path
) -> None:
    del starts
    run("add", "activity", "audit mails")
    alter(journal_path, "UPDATE entry SET text = 'not in the log'")
    run("backup", "--automatic")
    assert list_backups(journal_path) == ()
    said = run("list").err
    assert said.startswith("valuelog: No backup was made: ")
    assert said.count("\n") == 1
    assert "valuelog doctor" in said
    assert run("list").err == ""
    run("backup", "--automatic")
    assert run("list").err == "", "the same on the same day"
    assert "No backup was made" in run("list", VALUELOG_TODAY="2026-11-21").err
    alter(journal_path, "UPDATE entry SET text = 'audit mails'")
    run("backup", "--automatic")
    assert run("list", VALUELOG_TODAY="2026-11-22").err == ""


def test_failed_backup_is_tried_again_after_an_hour(
    run: "Run", starts: Starts, journal_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("add", "activity", "audit mails")
    backups_folder(journal_path).write_text("not a folder")
    run("backup", "--automatic")
    starts.clear()
    assert "No backup was made: Cannot read or write" in run("add", "activity", "one more").err
    assert starts == []
    monkeypatch.setattr(automatic_backups, "RETRY_INTERVAL", timedelta(0))
    run("add", "activity", "one more")
    assert len(starts) == 1


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"journal": 1, "line": 2, "at": 3, "shown_on": 4}'])
def test_damaged_file_of_the_last_problem_is_ignored(run: "Run", starts: Starts, home: Path, text: str) -> None:
    run("add", "activity", "audit mails")
    (home / "state" / "valuelog" / "backup-problem.json").write_text(text)
    assert "valuelog:" not in run("add", "activity", "one more").err
    assert len(starts) == 2


@pytest.mark.damages_journal
def test_problem_of_another_journal_is_not_mentioned(run: "Run", starts: Starts, home: Path) -> None:
    del starts
    other = home / "other.db"
    run("--journal", str(other), "add", "activity", "x")
    alter(other, "UPDATE entry SET text = 'not in the log'")
    run("--journal", str(other), "backup", "--automatic")
    run("add", "activity", "y")
    assert run("list").err == ""


# The real process


def wait_for_backup(journal: Path, count: int = 1) -> None:
    deadline = time.monotonic() + 30
    while len(list_backups(journal)) < count and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(list_backups(journal)) >= count


def run_program(home: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    env = process_environment(home, **{"VALUELOG_BACKUPS": "true", **environ})
    return subprocess.run(
        [sys.executable, "-P", "-m", "valuelog", *words], env=env, cwd=home, capture_output=True, text=True, check=False
    )


def test_change_is_backed_up_in_a_process_of_its_own(home: Path, journal_path: Path) -> None:
    (home / "valuelog").mkdir()
    (home / "valuelog" / "__init__.py").write_text("raise SystemExit('of the current folder')")
    assert run_program(home, "add", "activity", "audit mails").returncode == 0
    wait_for_backup(journal_path)
    (backup,) = list_backups(journal_path)
    assert backup.is_verified
    assert backup.path.parent.stat().st_mode & 0o777 == 0o700


def test_change_is_not_backed_up_if_it_is_turned_off(home: Path, journal_path: Path) -> None:
    run_program(home, "add", "activity", "audit mails", VALUELOG_BACKUPS="0")
    time.sleep(1)
    assert not backups_folder(journal_path).exists()


def test_reader_of_stdout_does_not_wait_for_the_backup(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pipe ends once every process that holds it has ended."""
    monkeypatch.setenv("PYTHONPATH", str(home))
    (home / "sitecustomize.py").write_text("import sys, time\nif '--automatic' in sys.argv: time.sleep(20)")
    start = time.monotonic()
    assert run_program(home, "add", "activity", "audit mails", PYTHONPATH=str(home)).returncode == 0
    assert time.monotonic() - start < 15


def test_killed_backups_leave_nothing_behind(home: Path, journal_path: Path) -> None:
    delays = Random(5)  # noqa: S311  not for secrets
    for number in range(8):
        run_program(home, "add", "activity", f"line {number}", VALUELOG_BACKUPS="false")
        words = [sys.executable, "-P", "-m", "valuelog", "backup", "--automatic"]
        with subprocess.Popen(words, env=process_environment(home)) as killed:
            time.sleep(0.1 + delays.random() * 0.2)
            killed.kill()
    assert run_program(home, "backup").returncode == 0
    (backup,) = list_backups(journal_path)
    names = {path.name for path in backup.path.parent.iterdir()}
    assert names == {"lock", CHECKS_NAME, backup.path.name}
    assert run_program(home, "backup", "check").returncode == 0
