"""The log of changes: what it notices, what it keeps, and what it can forget."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from makers import FRIDAY, a_journal, a_pain, an_entry

from valuelog.journal import days, entries, history, pains, undoing
from valuelog.journal.audit import broken_links, damage, differences
from valuelog.journal.errors import NothingToUndo, NotWiped
from valuelog.journal.ids import new_id
from valuelog.journal.state import TABLES
from valuelog.journal.store import Journal, open_journal
from valuelog.model.entry import Kind

COLUMNS = (
    "seq", "id", "device", "counter", "wall", "tick", "entity", "entity_id", "fields", "batch", "act", "undoes", "hash",
)  # fmt: skip


def hand(path: Path) -> sqlite3.Connection:
    """Return a connection that keeps no rules: somebody's hand, or chance."""
    connection = sqlite3.connect(path, isolation_level=None)
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
    assert damage(full.connection) == []
    assert damage(a_journal(full.path.parent, write=False).connection) == []


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
            assert any(str(named) in said for said in broken_links(connection)), (column, value, wrong)
            assert damage(connection)
            connection.execute("ROLLBACK")


def test_a_change_that_is_gone_leaves_a_gap(full: Journal) -> None:
    full.close()
    with closing(hand(full.path)) as connection:
        for (seq,) in connection.execute("SELECT seq FROM change ORDER BY seq").fetchall():
            connection.execute("BEGIN")
            connection.execute("DELETE FROM change WHERE seq = ?", (seq,))
            assert damage(connection)
            connection.execute("ROLLBACK")


def test_changes_that_swapped_places_are_noticed(full: Journal) -> None:
    full.close()
    with closing(hand(full.path)) as connection:
        connection.execute("UPDATE change SET seq = -seq WHERE seq IN (2, 3)")
        connection.execute("UPDATE change SET seq = 5 + seq WHERE seq < 0")
        assert list(broken_links(connection))


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
            said = f"{table} {name} is not what its changes add up to"
            assert said in list(differences(connection))
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
    ],
)
def test_what_was_done_behind_the_logs_back_is_noticed(full: Journal, wrong: str) -> None:
    full.close()
    with closing(hand(full.path)) as connection:
        connection.execute(wrong)
        assert damage(connection)


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
            return bool(damage(connection)) or visible(connection) == before
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
            assert damage(connection)


# Time and devices


def test_a_clock_that_was_set_back_never_makes_the_log_run_backwards(tmp_path: Path) -> None:
    start = datetime(2026, 11, 20, 12, tzinfo=UTC)
    moments = [start, start, start - timedelta(days=400), start + timedelta(milliseconds=1), start - timedelta(hours=1)]
    left = iter(moments)
    journal = open_journal(tmp_path / "journal.db", "a-laptop", lambda: next(left), write=True)
    for _ in moments:
        entries.add(journal, [an_entry()])
    order = journal.rows("SELECT wall, tick FROM change ORDER BY seq")
    assert order == sorted(set(order))
    first = int(start.timestamp() * 1000)
    assert order == [(first, 0), (first, 1), (first, 2), (first + 1, 0), (first + 1, 1)]
    assert damage(journal.connection) == []


def test_two_devices_have_a_chain_each(tmp_path: Path) -> None:
    laptop, desktop = a_journal(tmp_path), a_journal(tmp_path, device="a-desktop")
    for journal in (laptop, desktop, desktop, laptop):
        entries.add(journal, [an_entry()])
    rows = laptop.rows("SELECT d.name, c.counter FROM change c JOIN device d ON d.id = c.device ORDER BY c.seq")
    assert rows == [("a-laptop", 1), ("a-desktop", 1), ("a-desktop", 2), ("a-laptop", 2)]
    assert damage(laptop.connection) == []
    laptop.connection.execute("PRAGMA foreign_keys = OFF")
    laptop.connection.execute("UPDATE change SET wall = wall + 1 WHERE seq = 1")
    assert len(list(broken_links(laptop.connection))) == 1


# Batches


def test_what_belongs_together_is_one_batch_and_the_newest_comes_last(journal: Journal) -> None:
    entries.add(journal, [an_entry(text="one"), an_entry(text="two")], act="import")
    evening = new_id()
    entries.add(journal, [an_entry(text="three")], act="today", batch=evening)
    entries.add(journal, [an_entry(text="four")])
    entries.add(journal, [an_entry(text="five")], act="today", batch=evening)
    undoing.undo(journal)
    told = [(batch.act, len(batch.changes), batch.undone) for batch in history.batches(journal, latest=9)]
    assert told == [("import", 2, False), ("add", 1, False), ("today", 2, True), ("undo", 2, False)]
    assert [batch.act for batch in history.batches(journal, latest=2)] == ["today", "undo"]


def test_the_history_of_one_thing_tells_what_was_taken_back(journal: Journal) -> None:
    entry = an_entry()
    entries.add(journal, [entry])
    entries.delete(journal, [entry.id])
    undoing.undo(journal)
    assert [(batch.act, batch.undone) for batch in history.of(journal, entry.id)] == [
        ("add", False),
        ("delete", True),
        ("undo", False),
    ]


def test_nothing_to_write_writes_nothing(journal: Journal) -> None:
    journal.write("add", [])
    assert history.batches(journal, latest=9) == ()
    with pytest.raises(NothingToUndo):
        undoing.undo(journal)


# Purging

SECRET = "quokka"  # noqa: S105  no password


def secrets(folder: Path) -> int:
    """Return how often the secret word stands in the files of a journal, whatever its case."""
    return sum(len(re.findall(SECRET.encode(), path.read_bytes(), re.IGNORECASE)) for path in folder.iterdir())


def the_secret_entry(journal: Journal) -> str:
    """Write an entry whose every word is secret, changed and taken back and brought back."""
    first = an_entry(text=f"{SECRET} one", tags=(SECRET,), people=(f"{SECRET}-man",), evidence=f"a {SECRET}")
    second = an_entry(id=first.id, text=f"{SECRET} two", created=first.created, kind=Kind.OUTCOME)
    entries.add(journal, [first])
    entries.amend(journal, first, second)
    undoing.undo(journal)
    undoing.undo(journal)
    undoing.redo(journal)
    undoing.redo(journal)
    return first.id


def the_secret_pain(journal: Journal) -> str:
    """Note a pain point whose words are secret, seen often; one sighting was taken back."""
    pain = a_pain(*(FRIDAY - timedelta(days=number) for number in range(40)), text=f"the {SECRET} again", hit=SECRET)
    journal.write("add", pains.births([pain]))
    for number in range(30):
        again = a_pain(text=f"seen {SECRET} {number}").sightings[0]
        said = {"pain": pain.id, "day": "2026-11-20", "text": f"seen {SECRET} {number} " * 5, **journal.moment()}
        sighting = pains.sighted(pain.id, again)
        journal.write("seen", [type(sighting)(entity="sighting", id=new_id(), fields=said)])
    undoing.undo(journal)
    return pain.id


def fillers(number: int) -> Iterator[Any]:
    chance = Random(number)  # noqa: S311  made-up words
    for _ in range(30):
        yield an_entry(text=" ".join(chance.choices(["deploy", "audit", "mails", "report", "waits", "tariff"], k=9)))


@pytest.mark.parametrize(("entity", "write"), [("entry", the_secret_entry), ("pain", the_secret_pain)])
def test_no_word_of_what_was_purged_is_left_in_the_file(
    journal: Journal, entity: str, write: "Callable[[Journal], str]"
) -> None:
    for number in range(5):
        entries.add(journal, fillers(number))
    name = write(journal)
    for number in range(5):
        entries.add(journal, fillers(10 + number))
        journal.write("add", pains.births([a_pain(text=f"another pain {number}")]))
    assert secrets(journal.path.parent) > 5
    kept = visible_elsewhere(journal, name)
    history.purge(journal, entity, name)
    assert secrets(journal.path.parent) == 0
    assert visible_elsewhere(journal, name) == kept
    assert damage(journal.connection) == []
    assert entries.search(journal, entries.Selection(words="deploy"), most=3)


def test_pages_that_were_rearranged_hide_no_words_either(journal: Journal) -> None:
    journal.connection.execute("PRAGMA synchronous = OFF")  # changes nothing in the file
    chance = Random(0)  # noqa: S311  made-up words
    born = [an_entry(text=f"{SECRET}{number:04} short") for number in range(300)]
    entries.add(journal, born)
    for entry in chance.sample(born, 300):
        entries.amend(journal, entry, replace(entry, text=entry.text + " longer" * chance.randint(1, 80)))
    for entry in chance.sample(born, 60):
        history.purge(journal, "entry", entry.id)
        assert entry.text.split()[0].encode() not in journal.path.read_bytes()


def visible_elsewhere(journal: Journal, name: str) -> list[Any]:
    """Return all that is visible besides one thing."""
    return [
        journal.rows("SELECT id, day, text FROM entry WHERE id <> ? ORDER BY place", (name,)),
        journal.rows("SELECT id, text FROM pain WHERE id <> ? ORDER BY id", (name,)),
        journal.rows("SELECT id, text FROM sighting WHERE pain <> ? ORDER BY id", (name,)),
    ]


def test_where_the_file_cannot_be_written_anew_it_says_that_traces_may_be_left(journal: Journal) -> None:
    born = [an_entry(text=f"{SECRET} {number}") for number in range(20)]
    entries.add(journal, born)
    reading = journal.connection.execute("SELECT id FROM entry")
    reading.fetchone()
    with pytest.raises(NotWiped, match="traces"):
        history.purge(journal, "entry", born[7].id)
    reading.close()
    assert len(entries.select(journal, entries.Selection())) == 19
    assert damage(journal.connection) == []


def test_the_chain_still_holds_after_a_purge_and_still_notices(journal: Journal) -> None:
    name = the_secret_entry(journal)
    entries.add(journal, [an_entry()])
    history.purge(journal, "entry", name)
    assert damage(journal.connection) == []
    rows = journal.rows("SELECT seq FROM change WHERE fields IS NULL")
    for (seq,) in rows:
        journal.connection.execute("BEGIN")
        journal.connection.execute("UPDATE change SET erased = zeroblob(32) WHERE seq = ?", (seq,))
        assert list(broken_links(journal.connection))
        journal.connection.execute("ROLLBACK")
    assert rows


def test_what_was_purged_cannot_be_brought_back(journal: Journal) -> None:
    other = an_entry(text="stays")
    entries.add(journal, [other])
    history.purge(journal, "entry", the_secret_entry(journal))
    undoing.undo(journal)
    assert journal.rows("SELECT * FROM entry") == []
    with pytest.raises(NothingToUndo):
        undoing.undo(journal)
    undoing.redo(journal)
    assert [entry.text for entry in entries.select(journal, entries.Selection())] == ["stays"]
    assert damage(journal.connection) == []


def test_of_a_batch_that_was_purged_in_part_the_rest_can_be_taken_back(journal: Journal) -> None:
    gone, stays = an_entry(text=SECRET), an_entry(text="stays")
    entries.add(journal, [gone, stays], act="import")
    history.purge(journal, "entry", gone.id)
    undoing.undo(journal)
    assert journal.rows("SELECT * FROM entry") == []
    undoing.redo(journal)
    assert [entry.text for entry in entries.select(journal, entries.Selection())] == ["stays"]
    assert secrets(journal.path.parent) == 0


def test_a_promise_outlives_the_pain_point_it_came_from(full: Journal) -> None:
    (pain,) = full.rows("SELECT pain FROM promise")[0]
    history.purge(full, "pain", pain)
    assert full.rows("SELECT text, pain FROM promise") == [("the Monday report", None)]
    assert damage(full.connection) == []


def test_a_question_asked_is_kept_once(journal: Journal) -> None:
    for day in (FRIDAY, FRIDAY, FRIDAY - timedelta(days=1)):
        journal.write("today", [days.ask(journal, day, "activity")])
    assert days.asked(journal, FRIDAY) == {"activity"}
    assert json.loads(journal.rows("SELECT fields FROM change LIMIT 1")[0][0]).keys() == {"created", "utc_offset"}
