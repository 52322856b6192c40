"""Following through, taken back and made again: each step gives back just what was before, and the log adds up."""

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
from valuelog.workflows import pains as following
from valuelog.workflows import projects as owning
from valuelog.workflows import promises as promising
from valuelog.workflows.answers import Answer

WAITS, TOOLS, REFUNDS, REPORT = "p200000000", "p300000000", "g200000000", "t200000000"
SOON = FRIDAY + timedelta(days=7)


@pytest.fixture
def begun(journal: Journal) -> Journal:
    """Return a journal with two pain points, a project with an entry, and a promise."""
    journal.write(
        "add", pains.creation_changes([make_pain(id=WAITS), make_pain(id=TOOLS, text="two tools want the same hours")])
    )
    journal.write("start", [projects.creation_change(make_project(id=REFUNDS))])
    journal.write("promise", [promises.creation_change(make_promise(id=REPORT))])
    entries.add(journal, [make_entry(project="refund-flow")])
    return journal


def all_of(journal: Journal) -> list[Any]:
    """Return everything that can be seen."""
    known = [pain.id for pain in pains.get_many(journal, [WAITS, TOOLS])]
    return [
        *pains.get_many(journal, known),
        *(promise for name in known for promise in promises.list_promises_for_pain(journal, name)),
        *promises.list_latest_promises(journal, 9),
        *projects.list_projects(journal, only_open=False),
        *entries.select(journal, entries.Selection()),
    ]


def pain(journal: Journal, name: str = WAITS) -> PainPoint:
    return pains.get(journal, name)


def improved(text: str = "two approvers now") -> Answer:
    return Answer(kind=Kind.IMPROVEMENT, text=text, day=FRIDAY, project="Approvals")


def the_fix(journal: Journal) -> str:
    fix = pain(journal).fix
    assert fix
    return fix


def the_step(journal: Journal) -> Promise:
    return promises.list_promises_for_pain(journal, WAITS)[0]


STEPS: dict[str, Callable[[Journal], object]] = {
    "plan": lambda one: following.plan_step(one, pain(one, TOOLS), "ask which one stays", SOON, FRIDAY, NOON),
    "fix": lambda one: following.fix_pain(one, pain(one), improved(), NOON),
    "drop": lambda one: following.drop_pain(one, pain(one, TOOLS), "one of them goes in March", FRIDAY),
    "close": lambda one: owning.close_project(
        one, projects.get(one, REFUNDS), {"result": "a day", "evidence": "214 cases", "lesson": "ask early"}, FRIDAY
    ),
}
IN_ANY_ORDER = [order for order in permutations(STEPS) if order.index("plan") < order.index("drop")]


@pytest.mark.parametrize("order", IN_ANY_ORDER, ids=["-".join(order) for order in IN_ANY_ORDER])
def test_what_was_done_in_any_order_is_taken_back_and_made_again_step_by_step(
    begun: Journal, order: tuple[str, ...]
) -> None:
    states = [all_of(begun)]
    for name in order:
        STEPS[name](begun)
        states.append(all_of(begun))
    assert all(before != after for before, after in pairwise(states))
    place = len(order)
    for act in (*[-1] * 4, *[1] * 4, -1, -1, 1, -1, -1, 1, 1, 1):
        (Journal.undo if act < 0 else Journal.redo)(begun)
        place += act
        assert all_of(begun) == states[place]
        assert find_damage(connection_of(begun)) == []
    assert place == len(order)


def test_a_fix_whose_entry_was_edited_after_is_taken_back_with_it(begun: Journal) -> None:
    before = all_of(begun)
    STEPS["fix"](begun)
    fixed = all_of(begun)
    entry_workflows.edit(begun, entries.get(begun, the_fix(begun)), {"text": "three approvers", "project": "Other"})
    edited = all_of(begun)
    assert pain(begun).how == "three approvers"
    for expected in (fixed, before):
        begun.undo()
        assert all_of(begun) == expected
    for expected in (fixed, edited):
        begun.redo()
        assert all_of(begun) == expected
        assert find_damage(connection_of(begun)) == []


def test_an_evening_that_edits_the_fix_in_its_own_batch_leaves_it_when_that_is_taken_back(begun: Journal) -> None:
    """The edit belongs to a batch that is older than the fix and ends after it."""
    batch = begun.write("today", [pains.answer_change(TOOLS, "better", "one tool")])
    STEPS["fix"](begun)
    entry = entries.get(begun, the_fix(begun))
    entries.update(
        begun,
        entry,
        entry_workflows.apply_edits(entry, {"text": "three approvers"}),
        act="today",
        batch=batch,
    )
    assert pain(begun).how == "three approvers"
    begun.undo()
    assert (pain(begun).state, pain(begun).how, pain(begun, TOOLS).better) == (PainState.FIXED, entry.text, None)
    begun.undo()
    assert pain(begun).is_open
    assert find_damage(connection_of(begun)) == []


def test_a_fix_whose_entry_is_deleted_stays_fixed_without_words(begun: Journal) -> None:
    STEPS["fix"](begun)
    entry_workflows.delete(begun, [the_fix(begun)])
    assert (pain(begun).state, pain(begun).how) == (PainState.FIXED, None)
    begun.undo()
    assert pain(begun).how == "two approvers now"
    assert find_damage(connection_of(begun)) == []


# A step for a pain point


def test_a_step_that_was_still_to_be_taken_is_kept_by_the_fix_and_let_go_with_the_pain_point(begun: Journal) -> None:
    for act, state in (("fix", PromiseState.KEPT), ("drop", PromiseState.DROPPED)):
        name = WAITS if act == "fix" else TOOLS
        following.plan_step(begun, pain(begun, name), "ask", SOON, FRIDAY, NOON)
        STEPS[act](begun)
        (step,) = promises.list_promises_for_pain(begun, name)
        assert (step.state, step.closed_on) == (state, FRIDAY)
        begun.undo()
        assert promises.list_promises_for_pain(begun, name)[0].is_open
        assert pain(begun, name).state is PainState.PLANNED


@pytest.mark.parametrize("state", [PromiseState.KEPT, PromiseState.BROKEN])
def test_a_step_that_is_settled_opens_the_pain_point_again(begun: Journal, state: PromiseState) -> None:
    following.plan_step(begun, pain(begun), "ask", SOON, FRIDAY, NOON)
    assert (pain(begun).state, pain(begun).step, pain(begun).step_by) == (PainState.PLANNED, "ask", SOON)
    promising.settle(begun, the_step(begun), state, FRIDAY)
    assert (pain(begun).state, pain(begun).step, pain(begun).step_by) == (PainState.OPEN, None, None)
    begun.undo()
    assert pain(begun).state is PainState.PLANNED
    assert find_damage(connection_of(begun)) == []


def test_another_plan_changes_the_step_and_a_step_in_words_alone_gives_way_to_it(begun: Journal) -> None:
    begun.write("today", [pains.answer_change(WAITS, "step", "some day, ask")])
    assert (pain(begun).state, pain(begun).step) == (PainState.OPEN, "some day, ask")
    following.plan_step(begun, pain(begun), " ask ", SOON, FRIDAY, NOON)
    following.plan_step(begun, pain(begun), "ask two", FRIDAY, FRIDAY, NOON)
    made = {one.text: (one.due, one.state, one.carried) for one in promises.list_promises_for_pain(begun, WAITS)}
    assert made == {"ask": (SOON, PromiseState.DROPPED, 0), "ask two": (FRIDAY, PromiseState.OPEN, 0)}
    following.plan_step(begun, pain(begun), "ask two", SOON, FRIDAY, NOON)
    (step,) = (one for one in promises.list_promises_for_pain(begun, WAITS) if one.is_open)
    assert (step.due, step.carried) == (SOON, 1)
    promising.settle(begun, step, PromiseState.KEPT, FRIDAY)
    assert pain(begun).step is None
    for _ in range(4):
        begun.undo()
    assert (pain(begun).state, pain(begun).step) == (PainState.OPEN, "some day, ask")


def test_deleting_a_pain_point_takes_its_step_along_and_both_come_back(begun: Journal) -> None:
    following.plan_step(begun, pain(begun), "ask", SOON, FRIDAY, NOON)
    entry_workflows.delete(begun, [WAITS])
    assert [one.id for one in promises.list_open_promises(begun)] == [REPORT]
    begun.undo()
    assert {one.text for one in promises.list_open_promises(begun)} == {"ask", "the Monday report"}
    entry_workflows.delete(begun, [the_step(begun).id])
    assert pain(begun).state is PainState.OPEN


# Erasing for good


def test_erasing_the_entry_that_a_fix_is_leaves_the_pain_point_fixed(begun: Journal) -> None:
    STEPS["fix"](begun)
    begun.purge("entry", the_fix(begun))
    assert (pain(begun).state, pain(begun).how, pain(begun).fix) == (PainState.FIXED, None, None)
    assert b"two approvers now" not in begun.path.read_bytes()
    assert find_damage(connection_of(begun)) == []
    begun.undo()
    assert pain(begun).is_open
    begun.redo()
    assert pain(begun).state is PainState.FIXED
    assert find_damage(connection_of(begun)) == []


def test_erasing_a_promise_opens_its_pain_point(begun: Journal) -> None:
    following.plan_step(begun, pain(begun), "wombat", SOON, FRIDAY, NOON)
    begun.purge("promise", the_step(begun).id)
    assert (pain(begun).state, pain(begun).step) == (PainState.OPEN, None)
    assert b"wombat" not in begun.path.read_bytes()
    begun.undo()
    assert find_damage(connection_of(begun)) == []


@pytest.mark.parametrize("closed", ["", "fix", "drop"])
def test_erasing_a_pain_point_erases_its_steps_and_leaves_its_fix(begun: Journal, closed: str) -> None:
    name = TOOLS if closed == "drop" else WAITS
    begun.write("edit", [pains.answer_change(name, "text", "the wombat waits")])
    following.log_sighting(begun, name, "wombat again", FRIDAY, NOON)
    following.plan_step(begun, pain(begun, name), "ask the aardvark", SOON, FRIDAY, NOON)
    if closed:
        STEPS[closed](begun)
    begun.purge("pain", name)
    assert pains.get_many(begun, [name]) == ()
    assert [one.id for one in promises.list_latest_promises(begun, 9)] == [REPORT]
    for word in (b"wombat", b"aardvark"):
        assert word not in begun.path.read_bytes()
    assert find_damage(connection_of(begun)) == []
    begun.undo()
    assert pains.get_many(begun, [name]) == ()
    assert find_damage(connection_of(begun)) == []


# Another terminal

MEANWHILE: dict[str, Callable[[Journal, PainPoint], object]] = {
    "fix": lambda one, seen: following.fix_pain(one, seen, improved(), NOON),
    "drop": lambda one, seen: following.drop_pain(one, seen, "why", FRIDAY),
    "plan": lambda one, seen: following.plan_step(one, seen, "ask", SOON, FRIDAY, NOON),
    "edit": lambda one, seen: following.edit_pain(one, seen, "other words", {}, FRIDAY),
}


@pytest.mark.parametrize("act", MEANWHILE)
def test_what_another_terminal_took_back_meanwhile_comes_back_with_what_is_done_to_it(
    journal: Journal, act: str
) -> None:
    noted = make_pain(FRIDAY, id=WAITS, created=NOON)
    journal.write("add", pains.creation_changes([noted]))
    open_test_journal(journal.path.parent, device="another-terminal").undo()
    MEANWHILE[act](journal, noted)
    back = pain(journal)
    assert (back.days_seen, back.first_seen) == (1, FRIDAY)
    assert [one.id for one in pains.list_open_pains(journal)] == [WAITS] * back.is_open
    assert find_damage(connection_of(journal)) == []


@pytest.mark.parametrize("act", ["fix", "drop", "plan"])
def test_what_another_terminal_closed_meanwhile_is_not_closed_twice(begun: Journal, act: str) -> None:
    seen = pain(begun)
    following.drop_pain(open_test_journal(begun.path.parent, device="another-terminal"), seen, "why", FRIDAY)
    before = all_of(begun)
    with pytest.raises(PainClosed):
        MEANWHILE[act](begun, seen)
    assert all_of(begun) == before


def test_a_project_that_another_terminal_took_back_meanwhile_comes_back_closed(journal: Journal) -> None:
    project = make_project()
    journal.write("start", [projects.creation_change(project)])
    open_test_journal(journal.path.parent, device="another-terminal").undo()
    owning.close_project(journal, project, {"result": "a day"}, FRIDAY)
    assert [(one.name, one.state, one.result) for one in projects.list_projects(journal, only_open=False)] == [
        ("Refund flow", "closed", "a day")
    ]
    assert find_damage(connection_of(journal)) == []
