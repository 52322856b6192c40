"""Snapshots contain the current state only, and do not affect the journal."""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from support.journal_files import connection_of, read_all_files, write_test_journal
from support.makers import FRIDAY, close_after_test, make_entry, make_pain, make_promise, open_test_journal
from valuelog.journal import entries, pains, promises
from valuelog.journal.errors import BusyJournal, DamagedJournal
from valuelog.journal.snapshot import open_snapshot
from valuelog.model.entry import Beneficiary, Kind
from valuelog.model.schedule import Schedule
from valuelog.model.trade import DEFAULT_WORDS, use_trade_words

if TYPE_CHECKING:
    from pathlib import Path

    from valuelog.journal.store import Journal
    from valuelog.model.pain import PainPoint

TABLES = {
    "project", "measurement", "entry", "pain", "sighting", "promise", "reflection", "day_off", "daily", "weekly",
    "value_share",
}  # fmt: skip

PAGE_SIZE = 4096

BIDI_OVERRIDE = "\u202e"

TEXT_COLUMNS = {
    "entry": ("text", "evidence"), "pain": ("text", "shared", "better", "hit", "step", "how"),
    "project": ("name", "problem", "measure", "aim", "result", "evidence", "lesson"),
    "measurement": ("value",),
    "sighting": ("text",), "promise": ("text",), "reflection": ("question", "answer"), "day_off": ("note",),
}  # fmt: skip
"""The columns with user text, by table."""


@contextmanager
def open_copy(journal: "Journal", **aliases: str) -> Iterator[sqlite3.Connection]:
    """Open a snapshot."""
    with open_snapshot(journal, Schedule(aliases=aliases), escape) as name, closing(connect(name)) as connection:
        yield connection


def escape(text: str) -> str:
    return text.replace(BIDI_OVERRIDE, "⟨⟩")


def connect(name: str) -> sqlite3.Connection:
    return close_after_test(sqlite3.connect(f"file:{name}?mode=memory&cache=shared", uri=True))


def rows(journal: "Journal", sql: str, **aliases: str) -> list[tuple[Any, ...]]:
    with open_copy(journal, **aliases) as connection:
        return connection.execute(sql).fetchall()


def tables(connection: sqlite3.Connection) -> set[str]:
    return {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}


def test_snapshot_has_plain_tables_without_the_log(full: "Journal") -> None:
    with open_copy(full) as connection:
        assert {name for name in tables(connection) if "_fts" not in name} == TABLES
        columns = {row[1] for table in TABLES for row in connection.execute(f"PRAGMA table_info({table})")}
        assert columns.isdisjoint({"deleted", "place", "utc_offset", "hash"})
        assert all(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES)


def test_deleted_and_undone_rows_are_left_out(full: "Journal") -> None:
    assert sorted(rows(full, "SELECT text FROM entry")) == [
        ("audit mails 0",), ("audit mails 2",), ("from the other machine",), ("the wombat is out @sam #ops",),
    ]  # fmt: skip
    assert rows(full, "SELECT count(*) FROM entry_fts WHERE entry_fts MATCH 'undone'") == [(0,)]


@pytest.mark.damages_journal
def test_all_user_text_is_escaped(full: "Journal") -> None:
    with closing(sqlite3.connect(full.path, isolation_level=None)) as writer:
        for table, columns in TEXT_COLUMNS.items():
            writer.execute(
                f"UPDATE {table} SET {', '.join(f'{column} = :text' for column in columns)}",
                {"text": f"a\n{BIDI_OVERRIDE}b"},
            )
        writer.execute("UPDATE entry SET origin = ? || origin", (BIDI_OVERRIDE,))
        for table in ("entry_person", "entry_tag"):
            writer.execute(f"UPDATE {table} SET name = name || ?", (BIDI_OVERRIDE,))
    with open_copy(full) as connection:
        assert [line for line in connection.iterdump() if BIDI_OVERRIDE in line] == []
        for table, columns in TEXT_COLUMNS.items():
            assert {*connection.execute(f"SELECT {', '.join(columns)} FROM {table}")} == {("a\n⟨⟩b",) * len(columns)}
        assert connection.execute("SELECT people, tags FROM entry WHERE people <> ''").fetchall() == [
            ('["maya⟨⟩","sam⟨⟩"]', '["ops⟨⟩","q4⟨⟩"]')
        ]


def test_purged_text_is_not_in_the_snapshot(full: "Journal") -> None:
    for entity in ("entry", "pain"):
        names = full.rows(f"SELECT id FROM {entity} WHERE text LIKE '%wombat%'")
        full.purge(entity, names[0][0])
    with open_copy(full) as connection:
        assert b"wombat" not in connection.serialize()
        assert b"audit mails" in connection.serialize()


def test_entry_row_has_all_fields_and_json_lists(full: "Journal") -> None:
    ((entry,),) = rows(
        full,
        "SELECT json_object('kind', kind, 'side', side, 'people', json(people), 'tags', json(tags), 'project', p.name,"
        " 'effects', json(effects), 'beneficiaries', json(beneficiaries), 'evidence', e.evidence, 'minutes', minutes,"
        " 'source', source, 'created', created)"
        " FROM entry e JOIN project p ON p.id = e.project",
    )
    assert json.loads(entry) == {
        "kind": "outcome", "side": "value", "people": ["maya", "sam"], "tags": ["ops", "q4"], "project": "Refund flow",
        "effects": ["faster"], "beneficiaries": ["customers"], "evidence": "214 wombats", "minutes": 90,
        "source": "git", "created": "2026-11-20 12:00",
    }  # fmt: skip
    assert rows(full, "SELECT DISTINCT people, tags, source FROM entry WHERE kind = 'activity'") == [(None, None, None)]


def test_aliases_of_people_are_resolved(journal: "Journal") -> None:
    entries.add(journal, [make_entry(kind=Kind.HELPED, people=("samuel", "sam", "maya"))])
    assert rows(journal, "SELECT people FROM entry", samuel="sam") == [('["maya","sam"]',)]


def test_keys_are_the_words_of_the_trade(journal: "Journal") -> None:
    entries.add(journal, [make_entry(kind=Kind.IMPROVEMENT, beneficiaries=("customers", "company"), effects=("gone",))])
    whom = DEFAULT_WORDS.beneficiaries.with_own({"customers": "Angehörige"})
    with use_trade_words(lambda: DEFAULT_WORDS._replace(beneficiaries=whom)):
        found = rows(journal, "SELECT beneficiaries, effects FROM entry")
    assert found == [('["Angehörige","company"]', '["gone"]')]


def test_pain_point_row_equals_the_journal(journal: "Journal") -> None:
    fix = make_entry(kind=Kind.IMPROVEMENT, text="two approvers")
    entries.add(journal, [fix])
    planned, fixed = make_pain(FRIDAY, FRIDAY, FRIDAY - timedelta(days=3)), make_pain(text="the old import")
    journal.write("add", pains.creation_changes([planned, fixed]))
    journal.write("make", [promises.creation_change(make_promise("ask for a second approver", pain=planned.id))])
    journal.write("fix", [pains.closing_change(fixed.mark_fixed(FRIDAY, fix.text, fix.id))])
    expected = [pains.get(journal, pain.id) for pain in (planned, fixed)]
    sql = "SELECT id, state, days_seen, first_seen, last_seen, step, step_by, closed_on, how, fix FROM pain"
    assert [tuple(map(str, row)) for row in rows(journal, sql)] == [tuple(map(str, facts(pain))) for pain in expected]
    assert [pain.state for pain in expected] == ["planned", "fixed"]


def facts(pain: "PainPoint") -> tuple[object, ...]:
    """Return the expected row of a pain point."""
    seen = [sighting.day for sighting in pain.sightings]
    days = (pain.days_seen, min(seen), max(seen))
    return (pain.id, pain.state, *days, pain.step, pain.step_by, pain.closed_on, pain.how, pain.fix)


@pytest.mark.damages_journal
def test_foreign_keys_are_valid_after_any_undo(journal: "Journal") -> None:
    entries.add(journal, [make_entry(project="Refunds", beneficiaries=(Beneficiary.COMPANY,))])
    pain = make_pain()
    journal.write("add", pains.creation_changes([pain]))
    journal.undo()
    journal.write("make", [promises.creation_change(make_promise(pain=pain.id))])
    for table in ("project", "pain"):
        connection_of(journal).execute(f"UPDATE {table} SET deleted = created")
    with open_copy(journal) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        assert connection.execute("SELECT project FROM entry").fetchall() == [(None,)]
        assert connection.execute("SELECT pain FROM promise").fetchall() == [(None,)]


@pytest.mark.parametrize("view", ["daily", "weekly", "value_share"])
def test_views_are_copied(full: "Journal", view: str) -> None:
    copied = rows(full, f"SELECT * FROM {view}")
    assert copied == full.rows(f"SELECT * FROM {view} ORDER BY 1")
    assert copied


def test_search_ignores_accents(journal: "Journal") -> None:
    entries.add(journal, [make_entry(text="the café is open")])
    sql = "SELECT text FROM entry WHERE rowid IN (SELECT rowid FROM entry_fts WHERE entry_fts MATCH 'CAFE')"
    assert rows(journal, sql) == [("the café is open",)]


def test_journal_is_unchanged_and_writable_during_a_snapshot(tmp_path: "Path") -> None:
    path = write_test_journal(tmp_path)
    before = read_all_files(tmp_path)
    with open_copy(open_test_journal(tmp_path, write=False)) as connection:
        assert read_all_files(tmp_path) == before
        entries.add(open_test_journal(tmp_path), [make_entry(text="meanwhile")])
        assert connection.execute("SELECT count(*) FROM entry").fetchone() == (3,)
    assert path.exists()


def test_snapshot_is_dropped_afterwards(full: "Journal") -> None:
    with open_snapshot(full, Schedule(), str) as name, closing(connect(name)) as connection:
        assert tables(connection)
    with closing(connect(name)) as connection:
        assert not tables(connection)


def test_locked_journal_raises_an_error(tmp_path: "Path") -> None:
    journal = open_test_journal(write_test_journal(tmp_path).parent, write=False)
    connection_of(journal).execute("PRAGMA busy_timeout = 50")
    with closing(sqlite3.connect(journal.path, isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        with pytest.raises(BusyJournal), open_copy(journal):
            pass


def test_damaged_journal_raises_an_error(tmp_path: "Path") -> None:
    path = write_test_journal(tmp_path, 300)
    journal = open_test_journal(tmp_path, write=False)
    raw = path.read_bytes()
    start = raw.index(b"activity7 times") // PAGE_SIZE * PAGE_SIZE  # a page of entries; the log is undamaged
    path.write_bytes(raw[:start] + b"\xff" * PAGE_SIZE + raw[start + PAGE_SIZE :])
    with pytest.raises(DamagedJournal), open_copy(journal):
        pass
