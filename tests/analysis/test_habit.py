"""The habit of logging: strength, streak and coverage."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.makers import FRIDAY
from valuelog.analysis.habit import Coverage, Habit, compute_coverage, compute_habit
from valuelog.model.period import Period, week_of
from valuelog.model.schedule import Workdays

WEEK = week_of(FRIDAY)
WEEKDAYS = Workdays()
M = 0.5 ** (1 / 13)


def _days(*numbers: int) -> set[date]:
    """Make days of November 2026; the 16th is a Monday."""
    return {date(2026, 11, number) for number in numbers}


def _back(count: int) -> list[date]:
    """Return the last `count` weekdays up to FRIDAY, the oldest first."""
    return list(WEEKDAYS.days_in(Period(start=FRIDAY - timedelta(days=2 * count + 7), end=FRIDAY)))[-count:]


@pytest.mark.parametrize(("logged", "strength"), [(1, 1 - M), (13, 0.5), (26, 0.75), (39, 0.875)])
def test_strength_reaches_half_after_thirteen_logged_workdays(logged: int, strength: float) -> None:
    assert compute_habit(_back(logged), WEEKDAYS, FRIDAY).strength == pytest.approx(strength)


def test_strength_halves_after_thirteen_missed_workdays() -> None:
    days = _back(40)
    before, now = (
        compute_habit(days[:27], WEEKDAYS, days[26]),
        compute_habit(days[:27], WEEKDAYS, FRIDAY + timedelta(days=1)),
    )
    assert now.strength == pytest.approx(before.strength / 2)
    assert (before.streak, now.streak) == (27, 0)


def test_strength_follows_the_formula() -> None:
    h = 0.0
    for done in (1, 0, 1, 1):
        h = h * M + (1 - M) * done
    habit = compute_habit(_days(16, 18, 19), WEEKDAYS, FRIDAY)
    assert habit.strength == pytest.approx(h)
    assert habit.streak == 2


@pytest.mark.parametrize("logged", [_days(), _days(21)])
def test_habit_is_zero_without_logged_days(logged: set[date]) -> None:
    assert compute_habit(logged, WEEKDAYS, FRIDAY) == Habit(strength=0.0, streak=0)


@pytest.mark.parametrize(
    ("logged", "off", "today", "streak"),
    [
        ((16, 17, 18, 19, 20), (), 20, 5),
        ((16, 17, 18, 19), (), 20, 4),  # today is not over
        ((16, 17, 18, 19), (), 21, 0),  # Friday is over
        ((16, 17, 19, 20), (), 20, 2),
        ((16, 17, 19, 20), (18,), 20, 4),  # a day off
        ((16, 17), (18, 19, 20), 22, 2),
        ((12, 13, 16), (), 16, 3),  # over a weekend
        ((12, 13, 14, 15, 16), (), 16, 3),  # a weekend adds nothing
        ((20,), (), 20, 1),
        ((20,), (20,), 20, 0),
        ((14,), (), 15, 0),
        ((21,), (), 20, 0),  # a day that has not come
        ((), (), 20, 0),
    ],
)
def test_streak_survives_days_off_weekends_and_an_open_today(
    logged: tuple[int, ...], off: tuple[int, ...], today: int, streak: int
) -> None:
    workdays = Workdays(off=frozenset(_days(*off)))
    assert compute_habit(_days(*logged), workdays, date(2026, 11, today)).streak == streak


def test_days_off_and_weekends_do_not_change_the_strength() -> None:
    monday = compute_habit(_days(9, 16), Workdays(off=frozenset(_days(10, 11, 12, 13))), date(2026, 11, 16))
    assert monday == compute_habit(_days(12, 13), WEEKDAYS, date(2026, 11, 13))


def test_today_counts_only_if_logged() -> None:
    yesterday = compute_habit(_days(16, 17, 18, 19), WEEKDAYS, date(2026, 11, 19))
    assert compute_habit(_days(16, 17, 18, 19), WEEKDAYS, FRIDAY) == yesterday
    assert compute_habit(_days(16, 17, 18, 19, 20), WEEKDAYS, FRIDAY).strength > yesterday.strength
    assert compute_habit(_days(16, 17, 18, 19), WEEKDAYS, date(2026, 11, 21)).strength < yesterday.strength


@given(st.sets(st.dates(date(2026, 6, 1), FRIDAY)))
def test_strength_is_between_zero_and_one(logged: set[date]) -> None:
    habit = compute_habit(logged, WEEKDAYS, FRIDAY)
    assert 0 <= habit.strength <= 1
    assert 0 <= habit.streak <= len(logged)


@pytest.mark.parametrize(
    ("logged", "off", "today", "expected"),
    [
        ((16, 17, 18, 19, 20), (), 20, (5, 5)),
        ((16, 18), (), 18, (3, 2)),  # up to today
        ((16, 18), (17,), 20, (4, 2)),
        ((16, 17, 18), (17,), 20, (4, 2)),
        ((13, 21, 22), (), 22, (5, 0)),  # not of this week, or not worked
        ((16, 23), (), 25, (5, 1)),
        ((), (16, 17, 18, 19, 20), 20, (0, 0)),
        ((), (), 15, (0, 0)),  # the week has not come
    ],
)
def test_coverage_counts_workdays_up_to_today(
    logged: tuple[int, ...], off: tuple[int, ...], today: int, expected: tuple[int, int]
) -> None:
    workdays = Workdays(off=frozenset(_days(*off)))
    coverage = compute_coverage(WEEK, _days(*logged), workdays, date(2026, 11, today))
    assert (coverage.workdays, coverage.logged) == expected


def test_coverage_share_is_none_without_workdays() -> None:
    assert Coverage(workdays=0, logged=0).share is None
    assert Coverage(workdays=5, logged=3).share == pytest.approx(0.6)
