"""Damage in a journal that SQLite doesn't notice is named, never shown or carried on."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pytest

from valuelog.journal.log import MAX_TICK, MAX_WALL

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ORIGINAL, FLIPPED = "the original sentence", "the kriginal sentence"
REMEDY = "See what is damaged, and how to get it back: valuelog doctor"


@contextmanager
def damage(path: "Path") -> Iterator[sqlite3.Connection]:
    """Yield a connection that checks no constraint."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        yield connection


def add_and_edit(run: "Run") -> str:
    name = str(json.loads(run("add", "improvement", ORIGINAL, "--json").out)["id"])
    run("edit", name, "another sentence")
    return name


@pytest.mark.parametrize("command", ["undo", "history", "history {}", "show {}"])
def test_flipped_bit_in_the_log_is_named(run: "Run", journal_path: "Path", command: str) -> None:
    name = add_and_edit(run)
    with damage(journal_path) as connection:
        connection.execute("UPDATE change SET fields = replace(fields, ?, ?)", (ORIGINAL, FLIPPED))
    result = run(*command.format(name).split(), fails=1)
    assert f"about entry {name} was altered on disk" in result.err
    assert REMEDY in result.err
    assert FLIPPED not in result.out + result.err
    assert "another sentence" in run("list").out


def test_redo_checks_what_it_writes(run: "Run", journal_path: "Path") -> None:
    run("add", "activity", ORIGINAL)
    run("undo")
    with damage(journal_path) as connection:
        connection.execute("UPDATE change SET fields = replace(fields, ?, ?)", (ORIGINAL, FLIPPED))
    assert "was altered on disk" in run("redo", fails=1).err
    assert FLIPPED not in run("list").out


def test_large_import_is_checked_before_redo(run: "Run", journal_path: "Path", tmp_path: "Path") -> None:
    csv = tmp_path / "calls.csv"
    csv.write_text("day,text\n" + "".join(f"2026-11-05,call {n}\n" for n in range(1_200)), encoding="utf-8")
    run("import", "csv", str(csv))
    run("undo")
    with damage(journal_path) as connection:
        connection.execute("""UPDATE change SET fields = replace(fields, 'call 1100', 'call 1101')""")
    assert "was altered on disk" in run("redo", fails=1).err


@pytest.mark.damages_journal
def test_show_names_a_row_that_differs_from_the_log(run: "Run", journal_path: "Path") -> None:
    name = str(json.loads(run("add", "activity", ORIGINAL, "--json").out)["id"])
    with damage(journal_path) as connection:
        connection.execute("UPDATE entry SET text = ?", (FLIPPED,))
    result = run("show", name, fails=1)
    assert f"about entry {name} was altered on disk" in result.err
    assert FLIPPED in run("list").out
    assert FLIPPED in run("export", "jsonl", "-").out


@pytest.mark.damages_journal
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("kind", "akti~ity"),
        ("day", "2026-11-3x"),
        ("created", "2026-11-20T1z:00:00.000Z"),
        ("utc_offset", 1 << 40),
        ("effects", '["cheaper'),
        ("impact", "laroe"),
    ],
)
@pytest.mark.parametrize("command", ["list", "show {}", "search sentence"])
def test_row_that_cannot_be_decoded_is_one_line_with_its_id(
    run: "Run", journal_path: "Path", column: str, value: str | int, command: str
) -> None:
    name = str(json.loads(run("add", "improvement", ORIGINAL, "--json").out)["id"])
    with damage(journal_path) as connection:
        connection.execute(f"UPDATE entry SET {column} = ?", (value,))
    result = run(*command.format(name).split(), fails=1)
    assert name in result.err
    assert REMEDY in result.err
    assert "bug" not in result.err


@pytest.mark.parametrize("column", ["text", "evidence", "day"])
def test_text_that_is_not_utf8_is_one_line_with_its_id(run: "Run", journal_path: "Path", column: str) -> None:
    name = str(json.loads(run("add", "improvement", ORIGINAL, "--json").out)["id"])
    with damage(journal_path) as connection:
        connection.execute(f"UPDATE entry SET {column} = CAST(x'ff41' AS TEXT)")
    result = run("list", fails=1)
    assert f"the text of {name} can't be read" in result.err
    assert REMEDY in result.err


@pytest.mark.damages_journal
@pytest.mark.parametrize(
    ("command", "column"),
    [
        *((command, "kind") for command in ("review --week", "trend", "calendar", "--plain", "today --activity more")),
        *((command, "day") for command in ("review --week", "calendar", "--plain", "today --activity more")),
    ],
)
def test_summaries_name_damage(run: "Run", journal_path: "Path", command: str, column: str) -> None:
    run("add", "improvement", ORIGINAL)
    with damage(journal_path) as connection:
        connection.execute(f"UPDATE entry SET {column} = substr({column}, 1, 8) || '~'")
    result = run(*command.split(), fails=1)
    assert "bug" not in result.err
    assert REMEDY in result.err


@pytest.mark.parametrize(
    ("column", "value"), [("wall", 1 << 53), ("wall", MAX_WALL), ("tick", MAX_TICK), ("tick", (1 << 63) - 1)]
)
def test_impossible_time_in_the_log_stops_neither_writing_nor_listing(
    run: "Run", journal_path: "Path", column: str, value: int
) -> None:
    run("add", "activity", ORIGINAL)
    with damage(journal_path) as connection:
        connection.execute(f"UPDATE change SET {column} = ?", (value,))
    run("add", "activity", "later")
    assert "later" in run("list").out
    with damage(journal_path) as connection:
        walls = [row[0] for row in connection.execute("SELECT wall FROM change ORDER BY seq DESC LIMIT 1")]
    assert walls[0] <= MAX_WALL


def test_history_shows_the_time_of_the_own_clock(run: "Run", journal_path: "Path") -> None:
    run("add", "activity", ORIGINAL)
    with damage(journal_path) as connection:
        ((wall, own_wall),) = connection.execute("SELECT wall, own_wall FROM change").fetchall()
        assert wall == own_wall
        connection.execute("UPDATE change SET wall = wall + 86400000 * 400")
    run("add", "activity", "later")
    with damage(journal_path) as connection:
        later, own_later = connection.execute("SELECT wall, own_wall FROM change ORDER BY seq DESC LIMIT 1").fetchone()
    assert later > wall + 86_400_000 * 399
    assert own_later - own_wall < 60_000
