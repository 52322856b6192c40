"""The log of changes: what it notices, what it keeps, and what it can forget."""

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
from valuelog.journal.ids import new_id
from valuelog.journal.projection import TABLES
from valuelog.journal.store import Journal, open_journal
from valuelog.journal.verify import check_hash_chain, check_projection, find_damage

COLUMNS = (
    "seq", "id", "device", "counter", "wall", "tick", "entity", "entity_id", "fields", "batch", "act", "undoes", "hash",
)  # fmt: skip


def hand(path: Path) -> sqlite3.Connection:
    """Return a connection that keeps no rules: somebody's hand, or chance."""
    connection = close_after_test(sqlite3.connect(path, isolation_level=None))
    connection.execute("PRAGMA ignore_check_constraints = ON")
    return connection


def flipped(value: Any, bit: int) -> Any:  # noqa: ANN401  whatever a column holds
    """Return a value with one bit flipped; a text stays one."""
    if value is None:
        return "0"
    if isinstance(value, int):
        return value ^ (1 << (bit + 7))
    raw = bytearray(value if isinstance(value, bytes) else value.encode())
    raw[len(raw) // 2] ^= 1 << bit
    return bytes(raw) if isinstance(value, bytes) else raw.decode()


# What it notices


def test_a_sound_journal_has_nothing_to_tell(full: Journal) -> None:
    assert find_damage(connection_of(full)) == []
    assert find_damage(connection_of(open_test_journal(full.path.parent, write=False))) == []


@pytest.mark.parametrize("bit", [0, 3])
@pytest.mark.parametrize("column", COLUMNS)
def test_a_flipped_bit_in_any_column_of_any_change_is_named(full: Journal, column: str, bit: int) -> None:
    full.close()
    with closing(hand(full.path)) as connection:
        for seq, name in connection.execute("SELECT seq, id FROM change").fetchall():
            connection.execute("BEGIN")
            (value,) = connection.execute(f"SELECT {column} FROM change WHERE seq = ?", (seq,)).fetchone()
            wrong = flipped(value, bit)
            connection.execute(f"UPDATE change SET {column} = ? WHERE seq = ?", (wrong, seq))
            named = wrong if column == "id" else name
            assert any(str(named) in said for said in check_hash_chain(connection)), (column, value, wrong)
            assert find_damage(connection)
            connection.execute("ROLLBACK")


def test_a_change_that_is_gone_leaves_a_gap(full: Journal) -> None:
    full.close()
    with closing(hand(full.path)) as connection:
        for (seq,) in connection.execute("SELECT seq FROM change ORDER BY seq").fetchall():
            connection.execute("BEGIN")
            connection.execute("DELETE FROM change WHERE seq = ?", (seq,))
            assert find_damage(connection)
            connection.execute("ROLLBACK")


def test_changes_that_swapped_places_are_noticed(full: Journal) -> None:
    full.close()
    with closing(hand(full.path)) as connection:
        connection.execute("UPDATE change SET seq = -seq WHERE seq IN (2, 3)")
        connection.execute("UPDATE change SET seq = 5 + seq WHERE seq < 0")
        assert list(check_hash_chain(connection))


@pytest.mark.parametrize(
    ("table", "column"),
    [(table, column) for table in TABLES for column in [TABLES[table].key, *TABLES[table].defaults]],
)
def test_a_changed_row_is_named(full: Journal, table: str, column: str) -> None:
    full.close()
    with closing(hand(full.path)) as connection:
        for (name,) in connection.execute(f"SELECT {TABLES[table].key} FROM {table}").fetchall():
            connection.execute("BEGIN")
            before = f"SELECT {column} FROM {table} WHERE {TABLES[table].key} = ?"
            wrong = flipped(connection.execute(before, (name,)).fetchone()[0], 0)
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE {TABLES[table].key} = ?", (wrong, name))
            said = f"{table} {name} does not match its changes"
            assert said in list(check_projection(connection))
            connection.execute("ROLLBACK")


@pytest.mark.parametrize(
    "wrong",
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
        "INSERT INTO entry_fts (entry_fts, rowid, text, evidence) SELECT 'delete', place, text, evidence FROM entry",
        "INSERT INTO pain_fts (rowid, text) VALUES (1000, 'words of nothing')",
    ],
)
def test_what_was_done_behind_the_logs_back_is_noticed(full: Journal, wrong: str) -> None:
    full.close()
    with closing(hand(full.path)) as connection:
        connection.execute(wrong)
        assert find_damage(connection)


def visible(connection: sqlite3.Connection) -> list[Any]:
    """Return all that the journal knows, apart from the full text."""
    names = [*TABLES, "entry_person", "entry_tag", "change", "device", "batch"]
    return [connection.execute(f"SELECT * FROM {name} ORDER BY 1, 2").fetchall() for name in names]


def test_whatever_bit_of_the_file_flips_words_never_change_unnoticed(full: Journal) -> None:
    full.close()
    content = full.path.read_bytes()
    chance = Random(20)  # noqa: S311  which bit is no secret
    with closing(sqlite3.connect(full.path)) as connection:
        before = visible(connection)
    for _ in range(400):
        raw = bytearray(content)
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        full.path.write_bytes(raw)
        assert noticed(full.path, before), "a bit flipped and nobody saw it"


def noticed(path: Path, before: list[Any]) -> bool:
    """Tell whether a flipped bit does no harm or is told."""
    try:
        with closing(sqlite3.connect(path)) as connection:
            return bool(find_damage(connection)) or visible(connection) == before
    except sqlite3.DatabaseError:
        return True


def test_text_that_a_flipped_bit_made_unreadable_is_named(full: Journal) -> None:
    full.close()
    content = full.path.read_bytes()
    for place in [found.start() for found in re.finditer(b"audit mails 2", content)]:
        raw = bytearray(content)
        raw[place + 3] ^= 0x80
        full.path.write_bytes(raw)
        with closing(sqlite3.connect(full.path)) as connection:
            assert find_damage(connection)


# Time and devices


def test_a_clock_that_was_set_back_never_makes_the_log_run_backwards(tmp_path: Path) -> None:
    start = datetime(2026, 11, 20, 12, tzinfo=UTC)
    moments = [start, start, start - timedelta(days=400), start + timedelta(milliseconds=1), start - timedelta(hours=1)]
    left = iter(moments)
    journal = close_after_test(open_journal(tmp_path / "journal.db", "a-laptop", lambda: next(left), write=True))
    for _ in moments:
        entries.add(journal, [make_entry()])
    order = journal.rows("SELECT wall, tick FROM change ORDER BY seq")
    assert order == sorted(set(order))
    first = int(start.timestamp() * 1000)
    assert order == [(first, 0), (first, 1), (first, 2), (first + 1, 0), (first + 1, 1)]
    assert find_damage(connection_of(journal)) == []


def test_two_devices_have_a_chain_each(tmp_path: Path) -> None:
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


def test_what_belongs_together_is_one_batch_and_the_newest_comes_last(journal: Journal) -> None:
    entries.add(journal, [make_entry(text="one"), make_entry(text="two")], act="import")
    evening = new_id()
    entries.add(journal, [make_entry(text="three")], act="today", batch=evening)
    entries.add(journal, [make_entry(text="four")])
    entries.add(journal, [make_entry(text="five")], act="today", batch=evening)
    journal.undo()
    told = [(batch.act, len(batch.changes), batch.undone) for batch in history.list_batches(journal, limit=9)]
    assert told == [("import", 2, False), ("add", 1, False), ("today", 2, True), ("undo", 2, False)]
    assert [batch.act for batch in history.list_batches(journal, limit=2)] == ["today", "undo"]


def test_the_history_of_one_thing_tells_what_was_taken_back(journal: Journal) -> None:
    entry = make_entry()
    entries.add(journal, [entry])
    entries.delete_entities(journal, [("entry", entry.id)])
    journal.undo()
    assert [(batch.act, batch.undone) for batch in history.list_entity_batches(journal, entry.id)] == [
        ("add", False),
        ("delete", True),
        ("undo", False),
    ]


def test_nothing_to_write_writes_nothing(journal: Journal) -> None:
    journal.write("add", [])
    assert history.list_batches(journal, limit=9) == ()
    with pytest.raises(NothingToUndo):
        journal.undo()


def test_a_question_asked_is_kept_once(journal: Journal) -> None:
    for day in (FRIDAY, FRIDAY, FRIDAY - timedelta(days=1)):
        journal.write("today", [days.asked_change(journal, day, "activity")])
    assert days.list_asked_questions(journal, FRIDAY) == {"activity"}
    assert json.loads(journal.rows("SELECT fields FROM change LIMIT 1")[0][0]).keys() == {"created", "utc_offset"}
