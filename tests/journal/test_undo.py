"""Taking back and making again, one after another: what comes back, and what stays."""

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from support.journal_files import entry_texts
from support.makers import FRIDAY, make_entry
from valuelog.journal import days, entries, history, tallies
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.ids import new_id
from valuelog.model.entry import Entry, Kind
from valuelog.model.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable

    from valuelog.journal.store import Journal

TODAY = Period(start=FRIDAY, end=FRIDAY)


def only(journal: "Journal") -> Entry:
    (entry,) = entries.select(journal, entries.Selection())
    return entry


def undo_all(journal: "Journal") -> int:
    """Take back all there is. Returns how much it was."""
    count = 0
    while True:
        try:
            journal.undo()
        except NothingToUndo:
            return count
        count += 1


# One after another


def test_an_undo_takes_the_last_change_back_and_a_redo_makes_it_again(journal: "Journal") -> None:
    first, second = make_entry(text="one"), make_entry(text="two")
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


def test_a_whole_import_is_taken_back_at_once(journal: "Journal") -> None:
    entries.add(journal, [make_entry() for _ in range(50)], act="import")
    undone = journal.undo()
    assert undone.act == "import"
    assert len(undone.changes) == 50
    assert entry_texts(journal) == []


def test_an_edit_is_taken_back_field_by_field(journal: "Journal") -> None:
    old = make_entry(minutes=30, tags=("ops",), evidence="a log")
    new = replace(old, text="other words", minutes=None, tags=("q4",), people=("sam",), project="refunds")
    entries.add(journal, [old])
    entries.update(journal, old, new)
    assert only(journal) == new
    journal.undo()
    assert only(journal) == old
    journal.redo()
    assert only(journal) == new


def test_an_undo_that_was_redone_can_be_undone_again(journal: "Journal") -> None:
    entries.add(journal, [make_entry(text="one")])
    entries.add(journal, [make_entry(text="two")])
    for _ in range(3):
        journal.undo()
        assert entry_texts(journal) == ["one"]
        journal.redo()
        assert entry_texts(journal) == ["one", "two"]
    assert undo_all(journal) == 2


def test_after_something_new_nothing_can_be_redone(journal: "Journal") -> None:
    entries.add(journal, [make_entry()])
    journal.undo()
    entries.add(journal, [make_entry()])
    with pytest.raises(NothingToRedo):
        journal.redo()


def test_where_nothing_was_done_nothing_can_be_undone_or_redone(journal: "Journal") -> None:
    with pytest.raises(NothingToUndo):
        journal.undo()
    with pytest.raises(NothingToRedo):
        journal.redo()
    entries.add(journal, [make_entry()])
    with pytest.raises(NothingToRedo):
        journal.redo()
    assert history.list_batches(journal, limit=9)[-1].act == "add"


def test_what_is_made_again_stands_where_it_stood_in_its_day(journal: "Journal") -> None:
    batch = new_id()
    entries.add(journal, [make_entry(text="one"), make_entry(text="two")], batch=batch)
    entries.add(journal, [make_entry(text="three")])
    entries.add(journal, [make_entry(text="four")], batch=batch)
    before = entry_texts(journal)
    journal.undo()
    assert entry_texts(journal) == ["three"]
    journal.redo()
    assert entry_texts(journal) == before == ["one", "two", "three", "four"]


def test_a_day_off_comes_and_goes(journal: "Journal") -> None:
    days.add_days_off(journal, [FRIDAY], "dentist")
    days.remove_days_off(journal, [FRIDAY])
    days.add_days_off(journal, [FRIDAY], "holidays")
    for note in ("holidays", None, "dentist"):
        assert [off.note for off in days.list_days_off(journal)] == ([note] if note else [])
        journal.undo()
    assert journal.rows("SELECT * FROM day_off") == []


def test_an_undo_is_told_with_what_it_was_about(journal: "Journal") -> None:
    entry = make_entry()
    entries.add(journal, [entry])
    entries.delete_entities(journal, [("entry", entry.id)])
    assert [(undone.act, len(undone.changes)) for undone in (journal.undo(), journal.redo())] == [
        ("delete", 1),
        ("delete", 1),
    ]


def test_counts_follow(journal: "Journal") -> None:
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
