"""The login line follows the settings, and the journal that they name alone."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


@pytest.fixture
def reminders(home: "Path") -> "Path":
    """Return the file that the login hook reads."""
    return home / "state" / "valuelog" / "reminders"


@pytest.mark.parametrize(
    ("name", "value"),
    [("remind_at", "08:30"), ("workdays", "sun"), ("review_day", "mon"), ("day_ends_at", "01:00")],
)
def test_a_setting_changes_what_is_laid_out(run: "Run", reminders: "Path", name: str, value: str) -> None:
    run("add", "helped", "x")
    before = reminders.read_text()
    run("config", "set", name, value)
    assert reminders.read_text() != before
    after = reminders.read_text()
    run("add", "helped", "y")
    assert reminders.read_text() == after


def test_settings_changed_in_the_editor_count_at_once(run: "Run", home: "Path", reminders: "Path") -> None:
    run("init", "bash")
    before = reminders.read_text()
    editor = home / "editor"
    editor.write_text('#!/bin/sh\necho \'remind_at = "08:30"\' >"$1"\n')
    editor.chmod(0o700)
    run("config", "edit", answers=[], VALUELOG_EDITOR=str(editor))
    assert reminders.read_text() != before


def test_a_fresh_install_reminds_from_the_first_login(run: "Run", home: "Path", reminders: "Path") -> None:
    run("init", "zsh")
    assert "valuelog today" in reminders.read_text()
    assert not (home / "data").exists()
    run("add", "helped", "x")
    written = reminders.read_text()
    run("init", "zsh")
    assert reminders.read_text() == written


def test_a_journal_that_is_broken_does_not_break_the_shell(run: "Run", journal_path: "Path") -> None:
    journal_path.parent.mkdir(parents=True)
    journal_path.write_bytes(b"not a journal at all")
    assert run("init", "fish").err == ""


def test_only_the_journal_of_the_settings_reminds(run: "Run", home: "Path", reminders: "Path") -> None:
    run("add", "helped", "x", VALUELOG_JOURNAL=f"{home}/other.db")
    assert not reminders.exists()
    run("config", "set", "journal", f"{home}/other.db")
    before = reminders.read_text()
    run("add", "helped", "x", "-d", "yesterday", VALUELOG_JOURNAL=f"{home}/data/third.db")
    run("undo", VALUELOG_JOURNAL=f"{home}/other.db")
    assert reminders.read_text() != before
