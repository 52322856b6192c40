"""Reviews: score, usual counts, trend, findings, people, and parts."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from support.makers import FRIDAY, make_entry, make_pain, make_promise, make_tally
from valuelog.analysis.habit import Coverage
from valuelog.analysis.review import FollowUps, Review, split_review
from valuelog.analysis.trend import Verdict, compare_with_baseline
from valuelog.model import dates
from valuelog.model.entry import Kind
from valuelog.model.period import Period, week_of
from valuelog.model.promise import PromiseState
from valuelog.model.schedule import Workdays
from valuelog.model.tally import Tally

SUNDAY = date(2026, 11, 22)
WEDNESDAY = date(2026, 11, 18)
MONDAY = date(2026, 11, 23)
THRICE = (date(2026, 10, 5), date(2026, 10, 6), date(2026, 10, 7))
LOGGED = frozenset(FRIDAY - timedelta(days=back) for back in range(60))


def make_review(name: str = "2026-W47", before: tuple[Tally, ...] = (), **facts: Any) -> Review:  # noqa: ANN401  fields of a Review
    """Make a Review of a period; `before` are the tallies of the periods before it, `days` and `now` those in it."""
    period = dates.parse_period(name, FRIDAY)
    days: dict[date, Tally] = facts.pop("days", {FRIDAY: make_tally(work=3, value=1)})
    now = facts.pop("now", make_tally(work=3, value=1))
    defaults: dict[str, Any] = {
        "today": FRIDAY,
        "workdays": Workdays(),
        "entries": (),
        "tallies": (*zip(period.previous_periods(len(before)), before, strict=True), (period, now)),
        "weeks": ((period, now),),
        "logged_days": frozenset(days),
    }
    return Review(period=period, tally_by_day=days, **{**defaults, **facts})


def test_review_has_score_coverage_and_every_day() -> None:
    review = make_review()
    assert (review.score.value, review.score.work, review.score.share) == (1, 3, 0.25)
    assert review.tally == make_tally(work=3, value=1)
    assert [day for day, _ in review.days] == list(review.period.days())
    assert [tally.n for _, tally in review.days] == [0, 0, 0, 0, 4, 0, 0]
    assert review.coverage == Coverage(workdays=5, logged=1)
    assert review.habit.streak == 1


def test_usual_is_the_mean_of_periods_with_entries() -> None:
    review = make_review(before=(*[make_tally(work=6, helped=1)] * 2, Tally(), *[make_tally(work=4, outcome=1)] * 2))
    assert review.usual == {
        Kind.ACTIVITY: 5,
        Kind.IMPROVEMENT: 0,
        Kind.OUTCOME: 0.5,
        Kind.HELPED: 0.5,
        Kind.INSIGHT: 0,
        Kind.LEARNED: 0,
    }


def test_usual_covers_the_same_periods_as_the_baseline() -> None:
    assert make_review(before=(*[make_tally(work=99)] * 3, *[make_tally(work=2)] * 26)).usual[Kind.ACTIVITY] == 2


def test_usual_is_empty_without_a_reliable_baseline() -> None:
    assert not make_review(before=(make_tally(work=50),) * 3).usual
    assert not make_review(before=(make_tally(work=4),) * 4).usual
    assert make_review(before=(make_tally(work=5),) * 4).usual


@pytest.mark.parametrize(("before", "first"), [((), True), ((Tally(),) * 5, True), ((make_tally(work=1),), False)])
def test_review_is_first_without_earlier_entries(before: tuple[Tally, ...], *, first: bool) -> None:
    review = make_review(before=before)
    assert review.is_first is first


def test_trend_compares_with_earlier_periods_and_has_eight_scores() -> None:
    before = (make_tally(work=8, value=2),) * 12
    now = replace(make_tally(value=18, work=9), with_evidence=18)
    review = make_review("2026-11", before=before, now=now, logged_days=LOGGED)
    assert review.trend.comparison == compare_with_baseline([now], before)
    assert review.trend.comparison.verdict is Verdict.RISING
    assert len(review.trend.scores) == 8
    assert review.trend.scores[-1] == (review.period, review.score)
    assert "growing" in {finding.id for finding in review.findings}


def test_findings_use_days_weeks_and_coverage() -> None:
    busy = {day: make_tally(work=6) for day in (date(2026, 11, 16), date(2026, 11, 17))}
    review = make_review(
        days={**busy, WEDNESDAY: make_tally(work=6)}, weeks=((week_of(FRIDAY), make_tally(work=7)),) * 3, today=SUNDAY
    )
    assert [finding.id for finding in review.findings] == ["missing-kind", "little-help", "busy-day"]
    assert [finding.id for finding in make_review(days=busy, today=SUNDAY).findings] == ["thin-coverage", "busy-day"]


def test_people_are_counted_from_help_only() -> None:
    entries = (
        make_entry(kind=Kind.HELPED, people=("sam", "zoe")),
        make_entry(kind=Kind.HELPED, people=("maya",)),
        make_entry(kind=Kind.HELPED, people=("sam",)),
        make_entry(kind=Kind.ACTIVITY, people=("boss",)),
        make_entry(kind=Kind.INSIGHT, people=("maya",)),
    )
    review = make_review(entries=entries)
    assert review.people == (("sam", 2), ("maya", 1), ("zoe", 1))
    assert review.entries == entries


def test_review_has_pains_and_prefix_lengths_of_its_follow_ups() -> None:
    pain = make_pain()
    review = make_review(follow_ups=FollowUps(pains=(pain,), prefix_lengths={pain.id: 2}))
    assert (review.pains, review.prefix_lengths) == ((pain,), {pain.id: 2})


@pytest.mark.parametrize(("due", "expected"), [(SUNDAY, ["step-due"]), (MONDAY, [])])
def test_promise_due_by_sunday_is_a_finding(due: date, expected: list[str]) -> None:
    follow_ups = FollowUps(promises=(make_promise(due=due), make_promise(due=SUNDAY, state=PromiseState.KEPT)))
    assert [finding.id for finding in make_review(follow_ups=follow_ups, logged_days=LOGGED).findings] == expected


def test_past_week_has_no_findings_about_follow_ups() -> None:
    follow_ups = FollowUps(promises=(make_promise(due=date(2026, 11, 1)),), pains=(make_pain(*THRICE),))
    assert [finding.id for finding in make_review("2026-W44", follow_ups=follow_ups, logged_days=LOGGED).findings] == []


def test_recurring_pain_is_a_finding_if_felt_since_its_last_step() -> None:
    def find(**facts: Any) -> list[str]:  # noqa: ANN401  fields of a PainPoint
        follow_ups = FollowUps(pains=(make_pain(*THRICE, **facts),))
        return [finding.id for finding in make_review(follow_ups=follow_ups, logged_days=LOGGED).findings]

    assert find() == find(tried_on=THRICE[1]) == ["recurring-pain"]
    assert find(tried_on=THRICE[2]) == []


def _parts(name: str, *days: date, **facts: Any) -> list[tuple[str, int]]:  # noqa: ANN401  fields of a Review
    parts = split_review(make_review(name, days=dict.fromkeys(days, make_tally(work=1)), **facts))
    return [(part.name, tally.n) for part, tally in parts]


def test_week_is_split_into_workdays() -> None:
    assert _parts("2026-W47", FRIDAY) == [(f"2026-11-{day}", int(day == 20)) for day in range(16, 21)]


def test_day_off_with_entries_is_included() -> None:
    assert _parts("2026-W47", SUNDAY, today=SUNDAY)[-2:] == [("2026-11-20", 0), ("2026-11-22", 1)]


@pytest.mark.parametrize(
    ("name", "first", "count"),
    [
        ("2026-11-02..2026-11-15", "2026-11-02", 10),
        ("2026-11-01..2026-11-15", "2026-W44", 3),
        ("2026-05-22..2026-11-19", "2026-W21", 27),
        ("2026-05-21..2026-11-19", "2026-05", 7),
        ("2026-10", "2026-W40", 5),
        ("2026-Q3", "2026-W27", 14),
        ("2025", "2025-01", 12),
    ],
)
def test_period_is_split_by_day_week_or_month_by_length(name: str, first: str, count: int) -> None:
    parts = _parts(name)
    assert (parts[0][0], len(parts)) == (first, count)


def test_future_weeks_and_months_are_left_out() -> None:
    assert _parts("2026-11", date(2026, 11, 1), FRIDAY) == [
        ("2026-W44", 1),
        ("2026-W45", 0),
        ("2026-W46", 0),
        ("2026-W47", 1),
    ]
    assert [name for name, _ in _parts("2026")][-1] == "2026-11"


def test_parts_sum_to_the_whole_period() -> None:
    days = list(Period(start=date(2026, 7, 1), end=date(2026, 9, 30)).days())
    assert sum(count for _, count in _parts("2026-Q3", *days)) == len(days) == 92
