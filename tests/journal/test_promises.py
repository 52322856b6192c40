"""Promises in the journal: kept whole, found when they are due, and what became of the latest."""

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


def make(journal: "Journal", text: str, due: date = FRIDAY, ended: Promise | None = None) -> Promise:
    """Make a promise due on a day, settled as another one if that is given."""
    made = make_promise(text, due=due, made_on=date(2020, 1, 1))
    journal.write("promise", [promises.creation_change(made)])
    if ended:
        done = made.settle(ended.state, ended.closed_on or FRIDAY)
        journal.write("kept", [promises.update_change(made, done)])
    return made


def settled(state: PromiseState, on: date = FRIDAY) -> Promise:
    return make_promise(state=state, closed_on=on)


def texts(found: tuple[Promise, ...]) -> list[str]:
    return [promise.text for promise in found]


@pytest.mark.parametrize("kind", PromiseKind)
def test_what_comes_out_is_what_went_in(journal: "Journal", kind: PromiseKind) -> None:
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


def test_what_is_still_to_be_kept_comes_in_the_order_in_which_it_is_due(journal: "Journal") -> None:
    for text, due in (("later", SUNDAY), ("now", FRIDAY), ("overdue", MONDAY)):
        make(journal, text, due)
    for state in (PromiseState.KEPT, PromiseState.BROKEN, PromiseState.DROPPED):
        make(journal, state, MONDAY, settled(state))
    gone = make(journal, "deleted", MONDAY)
    journal.write("delete", [Change(entity="promise", id=gone.id, fields={"deleted": "2026-11-20T12:00:00.000Z"})])
    assert texts(promises.list_open_promises(journal)) == ["overdue", "now", "later"]
    assert texts(promises.list_open_promises(journal, until=FRIDAY)) == ["overdue", "now"]
    assert texts(promises.list_open_promises(journal, until=FRIDAY - timedelta(days=1))) == ["overdue"]


@pytest.mark.parametrize(
    ("due", "ended", "around"),
    [
        (MONDAY, None, True),
        (SUNDAY, None, True),
        (MONDAY - timedelta(days=1), None, False),
        (SUNDAY + timedelta(days=1), None, False),
        (date(2027, 1, 1), settled(PromiseState.KEPT, MONDAY), True),
        (date(2026, 1, 1), settled(PromiseState.BROKEN, SUNDAY), True),
        (FRIDAY, settled(PromiseState.KEPT, MONDAY - timedelta(days=1)), True),
        (FRIDAY, settled(PromiseState.KEPT, SUNDAY + timedelta(days=1)), True),
    ],
)
def test_a_week_has_the_promises_that_were_due_or_settled_in_it(
    journal: "Journal", due: date, ended: Promise | None, *, around: bool
) -> None:
    make(journal, "a promise", due, ended)
    assert bool(promises.list_promises_in(journal, week_of(FRIDAY))) == around


def test_the_latest_are_listed_with_all_that_are_still_to_be_kept(journal: "Journal") -> None:
    make(journal, "open for years", date(2020, 1, 1))
    for number in range(5):
        make(journal, f"kept {number}", FRIDAY + timedelta(days=number), settled(PromiseState.KEPT))
    assert texts(promises.list_latest_promises(journal, 2)) == ["open for years", "kept 3", "kept 4"]
    assert texts(promises.list_latest_promises(journal, 0)) == ["open for years"]
