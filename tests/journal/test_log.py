"""The log: damage that verification finds, the order of changes, devices and batches."""

import json
import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest

from support.journal_files import connection_of
from support.makers import FRIDAY, close_after_test, make_entry, open_test_journal
from valuelog.journal import days, entries, history
from valuelog.journal.errors import NothingToUndo
from valuelog.journal.hash_chain import check_hash_chain
from valuelog.journal.ids import new_id
from valuelog.journal.projection import TABLES
from valuelog.journal.store import Journal, open_journal
from valuelog.journal.verify import find_damage

COLUMNS = (
    "seq", "id", "device", "counter", "wall", "tick", "entity", "entity_id", "fields", "batch", "act", "undoes", "hash",
    "salt", "own_wall",
)  # fmt: skip


def open_unchecked(path: Path) -> sqlite3.Connection:
    """Return a connection without constraints, to damage a journal."""
    connection = close_after_test(sqlite3.connect(path, isolation_level=None))
    connection.execute("PRAGMA ignore_check_constraints = ON")
    return connection


def flip_bit(value: Any, bit: int) -> Any:  # noqa: ANN401  any column value
    """Return a value with one bit flipped; a text stays valid."""
    if value is None:
        return "0"
    if isinstance(value, int):
        return value ^ (1 << (bit + 7))
    raw = bytearray(value if isinstance(value, bytes) else value.encode())
    raw[len(raw) // 2] ^= 1 << bit
    return bytes(raw) if isinstance(value, bytes) else raw.decode()


# Damage


def test_undamaged_journal_has_no_damage(full: Journal) -> None:
    assert find_damage(connection_of(full)) == []
    assert find_damage(connection_of(open_test_journal(full.path.parent, write=False))) == []


@pytest.mark.parametrize("bit", [0, 3])
@pytest.mark.parametrize("column", COLUMNS)
def test_flipped_bit_in_any_change_is_reported(full: Journal, column: str, bit: int) -> None:
    full.close()
    with closing(open_unchecked(full.path)) as connection:
        for seq, name in connection.execute("SELECT seq, id FROM change").fetchall():
            connection.execute("BEGIN")
            (value,) = connection.execute(f"SELECT {column} FROM change WHERE seq = ?", (seq,)).fetchone()
            damaged = flip_bit(value, bit)
            connection.execute(f"UPDATE change SET {column} = ? WHERE seq = ?", (damaged, seq))
            change_id = damaged if column == "id" else name
            assert any(damage.change == str(change_id) for damage in check_hash_chain(connection)), (
                column,
                value,
                damaged,
            )
            assert find_damage(connection)
            connection.execute("ROLLBACK")


@pytest.mark.damages_journal
@pytest.mark.parametrize("value", ["[]", "{}", '["x"]', '"\\ud800"', "5", "true"])
@pytest.mark.parametrize(("entity", "field"), [("entry", "project"), ("promise", "pain"), ("sighting", "pain")])
def test_impossible_reference_is_reported(full: Journal, entity: str, field: str, value: str) -> None:
    full.close()
    with closing(open_unchecked(full.path)) as connection:
        sql = "UPDATE change SET fields = json_set(fields, '$.' || ?, json(?)) WHERE entity = ? AND undoes IS NULL"
        connection.execute(sql, (field, value, entity))
        assert any(f"{entity} " in problem for problem in find_damage(connection))


def test_missing_change_is_reported(full: Journal) -> None:
    full.close()
    with closing(open_unchecked(full.path)) as connection:
        for (seq,) in connection.execute("SELECT seq FROM change ORDER BY seq").fetchall():
            connection.execute("BEGIN")
            connection.execute("DELETE FROM change WHERE seq = ?", (seq,))
            assert find_damage(connection)
            connection.execute("ROLLBACK")


def test_swapped_changes_are_reported(full: Journal) -> None:
    full.close()
    with closing(open_unchecked(full.path)) as connection:
        connection.execute("UPDATE change SET seq = -seq WHERE seq IN (2, 3)")
        connection.execute("UPDATE change SET seq = 5 + seq WHERE seq < 0")
        assert list(check_hash_chain(connection))


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table in TABLES for column in [TABLES[table].key, *TABLES[table].defaults]],
)
def test_row_that_differs_from_the_log_is_reported(full: Journal, table: str, column: str) -> None:
    full.close()
    with closing(open_unchecked(full.path)) as connection:
        for (name,) in connection.execute(f"SELECT {TABLES[table].key} FROM {table}").fetchall():
            connection.execute("BEGIN")
            before = f"SELECT {column} FROM {table} WHERE {TABLES[table].key} = ?"
            damaged = flip_bit(connection.execute(before, (name,)).fetchone()[0], 0)
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {TABLES[table].key} = ?", (damaged, name))
            problem = f"{table} {name} does not match its changes"
            assert problem in find_damage(connection)
            connection.execute("ROLLBACK")


@pytest.mark.damages_journal
@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM entry",
        "DELETE FROM entry_tag WHERE name = 'q4'",
        "DELETE FROM device",
        "DELETE FROM batch",
        "UPDATE entry_person SET name = 'max' WHERE name = 'maya'",
        "UPDATE entry_person SET entry = 'nobody'",
        "UPDATE entry SET place = place + 1000",
        "UPDATE device SET name = 'mallory' WHERE id = 1",
        "UPDATE batch SET undone = 1 - undone",
        "UPDATE batch SET undone = 1 - undone WHERE act = 'undo'",
        "UPDATE batch SET undone = 0",
        "UPDATE batch SET act = 'add'",
        "UPDATE batch SET last = last + 1000",
        "UPDATE entry SET effects = '[\"faster'",
        "UPDATE change SET fields = '{\"text' WHERE seq = 2",
        "INSERT INTO day_off (day, created, utc_offset) VALUES ('2026-01-01', '2026-01-01T00:00:00.000Z', 0)",
        "INSERT INTO entry_tag (entry, name) SELECT id, 'sneaked-in' FROM entry",
        "INSERT INTO search_fts (search_fts, rowid, text, details) SELECT 'delete', * FROM searchable",
        "INSERT INTO search_fts (rowid, text) VALUES (1000, 'words of nothing')",
        "UPDATE sighting SET place = NULL",
    ],
)
def test_change_that_bypasses_the_log_is_reported(full: Journal, statement: str) -> None:
    full.close()
    with closing(open_unchecked(full.path)) as connection:
        connection.execute(statement)
        assert find_damage(connection)


def read_all_rows(connection: sqlite3.Connection) -> list[Any]:
    """Return the rows of every table except the full-text index."""
    names = [*TABLES, "entry_person", "entry_tag", "change", "device", "batch"]
    return [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names]


def test_flipped_bit_in_the_file_never_changes_data_unnoticed(full: Journal) -> None:
    full.close()
    content = full.path.read_bytes()
    rng = Random(20)  # noqa: S311  not for secrets
    with closing(sqlite3.connect(full.path)) as connection:
        before = read_all_rows(connection)
    for _ in range(400):
        raw = bytearray(content)
        raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
        full.path.write_bytes(raw)
        assert is_detected_or_harmless(full.path, before)


def is_detected_or_harmless(path: Path, before: list[Any]) -> bool:
    """Return True if damage is detected or changed no data."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return bool(find_damage(connection)) or read_all_rows(connection) == before
    except sqlite3.DatabaseError:
        return True


def test_text_that_is_invalid_utf8_is_reported(full: Journal) -> None:
    full.close()
    content = full.path.read_bytes()
    for match in re.finditer(b"audit mails 2", content):
        raw = bytearray(content)
        raw[match.start() + 3] ^= 0x80
        full.path.write_bytes(raw)
        with closing(sqlite3.connect(full.path)) as connection:
            assert find_damage(connection)


# Time and devices


def test_log_order_survives_a_clock_that_runs_backwards(tmp_path: Path) -> None:
    start = datetime(2026, 11, 20, 12, tzinfo=UTC)
    clock_times = [
        start,
        start,
        start - timedelta(days=400),
        start + timedelta(milliseconds=1),
        start - timedelta(hours=1),
    ]
    remaining = iter(clock_times)
    journal = close_after_test(open_journal(tmp_path / "journal.db", "a-laptop", lambda: next(remaining), write=True))
    for _ in clock_times:
        entries.add(journal, [make_entry()])
    order = journal.rows("SELECT wall, tick FROM change ORDER BY seq")
    assert order == sorted(set(order))
    first = int(start.timestamp() * 1000)
    assert order == [(first, 0), (first, 1), (first, 2), (first + 1, 0), (first + 1, 1)]
    assert find_damage(connection_of(journal)) == []


def test_each_device_has_its_own_hash_chain(tmp_path: Path) -> None:
    laptop, desktop = open_test_journal(tmp_path), open_test_journal(tmp_path, device="a-desktop")
    for journal in (laptop, desktop, desktop, laptop):
        entries.add(journal, [make_entry()])
    rows = laptop.rows("SELECT d.name, c.counter FROM change c JOIN device d ON d.id = c.device ORDER BY c.seq")
    assert rows == [("a-laptop", 1), ("a-desktop", 1), ("a-desktop", 2), ("a-laptop", 2)]
    assert find_damage(connection_of(laptop)) == []
    connection_of(laptop).execute("PRAGMA foreign_keys = OFF")
    connection_of(laptop).execute("UPDATE change SET wall = wall + 1 WHERE seq = 1")
    assert len(list(check_hash_chain(connection_of(laptop)))) == 1


# Batches


def test_batches_are_listed_newest_last(journal: Journal) -> None:
    entries.add(journal, [make_entry(text="one"), make_entry(text="two")], act="import")
    evening = new_id()
    entries.add(journal, [make_entry(text="three")], act="today", batch=evening)
    entries.add(journal, [make_entry(text="four")])
    entries.add(journal, [make_entry(text="five")], act="today", batch=evening)
    journal.undo()
    batches = [(batch.act, len(batch.changes), batch.undone) for batch in history.list_batches(journal, limit=9)]
    assert batches == [("import", 2, False), ("add", 1, False), ("today", 2, True), ("undo", 2, False)]
    assert [batch.act for batch in history.list_batches(journal, limit=2)] == ["today", "undo"]


def test_entity_history_shows_undone_changes(journal: Journal) -> None:
    entry = make_entry()
    entries.add(journal, [entry])
    entries.delete_entities(journal, [("entry", entry.id)])
    journal.undo()
    assert [(batch.act, batch.undone) for batch in history.list_entity_batches(journal, entry.id)] == [
        ("add", False),
        ("delete", True),
        ("undo", False),
    ]


def test_empty_write_creates_no_batch(journal: Journal) -> None:
    journal.write("add", [])
    assert history.list_batches(journal, limit=9) == ()
    with pytest.raises(NothingToUndo):
        journal.undo()


def test_asked_question_is_stored_once(journal: Journal) -> None:
    for day in (FRIDAY, FRIDAY, FRIDAY - timedelta(days=1)):
        journal.write("today", [days.asked_change(journal, day, "activity")])
    assert days.list_asked_questions(journal, FRIDAY) == {"activity"}
    assert json.loads(journal.rows("SELECT fields FROM change LIMIT 1")[0][0]).keys() == {"created", "utc_offset"}
