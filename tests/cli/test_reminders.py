"""The reminders of the login line: when they are due, and that they follow the settings and the journal."""

from datetime import date, datetime, time
from typing import TYPE_CHECKING

import pytest

from valuelog.model.schedule import Workdays
from valuelog.workflows.reminders import ReminderSettings, schedule_reminders

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
def test_changed_setting_reschedules_reminders(run: "Run", reminders: "Path", name: str, value: str) -> None:
    run("add", "helped", "x")
    before = reminders.read_text()
    run("config", "set", name, value)
    assert reminders.read_text() != before
    after = reminders.read_text()
    run("add", "helped", "y")
    assert reminders.read_text() == after


def test_settings_changed_in_the_editor_reschedule_reminders(run: "Run", home: "Path", reminders: "Path") -> None:
    run("init", "bash")
    before = reminders.read_text()
    editor = home / "editor"
    editor.write_text('#!/bin/sh\necho \'remind_at = "08:30"\' >"$1"\n')
    editor.chmod(0o700)
    run("config", "edit", answers=[], VALUELOG_EDITOR=str(editor))
    assert reminders.read_text() != before


def test_init_writes_reminders_before_the_first_entry(run: "Run", home: "Path", reminders: "Path") -> None:
    run("init", "zsh")
    assert "valuelog today" in reminders.read_text()
    assert not (home / "data").exists()
    run("add", "helped", "x")
    written = reminders.read_text()
    run("init", "zsh")
    assert reminders.read_text() == written


def test_init_ignores_a_damaged_journal(run: "Run", journal_path: "Path") -> None:
    journal_path.parent.mkdir(parents=True)
    journal_path.write_bytes(b"not a journal at all")
    assert run("init", "fish").err == ""


def test_only_the_configured_journal_schedules_reminders(run: "Run", home: "Path", reminders: "Path") -> None:
    run("add", "helped", "x", VALUELOG_JOURNAL=f"{home}/other.db")
    assert not reminders.exists()
    run("config", "set", "journal", f"{home}/other.db")
    before = reminders.read_text()
    run("add", "helped", "x", "-d", "yesterday", VALUELOG_JOURNAL=f"{home}/data/third.db")
    run("undo", VALUELOG_JOURNAL=f"{home}/other.db")
    assert reminders.read_text() != before


@pytest.mark.parametrize(
    ("remind_at", "first"),
    [
        (time(3, 59), datetime(2026, 11, 21, 3, 59)),  # noqa: DTZ001  local times
        (time(4, 0), datetime(2026, 11, 20, 4, 0)),  # noqa: DTZ001
        (time(4, 1), datetime(2026, 11, 20, 4, 1)),  # noqa: DTZ001
    ],
)
def test_reminder_before_the_day_ends_is_in_the_next_night(remind_at: time, first: datetime) -> None:
    """At exactly the end of the day it reminds at the start of the new day, since otherwise it would never be shown."""
    settings = ReminderSettings(remind_at=remind_at, day_ends_at=time(4), review_day=4, workdays=Workdays())
    (due, text), (silent, no_text), *_ = schedule_reminders(date(2026, 11, 20), (), settings)
    assert (due, bool(text)) == (first, True)
    assert (silent, no_text) == (datetime(2026, 11, 21, 4), "")  # noqa: DTZ001
    assert due < silent
