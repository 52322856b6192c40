"""Files of valuelog that others can open are made private, and reported once."""

import os
import stat
from typing import TYPE_CHECKING

import pytest

from valuelog.journal.files import tighten

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def mode_of(path: "Path") -> int:
    return stat.S_IMODE(path.stat().st_mode)


OPEN = [
    ("data/valuelog/journal.db", 0o644, "read", "0600"),
    ("data/valuelog/journal.db", 0o620, "change", "0600"),
    ("data/valuelog", 0o755, "read", "0700"),
    ("data/valuelog", 0o711, "open", "0700"),
    ("config/valuelog/config.toml", 0o664, "read and change", "0600"),
    ("config/valuelog", 0o750, "read", "0700"),
    ("state/valuelog/device", 0o666, "read and change", "0600"),
    ("state/valuelog/reminders", 0o604, "read", "0600"),
]


@pytest.mark.parametrize("words", [["add", "helped", "y"], ["config", "set", "review_day", "mon"]], ids=" ".join)
@pytest.mark.parametrize(("name", "mode", "verb", "private"), OPEN)
def test_file_that_others_can_open_is_tightened_and_reported_once(
    run: "Run", home: "Path", name: str, mode: int, verb: str, private: str, words: list[str]
) -> None:
    run("add", "helped", "x")
    run("config", "set", "remind_at", "18:30")
    (home / name).chmod(mode)
    line = f"Others could {verb} {home / name} (mode {mode:04o}); it is {private} now.\n"
    assert run(*words).err.startswith(line)
    assert f"{mode_of(home / name):04o}" == private
    assert "Others" not in run(*words).err


def test_several_open_files_are_reported_in_one_line(run: "Run", home: "Path") -> None:
    run("add", "helped", "x")
    journal = home / "data" / "valuelog" / "journal.db"
    copy = journal.with_name("backups") / "copy.db"
    copy.parent.mkdir()
    for path in (copy, copy.with_name("checks.json")):
        path.write_text("{}")
    for path in (journal, copy, home / "state" / "valuelog" / "device"):
        path.chmod(0o640)
    first, _ = run("add", "helped", "y").err.splitlines()
    assert first == f"Others could read {journal} (mode 0640) and 2 more of valuelog's files; only you can now."
    assert {mode_of(path) for path in home.glob("*/valuelog/**/*.*")} == {0o600}


def test_reading_changes_no_mode(run: "Run", journal_path: "Path") -> None:
    run("add", "helped", "x")
    journal_path.chmod(0o644)
    assert run("list").err == ""
    assert mode_of(journal_path) == 0o644


def test_folder_and_link_that_the_user_chose_keep_their_mode(run: "Run", home: "Path") -> None:
    notes, dotfiles = home / "notes", home / "dotfiles"
    for folder in (notes, dotfiles, home / "config" / "valuelog"):
        folder.mkdir(parents=True)
    (dotfiles / "config.toml").write_text(f'journal = "{notes}/journal.db"\n')
    (home / "config" / "valuelog" / "config.toml").symlink_to(dotfiles / "config.toml")
    run("add", "helped", "x")
    for path in (notes, dotfiles, dotfiles / "config.toml"):
        path.chmod(0o755)
    assert "Others" not in run("add", "helped", "y").err
    assert {mode_of(path) for path in (notes, dotfiles, dotfiles / "config.toml")} == {0o755}
    (notes / "journal.db").chmod(0o644)
    assert run("add", "helped", "z").err.startswith(f"Others could read {notes}/journal.db (mode 0644)")


def test_another_file_named_by_mistake_keeps_its_mode(run: "Run", home: "Path") -> None:
    page = home / "index.html"
    page.write_text("<p>for everybody</p>")
    page.chmod(0o644)
    run("--journal", str(page), "add", "helped", "x", fails=1)
    assert mode_of(page) == 0o644


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_file_of_another_user_keeps_its_mode(tmp_path: "Path") -> None:
    path = tmp_path / "journal.db"
    path.write_text("theirs")
    path.chmod(0o644)
    os.chown(path, 65534, 65534)
    assert tighten(path) is None
    assert mode_of(path) == 0o644


def test_file_system_that_ignores_modes_is_not_reported(tmp_path: "Path", monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "journal.db"
    path.touch(mode=0o644)
    path.chmod(0o644)
    monkeypatch.setattr(os, "fchmod", lambda *_: None)
    assert tighten(path) is None
