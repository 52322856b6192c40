"""Trends: what is usual, how alike weeks are, and when a difference is a change. Numbers are worked by hand."""

from dataclasses import replace
from math import asin, log, sqrt

import pytest

from support.makers import FRIDAY, make_tally
from valuelog.analysis import trend
from valuelog.analysis.score import compute_score
from valuelog.analysis.trend import (
    Verdict,
    compare_with_baseline,
    compute_trend,
    drop_unfinished_week,
    estimate_rho,
    find_doubts,
    judge_fridays,
    judge_periods,
    judge_weeks,
    split_change,
)
from valuelog.model.entry import Kind
from valuelog.model.period import Period, week_of
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally

# scipy 1.17: [scipy.stats.t.ppf(0.975, freedom) for freedom in range(9, 32)]
SCIPY = (
    *(2.262157163, 2.228138852, 2.200985160, 2.178812830, 2.160368656, 2.144786688, 2.131449546, 2.119905299),
    *(2.109815578, 2.100922040, 2.093024054, 2.085963447, 2.079613845, 2.073873068, 2.068657610, 2.063898562),
    *(2.059538553, 2.055529439, 2.051830516, 2.048407142, 2.045229642, 2.042272456, 2.039513446),
)


def of(value: int, n: int) -> Tally:
    """Make a Tally with `value` value entries of `n`."""
    return make_tally(value=value, work=n - value)


def weeks(*tallies: Tally) -> list[tuple[Period, Tally]]:
    """Make the tallies those of the weeks up to FRIDAY."""
    last = week_of(FRIDAY)
    return list(zip((*last.previous_periods(len(tallies) - 1), last), tallies, strict=True))


def verdicts(*tallies: Tally) -> list[str]:
    """Return the verdict of each Friday."""
    return [str(comparison.verdict) for _, comparison in judge_fridays(weeks(*tallies))]


def test_student_t_table_equals_scipy() -> None:
    assert list(trend._STUDENT_T_975) == list(range(9, 32))  # noqa: SLF001  its values are the point
    assert list(trend._STUDENT_T_975.values()) == pytest.approx(SCIPY, rel=0, abs=1e-6)  # noqa: SLF001


@pytest.mark.parametrize(
    ("tallies", "rho"),
    [
        # X² = 0, m = 4, n̄ = 9: (0 - 3 + 6 · 9 · 0.03) / (9 · 9) < 0
        ([of(3, 10)] * 4, 0.0),
        # Each misses 3 by 3: X² = 4 · 9 / 2.1
        ([of(0, 10), of(6, 10)] * 2, (36 / 2.1 - 3 + 1.62) / 81),
        # q = 12 / 40, n̄ = 9
        (
            [of(1, 4), of(5, 8), of(2, 12), of(4, 16)],
            (0.04 / 0.84 + 6.76 / 1.68 + 2.56 / 2.52 + 0.64 / 3.36 - 1.38) / 81,
        ),
        ([of(0, 10)] * 4, 0.03),
        ([of(10, 10)] * 4, 0.03),
        ([of(0, 1), of(1, 1)] * 4, 0.03),
        ([of(0, 100), of(100, 100)] * 50, 0.9),
    ],
)  # fmt: skip
def test_rho_is_how_alike_the_entries_of_a_week_are(tallies: list[Tally], rho: float) -> None:
    assert estimate_rho(tallies) == pytest.approx(rho)


@pytest.mark.parametrize(
    ("now", "before", "verdict"),
    [
        ([of(6, 10)] * 4, [of(3, 10)] * 4, "rising"),
        ([of(1, 10)] * 4, [of(5, 10)] * 4, "falling"),
        ([of(4, 10)] * 4, [of(3, 10)] * 4, "steady"),
        ([of(9, 10)] * 4, [of(0, 10), of(6, 10)] * 2, "rising"),
        ([of(0, 10)] * 4, [of(0, 10)] * 4, "steady"),
        ([of(10, 10)] * 4, [of(10, 10)] * 4, "steady"),
    ],
)
def test_difference_that_excludes_zero_is_a_change(now: list[Tally], before: list[Tally], verdict: str) -> None:
    comparison = compare_with_baseline(now, before)
    assert comparison.verdict.value == verdict
    assert comparison.difference is not None
    low, high = comparison.difference
    assert (low > 0, high < 0) == (verdict == "rising", verdict == "falling")


def test_difference_equals_the_worked_example() -> None:
    # ρ = 0, so each week weighs its entries: W₁ = 40, W₂ = 40; 24 and 12 of 40 are value.
    now, usual = asin(sqrt(24.375 / 40.75)), asin(sqrt(12.375 / 40.75))
    half = SCIPY[0] * sqrt(0.25 / 40 + 0.25 / 40)
    comparison = compare_with_baseline([of(6, 10)] * 4, [of(3, 10)] * 4)
    share = 12.375 / 40.75
    expected = tuple(trend._share_at(now + side * half) - share for side in (-1, 1))  # noqa: SLF001  the transformation back
    assert comparison.difference == pytest.approx(expected, abs=1e-9)
    assert comparison.baseline == (4, 0.3, 40)
    assert usual < now


@pytest.mark.parametrize(
    ("now", "before", "is_enough"),
    [
        ([of(2, 5)], [of(3, 10)] * 3, False),
        ([of(2, 5)], [of(3, 10)] * 4, True),
        ([of(2, 5)], [of(2, 5), of(2, 5), of(2, 5), of(2, 4)], False),
        ([of(2, 5)], [of(2, 5)] * 4, True),
        ([of(2, 5)], [*[of(3, 10)] * 3, Tally()], False),
        ([of(2, 4)], [of(3, 10)] * 4, False),
        ([of(1, 1)] * 5, [of(3, 10)] * 4, True),
        ([Tally()], [of(3, 10)] * 4, False),
        ([of(2, 5)], [], False),
    ],
)
def test_verdict_needs_four_periods_twenty_entries_and_five_latest(
    now: list[Tally], before: list[Tally], *, is_enough: bool
) -> None:
    comparison = compare_with_baseline(now, before)
    assert (comparison.verdict is not Verdict.TOO_FEW) is is_enough
    assert (comparison.difference is not None) is (comparison.rho is not None) is is_enough
    assert comparison.baseline.n == sum(tally.n for tally in before)


def test_change_is_split_into_value_and_work_a_day() -> None:
    parts = split_change([of(6, 10)], [of(6, 20)] * 2)
    assert parts is not None
    assert parts.value == pytest.approx(log((6.5 / 5) / (12.5 / 10)))
    assert parts.work == pytest.approx(log((4.5 / 5) / (28.5 / 10)))
    assert split_change([Tally(counts=of(6, 10).counts)], [of(6, 20)]) is None


@pytest.mark.parametrize(
    ("now", "verdict"),
    [
        (make_tally(value=12, work=10), "rising"),  # value doubled
        (make_tally(value=6, work=5), "less-work-logged"),  # work halved
        (make_tally(value=9, work=5), "less-work-logged"),  # both, but a third less work settles it
        (make_tally(value=11, work=8), "rising"),
    ],
)
def test_rise_from_less_work_is_less_work_logged(now: Tally, verdict: str) -> None:
    assert judge_periods([*[make_tally(value=6, work=14)] * 26, now, now]) is not None
    assert str(judge_periods([*[make_tally(value=24, work=40)] * 26, _times(now, 4)]).verdict) == verdict


def _times(tally: Tally, factor: int) -> Tally:
    return Tally(counts={kind: factor * count for kind, count in tally.counts.items()}, days=tally.days)


USUAL, RISEN, FALLEN = of(6, 20), of(14, 20), of(0, 20)


def test_change_needs_two_fridays_in_a_row() -> None:
    rising = judge_weeks(weeks(*[USUAL] * 12, *[of(15, 25)] * 4))
    assert verdicts(*[USUAL] * 12, of(19, 40), USUAL, USUAL, USUAL) == ["too-few"] * 7 + ["steady"] * 9
    assert rising.verdict is Verdict.RISING
    assert verdicts(*[USUAL] * 12, *[of(15, 25)] * 4)[-3:] == ["steady", "rising", "rising"]


def test_since_is_the_first_week_of_the_first_friday() -> None:
    last = week_of(FRIDAY)
    comparison = judge_weeks(weeks(*[USUAL] * 12, *[of(15, 25)] * 4))
    assert comparison.since == last.previous(5)  # seen on the second Friday after the change, four weeks wide
    assert comparison.baseline.share == 0.3


def test_spell_keeps_its_baseline_and_ends_after_twelve_weeks() -> None:
    course = [comparison for _, comparison in judge_fridays(weeks(*[USUAL] * 20, *[of(15, 25)] * 20))]
    spell = [place for place, comparison in enumerate(course) if comparison.verdict is Verdict.RISING]
    assert spell == list(range(spell[0], spell[0] + 12))
    assert {course[place].baseline.share for place in spell} == {0.3}
    end = course[spell[-1] + 1]
    assert (end.verdict, end.since) == (Verdict.STEADY, course[spell[0]].since)
    assert end.since is not None
    assert course[-1].since is None


def test_spell_ends_at_the_first_friday_that_sees_no_change() -> None:
    shown = verdicts(*[USUAL] * 20, *[of(15, 25)] * 4, *[FALLEN] * 4)
    assert shown[-6:-4] == ["rising", "rising"]
    assert "rising" not in shown[-3:]


def test_weeks_without_entries_are_gaps() -> None:
    gap = Tally()
    with_gaps = weeks(*[USUAL] * 6, gap, *[USUAL] * 6, gap, *[of(15, 25)] * 4, gap)
    assert judge_weeks(with_gaps).verdict is Verdict.RISING
    assert len(list(judge_fridays(with_gaps))) == 16


@pytest.mark.parametrize(("gaps", "verdict"), [(4, "rising"), (5, "too-few")])
def test_latest_four_weeks_lie_within_eight(gaps: int, verdict: str) -> None:
    assert str(judge_weeks(weeks(*[USUAL] * 12, *[of(15, 25)] * 4, *[Tally()] * gaps)).verdict) == verdict


def test_baseline_covers_at_most_26_weeks() -> None:
    late = [USUAL] * 30
    assert judge_weeks(weeks(*[of(20, 20)] * 40, *late)) == judge_weeks(weeks(*late))
    assert judge_weeks(weeks(*late)).baseline.periods == 26


def test_longer_periods_need_no_second_one() -> None:
    assert judge_periods([of(24, 80)] * 8 + [of(60, 100)]).verdict is Verdict.RISING
    assert judge_periods([of(24, 80)] * 40).baseline.periods == 26


@pytest.mark.parametrize(("weekday", "kept"), [(3, 1), (4, 2), (6, 2)])
def test_current_week_counts_from_the_review_day(weekday: int, kept: int) -> None:
    pair = weeks(USUAL, USUAL)
    today = week_of(FRIDAY).start.replace(day=week_of(FRIDAY).start.day + weekday)
    assert len(drop_unfinished_week(pair, today, Schedule())) == kept


@pytest.mark.parametrize(("max_scores", "drawn"), [(1, 1), (4, 4), (8, 8), (99, 10)])
def test_trend_has_the_last_scores(max_scores: int, drawn: int) -> None:
    tallies = weeks(*(of(value, 10) for value in range(10)))
    scores = compute_trend(judge_weeks(tallies), tallies, max_scores).scores
    assert scores == tuple((period, compute_score(tally)) for period, tally in tallies[-drawn:])


# A rise to doubt

USUAL_WEEKS = (Tally(counts={Kind.ACTIVITY: 18, Kind.OUTCOME: 7}, with_evidence=4, days=5),) * 8
ADDED = 4
"""How many of the value entries below are added to the usual ones."""


def doubts_of(*, days: int = 5, late: int = 0, proven: int = 8, count: int = 4, late_before: int = 0) -> list[str]:
    now = Tally(counts={Kind.ACTIVITY: 18, Kind.OUTCOME: 7 + ADDED}, with_evidence=proven, days=days, late=late)
    before = [replace(tally, late=late_before) for tally in USUAL_WEEKS]
    return [str(each.doubt) for each in find_doubts([now] * count, before)]


def test_rise_of_proven_value_on_the_usual_days_has_no_doubts() -> None:
    assert doubts_of() == []


@pytest.mark.parametrize(("proven", "is_doubted"), [(6, False), (5, True), (0, True)])
def test_half_of_the_added_value_must_be_proven(proven: int, *, is_doubted: bool) -> None:
    assert ("unproven-rise" in doubts_of(proven=proven)) == is_doubted


@pytest.mark.parametrize(
    ("late", "late_before", "is_doubted"), [(14, 0, False), (15, 0, True), (0, 13, True), (29, 25, False)]
)
def test_weeks_from_memory_are_not_compared_with_a_diary(late: int, late_before: int, *, is_doubted: bool) -> None:
    assert ("written-late" in doubts_of(late=late, late_before=late_before)) == is_doubted


@pytest.mark.parametrize(("days", "count", "is_doubted"), [(4, 4, False), (3, 4, True), (3, 1, False)])
def test_four_weeks_on_two_thirds_of_the_days_are_doubted(days: int, count: int, *, is_doubted: bool) -> None:
    assert ("fewer-days-logged" in doubts_of(days=days, count=count)) == is_doubted


def test_only_a_rise_has_doubts() -> None:
    course = [*[of(20, 100)] * 8, *[of(50, 100)] * 16, *[of(10, 100)] * 4]
    comparisons = [comparison for _, comparison in judge_fridays(weeks(*course))]
    assert {comparison.verdict for comparison in comparisons if comparison.doubts} == {Verdict.RISING}
    assert all(comparison.doubts for comparison in comparisons if comparison.verdict is Verdict.RISING)
