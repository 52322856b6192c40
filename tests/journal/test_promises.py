"""Promises: round trips and lists by state and due day."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from support.journal_files import connection_of
from support.makers import FRIDAY, make_pain, make_promise
from valuelog.journal import pains, promises
from valuelog.journal.log import Change
from valuelog.journal.verify import find_damage
from valuelog.model.period import week_of
from valuelog.model.promise import Promise, PromiseKind, PromiseState

if TYPE_CHECKING:
    from valuelog.journal.store import Journal

MONDAY, SUNDAY = FRIDAY - timedelta(days=4), FRIDAY + timedelta(days=2)


def add_promise(journal: "Journal", text: str, due: date = FRIDAY, outcome: Promise | None = None) -> Promise:
    """Add a promise due on a day, and give it the outcome of another one."""
    promise = make_promise(text, due=due, made_on=date(2020, 1, 1))
    journal.write("promise", [promises.creation_change(promise)])
    if outcome:
        closed = promise.settle(outcome.state, outcome.closed_on or FRIDAY)
        journal.write("kept", [promises.update_change(promise, closed)])
    return promise


def make_settled(state: PromiseState, on: date = FRIDAY) -> Promise:
    return make_promise(state=state, closed_on=on)


def texts(listed: tuple[Promise, ...]) -> list[str]:
    return [promise.text for promise in listed]


@pytest.mark.parametrize("kind", PromiseKind)
def test_promise_round_trip(journal: "Journal", kind: PromiseKind) -> None:
    pain = make_pain()
    journal.write("add", pains.creation_changes([pain]))
    promise = make_promise(kind=kind, pain=pain.id, made_on=MONDAY)
    journal.write("promise", [promises.creation_change(promise)])
    assert promises.get(journal, promise.id) == promise
    later = promise.carry_over(promise.due + timedelta(days=1)).carry_over(promise.due + timedelta(days=7))
    journal.write("carry", [promises.update_change(promise, later)])
    assert promises.get(journal, promise.id) == later
    broken = later.settle(PromiseState.BROKEN, SUNDAY)
    journal.write("broken", [promises.update_change(later, broken)])
    assert promises.get(journal, promise.id) == broken
    assert promises.update_change(broken, broken).fields == {}
    assert find_damage(connection_of(journal)) == []


def test_open_promises_are_sorted_by_due_day(journal: "Journal") -> None:
    for text, due in (("later", SUNDAY), ("now", FRIDAY), ("overdue", MONDAY)):
        add_promise(journal, text, due)
    for state in (PromiseState.KEPT, PromiseState.BROKEN, PromiseState.DROPPED):
        add_promise(journal, state, MONDAY, make_settled(state))
    deleted = add_promise(journal, "deleted", MONDAY)
    journal.write("delete", [Change(entity="promise", id=deleted.id, fields={"deleted": "2026-11-20T12:00:00.000Z"})])
    assert texts(promises.list_open_promises(journal)) == ["overdue", "now", "later"]
    assert texts(promises.list_open_promises(journal, until=FRIDAY)) == ["overdue", "now"]
    assert texts(promises.list_open_promises(journal, until=FRIDAY - timedelta(days=1))) == ["overdue"]


@pytest.mark.parametrize(
    ("due", "outcome", "is_listed"),
    [
        (MONDAY, None, True),
        (SUNDAY, None, True),
        (MONDAY - timedelta(days=1), None, False),
        (SUNDAY + timedelta(days=1), None, False),
        (date(2027, 1, 1), make_settled(PromiseState.KEPT, MONDAY), True),
        (date(2026, 1, 1), make_settled(PromiseState.BROKEN, SUNDAY), True),
        (FRIDAY, make_settled(PromiseState.KEPT, MONDAY - timedelta(days=1)), True),
        (FRIDAY, make_settled(PromiseState.KEPT, SUNDAY + timedelta(days=1)), True),
    ],
)
def test_promises_due_or_settled_in_a_week(
    journal: "Journal", due: date, outcome: Promise | None, *, is_listed: bool
) -> None:
    add_promise(journal, "a promise", due, outcome)
    assert bool(promises.list_promises_in(journal, week_of(FRIDAY))) == is_listed


def test_latest_promises_include_all_open_ones(journal: "Journal") -> None:
    add_promise(journal, "open for years", date(2020, 1, 1))
    for number in range(5):
        add_promise(journal, f"kept {number}", FRIDAY + timedelta(days=number), make_settled(PromiseState.KEPT))
    assert texts(promises.list_latest_promises(journal, 2)) == ["open for years", "kept 3", "kept 4"]
    assert texts(promises.list_latest_promises(journal, 0)) == ["open for years"]
