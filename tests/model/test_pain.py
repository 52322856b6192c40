"""Pain points: on which days they were felt, and that what is closed stays closed."""

from datetime import date

import pytest
from makers import FRIDAY, NOON, a_pain

from valuelog.model.errors import BadText, PainClosed
from valuelog.model.pain import PainState, Sighting

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
def test_a_pain_point_remembers_each_day_it_was_seen(days: list[date], first: date, last: date, how_often: str) -> None:
    pain = a_pain(*days)
    assert (pain.first_seen, pain.last_seen, pain.how_often) == (first, last, how_often)
    assert pain.days_seen == len(set(days))


@pytest.mark.parametrize("state", [PainState.OPEN, PainState.PLANNED])
def test_a_pain_point_is_seen_again_as_a_new_value(state: PainState) -> None:
    pain = a_pain(MONDAY, state=state)
    again = pain.seen(_sighting(FRIDAY))
    assert (pain.days_seen, again.days_seen) == (1, 2)
    assert (again.last_seen, again.state, again.id) == (FRIDAY, state, pain.id)


@pytest.mark.parametrize("state", [PainState.FIXED, PainState.DROPPED])
def test_a_pain_point_that_is_closed_cannot_be_seen_again(state: PainState) -> None:
    with pytest.raises(PainClosed, match="“the deploy waits on one approver” is closed already"):
        a_pain(state=state).seen(_sighting(FRIDAY))


def test_a_pain_point_was_seen_at_least_once() -> None:
    with pytest.raises(ValueError, match="at least once"):
        a_pain(sightings=())


def test_a_pain_point_has_a_text() -> None:
    with pytest.raises(BadText):
        a_pain(text="")
