"""A journal that is missing: no new one starts unless a person wants that."""

import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from valuelog.journal.backups import make_backup
from valuelog.journal.connection import journal_exists

if TYPE_CHECKING:
    from conftest import Run

COMMANDS = ("add helped y", "list", "", "review", "today --activity y", "undo", "export jsonl -")
MENU = "What do you want to do?"
RESTORE = "Restore the newest backup (Thu 19 Nov, 18:00, 1 entry)"


@pytest.fixture
def lost(run: "Run", journal_path: Path) -> Path:
    """Write a journal and a backup; delete the journal; return its path."""
    run("add", "helped", "x")
    make_backup(journal_path, now=datetime(2026, 11, 19, 17, tzinfo=UTC))
    journal_path.unlink()
    return journal_path


def test_first_use_is_silent(run: "Run", journal_path: Path) -> None:
    assert not run("list").err
    assert not journal_path.exists()
    assert run("add", "helped", "x").err.count("\n") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_name_the_backup_and_start_nothing(run: "Run", lost: Path, command: str) -> None:
    assert run(*command.split(), fails=1).err == (
        f"valuelog: There is no journal at {lost} any more. Nothing was changed.\n"
        "Restore its newest backup (Thu 19 Nov, 18:00, 1 entry) with: valuelog restore\n"
    )
    assert not lost.exists()


@pytest.mark.parametrize("command", COMMANDS)
def test_commands_without_a_backup_say_how_to_start_anew(run: "Run", lost: Path, command: str) -> None:
    shutil.rmtree(lost.parent / "backups")
    error = run(*command.split(), fails=1).err
    assert error.endswith(f"\nStart a new one with: valuelog --journal {lost} today\n")
    assert not lost.exists()
    run("--journal", str(lost), "add", "helped", "z")
    assert run("list", "--plain").out.count("\n") == 1


def test_restore_works_as_the_message_says(run: "Run", lost: Path) -> None:
    run("restore", "--yes")
    assert run("list", "--plain").out.count("\n") == 1
    assert journal_exists(lost)


def test_person_restores_and_the_command_goes_on(run: "Run", lost: Path) -> None:
    run("add", "helped", "y", answers=[RESTORE])
    assert run("list", "--plain").out.count("\n") == 2
    assert lost.exists()


def test_person_stops(run: "Run", lost: Path) -> None:
    run("add", "helped", "y", answers=["Stop, and change nothing"], fails=130)
    assert not lost.exists()


def test_person_starts_anew(run: "Run", lost: Path) -> None:
    run("add", "helped", "y", answers=["Start a new journal"])
    assert run("list", "--plain").out.count("\n") == 1
    assert lost.exists()


def test_bare_command_does_not_ask(run: "Run", lost: Path) -> None:
    assert "valuelog restore" in run(answers=[RESTORE], fails=1).err
    assert not lost.exists()


@pytest.mark.parametrize("how", ["flag", "variable"])
def test_named_journal_starts_unless_it_has_backups(run: "Run", home: Path, lost: Path, how: str) -> None:
    def add(path: Path, fails: int) -> None:
        if how == "flag":
            run("--journal", str(path), "add", "helped", "y", fails=fails)
        else:
            run("add", "helped", "y", fails=fails, VALUELOG_JOURNAL=str(path))

    add(lost, 1)
    assert not lost.exists()
    add(home / "other.db", 0)


def use_own_path(run: "Run", home: Path) -> Path:
    """Use a journal that only config.toml names, then remove that line; return the journal's path."""
    mine = home / "mine.db"
    run("config", "set", "journal", str(mine))
    run("add", "helped", "x")
    (home / "config" / "valuelog" / "config.toml").write_text("# nothing\n")
    return mine


@pytest.mark.parametrize("command", COMMANDS)
def test_lost_setting_starts_no_other_journal(run: "Run", home: Path, journal_path: Path, command: str) -> None:
    mine = use_own_path(run, home)
    error = run(*command.split(), fails=1).err
    assert f"There is no journal at {journal_path}; you last used {mine}. Nothing was changed." in error
    assert f"Use {mine} again with: valuelog config set journal {mine}" in error
    assert not journal_path.exists()


def test_person_uses_the_last_path_again(run: "Run", home: Path, journal_path: Path) -> None:
    mine = use_own_path(run, home)
    run("add", "helped", "y", answers=[f"Use {mine} again"])
    assert run("list", "--plain").out.count("\n") == 2
    assert run("config", "get", "journal").out.strip() == str(mine)
    assert not journal_path.exists()


def test_new_path_in_the_settings_is_used(run: "Run", home: Path) -> None:
    run("add", "helped", "x")
    run("config", "set", "journal", f"{home}/new.db")
    run("add", "helped", "y")
    assert run("list", "--plain").out.count("\n") == 1
