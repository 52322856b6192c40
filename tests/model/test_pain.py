"""PainPoint: sightings, steps and closing."""

from collections.abc import Callable
from datetime import date

import pytest

from support.makers import FRIDAY, NOON, make_pain
from valuelog.model.errors import BadText, PainClosed
from valuelog.model.pain import PainPoint, PainState, Sighting

MONDAY = date(2026, 11, 16)
THURSDAY = date(2026, 11, 19)


def _sighting(day: date) -> Sighting:
    return Sighting(id="sighting", day=day, text="and again", created=NOON)


@pytest.mark.parametrize(
    ("days", "first", "last", "how_often"),
    [
        ([FRIDAY], FRIDAY, FRIDAY, "once"),
        ([FRIDAY, FRIDAY], FRIDAY, FRIDAY, "once"),
        ([FRIDAY, MONDAY], MONDAY, FRIDAY, "twice"),
        ([THURSDAY, MONDAY, FRIDAY, MONDAY], MONDAY, FRIDAY, "3 times"),
    ],
)
def test_pain_counts_days_seen(days: list[date], first: date, last: date, how_often: str) -> None:
    pain = make_pain(*days)
    assert (pain.first_seen, pain.last_seen, pain.times_seen) == (first, last, how_often)
    assert pain.days_seen == len(set(days))


@pytest.mark.parametrize("state", [PainState.OPEN, PainState.PLANNED])
def test_add_sighting_returns_a_new_pain(state: PainState) -> None:
    pain = make_pain(MONDAY, state=state)
    again = pain.add_sighting(_sighting(FRIDAY))
    assert (pain.days_seen, again.days_seen) == (1, 2)
    assert (again.last_seen, again.state, again.id) == (FRIDAY, state, pain.id)


@pytest.mark.parametrize("state", [PainState.FIXED, PainState.DROPPED])
def test_closed_pain_rejects_a_sighting(state: PainState) -> None:
    with pytest.raises(PainClosed, match="“the deploy waits on one approver” is already closed"):
        make_pain(state=state).add_sighting(_sighting(FRIDAY))


# What becomes of it


def test_plan_returns_a_planned_pain() -> None:
    pain = make_pain()
    planned = pain.plan("ask for a second approver", FRIDAY)
    assert (planned.state, planned.step, planned.step_by) == (PainState.PLANNED, "ask for a second approver", FRIDAY)
    assert (pain.state, pain.step, pain.step_by) == (PainState.OPEN, None, None)
    assert planned.is_open
    again = planned.plan("ask twice", MONDAY)
    assert (again.state, again.step, again.step_by) == (PainState.PLANNED, "ask twice", MONDAY)


@pytest.mark.parametrize("state", [PainState.OPEN, PainState.PLANNED])
def test_mark_fixed_sets_entry_and_text(state: PainState) -> None:
    gone = make_pain(MONDAY, state=state, hit="support").mark_fixed(FRIDAY, "two approvers", "k300000000")
    assert (gone.state, gone.closed_on, gone.how, gone.fix) == (PainState.FIXED, FRIDAY, "two approvers", "k300000000")
    assert (gone.is_open, gone.hit, gone.days_seen) == (False, "support", 1)


@pytest.mark.parametrize("state", [PainState.OPEN, PainState.PLANNED])
def test_mark_dropped_sets_the_reason(state: PainState) -> None:
    gone = make_pain(MONDAY, state=state).mark_dropped(FRIDAY, "the tool goes away")
    assert (gone.state, gone.closed_on, gone.how, gone.fix) == (PainState.DROPPED, FRIDAY, "the tool goes away", None)
    assert not gone.is_open


@pytest.mark.parametrize("state", [PainState.FIXED, PainState.DROPPED])
@pytest.mark.parametrize(
    "act",
    [
        lambda pain: pain.plan("ask", FRIDAY),
        lambda pain: pain.mark_fixed(FRIDAY, "how", "k300000000"),
        lambda pain: pain.mark_dropped(FRIDAY, "why"),
    ],
    ids=["plan", "fix", "drop"],
)
def test_closed_pain_cannot_be_closed_or_planned(state: PainState, act: Callable[[PainPoint], object]) -> None:
    with pytest.raises(PainClosed, match="“the deploy waits on one approver” is already closed"):
        act(make_pain(state=state))


def test_pain_without_sightings_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one sighting"):
        make_pain(sightings=())


def test_pain_without_text_is_refused() -> None:
    with pytest.raises(BadText):
        make_pain(text="")
