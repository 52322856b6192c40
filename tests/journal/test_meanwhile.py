"""Two terminals at one journal: one undoes what the other is writing about."""

from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from support.env import xdg_variables
from support.journal_files import connection_of, entry_texts
from support.makers import FRIDAY, NOON, ScriptedPrompter, make_entry, make_id, make_pain, open_test_journal
from valuelog.cli.app import app
from valuelog.cli.world import GlobalFlags, World
from valuelog.journal import entries, pains, projects
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.ids import new_id
from valuelog.journal.verify import find_damage
from valuelog.model.entry import Effect, Entry, Kind
from valuelog.model.pain import Sighting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from valuelog.journal.store import Journal


@pytest.fixture
def other(journal: "Journal") -> "Iterator[Journal]":
    """Return the same journal as another terminal opens it."""
    opened = open_test_journal(journal.path.parent, device="another-terminal")
    yield opened
    assert find_damage(connection_of(journal)) == []
    opened.close()


def get_only_entry(journal: "Journal") -> Entry:
    (entry,) = entries.select(journal, entries.Selection())
    return entry


def make_sighting_change(pain: str, text: str) -> Any:  # noqa: ANN401  a change
    return pains.sighting_change(pain, Sighting(id=make_id(), day=FRIDAY, text=text, created=NOON))


def undo_all(journal: "Journal") -> int:
    """Undo everything. Return the number of batches."""
    count = 0
    while True:
        try:
            journal.undo()
        except NothingToUndo:
            return count
        count += 1


def test_undo_of_an_older_batch_keeps_newer_edits(journal: "Journal", other: "Journal") -> None:
    entry, evening_batch = make_entry(text="first"), new_id()
    entries.add(other, [entry])
    entries.update(journal, entry, replace(entry, text="second"), act="today", batch=evening_batch)
    entries.update(other, entry, replace(entry, text="third", minutes=5))
    entries.add(journal, [make_entry(text="evening")], act="today", batch=evening_batch)
    journal.undo()
    assert get_only_entry(other) == replace(entry, text="third", minutes=5)
    journal.undo()
    assert get_only_entry(other) == entry
    other.redo()
    assert get_only_entry(other) == replace(entry, text="third", minutes=5)
    other.redo()
    assert entry_texts(other) == ["third", "evening"]


def test_undo_keeps_a_project_that_another_terminal_uses(journal: "Journal", other: "Journal") -> None:
    batch = new_id()
    entries.add(journal, [make_entry(text="began", project="Refunds")], act="today", batch=batch)
    entries.add(other, [make_entry(text="joined", project="Refunds")])
    entries.add(journal, [make_entry(text="later")], act="today", batch=batch)
    before = entries.select(journal, entries.Selection())
    other.undo()
    assert [(entry.text, entry.project) for entry in entries.select(other, entries.Selection())] == [
        ("joined", "refunds")
    ]
    journal.undo()
    assert projects.list_slugs(journal) == ()
    journal.redo()
    assert get_only_entry(journal).project == "refunds"
    journal.redo()
    assert entries.select(journal, entries.Selection()) == before


def test_undo_keeps_a_pain_point_seen_in_another_terminal(journal: "Journal", other: "Journal") -> None:
    pain, batch = make_pain(), new_id()
    journal.write("today", pains.creation_changes([pain]), batch=batch)
    other.write("seen", [make_sighting_change(pain.id, "me too")])
    entries.add(journal, [make_entry()], act="today", batch=batch)
    journal.undo()
    (pain_left,) = pains.list_open_pains(other)
    assert [sighting.text for sighting in pain_left.sightings] == ["me too"]
    journal.undo()
    assert journal.rows("SELECT * FROM pain") == []
    journal.redo()
    journal.redo()
    assert len(pains.get(journal, pain.id).sightings) == 2


def test_evening_undone_halfway_continues_in_a_new_batch(journal: "Journal", other: "Journal") -> None:
    batch = new_id()
    for text in ("one", "two"):
        entries.add(journal, [make_entry(text=text)], act="today", batch=batch)
    other.undo()
    for text in ("three", "four"):
        entries.add(journal, [make_entry(text=text)], act="today", batch=batch)
    assert entry_texts(other) == ["three", "four"]
    with pytest.raises(NothingToRedo):
        other.redo()
    other.undo()
    assert entry_texts(journal) == []
    other.redo()
    assert entry_texts(journal) == ["three", "four"]
    assert undo_all(journal) == 1


def test_edit_restores_an_entry_undone_meanwhile(journal: "Journal", other: "Journal") -> None:
    entry = make_entry(kind=Kind.OUTCOME, text="shipped", tags=("ops",))
    entries.add(journal, [entry], act="today")
    other.undo()
    entries.update(journal, entry, replace(entry, evidence="the log"))
    assert get_only_entry(other) == replace(entry, evidence="the log")
    other.undo()
    assert entry_texts(journal) == []
    assert journal.rows("SELECT * FROM entry_tag") == []


def test_restored_entry_restores_its_project(journal: "Journal", other: "Journal") -> None:
    entry = make_entry(project="Refunds")
    entries.add(journal, [entry], act="today")
    other.undo()
    entries.update(journal, replace(entry, project="refunds"), replace(entry, project="refunds", minutes=5))
    assert (get_only_entry(other).project, get_only_entry(other).minutes) == ("refunds", 5)


def test_sighting_restores_a_pain_point_undone_meanwhile(journal: "Journal", other: "Journal") -> None:
    pain = make_pain(shared="all of us")
    journal.write("add", pains.creation_changes([pain]))
    other.undo()
    journal.write("seen", [make_sighting_change(pain.id, "again")])
    (restored,) = pains.list_open_pains(other)
    assert (restored.text, restored.shared, restored.days_seen) == (pain.text, pain.shared, 1)
    undo_all(other)
    assert journal.rows("SELECT * FROM pain") == []


def test_edit_does_not_restore_an_entry_purged_meanwhile(journal: "Journal", other: "Journal") -> None:
    entry = make_entry(text="forget me")
    entries.add(journal, [entry])
    other.purge("entry", entry.id)
    entries.update(journal, entry, replace(entry, minutes=5))
    assert entry_texts(other) == []
    assert b"forget me" not in journal.path.read_bytes()


class InterleavedPrompter(ScriptedPrompter):
    """Calls the functions between the answers, which act in a second terminal."""

    def _next(self, label: str) -> Any:  # noqa: ANN401
        while self.answers and callable(self.answers[0]) and not isinstance(self.answers[0], type):
            self.answers.pop(0)()
        return super()._next(label)


def run_evening(journal: "Journal", *answers: Any, questions: str = "activity") -> None:  # noqa: ANN401
    """Run an evening that asks one question, with these answers."""
    home = journal.path.parent
    (home / "config.toml").write_text(f"[evening]\nquestions = [{questions!r}]\n")
    world = World(
        environ={
            **xdg_variables(home),
            "VALUELOG_CONFIG": str(home / "config.toml"),
            "VALUELOG_TODAY": FRIDAY.isoformat(),
        },
        stdin=StringIO(),
        stdout=StringIO(),
        stderr=StringIO(),
        now=lambda: NOON,
        prompter=InterleavedPrompter(list(answers)),
        flags=GlobalFlags(journal=journal.path),
    )
    app().main(args=["--journal", str(journal.path), "today"], standalone_mode=False, obj=world)
    world.close()


def test_two_terminals_can_run_the_same_evening(journal: "Journal", other: "Journal") -> None:
    run_evening(journal, "one", lambda: run_evening(other, "two", "", questions="helped"), "three", "")
    assert sorted(entry_texts(journal)) == ["one", "three", "two"]
    assert undo_all(journal) == 2
    assert entry_texts(other) == []


def test_evening_survives_an_undo_in_another_terminal(journal: "Journal", other: "Journal") -> None:
    answers = ["faster builds", other.undo, ["faster"], ["customers"], "", "", "less mail"]
    run_evening(journal, *answers, questions="improvement")
    assert entry_texts(other) == ["faster builds", "less mail"]
    assert entries.select(other, entries.Selection())[0].effects == (Effect.FASTER,)
    assert undo_all(other) == 1
    assert entry_texts(journal) == []


def test_new_pain_point_is_kept_if_all_was_undone_meanwhile(journal: "Journal", other: "Journal") -> None:
    journal.write("add", pains.creation_changes([make_pain(text="the deploy waits on one approver")]))
    text = "the deploy waits on one approver again"
    run_evening(journal, text, lambda: undo_all(other), "a new one", "nobody", questions="pain")
    (saved,) = pains.list_open_pains(other)
    assert (saved.text, saved.shared) == (text, "nobody")
    undo_all(journal)
    assert journal.rows("SELECT * FROM pain") == journal.rows("SELECT * FROM sighting") == []
