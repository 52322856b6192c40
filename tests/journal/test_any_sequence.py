"""Whatever two terminals do to a journal, in whatever order: the log adds up, and all of it can be taken back."""
# ruff: noqa: D102  names of rules are sentences

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from support.journal_files import connection_of
from support.makers import FRIDAY, make_id, open_test_journal
from valuelog.journal import days, entries, pains, projects, promises
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.ids import new_id
from valuelog.journal.log import fold_active, list_entity_changes
from valuelog.journal.projection import TABLES
from valuelog.journal.store import Journal
from valuelog.journal.verify import find_damage
from valuelog.model.entry import VALUE_KINDS, Entry, Kind
from valuelog.model.errors import ProjectExists
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.promise import PromiseKind, PromiseState
from valuelog.model.question import PAIN_POINT
from valuelog.workflows import entries as entry_workflows
from valuelog.workflows import pains as following
from valuelog.workflows import projects as owning
from valuelog.workflows import promises as promised
from valuelog.workflows.answers import Answer
from valuelog.workflows.confirmation import NothingChanged
from valuelog.workflows.entries import build_entry
from valuelog.workflows.pains import SimilarPainExists, build_pain

WORDS = ("deploy", "waits", "approver", "audit", "@sam", "@maya", "#ops", "#q4")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
TERMINALS = st.integers(0, 1)
PLACES = st.integers(0, 50)
DAYS = st.integers(0, 3).map(lambda number: FRIDAY - timedelta(days=number))
PROJECTS = st.sampled_from([None, None, "Refunds", "Alerts"])
NOTES = st.builds(
    Answer, kind=st.sampled_from(Kind), text=TEXTS, day=DAYS, project=PROJECTS, minutes=st.sampled_from([None, 30])
)
FRICTION = st.builds(Answer, kind=st.just(PAIN_POINT), text=TEXTS, day=DAYS)


def now() -> datetime:
    return datetime.now(UTC)


class AnySequence(RuleBasedStateMachine):
    """Two terminals at one journal. `remembered` are entries as a terminal saw them once; they may be gone by now."""

    def __init__(self) -> None:
        """Open an empty journal twice."""
        super().__init__()
        self.folder = Path(mkdtemp(prefix="valuelog-"))
        self.journals = [open_test_journal(self.folder, device=name) for name in ("one", "two")]
        for journal in self.journals:
            connection_of(journal).execute("PRAGMA synchronous = OFF")  # changes nothing in the file
        self.evenings = [new_id(), new_id()]
        self.remembered: list[Entry] = []

    def teardown(self) -> None:
        """Close it, and leave nothing behind."""
        for journal in self.journals:
            journal.close()
        rmtree(self.folder)

    def an_entry(self, place: int) -> Entry:
        return self.remembered[place % len(self.remembered)]

    def hurting(self, terminal: int) -> tuple[PainPoint, ...]:
        return pains.list_open_pains(self.journals[terminal])

    def named(self, terminal: int) -> list[str]:
        found = entries.select(self.journals[terminal], entries.Selection())
        return [*(entry.id for entry in found), *(pain.id for pain in self.hurting(terminal))]

    # What a person does

    @rule(terminal=TERMINALS, note=st.one_of(NOTES, FRICTION))
    def add(self, terminal: int, note: Answer) -> None:
        if note.kind != PAIN_POINT:
            added = entry_workflows.add(self.journals[terminal], note, now())
            self.remembered.append(entries.get(self.journals[terminal], added.entity.id))
        else:
            pain = replace(note, is_new_pain=len(note.text) % 2 == 0)
            with suppress(SimilarPainExists):
                following.log_pain(self.journals[terminal], pain, now(), lambda: None)

    @precondition(lambda self: self.remembered)
    @rule(terminal=TERMINALS, place=PLACES, text=st.none() | TEXTS, day=st.none() | DAYS, project=PROJECTS)
    def edit(self, terminal: int, place: int, text: str | None, day: Any, project: str | None) -> None:  # noqa: ANN401
        edits = {"text": text, "day": day, "project": project}
        given = {name: value for name, value in edits.items() if value is not None}
        with suppress(NothingChanged):
            entry_workflows.edit(self.journals[terminal], self.an_entry(place), given)

    @precondition(lambda self: self.remembered)
    @rule(terminal=TERMINALS, place=PLACES, kind=st.sampled_from(VALUE_KINDS))
    def promote(self, terminal: int, place: int, kind: Kind) -> None:
        with suppress(NothingChanged):
            entry_workflows.promote(self.journals[terminal], self.an_entry(place), kind, {"evidence": "a log"})

    @rule(terminal=TERMINALS, place=PLACES)
    def delete(self, terminal: int, place: int) -> None:
        if names := self.named(terminal):
            entry_workflows.delete(self.journals[terminal], [names[place % len(names)]])

    @rule(terminal=TERMINALS, place=PLACES, said=TEXTS)
    def see(self, terminal: int, place: int, said: str) -> None:
        if known := self.hurting(terminal):
            following.log_sighting(self.journals[terminal], known[place % len(known)].id, said, FRIDAY, now())

    @rule(terminal=TERMINALS, place=PLACES, said=TEXTS, ahead=st.integers(0, 9))
    def plan(self, terminal: int, place: int, said: str, ahead: int) -> None:
        by = FRIDAY + timedelta(days=ahead)
        if known := self.hurting(terminal):
            with suppress(NothingChanged):
                following.plan_step(self.journals[terminal], known[place % len(known)], said, by, FRIDAY, now())

    @rule(terminal=TERMINALS, place=PLACES, how=TEXTS)
    def fix(self, terminal: int, place: int, how: str) -> None:
        if known := self.hurting(terminal):
            note = Answer(kind=Kind.IMPROVEMENT, text=how, day=FRIDAY)
            _, added = following.fix_pain(self.journals[terminal], known[place % len(known)], note, now())
            self.remembered.append(entries.get(self.journals[terminal], added.entity.id))

    @rule(terminal=TERMINALS, place=PLACES, why=TEXTS)
    def let_go(self, terminal: int, place: int, why: str) -> None:
        if known := self.hurting(terminal):
            following.drop_pain(self.journals[terminal], known[place % len(known)], why, FRIDAY)

    @rule(terminal=TERMINALS, kind=st.sampled_from(PromiseKind), text=TEXTS)
    def promise(self, terminal: int, kind: PromiseKind, text: str) -> None:
        made = promised.build_promise(kind, text, FRIDAY + timedelta(days=7), FRIDAY, now())
        promised.make_promise(self.journals[terminal], made, None)

    @rule(terminal=TERMINALS, place=PLACES, what=st.sampled_from([PromiseState.KEPT, PromiseState.BROKEN, None]))
    def settle(self, terminal: int, place: int, what: PromiseState | None) -> None:
        journal = self.journals[terminal]
        if known := promises.list_open_promises(journal):
            one = known[place % len(known)]
            if what:
                promised.settle(journal, one, what, FRIDAY)
            else:
                promised.carry_over(journal, one, one.due + timedelta(days=7), FRIDAY)

    @rule(terminal=TERMINALS, name=st.sampled_from(["Refunds", "Alerts", "Other"]), aim=TEXTS)
    def start(self, terminal: int, name: str, aim: str) -> None:
        with suppress(ProjectExists):
            owning.start_project(self.journals[terminal], name, {"aim": aim}, FRIDAY, now())

    @rule(terminal=TERMINALS, place=PLACES, result=TEXTS)
    def close(self, terminal: int, place: int, result: str) -> None:
        journal = self.journals[terminal]
        if known := projects.list_projects(journal, only_open=True):
            owning.close_project(
                journal, known[place % len(known)], {"result": result, "evidence": None, "lesson": None}, FRIDAY
            )

    @rule(terminal=TERMINALS, day=DAYS, note=st.none() | st.just("holidays"))
    def take_off(self, terminal: int, day: Any, note: str | None) -> None:  # noqa: ANN401
        days.add_days_off(self.journals[terminal], [day], note)

    @rule(terminal=TERMINALS, day=DAYS)
    def take_back(self, terminal: int, day: Any) -> None:  # noqa: ANN401
        days.remove_days_off(self.journals[terminal], [day])

    @rule(terminal=TERMINALS, place=PLACES)
    def purge(self, terminal: int, place: int) -> None:
        names = self.named(terminal)
        if names and place % 5 == 0:
            entry_workflows.purge_text(self.journals[terminal], names[place % len(names)])

    # An evening goes on while other things happen

    @rule(terminal=TERMINALS)
    def sit_down_again(self, terminal: int) -> None:
        self.evenings[terminal] = new_id()

    @rule(terminal=TERMINALS, note=NOTES, question=st.sampled_from(["activity", "helped"]))
    def answer(self, terminal: int, note: Answer, question: str) -> None:
        journal = self.journals[terminal]
        entry = build_entry(note, now())
        asked = days.asked_change(journal, note.day, question)
        journal.write("today", [*entries.creation_changes(journal, [entry]), asked], batch=self.evenings[terminal])
        self.remembered.append(entries.get(journal, entry.id))

    @precondition(lambda self: self.remembered)
    @rule(terminal=TERMINALS, place=PLACES, evidence=TEXTS, project=PROJECTS)
    def follow_up(self, terminal: int, place: int, evidence: str, project: str | None) -> None:
        old = self.an_entry(place)
        new = replace(old, evidence=evidence, project=project or old.project)
        entries.update(self.journals[terminal], old, new, act="today", batch=self.evenings[terminal])

    @rule(terminal=TERMINALS, note=FRICTION, answer=TEXTS)
    def hurt(self, terminal: int, note: Answer, answer: str) -> None:
        journal, pain = self.journals[terminal], build_pain(note, now())
        journal.write("today", pains.creation_changes([pain]), batch=self.evenings[terminal])
        journal.write("today", [pains.answer_change(pain.id, "shared", answer)], batch=self.evenings[terminal])

    @rule(terminal=TERMINALS, place=PLACES, said=TEXTS)
    def hurt_again(self, terminal: int, place: int, said: str) -> None:
        if known := self.hurting(1 - terminal):
            sighting = Sighting(id=make_id(), day=FRIDAY, text=said, created=now())
            change = pains.sighting_change(known[place % len(known)].id, sighting)
            self.journals[terminal].write("today", [change], batch=self.evenings[terminal])

    # Taking back

    @rule(terminal=TERMINALS)
    def undo(self, terminal: int) -> None:
        with suppress(NothingToUndo):
            self.journals[terminal].undo()

    @rule(terminal=TERMINALS)
    def redo(self, terminal: int) -> None:
        with suppress(NothingToRedo):
            self.journals[terminal].redo()

    @rule(terminal=TERMINALS)
    def undo_everything_and_make_it_again(self, terminal: int) -> None:
        journal = self.journals[terminal]
        before, count = visible(journal), 0
        with suppress(NothingToUndo):
            while True:
                journal.undo()
                count += 1
        assert {name: rows for name, rows in visible(journal).items() if rows} == {}
        assert find_damage(connection_of(journal)) == []
        for _ in range(count):
            journal.redo()
        assert visible(journal) == before

    # What holds at any time

    @invariant()
    def the_log_adds_up(self) -> None:
        assert find_damage(connection_of(self.journals[0])) == []

    @invariant()
    def a_thing_is_what_nobody_took_back(self) -> None:
        journal = self.journals[1]
        for entity, table in TABLES.items():
            columns = [name for name, unset in table.defaults.items() if unset != []]
            for name, *row in journal.rows(f"SELECT {table.key}, {', '.join(columns)} FROM {entity}"):
                history = list_entity_changes(journal.rows, name)
                wanted = fold_active(history) or fold_active(history, include_creation=True)
                assert dict(zip(columns, row, strict=True)) == {
                    column: ({**table.initial_fields, **wanted} if wanted else {}).get(column) for column in columns
                }

    @invariant()
    def every_word_is_found(self) -> None:
        journal = self.journals[0]
        for word in ("deploy", "audit"):
            found = {entry.id for entry in entries.search(journal, entries.Selection(query=word))}
            said = [
                entry.id
                for entry in entries.select(journal, entries.Selection())
                if word in f"{entry.text} {entry.evidence}".split()
            ]
            assert found == set(said)


def visible(journal: Journal) -> dict[str, list[Any]]:
    """Return every row that the log adds up to."""
    return {
        name: journal.rows(f"SELECT * FROM {name} ORDER BY 1, 2") for name in (*TABLES, "entry_person", "entry_tag")
    }


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
