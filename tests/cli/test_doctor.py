"""The command doctor."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run


def alter(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(sql)


def test_sound_journal_is_one_line(run: "Run") -> None:
    run("add", "halved the refund queue")
    run("backup")
    done = run("doctor")
    (line,) = done.out.splitlines()
    assert line.startswith("Sound: 1 entry, 1 change, 1 backup, the newest from ")


def test_nothing_to_check_is_sound(run: "Run", journal_path: Path) -> None:
    assert "Nothing to check yet." in run("doctor").out
    assert not journal_path.exists()


def test_damage_exits_1_and_a_repair_3(run: "Run", journal_path: Path) -> None:
    run("add", "halved the refund queue")
    alter(journal_path, "UPDATE entry SET text = 'something else'")
    done = run("doctor", "--json", fails=1)
    (finding,) = (each for each in json.loads(done.out)["findings"] if each["severity"] == "damage")
    assert finding["id"] == "row-differs"
    assert finding["remedy"] == "valuelog doctor --fix"
    run("doctor", "--fix", fails=3)
    assert "halved the refund queue" in run("list").out
    run("doctor")


@pytest.mark.parametrize(
    ("content", "kind"),
    [(b"", "not-a-journal"), (b"words", "not-a-journal"), (b"SQLite format 3\0 cut off", "truncated")],
)
def test_file_that_is_no_journal_names_restore(run: "Run", journal_path: Path, content: bytes, kind: str) -> None:
    journal_path.parent.mkdir(parents=True, exist_ok=True)
    journal_path.write_bytes(content)
    journal_path.chmod(0o600)
    for flags in ((), ("--fix",)):
        done = run("doctor", "--json", *flags, fails=1)
        (finding,) = (each for each in json.loads(done.out)["findings"] if each["severity"] == "damage")
        assert (finding["id"], finding["remedy"]) == (kind, "valuelog restore")
    assert journal_path.read_bytes() == content


def test_missing_journal_with_a_backup_names_restore(run: "Run", journal_path: Path) -> None:
    run("add", "halved the refund queue")
    run("backup")
    journal_path.unlink()
    assert "valuelog restore" in run("doctor", fails=1).out


@pytest.mark.damages_journal
def test_hostile_text_of_a_damaged_row_is_escaped(run: "Run", journal_path: Path) -> None:
    run("add", "halved the refund queue")
    with closing(sqlite3.connect(journal_path)) as connection, connection:
        connection.execute(
            "INSERT INTO promise (id, kind, text, made_on, due, created, utc_offset) VALUES (?, 'stop', ?,"
            " '2026-11-20', '2026-11-27', '2026-11-20T12:00:00.000Z', 0)",
            ("\x1b[31mzz", "\x1b]0;owned\x07"),
        )
    for flags in ((), ("--plain",)):
        assert "\x1b" not in run("doctor", *flags, fails=1).out


def test_settings_without_any_setting_are_sound(run: "Run") -> None:
    run("add", "helped", "x")
    run("config", "set", "name", "Anna")
    run("config", "unset", "name")
    assert "config.toml" not in run("doctor").out
