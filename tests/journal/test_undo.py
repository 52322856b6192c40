"""Taking back and making again: what comes back, what stays, whatever somebody else did in between."""

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest
from makers import FRIDAY, NOON, Answers, a_journal, a_pain, an_entry, an_id

from valuelog.cli.app import app
from valuelog.cli.world import Flags, World
from valuelog.journal import days, entries, history, pains, projects, tallies, undoing
from valuelog.journal.audit import damage
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.ids import new_id
from valuelog.model.entry import Effect, Entry, Kind
from valuelog.model.pain import Sighting
from valuelog.model.period import Period

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from valuelog.journal.store import Journal

TODAY = Period(start=FRIDAY, end=FRIDAY)


@pytest.fixture
def other(journal: "Journal") -> "Iterator[Journal]":
    """Return the same journal in another terminal."""
    opened = a_journal(journal.path.parent, device="another-terminal")
    yield opened
    assert damage(journal.connection) == []
    opened.close()


def texts(journal: "Journal") -> list[str]:
    return [entry.text for entry in entries.select(journal, entries.Selection())]


def only(journal: "Journal") -> Entry:
    (entry,) = entries.select(journal, entries.Selection())
    return entry


def sighted(pain: str, text: str) -> Any:  # noqa: ANN401  a change
    return pains.sighted(pain, Sighting(id=an_id(), day=FRIDAY, text=text, created=NOON))


def undo_all(journal: "Journal") -> int:
    """Take back all there is. Returns how much it was."""
    count = 0
    while True:
        try:
            undoing.undo(journal)
        except NothingToUndo:
            return count
        count += 1


# One after another


def test_an_undo_takes_the_last_change_back_and_a_redo_makes_it_again(journal: "Journal") -> None:
    first, second = an_entry(text="one"), an_entry(text="two")
    for entry in (first, second):
        entries.add(journal, [entry])
    undoing.undo(journal)
    assert texts(journal) == ["one"]
    undoing.undo(journal)
    assert texts(journal) == []
    undoing.redo(journal)
    assert texts(journal) == ["one"]
    undoing.redo(journal)
    assert entries.select(journal, entries.Selection()) == (first, second)


def test_a_whole_import_is_taken_back_at_once(journal: "Journal") -> None:
    entries.add(journal, [an_entry() for _ in range(50)], act="import")
    undone = undoing.undo(journal)
    assert undone.act == "import"
    assert len(undone.changes) == 50
    assert texts(journal) == []


def test_an_edit_is_taken_back_field_by_field(journal: "Journal") -> None:
    old = an_entry(minutes=30, tags=("ops",), evidence="a log")
    new = replace(old, text="other words", minutes=None, tags=("q4",), people=("sam",), project="refunds")
    entries.add(journal, [old])
    entries.amend(journal, old, new)
    assert only(journal) == new
    undoing.undo(journal)
    assert only(journal) == old
    undoing.redo(journal)
    assert only(journal) == new


def test_an_undo_that_was_redone_can_be_undone_again(journal: "Journal") -> None:
    entries.add(journal, [an_entry(text="one")])
    entries.add(journal, [an_entry(text="two")])
    for _ in range(3):
        undoing.undo(journal)
        assert texts(journal) == ["one"]
        undoing.redo(journal)
        assert texts(journal) == ["one", "two"]
    assert undo_all(journal) == 2


def test_after_something_new_nothing_can_be_redone(journal: "Journal") -> None:
    entries.add(journal, [an_entry()])
    undoing.undo(journal)
    entries.add(journal, [an_entry()])
    with pytest.raises(NothingToRedo):
        undoing.redo(journal)


def test_where_nothing_was_done_nothing_can_be_undone_or_redone(journal: "Journal") -> None:
    with pytest.raises(NothingToUndo):
        undoing.undo(journal)
    with pytest.raises(NothingToRedo):
        undoing.redo(journal)
    entries.add(journal, [an_entry()])
    with pytest.raises(NothingToRedo):
        undoing.redo(journal)
    assert history.batches(journal, latest=9)[-1].act == "add"


def test_what_is_made_again_stands_where_it_stood_in_its_day(journal: "Journal") -> None:
    batch = new_id()
    entries.add(journal, [an_entry(text="one"), an_entry(text="two")], batch=batch)
    entries.add(journal, [an_entry(text="three")])
    entries.add(journal, [an_entry(text="four")], batch=batch)
    before = texts(journal)
    undoing.undo(journal)
    assert texts(journal) == ["three"]
    undoing.redo(journal)
    assert texts(journal) == before == ["one", "two", "three", "four"]


def test_a_day_off_comes_and_goes(journal: "Journal") -> None:
    days.take_off(journal, [FRIDAY], "dentist")
    days.take_back(journal, [FRIDAY])
    days.take_off(journal, [FRIDAY], "holidays")
    for note in ("holidays", None, "dentist"):
        assert [off.note for off in days.off(journal)] == ([note] if note else [])
        undoing.undo(journal)
    assert journal.rows("SELECT * FROM day_off") == []


def test_an_undo_is_told_with_what_it_was_about(journal: "Journal") -> None:
    entry = an_entry()
    entries.add(journal, [entry])
    entries.delete(journal, [entry.id])
    assert [(undone.act, len(undone.changes)) for undone in (undoing.undo(journal), undoing.redo(journal))] == [
        ("delete", 1),
        ("delete", 1),
    ]


# Two terminals


def test_an_older_evening_that_ended_later_does_not_take_newer_words_with_it(
    journal: "Journal", other: "Journal"
) -> None:
    entry, evening_batch = an_entry(text="first"), new_id()
    entries.add(other, [entry])
    entries.amend(journal, entry, replace(entry, text="second"), act="today", batch=evening_batch)
    entries.amend(other, entry, replace(entry, text="third", minutes=5))
    entries.add(journal, [an_entry(text="evening")], act="today", batch=evening_batch)
    undoing.undo(journal)
    assert only(other) == replace(entry, text="third", minutes=5)
    undoing.undo(journal)
    assert only(other) == entry
    undoing.redo(other)
    assert only(other) == replace(entry, text="third", minutes=5)
    undoing.redo(other)
    assert texts(other) == ["third", "evening"]


def test_a_project_that_another_terminal_uses_outlives_the_evening_it_began_in(
    journal: "Journal", other: "Journal"
) -> None:
    batch = new_id()
    entries.add(journal, [an_entry(text="began", project="Refunds")], act="today", batch=batch)
    entries.add(other, [an_entry(text="joined", project="Refunds")])
    entries.add(journal, [an_entry(text="later")], act="today", batch=batch)
    before = entries.select(journal, entries.Selection())
    undoing.undo(other)
    assert [(entry.text, entry.project) for entry in entries.select(other, entries.Selection())] == [
        ("joined", "refunds")
    ]
    undoing.undo(journal)
    assert projects.slugs(journal) == ()
    undoing.redo(journal)
    assert only(journal).project == "refunds"
    undoing.redo(journal)
    assert entries.select(journal, entries.Selection()) == before


def test_a_pain_point_seen_in_another_terminal_outlives_the_evening_that_noted_it(
    journal: "Journal", other: "Journal"
) -> None:
    pain, batch = a_pain(), new_id()
    journal.write("today", pains.births([pain]), batch=batch)
    other.write("seen", [sighted(pain.id, "me too")])
    entries.add(journal, [an_entry()], act="today", batch=batch)
    undoing.undo(journal)
    (left,) = pains.open_pains(other)
    assert [sighting.text for sighting in left.sightings] == ["me too"]
    undoing.undo(journal)
    assert journal.rows("SELECT * FROM pain") == []
    undoing.redo(journal)
    undoing.redo(journal)
    assert len(pains.get(journal, pain.id).sightings) == 2


def test_an_evening_that_somebody_undoes_halfway_goes_on_as_a_new_one(journal: "Journal", other: "Journal") -> None:
    batch = new_id()
    for text in ("one", "two"):
        entries.add(journal, [an_entry(text=text)], act="today", batch=batch)
    undoing.undo(other)
    for text in ("three", "four"):
        entries.add(journal, [an_entry(text=text)], act="today", batch=batch)
    assert texts(other) == ["three", "four"]
    with pytest.raises(NothingToRedo):
        undoing.redo(other)
    undoing.undo(other)
    assert texts(journal) == []
    undoing.redo(other)
    assert texts(journal) == ["three", "four"]
    assert undo_all(journal) == 1


def test_more_words_about_an_entry_bring_it_back_if_it_was_taken_back_meanwhile(
    journal: "Journal", other: "Journal"
) -> None:
    entry = an_entry(kind=Kind.OUTCOME, text="shipped", tags=("ops",))
    entries.add(journal, [entry], act="today")
    undoing.undo(other)
    entries.amend(journal, entry, replace(entry, evidence="the log"))
    assert only(other) == replace(entry, evidence="the log")
    undoing.undo(other)
    assert texts(journal) == []
    assert journal.rows("SELECT * FROM entry_tag") == []


def test_an_entry_that_comes_back_brings_its_project(journal: "Journal", other: "Journal") -> None:
    entry = an_entry(project="Refunds")
    entries.add(journal, [entry], act="today")
    undoing.undo(other)
    entries.amend(journal, replace(entry, project="refunds"), replace(entry, project="refunds", minutes=5))
    assert (only(other).project, only(other).minutes) == ("refunds", 5)


def test_a_sighting_brings_its_pain_point_back_if_it_was_taken_back_meanwhile(
    journal: "Journal", other: "Journal"
) -> None:
    pain = a_pain(shared="all of us")
    journal.write("add", pains.births([pain]))
    undoing.undo(other)
    journal.write("seen", [sighted(pain.id, "again")])
    (back,) = pains.open_pains(other)
    assert (back.text, back.shared, back.days_seen) == (pain.text, pain.shared, 1)
    undo_all(other)
    assert journal.rows("SELECT * FROM pain") == []


def test_of_what_was_purged_meanwhile_nothing_comes_back(journal: "Journal", other: "Journal") -> None:
    entry = an_entry(text="forget me")
    entries.add(journal, [entry])
    history.purge(other, "entry", entry.id)
    entries.amend(journal, entry, replace(entry, minutes=5))
    assert texts(other) == []
    assert b"forget me" not in journal.path.read_bytes()


class Interrupted(Answers):
    """Somebody with a second terminal: what stands between the answers is done there."""

    def _next(self, label: str) -> Any:  # noqa: ANN401
        while self.answers and callable(self.answers[0]) and not isinstance(self.answers[0], type):
            self.answers.pop(0)()
        return super()._next(label)


def sat(journal: "Journal", *answers: Any, questions: str = "activity") -> None:  # noqa: ANN401
    """Sit down to an evening with some questions, at a journal."""
    home = journal.path.parent
    (home / "config.toml").write_text(f"[evening]\nquestions = [{questions!r}]\n")
    environ = {f"XDG_{name}_HOME": str(home / name) for name in ("DATA", "CONFIG", "STATE")}
    world = World(
        environ={**environ, "VALUELOG_CONFIG": str(home / "config.toml"), "VALUELOG_TODAY": FRIDAY.isoformat()},
        stdin=StringIO(),
        stdout=StringIO(),
        stderr=StringIO(),
        now=lambda: NOON,
        asking=Interrupted(list(answers)),
        flags=Flags(journal=journal.path),
    )
    app().main(args=["--journal", str(journal.path), "today"], standalone_mode=False, obj=world)
    world.close()


def test_two_terminals_can_sit_down_to_the_same_evening(journal: "Journal", other: "Journal") -> None:
    sat(journal, "one", lambda: sat(other, "two", "", questions="helped"), "three", "")
    assert sorted(texts(journal)) == ["one", "three", "two"]
    assert undo_all(journal) == 2
    assert texts(other) == []


def test_an_evening_survives_an_undo_in_another_terminal(journal: "Journal", other: "Journal") -> None:
    answers = ["faster builds", lambda: undoing.undo(other), ["faster"], ["customers"], "less mail"]
    sat(journal, *answers, questions="improvement")
    assert texts(other) == ["faster builds", "less mail"]
    assert entries.select(other, entries.Selection())[0].effects == (Effect.FASTER,)
    assert undo_all(other) == 1
    assert texts(journal) == []


def test_friction_that_is_no_old_one_is_kept_even_if_all_was_taken_back_meanwhile(
    journal: "Journal", other: "Journal"
) -> None:
    journal.write("add", pains.births([a_pain(text="the deploy waits on one approver")]))
    said = "the deploy waits on one approver again"
    no = False
    sat(journal, said, lambda: undo_all(other), no, "nobody", questions="pain")
    (kept,) = pains.open_pains(other)
    assert (kept.text, kept.shared) == (said, "nobody")
    undo_all(journal)
    assert journal.rows("SELECT * FROM pain") == journal.rows("SELECT * FROM sighting") == []


def test_counts_follow(journal: "Journal") -> None:
    entry = an_entry(kind=Kind.HELPED, minutes=20)
    steps: list[tuple[Callable[[], object], int, int]] = [
        (lambda: entries.add(journal, [entry]), 1, 20),
        (lambda: entries.amend(journal, entry, replace(entry, day=FRIDAY - timedelta(days=1))), 0, 0),
        (lambda: undoing.undo(journal), 1, 20),
        (lambda: undoing.undo(journal), 0, 0),
        (lambda: undoing.redo(journal), 1, 20),
        (lambda: entries.delete(journal, [entry.id]), 0, 0),
    ]
    for act, count, minutes in steps:
        act()
        tally = tallies.tally(journal, TODAY)
        assert (tally.n, sum(tally.minutes.values())) == (count, minutes)
