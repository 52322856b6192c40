"""Schedule and Workdays: the next review day, aliases of people, workdays without days off."""

from datetime import date, timedelta

import pytest

from support.makers import FRIDAY
from valuelog.model.period import Period, week_of
from valuelog.model.schedule import Schedule, Workdays

WEEK = week_of(FRIDAY)

SAM = Schedule(aliases={"sam-smith": "sam", "samuel": "sam", "maja": "maya"})


@pytest.mark.parametrize("review_day", range(7))
@pytest.mark.parametrize("ahead", range(7))
def test_next_review_day_is_within_the_next_seven_days(review_day: int, ahead: int) -> None:
    day = FRIDAY + timedelta(days=ahead)
    review = Schedule(review_day=review_day).next_review_day(day)
    assert review.weekday() == review_day
    assert 1 <= (review - day).days <= 7


def test_next_review_day_is_friday_by_default() -> None:
    assert Schedule().next_review_day(FRIDAY) == date(2026, 11, 27)
    assert Schedule().next_review_day(FRIDAY - timedelta(days=1)) == FRIDAY
    assert Schedule(review_day=0).next_review_day(FRIDAY) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        ([], ()),
        (["lee"], ("lee",)),
        (["samuel"], ("sam",)),
        (["samuel", "sam", "sam-smith"], ("sam",)),
        (["samuel", "lee", "maja", "maya"], ("lee", "maya", "sam")),
    ],
)
def test_canonical_names_resolve_aliases_and_drop_duplicates(names: list[str], expected: tuple[str, ...]) -> None:
    assert SAM.canonical_names(names) == expected


@pytest.mark.parametrize("name", ["sam", "samuel", "sam-smith"])
def test_names_of_any_alias_returns_every_name(name: str) -> None:
    canonical, *others = SAM.names_of(name)
    assert canonical == "sam"
    assert sorted(others) == ["sam-smith", "samuel"]


def test_names_of_without_alias_returns_the_name() -> None:
    assert SAM.names_of("lee") == ("lee",)
    assert Schedule().names_of("sam") == ("sam",)


def _workdays_of_week(workdays: Workdays) -> list[int]:
    return [day.day for day in workdays.days_in(WEEK)]


@pytest.mark.parametrize(
    ("workdays", "expected"),
    [
        (Workdays(), [16, 17, 18, 19, 20]),
        (Workdays(weekdays=frozenset({6, 0, 1})), [16, 17, 22]),
        (Workdays(off=frozenset({FRIDAY})), [16, 17, 18, 19]),
        (Workdays(off=frozenset({date(2026, 11, 21)})), [16, 17, 18, 19, 20]),
        (Workdays(off=frozenset(WEEK.days())), []),
        (Workdays(weekdays=frozenset()), []),
    ],
)
def test_workdays_are_worked_weekdays_that_are_not_off(workdays: Workdays, expected: list[int]) -> None:
    assert _workdays_of_week(workdays) == expected
    assert [day.day for day in WEEK.days() if day in workdays] == expected


def test_workdays_count_is_right_across_years() -> None:
    span = Period(start=FRIDAY - timedelta(weeks=200), end=FRIDAY - timedelta(days=1))
    assert len(Workdays().days_in(span)) == 1000
