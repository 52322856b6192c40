"""Customs: the next day that looks back, and who is who."""

from datetime import date, timedelta

import pytest

from support.makers import FRIDAY
from valuelog.model.schedule import Schedule

SAM = Schedule(aliases={"sam-smith": "sam", "samuel": "sam", "maja": "maya"})


@pytest.mark.parametrize("review_day", range(7))
@pytest.mark.parametrize("ahead", range(7))
def test_the_next_day_that_looks_back_comes_after_today_and_within_a_week(review_day: int, ahead: int) -> None:
    day = FRIDAY + timedelta(days=ahead)
    found = Schedule(review_day=review_day).next_review_day(day)
    assert found.weekday() == review_day
    assert 1 <= (found - day).days <= 7


def test_usually_fridays_look_back_and_today_is_over_by_then() -> None:
    assert Schedule().next_review_day(FRIDAY) == date(2026, 11, 27)
    assert Schedule().next_review_day(FRIDAY - timedelta(days=1)) == FRIDAY
    assert Schedule(review_day=0).next_review_day(FRIDAY) == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("names", "people"),
    [
        ([], ()),
        (["lee"], ("lee",)),
        (["samuel"], ("sam",)),
        (["samuel", "sam", "sam-smith"], ("sam",)),
        (["samuel", "lee", "maja", "maya"], ("lee", "maya", "sam")),
    ],
)
def test_each_person_is_meant_once_by_the_name_they_are_known_by(names: list[str], people: tuple[str, ...]) -> None:
    assert SAM.canonical_names(names) == people


@pytest.mark.parametrize("name", ["sam", "samuel", "sam-smith"])
def test_whatever_a_person_is_called_all_their_names_are_meant(name: str) -> None:
    known, *others = SAM.names_of(name)
    assert known == "sam"
    assert sorted(others) == ["sam-smith", "samuel"]


def test_who_has_no_other_name_is_meant_alone() -> None:
    assert SAM.names_of("lee") == ("lee",)
    assert Schedule().names_of("sam") == ("sam",)
