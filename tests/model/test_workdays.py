"""Workdays: weekdays that are worked, without the days off."""

from datetime import date, timedelta

import pytest

from support.makers import FRIDAY
from valuelog.model.period import Period, week_of
from valuelog.model.workdays import Workdays

WEEK = week_of(FRIDAY)


def _worked(workdays: Workdays) -> list[int]:
    return [day.day for day in workdays.days_in(WEEK)]


@pytest.mark.parametrize(
    ("workdays", "worked"),
    [
        (Workdays(), [16, 17, 18, 19, 20]),
        (Workdays(weekdays=frozenset({6, 0, 1})), [16, 17, 22]),
        (Workdays(off=frozenset({FRIDAY})), [16, 17, 18, 19]),
        (Workdays(off=frozenset({date(2026, 11, 21)})), [16, 17, 18, 19, 20]),
        (Workdays(off=frozenset(WEEK.days())), []),
        (Workdays(weekdays=frozenset()), []),
    ],
)
def test_a_day_is_worked_if_its_weekday_is_and_it_is_not_off(workdays: Workdays, worked: list[int]) -> None:
    assert _worked(workdays) == worked
    assert [day.day for day in WEEK.days() if day in workdays] == worked


def test_a_weekday_is_the_same_across_years() -> None:
    span = Period(start=FRIDAY - timedelta(weeks=200), end=FRIDAY - timedelta(days=1))
    assert len(Workdays().days_in(span)) == 1000
