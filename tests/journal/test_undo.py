"""Undo and redo of batches."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from support.journal_files import entry_texts
from support.makers import FRIDAY, NOON, make_entry
from valuelog.journal import days, entries, history, tallies
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.ids import new_id
from valuelog.model.entry import Entry, Kind
from valuelog.model.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable

    from valuelog.journal.store import Journal

TODAY = Period(start=FRIDAY, end=FRIDAY)


def get_only_entry(journal: "Journal") -> Entry:
    (entry,) = entries.select(journal, entries.Selection())
    return entry


def undo_all(journal: "Journal") -> int:
    """Undo everything. Return the number of batches."""
    count = 0
    while True:
        try:
            journal.undo()
        except NothingToUndo:
            return count
        count += 1


def test_undo_and_redo_step_by_step(journal: "Journal") -> None:
    first, second = make_entry(text="one"), make_entry(text="two", created=NOON + timedelta(milliseconds=1))
    for entry in (first, second):
        entries.add(journal, [entry])
    journal.undo()
    assert entry_texts(journal) == ["one"]
    journal.undo()
    assert entry_texts(journal) == []
    journal.redo()
    assert entry_texts(journal) == ["one"]
    journal.redo()
    assert entries.select(journal, entries.Selection()) == (first, second)


def test_undo_reverts_a_whole_batch(journal: "Journal") -> None:
    entries.add(journal, [make_entry() for _ in range(50)], act="import")
    undone = journal.undo()
    assert undone.act == "import"
    assert len(undone.changes) == 50
    assert entry_texts(journal) == []


def test_undo_and_redo_of_an_edit(journal: "Journal") -> None:
    old = make_entry(minutes=30, tags=("ops",), evidence="a log")
    new = replace(old, text="another text", minutes=None, tags=("q4",), people=("sam",), project="refunds")
    entries.add(journal, [old])
    entries.update(journal, old, new)
    assert get_only_entry(journal) == new
    journal.undo()
    assert get_only_entry(journal) == old
    journal.redo()
    assert get_only_entry(journal) == new


def test_redone_change_can_be_undone_again(journal: "Journal") -> None:
    entries.add(journal, [make_entry(text="one")])
    entries.add(journal, [make_entry(text="two")])
    for _ in range(3):
        journal.undo()
        assert entry_texts(journal) == ["one"]
        journal.redo()
        assert entry_texts(journal) == ["one", "two"]
    assert undo_all(journal) == 2


def test_new_change_prevents_redo(journal: "Journal") -> None:
    entries.add(journal, [make_entry()])
    journal.undo()
    entries.add(journal, [make_entry()])
    with pytest.raises(NothingToRedo):
        journal.redo()


def test_nothing_to_undo_or_redo_raises_an_error(journal: "Journal") -> None:
    with pytest.raises(NothingToUndo):
        journal.undo()
    with pytest.raises(NothingToRedo):
        journal.redo()
    entries.add(journal, [make_entry()])
    with pytest.raises(NothingToRedo):
        journal.redo()
    assert history.list_batches(journal, limit=9)[-1].act == "add"


def test_redo_keeps_the_order_within_a_day(journal: "Journal") -> None:
    batch = new_id()
    entries.add(journal, [make_entry(text="one"), make_entry(text="two")], batch=batch)
    entries.add(journal, [make_entry(text="three")])
    entries.add(journal, [make_entry(text="four")], batch=batch)
    before = entry_texts(journal)
    journal.undo()
    assert entry_texts(journal) == ["three"]
    journal.redo()
    assert entry_texts(journal) == before == ["one", "two", "three", "four"]


def test_undo_of_days_off(journal: "Journal") -> None:
    days.add_days_off(journal, [FRIDAY], "dentist")
    days.remove_days_off(journal, [FRIDAY])
    days.add_days_off(journal, [FRIDAY], "holidays")
    for note in ("holidays", None, "dentist"):
        assert [day_off.note for day_off in days.list_days_off(journal)] == ([note] if note else [])
        journal.undo()
    assert journal.rows("SELECT * FROM day_off") == []


def test_undo_returns_the_act_and_changes(journal: "Journal") -> None:
    entry = make_entry()
    entries.add(journal, [entry])
    entries.delete_entities(journal, [("entry", entry.id)])
    assert [(undone.act, len(undone.changes)) for undone in (journal.undo(), journal.redo())] == [
        ("delete", 1),
        ("delete", 1),
    ]


def test_tallies_follow_undo_and_redo(journal: "Journal") -> None:
    entry = make_entry(kind=Kind.HELPED, minutes=20)
    steps: list[tuple[Callable[[], object], int, int]] = [
        (lambda: entries.add(journal, [entry]), 1, 20),
        (lambda: entries.update(journal, entry, replace(entry, day=FRIDAY - timedelta(days=1))), 0, 0),
        (journal.undo, 1, 20),
        (journal.undo, 0, 0),
        (journal.redo, 1, 20),
        (lambda: entries.delete_entities(journal, [("entry", entry.id)]), 0, 0),
    ]
    for act, count, minutes in steps:
        act()
        tally = tallies.tally_period(journal, TODAY)
        assert (tally.n, sum(tally.minutes.values())) == (count, minutes)
