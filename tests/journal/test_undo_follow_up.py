"""Undo and redo of acts on pain points, projects and promises; each restores the state before."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest

from support.journal_files import connection_of
from support.makers import FRIDAY, NOON, make_entry, make_pain, make_project, make_promise, open_test_journal
from valuelog.journal import entries, pains, projects, promises
from valuelog.journal.store import Journal
from valuelog.journal.verify import find_damage
from valuelog.model.entry import Kind
from valuelog.model.errors import PainClosed
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.promise import Promise, PromiseState
from valuelog.workflows import entries as entry_workflows
from valuelog.workflows import pains as pain_workflows
from valuelog.workflows import projects as project_workflows
from valuelog.workflows import promises as promise_workflows
from valuelog.workflows.answers import Answer

WAITS, TOOLS, REFUNDS, REPORT = "p200000000", "p300000000", "g200000000", "t200000000"
SOON = FRIDAY + timedelta(days=7)


@pytest.fixture
def filled(journal: Journal) -> Journal:
    """Return a journal with two pain points, a project with an entry, and a promise."""
    journal.write(
        "add", pains.creation_changes([make_pain(id=WAITS), make_pain(id=TOOLS, text="two tools want the same hours")])
    )
    journal.write("start", [projects.creation_change(make_project(id=REFUNDS))])
    journal.write("promise", [promises.creation_change(make_promise(id=REPORT))])
    entries.add(journal, [make_entry(project="refund-flow")])
    return journal


def read_everything(journal: Journal) -> list[Any]:
    """Return all pain points, promises, projects and entries."""
    known = [get_pain.id for get_pain in pains.get_many(journal, [WAITS, TOOLS])]
    return [
        *pains.get_many(journal, known),
        *(promise for name in known for promise in promises.list_promises_for_pain(journal, name)),
        *promises.list_latest_promises(journal, 9),
        *projects.list_projects(journal, only_open=False),
        *entries.select(journal, entries.Selection()),
    ]


def get_pain(journal: Journal, name: str = WAITS) -> PainPoint:
    return pains.get(journal, name)


def make_fix_answer(text: str = "two approvers now") -> Answer:
    return Answer(kind=Kind.IMPROVEMENT, text=text, day=FRIDAY, project="Approvals")


def get_fix_id(journal: Journal) -> str:
    fix = get_pain(journal).fix
    assert fix
    return fix


def get_first_step(journal: Journal) -> Promise:
    return promises.list_promises_for_pain(journal, WAITS)[0]


ACTS: dict[str, Callable[[Journal], object]] = {
    "plan": lambda journal: pain_workflows.plan_step(
        journal, get_pain(journal, TOOLS), "ask which one stays", SOON, FRIDAY, NOON
    ),
    "fix": lambda journal: pain_workflows.fix_pains(journal, [get_pain(journal)], make_fix_answer(), NOON),
    "drop": lambda journal: pain_workflows.drop_pain(
        journal, get_pain(journal, TOOLS), "one of them goes in March", FRIDAY
    ),
    "close": lambda journal: project_workflows.close_project(
        journal,
        projects.get(journal, REFUNDS),
        {"result": "a day", "evidence": "214 cases", "lesson": "ask early"},
        FRIDAY,
    ),
}
ACT_ORDERS = [order for order in permutations(ACTS) if order.index("plan") < order.index("drop")]


@pytest.mark.parametrize("order", ACT_ORDERS, ids=["-".join(order) for order in ACT_ORDERS])
def test_acts_in_any_order_are_undone_and_redone_one_by_one(filled: Journal, order: tuple[str, ...]) -> None:
    states = [read_everything(filled)]
    for name in order:
        ACTS[name](filled)
        states.append(read_everything(filled))
    assert all(before != after for before, after in pairwise(states))
    position = len(order)
    for act in (*[-1] * 4, *[1] * 4, -1, -1, 1, -1, -1, 1, 1, 1):
        (Journal.undo if act < 0 else Journal.redo)(filled)
        position += act
        assert read_everything(filled) == states[position]
        assert find_damage(connection_of(filled)) == []
    assert position == len(order)


def test_undo_of_a_fix_whose_entry_was_edited(filled: Journal) -> None:
    before = read_everything(filled)
    ACTS["fix"](filled)
    fixed = read_everything(filled)
    entry_workflows.edit(
        filled, entries.get(filled, get_fix_id(filled)), {"text": "three approvers", "project": "Other"}
    )
    edited = read_everything(filled)
    assert get_pain(filled).how == "three approvers"
    for expected in (fixed, before):
        filled.undo()
        assert read_everything(filled) == expected
    for expected in (fixed, edited):
        filled.redo()
        assert read_everything(filled) == expected
        assert find_damage(connection_of(filled)) == []


def test_undoing_an_evening_keeps_a_fix_it_edited(filled: Journal) -> None:
    """The batch of the edit starts before the fix and ends after it."""
    batch = filled.write("today", [pains.answer_change(TOOLS, "better", "one tool")])
    ACTS["fix"](filled)
    entry = entries.get(filled, get_fix_id(filled))
    entries.update(
        filled,
        entry,
        entry_workflows.apply_edits(entry, {"text": "three approvers"}),
        act="today",
        batch=batch,
    )
    assert get_pain(filled).how == "three approvers"
    filled.undo()
    assert (get_pain(filled).state, get_pain(filled).how, get_pain(filled, TOOLS).better) == (
        PainState.FIXED,
        entry.text,
        None,
    )
    filled.undo()
    assert get_pain(filled).is_open
    assert find_damage(connection_of(filled)) == []


def test_deleting_the_entry_of_a_fix_keeps_the_pain_fixed(filled: Journal) -> None:
    ACTS["fix"](filled)
    entry_workflows.delete(filled, [get_fix_id(filled)])
    assert (get_pain(filled).state, get_pain(filled).how) == (PainState.FIXED, None)
    filled.undo()
    assert get_pain(filled).how == "two approvers now"
    assert find_damage(connection_of(filled)) == []


# A step for a pain point


def test_closing_a_pain_point_settles_its_open_step(filled: Journal) -> None:
    for act, state in (("fix", PromiseState.KEPT), ("drop", PromiseState.DROPPED)):
        pain_id = WAITS if act == "fix" else TOOLS
        pain_workflows.plan_step(filled, get_pain(filled, pain_id), "ask", SOON, FRIDAY, NOON)
        ACTS[act](filled)
        (step,) = promises.list_promises_for_pain(filled, pain_id)
        assert (step.state, step.closed_on) == (state, FRIDAY)
        filled.undo()
        assert promises.list_promises_for_pain(filled, pain_id)[0].is_open
        assert get_pain(filled, pain_id).state is PainState.PLANNED


@pytest.mark.parametrize("state", [PromiseState.KEPT, PromiseState.BROKEN])
def test_settled_step_reopens_its_pain_point(filled: Journal, state: PromiseState) -> None:
    pain_workflows.plan_step(filled, get_pain(filled), "ask", SOON, FRIDAY, NOON)
    assert (get_pain(filled).state, get_pain(filled).step, get_pain(filled).step_by) == (PainState.PLANNED, "ask", SOON)
    promise_workflows.settle(filled, get_first_step(filled), state, FRIDAY, FRIDAY, NOON)
    assert (get_pain(filled).state, get_pain(filled).step, get_pain(filled).step_by) == (PainState.OPEN, None, None)
    filled.undo()
    assert get_pain(filled).state is PainState.PLANNED
    assert find_damage(connection_of(filled)) == []


def test_new_plan_replaces_the_step(filled: Journal) -> None:
    filled.write("today", [pains.answer_change(WAITS, "step", "some day, ask")])
    assert (get_pain(filled).state, get_pain(filled).step) == (PainState.OPEN, "some day, ask")
    pain_workflows.plan_step(filled, get_pain(filled), " ask ", SOON, FRIDAY, NOON)
    pain_workflows.plan_step(filled, get_pain(filled), "ask two", FRIDAY, FRIDAY, NOON)
    steps = {step.text: (step.due, step.state, step.carried) for step in promises.list_promises_for_pain(filled, WAITS)}
    assert steps == {"ask": (SOON, PromiseState.DROPPED, 0), "ask two": (FRIDAY, PromiseState.OPEN, 0)}
    pain_workflows.plan_step(filled, get_pain(filled), "ask two", SOON, FRIDAY, NOON)
    (step,) = (step for step in promises.list_promises_for_pain(filled, WAITS) if step.is_open)
    assert (step.due, step.carried) == (SOON, 1)
    promise_workflows.settle(filled, step, PromiseState.KEPT, FRIDAY, FRIDAY, NOON)
    assert get_pain(filled).step is None
    for _ in range(4):
        filled.undo()
    assert (get_pain(filled).state, get_pain(filled).step) == (PainState.OPEN, "some day, ask")


def test_deleting_a_pain_point_deletes_its_step(filled: Journal) -> None:
    pain_workflows.plan_step(filled, get_pain(filled), "ask", SOON, FRIDAY, NOON)
    entry_workflows.delete(filled, [WAITS])
    assert [promise.id for promise in promises.list_open_promises(filled)] == [REPORT]
    filled.undo()
    assert {promise.text for promise in promises.list_open_promises(filled)} == {"ask", "the Monday report"}
    entry_workflows.delete(filled, [get_first_step(filled).id])
    assert get_pain(filled).state is PainState.OPEN


# Purge


def test_purging_the_entry_of_a_fix_keeps_the_pain_fixed(filled: Journal) -> None:
    ACTS["fix"](filled)
    filled.purge("entry", get_fix_id(filled))
    assert (get_pain(filled).state, get_pain(filled).how, get_pain(filled).fix) == (PainState.FIXED, None, None)
    assert b"two approvers now" not in filled.path.read_bytes()
    assert find_damage(connection_of(filled)) == []
    filled.undo()
    assert get_pain(filled).is_open
    filled.redo()
    assert get_pain(filled).state is PainState.FIXED
    assert find_damage(connection_of(filled)) == []


def test_purging_a_step_reopens_its_pain_point(filled: Journal) -> None:
    pain_workflows.plan_step(filled, get_pain(filled), "wombat", SOON, FRIDAY, NOON)
    filled.purge("promise", get_first_step(filled).id)
    assert (get_pain(filled).state, get_pain(filled).step) == (PainState.OPEN, None)
    assert b"wombat" not in filled.path.read_bytes()
    filled.undo()
    assert find_damage(connection_of(filled)) == []


@pytest.mark.parametrize("closed", ["", "fix", "drop"])
def test_purging_a_pain_point_purges_its_steps(filled: Journal, closed: str) -> None:
    pain_id = TOOLS if closed == "drop" else WAITS
    filled.write("edit", [pains.answer_change(pain_id, "text", "the wombat waits")])
    pain_workflows.log_sighting(filled, pain_id, "wombat again", FRIDAY, NOON)
    pain_workflows.plan_step(filled, get_pain(filled, pain_id), "ask the aardvark", SOON, FRIDAY, NOON)
    if closed:
        ACTS[closed](filled)
    filled.purge("pain", pain_id)
    assert pains.get_many(filled, [pain_id]) == ()
    assert [promise.id for promise in promises.list_latest_promises(filled, 9)] == [REPORT]
    for word in (b"wombat", b"aardvark"):
        assert word not in filled.path.read_bytes()
    assert find_damage(connection_of(filled)) == []
    filled.undo()
    assert pains.get_many(filled, [pain_id]) == ()
    assert find_damage(connection_of(filled)) == []


# Another terminal

CONCURRENT_ACTS: dict[str, Callable[[Journal, PainPoint], object]] = {
    "fix": lambda journal, pain_point: pain_workflows.fix_pains(journal, [pain_point], make_fix_answer(), NOON),
    "drop": lambda journal, pain_point: pain_workflows.drop_pain(journal, pain_point, "why", FRIDAY),
    "plan": lambda journal, pain_point: pain_workflows.plan_step(journal, pain_point, "ask", SOON, FRIDAY, NOON),
    "edit": lambda journal, pain_point: pain_workflows.edit_pain(journal, pain_point, "another text", {}, FRIDAY),
}


@pytest.mark.parametrize("act", CONCURRENT_ACTS)
def test_change_restores_a_pain_point_undone_meanwhile(journal: Journal, act: str) -> None:
    known = make_pain(FRIDAY, id=WAITS, created=NOON)
    journal.write("add", pains.creation_changes([known]))
    open_test_journal(journal.path.parent, device="another-terminal").undo()
    CONCURRENT_ACTS[act](journal, known)
    restored = get_pain(journal)
    assert (restored.days_seen, restored.first_seen) == (1, FRIDAY)
    assert [pain_point.id for pain_point in pains.list_open_pains(journal)] == [WAITS] * restored.is_open
    assert find_damage(connection_of(journal)) == []


@pytest.mark.parametrize("act", ["fix", "drop", "plan"])
def test_pain_point_closed_meanwhile_is_not_closed_twice(filled: Journal, act: str) -> None:
    before_closing = get_pain(filled)
    pain_workflows.drop_pain(
        open_test_journal(filled.path.parent, device="another-terminal"), before_closing, "why", FRIDAY
    )
    before = read_everything(filled)
    with pytest.raises(PainClosed):
        CONCURRENT_ACTS[act](filled, before_closing)
    assert read_everything(filled) == before


def test_closing_restores_a_project_undone_meanwhile(journal: Journal) -> None:
    project = make_project()
    journal.write("start", [projects.creation_change(project)])
    open_test_journal(journal.path.parent, device="another-terminal").undo()
    project_workflows.close_project(journal, project, {"result": "a day"}, FRIDAY)
    assert [
        (project.name, project.state, project.result) for project in projects.list_projects(journal, only_open=False)
    ] == [("Refund flow", "closed", "a day")]
    assert find_damage(connection_of(journal)) == []
