"""Files that are no journal, invalid settings, and closed streams: one clear message, and no file is changed."""

import json
import os
import sqlite3
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from conftest import Result
from support.makers import make_entry, open_test_journal
from support.messages import assert_one_clear_message
from valuelog.journal import entries
from valuelog.journal.connection import SCHEMA_VERSION

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from conftest import Run

# Files that are no journal


def make_directory(path: "Path") -> None:
    path.mkdir()


def write_picture(path: "Path") -> None:
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))


def write_empty_file(path: "Path") -> None:
    path.touch()


def write_short_file(path: "Path") -> None:
    path.write_bytes(b"SQLite")


def write_other_database(path: "Path") -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE book (title TEXT)")
    database.commit()
    database.close()


def write_newer_journal(path: "Path") -> None:
    open_test_journal(path.parent).close()
    path.with_name("journal.db").rename(path)
    database = sqlite3.connect(path)
    database.execute("PRAGMA user_version = 99")
    database.close()


def write_truncated_journal(path: "Path") -> None:
    journal = open_test_journal(path.parent)
    entries.add(journal, [make_entry() for _ in range(100)])
    journal.close()
    torn = bytearray(path.with_name("journal.db").read_bytes())
    torn[4096:] = b"\xaa" * (len(torn) - 4096)
    path.write_bytes(torn)
    path.with_name("journal.db").unlink()


NO_JOURNALS = [
    (
        make_directory,
        "is a folder, not a valuelog journal. It was left untouched.\nChoose another file with --journal FILE",
    ),
    (write_picture, "is another kind of file, not a valuelog journal."),
    (write_empty_file, "is an empty file, not a valuelog journal."),
    (write_short_file, "is another kind of file, not a valuelog journal."),
    (write_other_database, "is another program's database, not a valuelog journal."),
    (write_newer_journal, f"newer valuelog (schema 99, this one knows {SCHEMA_VERSION}). It was left untouched."),
    (write_truncated_journal, "is damaged"),
]


COMMANDS = [("add helped x", make, piece) for make, piece in NO_JOURNALS] + [
    (command, *NO_JOURNALS[1]) for command in ("list", "today --activity x", "undo", "review", "")
]


@pytest.mark.parametrize(("command", "make", "piece"), COMMANDS)
def test_file_that_is_no_journal_is_named_and_left_alone(
    run: "Run", home: "Path", command: str, make: "Callable[[Path], None]", piece: str
) -> None:
    path = home / "other.db"
    make(path)
    before = path.read_bytes() if path.is_file() else None
    result = run("--journal", str(path), *command.split(), fails=1)
    assert_one_clear_message(result, piece)
    assert str(path) in result.err
    assert (path.read_bytes() if path.is_file() else None) == before
    assert [each.name for each in home.iterdir() if each.name not in {"data", "state"}] == ["other.db"]


def test_journal_path_below_a_file_is_an_error(run: "Run", home: "Path") -> None:
    (home / "file").write_text("x")
    for command in ("list", "add helped x"):
        result = run("--journal", str(home / "file" / "journal.db"), *command.split(), fails=1)
        assert_one_clear_message(result, "journal.db: Not a directory. Nothing was changed.")


# Settings

HERE = "config.toml: "
SETTINGS = [
    ('remindat = "17:00"', HERE + "There is no setting “remindat”. Did you mean remind_at?"),
    ("[evening]\nquestion = []", "There is no setting “evening.question”. Did you mean evening.questions?"),
    ("[evenings]\noff = []", "There is no setting “evenings”."),
    ("evening = 3", "There is no setting “evening”."),
    ("day_ends_at = 4", HERE + "day_ends_at: expected text"),
    ('day_ends_at = "24:00"', "day_ends_at: “24:00” is not a time of day; write it like 17:00"),
    ('remind_at = "5pm"', "remind_at: “5pm” is not a time of day"),
    ("workdays = [1, 2]", "workdays: expected a list of words"),
    (
        'workdays = ["mon", "someday"]',
        "workdays: “someday” is not a weekday. Did you mean sunday? Choose from: mon, tue",
    ),
    ("workdays = []", "workdays: expected at least one weekday"),
    ('review_day = "someday"', "review_day: “someday” is not a weekday"),
    ("accessible = 3", "accessible: expected true or false"),
    ("editor = 3", "editor: expected text"),
    ('editor = "a\\u0000b"', "editor: The text has a character that can't be saved: U+0000"),
    ('journal = ""', "journal: expected text"),
    ('journal = "a\\u0000b"', "journal: a path cannot contain a NUL character"),
    ('journal = "~nosuchuser/j.db"', "journal: “~nosuchuser/j.db” is in the home of a user that doesn't exist"),
    ("[evening]\noff = 3", "evening.off: expected a list of words"),
    ("[evening]\nask = 3", "evening.ask: expected a table"),
    ("[evening]\nown = 3", "evening.own: write each question as [[evening.own]] with id, kind and ask"),
    ('[[evening.own]]\nid = "a"', "evening.own: a question is missing kind and ask"),
    ('[[evening.own]]\nid = "a"\nkind = "work"\nask = "?"', "evening.own: There is no kind “work”."),
    ('[[evening.own]]\nid = "a"\nkind = "pain"\nasks = "?"', "There is no key of a question “asks”. Did you mean ask?"),
    (
        "# a\nremind_at = 17:00",
        HERE + "line 2 is not valid TOML (Expected newline or end of document after a statement): ",
    ),
    ('remind_at = "17:00\n', HERE + 'line 1 is not valid TOML (Illegal character at its end): “remind_at = "17:00”'),
    ("a = [" * 5000, HERE),
    (b'editor = "\xff"', HERE + "not valid UTF-8 at byte 11"),
]


@pytest.mark.parametrize(("written", "piece"), SETTINGS, ids=[ascii(piece) for _, piece in SETTINGS])
def test_invalid_settings_are_one_warning_and_stop_only_config(
    run: "Run", home: "Path", written: str | bytes, piece: str
) -> None:
    run("add", "helped", "first")
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(written if isinstance(written, bytes) else written.encode())
    warning, confirmation, end = run("add", "helped", "x").err.split("\n")
    assert piece in warning
    assert warning.endswith(" It is ignored. Fix it with: valuelog config edit")
    assert (confirmation[:5], end) == ("Added", "")
    assert run("list", "--plain").out.count("\n") == 2
    for command in ("config", "config get editor", "config set editor vi"):
        result = run(*command.split(), fails=1)
        assert_one_clear_message(result, piece)
        assert result.err.endswith("Fix it with: valuelog config edit\n")


def test_settings_folder_is_reported(run: "Run", home: "Path") -> None:
    run("add", "helped", "first")
    (home / "config" / "valuelog" / "config.toml").mkdir(parents=True)
    assert "config.toml: cannot be read: Is a directory. It is ignored." in run("list").err
    assert_one_clear_message(
        run("config", "set", "editor", "vi", fails=1), "config.toml: cannot be read: Is a directory"
    )


UNKNOWN = [
    'journal = ""',
    "journal = 3",
    'journal = "{home}/mine.db"\nremind_at = 17:00',
    '"journal" = x',
    b"\xff",
    "(garbage",
]


@pytest.mark.parametrize("written", UNKNOWN, ids=ascii)
def test_unreadable_journal_setting_leads_to_the_journal_used_last(
    run: "Run", home: "Path", written: str | bytes
) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_bytes(written if isinstance(written, bytes) else written.replace("{home}", str(home)).encode())
    result = run("add", "helped", "x", fails=1)
    assert (
        "doesn't say where your journal is. Nothing was changed.\nFix it with: valuelog config edit; or" in result.err
    )
    assert not (home / "data").exists()
    run("add", "helped", "x", "--journal", f"{home}/other.db")
    run("add", "helped", "x", VALUELOG_JOURNAL=f"{home}/other.db")
    assert "doesn't say where" in run("list", fails=1).err
    path.unlink()
    run("config", "set", "journal", f"{home}/mine.db")
    run("add", "helped", "first")
    path.write_bytes(written if isinstance(written, bytes) else written.replace("{home}", str(home)).encode())
    run("add", "helped", "second")
    assert run("list", "--journal", f"{home}/mine.db", "--plain").out.count("\n") == 2
    assert not (home / "data").exists()


def test_broken_settings_do_not_change_which_journal_was_used_last(run: "Run", home: "Path") -> None:
    run("config", "set", "journal", f"{home}/mine.db")
    run("add", "helped", "first")
    path = home / "config" / "valuelog" / "config.toml"
    path.write_text(f'jurnal = "{home}/mine.db"\n')
    assert f"you last used {home}/mine.db" in run("add", "helped", "elsewhere", fails=1).err
    assert not (home / "data").exists()
    path.write_text("(garbage")
    run("add", "helped", "second")
    assert run("list", "--journal", f"{home}/mine.db", "--plain").out.count("\n") == 2


VARIABLES = [
    ({"VALUELOG_TODAY": "soon"}, "VALUELOG_TODAY: “soon” is not a day; write it like 2026-11-20"),
    ({"VALUELOG_TODAY": "2026-02-30"}, "VALUELOG_TODAY: “2026-02-30” is not a day"),
    ({"VALUELOG_TODAY": "0001-01-01"}, "VALUELOG_TODAY: “0001-01-01” is not a day"),
    ({"VALUELOG_TODAY": "9999-12-31"}, "VALUELOG_TODAY: “9999-12-31” is not a day"),
    ({"VALUELOG_JOURNAL": "~nosuchuser/j.db"}, "VALUELOG_JOURNAL: journal: “~nosuchuser/j.db” is in the home"),
    ({"VALUELOG_CONFIG": "~nosuchuser/c"}, "VALUELOG_CONFIG: “~nosuchuser/c” is in the home"),
    ({"VALUELOG_ACCESSIBLE": "maybe"}, "VALUELOG_ACCESSIBLE: accessible: expected true or false"),
    ({"VALUELOG_EDITOR": " "}, "VALUELOG_EDITOR: editor: expected text"),
]


@pytest.mark.parametrize(("variables", "piece"), VARIABLES, ids=[piece for _, piece in VARIABLES])
def test_invalid_variable_is_reported(run: "Run", home: "Path", variables: dict[str, Any], piece: str) -> None:
    result = run("add", "helped", "x", **variables, fails=1)
    assert_one_clear_message(result, piece)
    assert result.err.endswith(f"Change {next(iter(variables))}.\n")
    assert not (home / "data").exists()


# Answers

GOOD = '{"kind": "helped", "text": "@sam runs the release"}'
LINES = [
    ("{", "Line 2 of the answers: not valid JSON.\nNothing was saved. A line looks like"),
    ("helped: sam", "Line 2 of the answers: not valid JSON."),
    ("[" * 100_000, "Line 2 of the answers: not valid JSON."),
    ('{"minutes": ' + "9" * 5000 + "}", "Line 2 of the answers: not valid JSON."),
    ('["helped", "x"]', "Line 2 of the answers: expected a JSON object."),
    ('"helped"', "Line 2 of the answers: expected a JSON object."),
    ("null", "Line 2 of the answers: expected a JSON object."),
    ("{}", "Line 2 of the answers: There is no kind “”."),
    ('{"kind": "help", "text": "x"}', "Line 2 of the answers: There is no kind “help”. Did you mean helped?"),
    ('{"kind": 3, "text": "x"}', "Line 2 of the answers: “kind” must be text."),
    ('{"kind": "helped"}', "Line 2 of the answers: The text is empty."),
    ('{"kind": "helped", "text": "  "}', "Line 2 of the answers: The text is empty."),
    ('{"kind": "helped", "text": ["x"]}', "Line 2 of the answers: “text” must be text."),
    ('{"kind": "helped", "text": "a\\u001b[2J"}', "Line 2 of the answers: The text has a character"),
    ('{"kind": "helped", "text": "a\\ud800"}', "can't be saved: U+D800"),
    ('{"kind": "helped", "txt": "x"}', "There is no key “txt”. Did you mean text?"),
    ('{"kind": "helped", "text": "x", "minutes": -5}', "“-5” is not a duration, or is longer than a day."),
    ('{"kind": "helped", "text": "x", "minutes": 1e9}', "“1000000000.0” is not a duration"),
    ('{"kind": "helped", "text": "x", "minutes": true}', "“True” is not a duration"),
    ('{"kind": "helped", "text": "x", "people": "sam"}', "“people” must be a list of words."),
    ('{"kind": "helped", "text": "x", "tags": [1]}', "“tags” must be a list of words."),
    ('{"kind": "helped", "text": "x", "tags": ["!"]}', "“!” can't be the name of a tag."),
    ('{"kind": "helped", "text": "x", "effects": ["nicer"]}', "There is no effect “nicer”."),
    ('{"kind": "helped", "text": "x", "beneficiaries": {"a": 1}}', "“beneficiaries” must be a list of words."),
    ('{"kind": "helped", "text": "x", "project": "!"}', "“!” can't be a project name."),
    ('{"kind": "pain", "text": "x", "minutes": 3}', "A pain point has no minutes."),
]


@pytest.mark.parametrize(("line", "piece"), LINES, ids=[f"{place} {piece}" for place, (_, piece) in enumerate(LINES)])
def test_answers_are_written_all_or_none(run: "Run", journal_path: "Path", line: str, piece: str) -> None:
    run("add", "activity", "audit mails")
    before = journal_path.read_bytes()
    text = f"{GOOD}\n{line}\n{GOOD}\n"
    assert_one_clear_message(run("today", "--answers", "-", stdin=text.encode(), fails=2), piece)
    assert journal_path.read_bytes() == before


def test_missing_or_empty_answers_are_reported(run: "Run", home: "Path") -> None:
    (home / "empty").touch()
    (home / "latin").write_bytes(b'{"kind": "helped", "text": "caf\xe9"}')
    assert_one_clear_message(run("today", "--answers", f"{home}/no", fails=1), "/no cannot be read: No such file")
    assert_one_clear_message(run("today", "--answers", f"{home}", fails=1), "cannot be read: Is a directory.")
    assert_one_clear_message(run("today", "--answers", f"{home}/empty", fails=2), "there are no answers.")
    assert_one_clear_message(run("today", "--answers", "-", fails=2), "there are no answers.")
    assert_one_clear_message(run("today", "--answers", f"{home}/latin", fails=2), "Not valid UTF-8 at byte 32.")
    assert json.loads(run("list", "--json").out) == []


# Streams

CLOSED = [
    ("today", "<&-", 2, "Can't prompt: there is no terminal, or --no-input is set."),
    ("add helped -", "<&-", 2, "The text is empty."),
    ("list", "<&-", 0, ""),
    ("list", ">&-", 0, ""),
    ("add helpd x", "2>&-", 2, ""),
    ("add helped x", "<&- >&- 2>&-", 0, ""),
]


@pytest.mark.parametrize(("words", "closed", "code", "piece"), CLOSED)
def test_closed_streams_do_not_crash(home: "Path", words: str, closed: str, code: int, piece: str) -> None:
    program = f'exec "$0" -m valuelog {words} {closed}'
    result = subprocess.run(
        ["/bin/sh", "-c", program, sys.executable],
        env={**os.environ, "HOME": str(home), "XDG_DATA_HOME": str(home)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == code
    if piece:
        assert_one_clear_message(Result(code=code, out=result.stdout, err=result.stderr), piece)
    else:
        assert result.stderr == ""
