"""Scores: share, ratio, confidence interval and minutes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.makers import make_tally
from valuelog.analysis.score import MinutesScore, compute_score, wilson_interval
from valuelog.model.entry import Kind
from valuelog.model.tally import Tally, sum_tallies


def test_score_of_the_documented_example() -> None:
    days = [make_tally(value=value, work=work) for value, work in ((2, 5), (0, 6), (3, 4), (1, 7), (2, 3))]
    week = compute_score(sum_tallies(days))
    assert (week.value, week.work, week.n, week.has_enough_entries) == (8, 25, 33, True)
    assert week.share == pytest.approx(0.2424, abs=5e-5)
    assert week.ratio == pytest.approx(0.32)
    assert week.interval == pytest.approx((0.1283, 0.4102), abs=5e-5)
    assert week.minutes is None


@pytest.mark.parametrize(
    ("work", "value", "share", "ratio"),
    [(0, 0, None, None), (3, 0, 0.0, 0.0), (0, 3, 1.0, None), (1, 3, 0.75, 3.0), (25, 8, 8 / 33, 0.32)],
)
def test_share_and_ratio_are_none_instead_of_dividing_by_zero(
    work: int, value: int, share: float | None, ratio: float | None
) -> None:
    score = compute_score(make_tally(work=work, value=value))
    assert (score.share, score.ratio) == (share, ratio)
    assert (score.interval is None) == (share is None)


@pytest.mark.parametrize(("n", "enough"), [(0, False), (4, False), (5, True), (6, True)])
def test_score_has_enough_entries_from_five(n: int, *, enough: bool) -> None:
    assert compute_score(make_tally(work=n)).has_enough_entries is enough
    assert compute_score(make_tally(value=n)).has_enough_entries is enough


@pytest.mark.parametrize(
    ("helped", "work", "outcome", "helping"), [(0, 0, 0, None), (0, 4, 1, 0.0), (1, 3, 1, 0.2), (2, 0, 0, 1.0)]
)
def test_helping_share_is_of_all_entries(helped: int, work: int, outcome: int, helping: float | None) -> None:
    assert compute_score(make_tally(helped=helped, work=work, outcome=outcome)).helping_share == helping


@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    # statsmodels 0.14: proportion_confint(hits, n, method="wilson")
    [
        (8, 33, 0.128317133771750, 0.410246198295574),
        (0, 5, 0.0, 0.434482464783175),
        (5, 5, 0.565517535216825, 1.0),
        (1, 10, 0.017876213095073, 0.404150026795239),
        (3, 7, 0.158219855251470, 0.749541635472343),
        (50, 100, 0.403831530365996, 0.596168469634004),
        (999, 1000, 0.994357441402042, 0.999823453629374),
        (1, 100_000, 0.000001765247730, 0.000056647096590),
    ],
)
def test_wilson_interval_equals_statsmodels(hits: int, n: int, low: float, high: float) -> None:
    assert wilson_interval(hits, n) == pytest.approx((low, high), rel=0, abs=1e-9)
    if hits < n:
        assert compute_score(make_tally(value=hits, work=n - hits)).interval == wilson_interval(hits, n)


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_interval_contains_the_share_and_is_symmetric(counts: tuple[int, int]) -> None:
    hits, n = counts
    low, high = wilson_interval(hits, n)
    assert 0 <= low <= hits / n + 1e-12
    assert hits / n - 1e-12 <= high <= 1
    assert wilson_interval(n - hits, n) == pytest.approx((1 - high, 1 - low), abs=1e-9)


@pytest.mark.parametrize(
    ("n", "with_minutes", "has_minutes"),
    [
        *((5, 2, False), (5, 3, True), (10, 4, False), (10, 5, True), (35, 17, False), (35, 18, True)),
        *((100, 49, False), (100, 50, True), (2, 1, True), (1, 1, True), (1, 0, False), (0, 0, False)),
    ],
)
def test_minutes_need_half_of_the_entries(n: int, with_minutes: int, *, has_minutes: bool) -> None:
    minutes = {Kind.ACTIVITY: 90, Kind.HELPED: 30} if with_minutes else {}
    score = compute_score(Tally(counts={Kind.ACTIVITY: n}, minutes=minutes, with_minutes=with_minutes))
    expected = MinutesScore(value=30, work=90, share=0.25, with_minutes=with_minutes, n=n)
    assert score.minutes == (expected if has_minutes else None)
