"""Promise: settled once, carried over any number of times."""

from datetime import date, timedelta

import pytest

from support.makers import FRIDAY, make_promise
from valuelog.model.errors import PromiseClosed
from valuelog.model.promise import PromiseState

ENDS = [PromiseState.KEPT, PromiseState.BROKEN, PromiseState.DROPPED]
SOON = date(2026, 11, 27)


@pytest.mark.parametrize("state", ENDS)
def test_settle_returns_a_new_promise(state: PromiseState) -> None:
    promise = make_promise()
    done = promise.settle(state, SOON)
    assert (done.state, done.closed_on, done.is_open) == (state, SOON, False)
    assert (promise.state, promise.closed_on, promise.is_open) == (PromiseState.OPEN, None, True)
    assert (done.id, done.text, done.due, done.made_on) == (promise.id, promise.text, promise.due, promise.made_on)


def test_carry_over_changes_due_day_and_count() -> None:
    promise = make_promise(due=FRIDAY)
    once = promise.carry_over(SOON)
    twice = once.carry_over(SOON + timedelta(days=7))
    assert [(one.due, one.carried) for one in (promise, once, twice)] == [
        (FRIDAY, 0),
        (SOON, 1),
        (SOON + timedelta(days=7), 2),
    ]
    assert twice.is_open
    assert twice.settle(PromiseState.KEPT, FRIDAY).carried == 2


@pytest.mark.parametrize("state", ENDS)
def test_settled_promise_cannot_be_settled_again(state: PromiseState) -> None:
    done = make_promise().settle(state, FRIDAY)
    for again in ENDS:
        with pytest.raises(PromiseClosed, match=f"“the Monday report” is already {state}"):
            done.settle(again, FRIDAY)
    with pytest.raises(PromiseClosed, match=f"“the Monday report” is already {state}"):
        done.carry_over(SOON)
