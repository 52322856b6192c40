"""Any sequence of changes from two terminals leaves an undamaged journal.

It can be undone and redone, and an export makes the same journal.
"""
# ruff: noqa: D102  the names of rules say what they do

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from support.journal_files import connection_of, find_entries, read_projection
from support.makers import FRIDAY, make_id, open_test_journal
from valuelog.exchange import ImportContext
from valuelog.journal import days, entries, findings, pains, projects, promises
from valuelog.journal.errors import NothingToRedo, NothingToUndo
from valuelog.journal.ids import new_id
from valuelog.journal.log import fold_active, list_entity_changes
from valuelog.journal.projection import TABLES
from valuelog.journal.store import Journal
from valuelog.journal.verify import find_damage
from valuelog.model.entry import VALUE_KINDS, Entry, Impact, Kind
from valuelog.model.errors import NotTwoPains, ProjectExists, ProjectOpen
from valuelog.model.pain import PainPoint, Sighting
from valuelog.model.promise import PromiseKind, PromiseState
from valuelog.model.question import PAIN_POINT
from valuelog.model.recurrence import Recurrence, parse_recurrence
from valuelog.model.schedule import DayOff
from valuelog.workflows import entries as entry_workflows
from valuelog.workflows import evidence as evidence_workflows
from valuelog.workflows import pains as pain_workflows
from valuelog.workflows import projects as project_workflows
from valuelog.workflows import promises as promise_workflows
from valuelog.workflows import purging
from valuelog.workflows.answers import Answer
from valuelog.workflows.confirmation import NothingChanged
from valuelog.workflows.entries import build_entry
from valuelog.workflows.exporting import export_journal
from valuelog.workflows.importing import ImportOptions, import_file
from valuelog.workflows.pains import SimilarPainExists, build_pain

WORDS = ("deploy", "waits", "approver", "audit", "@sam", "@maya", "#ops", "#q4")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join)
TERMINALS = st.integers(0, 1)
INDEXES = st.integers(0, 50)
DAYS = st.integers(0, 3).map(lambda number: FRIDAY - timedelta(days=number))
RECURRENCES = st.sampled_from(["day", "other friday", "month"]).map(parse_recurrence)
PROJECTS = st.sampled_from([None, None, "Refunds", "Alerts"])
ENTRIES = st.builds(
    Answer,
    kind=st.sampled_from(Kind),
    text=TEXTS,
    day=DAYS,
    project=PROJECTS,
    minutes=st.sampled_from([None, 30]),
    impact=st.none() | st.sampled_from(Impact),
    question=st.sampled_from([None, "outcome", "proof"]),
)
FINDINGS = st.sampled_from(["no-evidence", "recurring-pain:k3aaaaaaaa"])
PAINS = st.builds(Answer, kind=st.just(PAIN_POINT), text=TEXTS, day=DAYS)


def now() -> datetime:
    return datetime.now(UTC)


class AnySequence(RuleBasedStateMachine):
    """Two terminals at one journal. `remembered` are entries in earlier states; they may not exist any more."""

    def __init__(self) -> None:
        """Open an empty journal twice."""
        super().__init__()
        self.folder = Path(mkdtemp(prefix="valuelog-"))
        self.journals = [open_test_journal(self.folder, device=name) for name in ("one", "two")]
        for journal in self.journals:
            connection_of(journal).execute("PRAGMA synchronous = OFF")  # faster; the file is the same
        self.evenings = [new_id(), new_id()]
        self.remembered: list[Entry] = []

    def teardown(self) -> None:
        """Close the journal and remove its folder."""
        for journal in self.journals:
            journal.close()
        rmtree(self.folder)

    def pick_entry(self, index: int) -> Entry:
        return self.remembered[index % len(self.remembered)]

    def open_pains(self, terminal: int) -> tuple[PainPoint, ...]:
        return pains.list_open_pains(self.journals[terminal])

    def list_ids(self, terminal: int) -> list[str]:
        selected = entries.select(self.journals[terminal], entries.Selection())
        return [*(entry.id for entry in selected), *(pain.id for pain in self.open_pains(terminal))]

    # Commands

    @rule(terminal=TERMINALS, answer=st.one_of(ENTRIES, PAINS))
    def add(self, terminal: int, answer: Answer) -> None:
        if answer.kind != PAIN_POINT:
            added = entry_workflows.add(self.journals[terminal], answer, now())
            self.remembered.append(entries.get(self.journals[terminal], added.entity.id))
        else:
            pain = replace(answer, is_new_pain=len(answer.text) % 2 == 0)
            with suppress(SimilarPainExists):
                pain_workflows.log_pain(self.journals[terminal], pain, now(), lambda: None)

    @precondition(lambda self: self.remembered)
    @rule(terminal=TERMINALS, index=INDEXES, text=st.none() | TEXTS, day=st.none() | DAYS, project=PROJECTS)
    def edit(self, terminal: int, index: int, text: str | None, day: Any, project: str | None) -> None:  # noqa: ANN401
        edits = {"text": text, "day": day, "project": project}
        given = {name: value for name, value in edits.items() if value is not None}
        with suppress(NothingChanged):
            entry_workflows.edit(self.journals[terminal], self.pick_entry(index), given)

    @precondition(lambda self: self.remembered)
    @rule(terminal=TERMINALS, index=INDEXES, kind=st.sampled_from(VALUE_KINDS))
    def promote(self, terminal: int, index: int, kind: Kind) -> None:
        with suppress(NothingChanged):
            entry_workflows.promote(self.journals[terminal], self.pick_entry(index), kind, {"evidence": "a log"})

    @rule(terminal=TERMINALS, index=INDEXES)
    def delete(self, terminal: int, index: int) -> None:
        if names := self.list_ids(terminal):
            entry_workflows.delete(self.journals[terminal], [names[index % len(names)]])

    @rule(terminal=TERMINALS, index=INDEXES, text=TEXTS)
    def log_sighting(self, terminal: int, index: int, text: str) -> None:
        if listed := self.open_pains(terminal):
            pain_workflows.log_sighting(self.journals[terminal], listed[index % len(listed)].id, text, FRIDAY, now())

    @rule(terminal=TERMINALS, index=INDEXES, text=TEXTS, ahead=st.integers(0, 9))
    def plan(self, terminal: int, index: int, text: str, ahead: int) -> None:
        by = FRIDAY + timedelta(days=ahead)
        if listed := self.open_pains(terminal):
            with suppress(NothingChanged):
                pain_workflows.plan_step(self.journals[terminal], listed[index % len(listed)], text, by, FRIDAY, now())

    @rule(terminal=TERMINALS, index=INDEXES, fix_text=TEXTS)
    def fix(self, terminal: int, index: int, fix_text: str) -> None:
        if listed := self.open_pains(terminal):
            answer = Answer(kind=Kind.IMPROVEMENT, text=fix_text, day=FRIDAY)
            fixed = {pain.id: pain for pain in (listed[0], listed[index % len(listed)])}
            *_, added = pain_workflows.fix_pains(self.journals[terminal], [*fixed.values()], answer, now())
            self.remembered.append(entries.get(self.journals[terminal], added.entity.id))

    @rule(terminal=TERMINALS, index=INDEXES)
    def merge(self, terminal: int, index: int) -> None:
        if listed := self.open_pains(terminal):
            with suppress(NotTwoPains):
                pain_workflows.merge_pains(self.journals[terminal], listed[0], listed[index % len(listed)], FRIDAY)

    @rule(terminal=TERMINALS, index=INDEXES, reason=TEXTS)
    def drop(self, terminal: int, index: int, reason: str) -> None:
        if listed := self.open_pains(terminal):
            pain_workflows.drop_pain(self.journals[terminal], listed[index % len(listed)], reason, FRIDAY)

    @rule(terminal=TERMINALS, kind=st.sampled_from(PromiseKind), text=TEXTS, every=st.none() | RECURRENCES)
    def promise(self, terminal: int, kind: PromiseKind, text: str, every: Recurrence | None) -> None:
        new = promise_workflows.build_promise(kind, text, FRIDAY + timedelta(days=7), FRIDAY, now(), every)
        promise_workflows.make_promise(self.journals[terminal], new, None)

    @rule(terminal=TERMINALS, index=INDEXES, state=st.sampled_from([PromiseState.KEPT, PromiseState.BROKEN, None]))
    def settle(self, terminal: int, index: int, state: PromiseState | None) -> None:
        journal = self.journals[terminal]
        if listed := promises.list_open_promises(journal):
            chosen = listed[index % len(listed)]
            if state:
                promise_workflows.settle(journal, chosen, state, FRIDAY, FRIDAY, now())
            else:
                promise_workflows.carry_over(journal, chosen, chosen.due + timedelta(days=7), FRIDAY)

    @rule(terminal=TERMINALS, name=st.sampled_from(["Refunds", "Alerts", "Other"]), aim=TEXTS)
    def start(self, terminal: int, name: str, aim: str) -> None:
        with suppress(ProjectExists):
            project_workflows.start_project(self.journals[terminal], name, {"aim": aim}, FRIDAY, now())

    @rule(terminal=TERMINALS, index=INDEXES, result=TEXTS)
    def close(self, terminal: int, index: int, result: str) -> None:
        journal = self.journals[terminal]
        if listed := projects.list_projects(journal, only_open=True):
            project_workflows.close_project(
                journal, listed[index % len(listed)], {"result": result, "evidence": None, "lesson": None}, FRIDAY
            )

    @rule(terminal=TERMINALS, index=INDEXES, lesson=st.none() | TEXTS)
    def drop_project(self, terminal: int, index: int, lesson: str | None) -> None:
        journal = self.journals[terminal]
        if listed := projects.list_projects(journal, only_open=True):
            project = listed[index % len(listed)]
            project_workflows.drop_project(journal, project, "no longer ours", FRIDAY, lesson=lesson)

    @rule(terminal=TERMINALS, index=INDEXES)
    def reopen_project(self, terminal: int, index: int) -> None:
        journal = self.journals[terminal]
        listed = projects.list_projects(journal, only_open=False)
        with suppress(ProjectExists, ProjectOpen):
            if listed:
                project_workflows.reopen_project(journal, listed[index % len(listed)])

    @rule(terminal=TERMINALS, index=INDEXES, value=TEXTS, day=DAYS)
    def measure(self, terminal: int, index: int, value: str, day: Any) -> None:  # noqa: ANN401
        journal = self.journals[terminal]
        if listed := projects.list_projects(journal, only_open=False):
            project_workflows.measure_project(journal, listed[index % len(listed)].id, value, day, now())

    @precondition(lambda self: self.remembered)
    @rule(terminal=TERMINALS, index=INDEXES, answer=st.sampled_from(["n", "no, it is back", "d", "two calls less"]))
    def answer_evidence(self, terminal: int, index: int, answer: str) -> None:
        entry = self.pick_entry(index)
        fields = evidence_workflows.continue_evidence(entry, answer, FRIDAY, confirms=True)
        evidence_workflows.write_answer(self.journals[terminal], entry, fields, new_id())

    @rule(terminal=TERMINALS, key=FINDINGS, until=st.none() | DAYS)
    def mute_finding(self, terminal: int, key: str, until: Any) -> None:  # noqa: ANN401
        findings.mute(self.journals[terminal], key, until, "snooze" if until else "turn-off")

    @rule(terminal=TERMINALS)
    def unmute_findings(self, terminal: int) -> None:
        journal = self.journals[terminal]
        findings.unmute(journal, findings.list_mutes(journal, FRIDAY), "turn-on")

    @rule(terminal=TERMINALS, day=DAYS, note=st.none() | st.just("holidays"))
    def add_day_off(self, terminal: int, day: Any, note: str | None) -> None:  # noqa: ANN401
        days.add_days_off(self.journals[terminal], [day], note)

    @rule(terminal=TERMINALS, day=DAYS)
    def remove_day_off(self, terminal: int, day: Any) -> None:  # noqa: ANN401
        days.remove_days_off(self.journals[terminal], [day])

    @rule(terminal=TERMINALS, day=DAYS, every=RECURRENCES, until=st.none() | DAYS)
    def add_series_off(self, terminal: int, day: Any, every: Recurrence, until: Any) -> None:  # noqa: ANN401
        series = DayOff(day=day, every=every, until=until and max(day, until))
        with suppress(days.SeriesStartTaken):
            days.add_series_off(self.journals[terminal], [series])

    @rule(terminal=TERMINALS, day=DAYS, every=RECURRENCES)
    def end_series_off(self, terminal: int, day: Any, every: Recurrence) -> None:  # noqa: ANN401
        days.end_series_off(self.journals[terminal], every, day, date.max)

    @rule(terminal=TERMINALS, index=INDEXES)
    def purge(self, terminal: int, index: int) -> None:
        names = self.list_ids(terminal)
        if names and index % 5 == 0:
            journal = self.journals[terminal]
            entity, entity_id, _ = purging.resolve_purgeable(journal, names[index % len(names)])
            journal.purge(entity, entity_id)

    # An evening, interleaved with other changes

    @rule(terminal=TERMINALS)
    def start_new_evening(self, terminal: int) -> None:
        self.evenings[terminal] = new_id()

    @rule(terminal=TERMINALS, answer=ENTRIES, question=st.sampled_from(["activity", "helped"]))
    def answer_question(self, terminal: int, answer: Answer, question: str) -> None:
        journal = self.journals[terminal]
        entry = build_entry(answer, now())
        asked = days.asked_change(journal, answer.day, question)
        journal.write("today", [*entries.creation_changes(journal, [entry]), asked], batch=self.evenings[terminal])
        self.remembered.append(entries.get(journal, entry.id))

    @precondition(lambda self: self.remembered)
    @rule(terminal=TERMINALS, index=INDEXES, evidence=TEXTS, project=PROJECTS)
    def answer_follow_up(self, terminal: int, index: int, evidence: str, project: str | None) -> None:
        old = self.pick_entry(index)
        new = replace(old, evidence=evidence, project=project or old.project)
        entries.update(self.journals[terminal], old, new, act="today", batch=self.evenings[terminal])

    @rule(terminal=TERMINALS, answer=PAINS, shared=TEXTS)
    def add_pain_in_evening(self, terminal: int, answer: Answer, shared: str) -> None:
        journal, pain = self.journals[terminal], build_pain(answer, now())
        journal.write("today", pains.creation_changes([pain]), batch=self.evenings[terminal])
        journal.write("today", [pains.answer_change(pain.id, "shared", shared)], batch=self.evenings[terminal])

    @rule(terminal=TERMINALS, index=INDEXES, text=TEXTS)
    def log_sighting_in_evening(self, terminal: int, index: int, text: str) -> None:
        if listed := self.open_pains(1 - terminal):
            sighting = Sighting(id=make_id(), day=FRIDAY, text=text, created=now())
            change = pains.sighting_change(listed[index % len(listed)].id, sighting)
            self.journals[terminal].write("today", [change], batch=self.evenings[terminal])

    # Undo and redo

    @rule(terminal=TERMINALS)
    def undo(self, terminal: int) -> None:
        with suppress(NothingToUndo):
            self.journals[terminal].undo()

    @rule(terminal=TERMINALS)
    def redo(self, terminal: int) -> None:
        with suppress(NothingToRedo):
            self.journals[terminal].redo()

    @rule(terminal=TERMINALS)
    def undo_and_redo_everything(self, terminal: int) -> None:
        journal = self.journals[terminal]
        before, count = read_projection(journal), 0
        with suppress(NothingToUndo):
            while True:
                journal.undo()
                count += 1
        assert not any(without_asked(read_projection(journal)).values())
        assert find_damage(connection_of(journal)) == []
        for _ in range(count):
            journal.redo()
        assert read_projection(journal) == before

    # Export and import

    @rule(terminal=TERMINALS)
    def export_and_import(self, terminal: int) -> None:
        slugs = [each.slug for each in projects.list_projects(self.journals[terminal], only_open=True)]
        if len(set(slugs)) < len(slugs):  # undo opened a second one of that name, which an import joins to the first
            return
        exported = "".join(export_journal(self.journals[terminal], "jsonl", None))
        folder = Path(mkdtemp(prefix="valuelog-"))
        journal = open_test_journal(folder)
        import_text(journal, exported)
        assert "".join(export_journal(journal, "jsonl", None)) == exported
        before = read_projection(journal)
        if any(without_asked(before).values()):
            journal.undo()
            assert not any(read_projection(journal).values())
            journal.redo()
            assert read_projection(journal) == before
        assert find_damage(connection_of(journal)) == []
        journal.close()
        rmtree(folder)

    # Invariants

    @invariant()
    def journal_is_undamaged(self) -> None:
        assert find_damage(connection_of(self.journals[0])) == []

    @invariant()
    def rows_equal_active_changes(self) -> None:
        journal = self.journals[1]
        for entity, table in TABLES.items():
            columns = [name for name, unset in table.defaults.items() if unset != []]
            for name, *row in journal.rows(f"SELECT {table.key}, {', '.join(columns)} FROM {entity}"):
                history = list_entity_changes(journal.rows, name)
                expected = fold_active(history) or fold_active(history, include_creation=True)
                assert dict(zip(columns, row, strict=True)) == {
                    column: ({**table.initial_fields, **expected} if expected else {}).get(column) for column in columns
                }

    @invariant()
    def search_finds_every_word(self) -> None:
        journal = self.journals[0]
        for word in ("deploy", "audit"):
            selected = {entry.id for entry in find_entries(journal, f'"{word}"')}
            expected_ids = [
                entry.id
                for entry in entries.select(journal, entries.Selection())
                if word in f"{entry.text} {entry.evidence}".split()
            ]
            assert selected == set(expected_ids)


def without_asked(rows: dict[str, Any]) -> dict[str, Any]:
    """Return rows by table without those of questions asked: undo passes over a batch that has nothing else."""
    return {name: found for name, found in rows.items() if name != "asked"}


def import_text(journal: Journal, text: str) -> None:
    """Import jsonl, and check that nothing in it was known or invalid."""
    context, options = ImportContext(zone=UTC), ImportOptions(format="jsonl")
    result = import_file(lambda **_: journal, BytesIO(text.encode()), context, options, FRIDAY, now())
    assert result.known_count == result.bad_count == 0


TestAnySequence = AnySequence.TestCase
TestAnySequence.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
