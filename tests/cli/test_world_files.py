"""Files beside the journal: reminders for the login hook, settings, and drafts of the editor."""

import json
import os
import stat
import subprocess
import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pytest

from support.env import xdg_variables
from support.messages import assert_one_clear_message
from valuelog.cli.settings.sources import all_settings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Run

# Reminders

TODAY = "valuelog: two minutes for today? valuelog today"
FRIDAY = f"{TODAY}, then: valuelog review --week"
REVIEW = "valuelog: your week is ready: valuelog review --week"
GONE = "valuelog: three weeks without an entry; start again: valuelog today"


@pytest.fixture
def berlin_time() -> "Iterator[None]":
    """Set the time zone to Berlin."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "Europe/Berlin"
    time.tzset()
    yield
    os.environ.pop("TZ") if before is None else os.environ.update(TZ=before)
    time.tzset()


def read_reminders(home: "Path") -> list[tuple[str, str]]:
    """Return the local times and messages of the file that the login hook reads."""
    lines = (home / "state" / "valuelog" / "reminders").read_text().splitlines()
    pairs = [line.split("\t") for line in lines]
    epochs = [int(epoch) for epoch, _ in pairs]
    assert epochs == sorted(epochs)
    return [(f"{datetime.fromtimestamp(int(epoch)).astimezone():%a %d %b %H:%M}", result) for epoch, result in pairs]


@pytest.mark.usefixtures("berlin_time")
def test_every_change_reschedules_reminders(run: "Run", home: "Path") -> None:
    run("add", "helped", "@sam runs it", "-d", "yesterday")
    result = read_reminders(home)
    assert result[:6] == [
        ("Fri 20 Nov 17:00", FRIDAY),
        ("Sat 21 Nov 04:00", ""),
        ("Mon 23 Nov 17:00", TODAY),
        ("Tue 24 Nov 04:00", ""),
        ("Tue 24 Nov 17:00", TODAY),
        ("Wed 25 Nov 04:00", ""),
    ]
    assert result[-1] == ("Sat 12 Dec 17:00", GONE)
    assert not any(day.startswith(("Sat", "Sun")) and words for day, words in result[:-1])
    run("add", "helped", "@sam runs it")
    assert read_reminders(home)[0] == ("Fri 20 Nov 17:00", REVIEW)
    run("undo")
    assert read_reminders(home)[0] == ("Fri 20 Nov 17:00", FRIDAY)


@pytest.mark.usefixtures("berlin_time")
def test_reminders_respect_days_off_workdays_and_hours(run: "Run", home: "Path") -> None:
    run("off", "2026-11-20..2026-11-24")
    assert [pair for pair in read_reminders(home) if pair[1]][:2] == [
        ("Fri 20 Nov 17:00", REVIEW), ("Wed 25 Nov 17:00", TODAY),
    ]  # fmt: skip
    for name, value in (
        ("workdays", "sat,sun"),
        ("review_day", "sun"),
        ("remind_at", "08:30"),
        ("day_ends_at", "00:00"),
    ):
        run("config", "set", name, value)
    run("off", "2026-11-25")
    assert read_reminders(home)[:6] == [
        ("Sun 22 Nov 08:30", REVIEW), ("Mon 23 Nov 00:00", ""), ("Sat 28 Nov 08:30", TODAY), ("Sun 29 Nov 00:00", ""),
        ("Sun 29 Nov 08:30", FRIDAY), ("Mon 30 Nov 00:00", ""),
    ]  # fmt: skip


@pytest.mark.usefixtures("berlin_time")
def test_reminder_before_the_day_ends_belongs_to_that_night(run: "Run", home: "Path") -> None:
    run("config", "set", "remind_at", "01:30")
    run("add", "helped", "x", "-d", "yesterday")
    assert read_reminders(home)[:2] == [("Sat 21 Nov 01:30", FRIDAY), ("Sat 21 Nov 04:00", "")]


@pytest.mark.usefixtures("berlin_time")
def test_reminders_keep_their_hour_after_a_dst_change(run: "Run", home: "Path") -> None:
    run("add", "helped", "x", VALUELOG_TODAY="2026-10-22")
    hours = {day.split()[-1] for day, words in read_reminders(home) if words}
    assert hours == {"17:00"}


def test_other_journals_and_reading_write_no_reminders(run: "Run", home: "Path") -> None:
    run("--journal", f"{home}/other.db", "add", "helped", "x")
    run("list")
    run("demo")
    assert not (home / "state" / "valuelog" / "reminders").exists()


def test_unwritable_reminders_do_not_fail_the_command(run: "Run", home: "Path") -> None:
    run("add", "helped", "x")
    (home / "state" / "valuelog" / "reminders").unlink()
    (home / "state" / "valuelog" / "reminders").mkdir()
    assert run("add", "helped", "y").err.startswith("Added helped")


def test_created_files_are_private(home: "Path") -> None:
    program = 'umask 000; "$0" -m valuelog add helped x && "$0" -m valuelog config set review_day mon'
    result = subprocess.run(
        ["/bin/sh", "-c", program, sys.executable], env={**os.environ, **xdg_variables(home)}, check=False
    )
    assert result.returncode == 0
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in home.glob("*/valuelog/**/*")}
    assert {path.name for path in modes} >= {"journal.db", "config.toml", "reminders", "device"}
    assert set(modes.values()) == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in home.glob("*/valuelog")} == {0o700}


# Settings


def test_config_list_has_every_setting_with_its_origin(run: "Run") -> None:
    listed = json.loads(run("config", "list", "--json").out)
    assert list(listed) == [setting.name for setting in all_settings()]
    assert all(list(fact) == ["value", "origin"] for fact in listed.values())
    assert listed["workdays"] == {"value": ["mon", "tue", "wed", "thu", "fri"], "origin": "default"}
    assert run("config").out == run("config", "list").out
    assert all(line.count("\t") == 2 for line in run("config", "--plain").out.splitlines())


def test_config_set_keeps_comments_and_other_settings(run: "Run", home: "Path") -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('# mine\nremind_at = "16:00" # early\n\n[evening] # questions\noff = ["pain"]\n')
    result = run("config", "set", "remind_at", "18:30")
    assert result.err == f"Set remind_at to 18:30 in {path}\n"
    run("config", "set", "evening.off", "pain, rotating")
    run("config", "set", "accessible", "yes")
    run("config", "set", "workdays", "tue,mon")
    text = path.read_text()
    assert text.startswith('# mine\nremind_at = "18:30" # early\n')
    assert '[evening] # questions\noff = ["pain", "rotating"]\n' in text
    assert run("config", "get", "workdays").out == "mon, tue\n"
    assert run("config", "get", "accessible").out == "true\n"
    assert list(path.parent.iterdir()) == [path]


BAD = [
    ("evening.off", "pains", "evening.off: There is no question “pains”. Did you mean pain?"),
    ("evening.questions", "activity,nope", "evening.questions: There is no question “nope”."),
    ("remind_at", "8", "remind_at: “8” is not a time of day"),
]


@pytest.mark.parametrize(("name", "value", "piece"), BAD)
def test_config_set_refuses_an_invalid_value(run: "Run", home: "Path", name: str, value: str, piece: str) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    assert_one_clear_message(run("config", "set", name, value, fails=2), piece)
    assert not path.exists()
    run("config", "set", "review_day", "mon")
    assert_one_clear_message(run("config", "set", name, value, fails=2), piece)
    assert path.read_text() == 'review_day = "mon"\n'


def test_broken_settings_file_is_kept_and_can_be_edited(run: "Run", home: "Path") -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("remindat = 3\n")
    assert_one_clear_message(run("config", "set", "review_day", "mon", fails=1), "There is no setting “remindat”.")
    assert path.read_text() == "remindat = 3\n"
    editor = make_editor(home, 'echo \'review_day = "mon"\' >"$1"')
    assert run("config", "edit", answers=[], VALUELOG_EDITOR=editor).err.count("\n") == 1
    assert run("config", "get", "review_day").out == "mon\n"
    wrong = make_editor(home, "echo 'review_day = 3' >\"$1\"")
    assert_one_clear_message(run("config", "edit", answers=[], VALUELOG_EDITOR=wrong, fails=1), "review_day: ")


# The editor


def make_editor(home: "Path", script: str) -> str:
    """Write a shell script as the editor; its first argument is the file to edit."""
    path = home / "editor"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o700)
    return str(path)


def list_texts(run: "Run") -> list[Any]:
    return [entry["text"] for entry in json.loads(run("list", "--json").out)]


@pytest.mark.parametrize("words", [["add", "helped"], ["add", "helped", "one", "-e"], ["pain", "add"]])
def test_text_is_written_in_the_editor(run: "Run", home: "Path", words: list[str]) -> None:
    editor = make_editor(home, "printf 'two\\nlines @sam\\n\\n' >>\"$1\"")
    run(*words, answers=[], VALUELOG_EDITOR=editor)
    before = "one\n" if "one" in words else ""
    listed = list_texts(run) or [pain["text"] for pain in json.loads(run("pain", "list", "--json").out)]
    assert listed == [f"{before}two\nlines @sam"]
    assert list((home / "state" / "valuelog").glob("drafts/*")) == []


@pytest.mark.parametrize(
    "variables",
    [
        {"VALUELOG_EDITOR": "{}", "VISUAL": "false", "EDITOR": "false"},
        {"VISUAL": "{}", "EDITOR": "false"},
        {"EDITOR": "{}"},
        {"EDITOR": "env A=1 {}"},
    ],
)
def test_editor_precedence(run: "Run", home: "Path", variables: dict[str, str]) -> None:
    editor = make_editor(home, 'echo text >"$1"')
    given: dict[str, Any] = {name: value.format(editor) for name, value in variables.items()}
    run("add", "helped", answers=[], **given)
    assert list_texts(run) == ["text"]


@pytest.mark.parametrize(("script", "case"), [("true", "unchanged"), (': >"$1"', "empty"), ('echo >>"$1"', "blank")])
def test_unchanged_or_empty_editor_text_aborts(run: "Run", home: "Path", script: str, case: str) -> None:
    del case
    run("add", "activity", "audit mails")
    (name,) = (entry["id"] for entry in json.loads(run("list", "--json").out))
    editor = make_editor(home, script)
    for words in (["add", "helped"], ["edit", name]):
        result = run(*words, answers=[], VALUELOG_EDITOR=editor, fails=2)
        assert_one_clear_message(result, "Nothing was written, so nothing was changed.")
    assert list_texts(run) == ["audit mails"]
    assert list((home / "state" / "valuelog").glob("drafts/*")) == []


FAILURES = [
    (
        "printf 'precious words' >\"$1\"; exit 3",
        1,
        "exited with an error; your text is kept and reopens next time.",
    ),
    ("printf 'precious\\033words' >\"$1\"", 2, "a character that can't be saved: U+001B"),
    ("printf 'precious\\351words' >\"$1\"", 2, "a character that can't be saved: U+DCE9"),
]


@pytest.mark.parametrize(("script", "code", "piece"), FAILURES, ids=[piece for *_, piece in FAILURES])
def test_draft_is_kept_after_an_error_and_reopened(
    run: "Run", home: "Path", script: str, code: int, piece: str
) -> None:
    run("add", "activity", "audit mails")
    assert_one_clear_message(
        run("add", "helped", answers=[], VALUELOG_EDITOR=make_editor(home, script), fails=code), piece
    )
    (draft,) = (home / "state" / "valuelog" / "drafts").glob("*/draft.md")
    assert draft.read_bytes().startswith(b"precious")
    second_editor = make_editor(home, 'grep -q precious "$1" && echo \'mended words\' >"$1"')
    result = run("add", "helped", answers=[], VALUELOG_EDITOR=second_editor)
    assert result.err.startswith("Your unsaved draft is still here; reopening it.\nAdded helped ")
    assert list_texts(run) == ["audit mails", "mended words"]


def test_draft_is_reopened_only_for_the_same_entity(run: "Run", home: "Path") -> None:
    run("add", "activity", "audit mails")
    (name,) = (entry["id"] for entry in json.loads(run("list", "--json").out))
    run("add", "helped", answers=[], VALUELOG_EDITOR=make_editor(home, 'echo precious >"$1"; exit 1'), fails=1)
    run("edit", name, answers=[], VALUELOG_EDITOR=make_editor(home, "true"), fails=2)
    run("edit", name, answers=[], VALUELOG_EDITOR=make_editor(home, 'echo more >>"$1"'))
    assert list_texts(run) == ["audit mails\nmore"]
    run("add", "helped", answers=[], VALUELOG_EDITOR=make_editor(home, "true"))
    assert sorted(list_texts(run)) == ["audit mails\nmore", "precious"]


@pytest.mark.parametrize("editor", ["no-such-editor", "'", "false"])
def test_broken_editor_is_reported(run: "Run", editor: str) -> None:
    result = run("add", "helped", answers=[], VALUELOG_EDITOR=editor, fails=1)
    assert_one_clear_message(result, f"The editor “{editor}” exited with an error")
    assert result.err.endswith("Choose another editor with: valuelog config set editor NAME\n")
