"""Which findings are shown: rest, growth, the same day, rank × freshness, and one of three is good news."""

from datetime import date, timedelta

import pytest

from support.makers import FRIDAY
from valuelog.analysis.findings import Finding
from valuelog.analysis.freshness import (
    MAX_AGE_DAYS,
    NEVER_SHOWN,
    Showings,
    Surface,
    add_showings,
    choose_findings,
    evening_place,
    is_resting,
    review_place,
)
from valuelog.model.period import week_of


def make_finding(rule: str, about: str | None = None, occurrences: int = 0) -> Finding:
    return Finding(id=rule, text=rule, command="valuelog trend", about=about, occurrences=occurrences)


STALLED, PAIN, DUE = (
    make_finding("stalled-project", "atlas"),
    make_finding("recurring-pain", "k3"),
    make_finding("step-due"),
)
GROWING, CAME = make_finding("growing", "helped"), make_finding("came-of-it", "m7")
THIN, LESS = make_finding("thin-coverage"), make_finding("less-work-logged")


def back(days: int) -> date:
    return FRIDAY - timedelta(days=days)


def after_review(*findings: Finding, days_ago: int) -> Showings:
    day = back(days_ago)
    return add_showings(NEVER_SHOWN, findings, review_place(week_of(day), day))


def after_evening(*findings: Finding, days_ago: int) -> Showings:
    return add_showings(NEVER_SHOWN, findings, evening_place(back(days_ago)))


def in_review(*candidates: Finding, showings: Showings = NEVER_SHOWN, is_rising: bool = False) -> list[str]:
    place = review_place(week_of(FRIDAY), FRIDAY)
    return [each.id for each in choose_findings(candidates, showings, place, 3, is_rising=is_rising)]


def in_evening(*candidates: Finding, showings: Showings = NEVER_SHOWN) -> list[str]:
    place = evening_place(FRIDAY)
    return [each.id for each in choose_findings(candidates, showings, place, 1, is_rising=False)]


@pytest.mark.parametrize(("days_ago", "is_shown"), [(7, False), (11, False), (14, True), (1, True), (60, True)])
def test_review_shows_a_finding_every_second_week(days_ago: int, *, is_shown: bool) -> None:
    assert bool(in_review(STALLED, showings=after_review(STALLED, days_ago=days_ago))) == is_shown


def test_what_came_of_a_step_is_said_when_planned_and_again_when_kept() -> None:
    planned, kept = make_finding("came-of-it", "m7"), make_finding("came-of-it", "m7", occurrences=1)
    assert in_review(planned, showings=after_review(planned, days_ago=7)) == []
    assert in_review(kept, showings=after_review(planned, days_ago=7)) == ["came-of-it"]
    assert in_review(kept, showings=after_review(kept, days_ago=7)) == []


@pytest.mark.parametrize(("days_ago", "is_shown"), [(0, True), (1, False), (3, False), (4, True)])
def test_evening_shows_a_finding_twice_a_week(days_ago: int, *, is_shown: bool) -> None:
    assert bool(in_evening(STALLED, showings=after_evening(STALLED, days_ago=days_ago))) == is_shown


def test_finding_that_grew_does_not_rest() -> None:
    grown = PAIN._replace(occurrences=4)
    for before, is_shown in ((3, True), (4, False), (5, False)):
        old = PAIN._replace(occurrences=before)
        assert bool(in_review(grown, showings=after_review(old, days_ago=7))) == is_shown
        assert bool(in_evening(grown, showings=after_evening(old, days_ago=1))) == is_shown


def test_findings_about_different_things_rest_apart() -> None:
    other = STALLED._replace(about="refunds")
    assert in_review(other, showings=after_review(STALLED, days_ago=7))


def test_reviews_and_evenings_rest_apart() -> None:
    assert in_review(STALLED, showings=after_evening(STALLED, days_ago=1))
    assert in_evening(STALLED, showings=after_review(STALLED, days_ago=7))


def test_same_day_shows_the_same_findings() -> None:
    shown = after_evening(DUE, days_ago=0)
    assert in_evening(STALLED, PAIN, DUE, showings=shown) == ["step-due"]
    assert in_evening(STALLED, PAIN, showings=shown) == ["stalled-project"]
    assert in_review(LESS, THIN, STALLED, PAIN, showings=after_review(STALLED, PAIN, days_ago=0)) == [
        "less-work-logged", "stalled-project", "recurring-pain",
    ]  # fmt: skip


def test_fresh_findings_come_before_those_of_two_weeks_ago() -> None:
    candidates = (STALLED, PAIN, DUE, make_finding("busy-day"))
    assert in_review(*candidates) == ["stalled-project", "recurring-pain", "step-due"]
    showings = after_review(PAIN, DUE, days_ago=14)
    assert in_review(*candidates, showings=showings) == ["stalled-project", "recurring-pain", "step-due"]
    showings = after_review(STALLED, days_ago=14)
    assert in_evening(STALLED, PAIN, showings=after_evening(STALLED, days_ago=4)) == ["stalled-project"]
    assert in_evening(STALLED, PAIN, DUE, showings=after_evening(STALLED, days_ago=4)) == ["recurring-pain"]


def test_one_of_three_is_good_news() -> None:
    assert in_review(STALLED, PAIN, DUE, CAME, GROWING) == ["stalled-project", "recurring-pain", "came-of-it"]
    assert in_review(STALLED, CAME) == ["stalled-project", "came-of-it"]
    resting = after_review(GROWING, days_ago=7)
    assert in_review(STALLED, PAIN, DUE, GROWING, showings=resting) == ["stalled-project", "recurring-pain", "step-due"]


def test_what_came_of_something_is_said_on_one_day() -> None:
    for showings in (after_review(CAME, days_ago=21), after_evening(CAME, days_ago=5), after_review(CAME, days_ago=1)):
        assert not in_review(CAME, showings=showings)
        assert not in_evening(CAME, showings=showings)
    assert in_review(CAME, showings=after_evening(CAME, days_ago=0))


def test_warnings_never_rest_while_the_verdict_is_rising() -> None:
    showings = after_review(THIN, days_ago=7)
    assert not in_review(THIN, showings=showings)
    assert in_review(STALLED, PAIN, DUE, THIN, showings=showings, is_rising=True)[-1] == "thin-coverage"
    assert not in_review(STALLED, showings=after_review(STALLED, days_ago=7), is_rising=True)


def test_less_work_logged_is_shown_before_all_others() -> None:
    showings = after_review(LESS, days_ago=14)
    assert in_evening(LESS, PAIN, DUE, showings=after_evening(LESS, days_ago=4)) == ["less-work-logged"]
    assert in_review(LESS, PAIN, DUE, STALLED, showings=showings)[0] == "less-work-logged"


def test_looking_back_neither_repeats_nor_forgets_the_present() -> None:
    now = after_review(STALLED, days_ago=0)
    last_week = review_place(week_of(FRIDAY).previous(), FRIDAY)
    assert not choose_findings([STALLED], now, last_week, 3, is_rising=False)
    assert add_showings(now, [STALLED], last_week) == now


def test_old_showings_are_forgotten() -> None:
    showings = after_review(STALLED, days_ago=MAX_AGE_DAYS)
    place = review_place(week_of(FRIDAY), FRIDAY)
    assert set(add_showings(showings, [PAIN], place)[Surface.REVIEW]) == {STALLED.key, PAIN.key}
    assert set(add_showings(after_review(STALLED, days_ago=MAX_AGE_DAYS + 1), [PAIN], place)[Surface.REVIEW]) == {
        PAIN.key
    }


def test_is_resting_tells_what_is_left_out() -> None:
    place = review_place(week_of(FRIDAY), FRIDAY)
    assert is_resting(STALLED, after_review(STALLED, days_ago=7), place)
    assert not is_resting(STALLED, NEVER_SHOWN, place)
