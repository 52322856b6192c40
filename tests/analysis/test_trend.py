"""Trends: baseline, dispersion and verdict. All expected numbers were calculated by hand."""

from collections.abc import Sequence
from math import sqrt

import pytest

from support.makers import FRIDAY, make_tally
from valuelog.analysis.score import compute_score
from valuelog.analysis.trend import STUDENT_T_975 as QUANTILES
from valuelog.analysis.trend import Verdict, compare_with_baseline, compute_trend, estimate_dispersion
from valuelog.model.period import Period, week_of
from valuelog.model.tally import Tally

# scipy 1.17: [scipy.stats.t.ppf(0.975, freedom) for freedom in range(7, 30)]
SCIPY = (
    *(2.364624252, 2.306004135, 2.262157163, 2.228138852, 2.200985160, 2.178812830, 2.160368656, 2.144786688),
    *(2.131449546, 2.119905299, 2.109815578, 2.100922040, 2.093024054, 2.085963447, 2.079613845, 2.073873068),
    *(2.068657610, 2.063898562, 2.059538553, 2.055529439, 2.051830516, 2.048407142, 2.045229642),
)


def make_share(value: int, n: int) -> Tally:
    """Make a Tally with `value` value entries of `n`."""
    return make_tally(value=value, work=n - value)


def weeks(*tallies: Tally) -> list[tuple[Period, Tally]]:
    """Make the tallies those of the weeks up to FRIDAY."""
    last = week_of(FRIDAY)
    return list(zip((*last.previous_periods(len(tallies) - 1), last), tallies, strict=True))


def test_student_t_table_equals_scipy() -> None:
    assert list(QUANTILES) == list(range(7, 30))
    assert list(QUANTILES.values()) == pytest.approx(SCIPY, rel=0, abs=1e-6)


@pytest.mark.parametrize(
    ("values", "phi"),
    [
        ((3, 3, 3, 3), 1.0),  # (0 + 6) / 7 is below 1
        ((2, 3, 4, 3), 1.0),
        ((2, 4, 2, 4), (4 / 2.1 + 6) / 7),  # each misses 3 by 1; 10 · 0.3 · 0.7 = 2.1
        ((0, 6, 0, 6), (4 * 9 / 2.1 + 6) / 7),
        ((0, 6, 0, 6, 3), (4 * 9 / 2.1 + 6) / 8),
        ((0, 6) * 13, (26 * 9 / 2.1 + 6) / 29),
    ],
)
def test_dispersion_of_overdispersed_weeks(values: tuple[int, ...], phi: float) -> None:
    assert estimate_dispersion([make_share(value, 10) for value in values], 0.3) == pytest.approx(phi)


def test_dispersion_weights_weeks_by_entries() -> None:
    # p₂ = 12/40; (1 - 1.2)²/0.84 + (5 - 2.4)²/1.68 + (2 - 3.6)²/2.52 + (4 - 4.8)²/3.36 = 5.2778; (5.2778 + 6) / 7
    uneven = [make_share(1, 4), make_share(5, 8), make_share(2, 12), make_share(4, 16)]
    assert estimate_dispersion(uneven, 0.3) == pytest.approx(29 / 18)
    assert compare_with_baseline(make_share(3, 10), uneven).dispersion == pytest.approx(29 / 18)


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_dispersion_of_pure_weeks_is_the_prior(share: float) -> None:
    assert estimate_dispersion([make_share(int(10 * share), 10)] * 4, share) == 1.5


@pytest.mark.parametrize(
    ("now", "before", "verdict", "middle", "phi"),
    [
        (make_share(6, 10), [make_share(3, 10)] * 4, "steady", 0.3, 1.0),
        (make_share(9, 10), [make_share(3, 10)] * 4, "rising", 0.6, 1.0),
        (make_share(1, 10), [make_share(7, 10)] * 4, "falling", -0.6, 1.0),
        (make_share(9, 10), [make_share(0, 10), make_share(6, 10)] * 2, "steady", 0.6, 81 / 24.5),
        (make_share(30, 50), [make_share(3, 10)] * 26, "rising", 0.3, 1.0),
        (make_share(10, 10), [make_share(0, 10)] * 4, "rising", 1.0, 1.5),
        (make_share(0, 10), [make_share(10, 10)] * 4, "falling", -1.0, 1.5),
    ],
)
def test_verdict_is_steady_if_the_interval_contains_zero(
    now: Tally, before: list[Tally], verdict: str, middle: float, phi: float
) -> None:
    n = sum(tally.n for tally in before)
    p = (now.value + sum(tally.value for tally in before)) / (now.n + n)
    half = SCIPY[len(before) - 4] * sqrt(phi * p * (1 - p) * (1 / now.n + 1 / n))
    comparison = compare_with_baseline(now, before)
    assert comparison.verdict.value == verdict
    assert comparison.dispersion == pytest.approx(phi)
    assert comparison.difference == pytest.approx((middle - half, middle + half))


def test_difference_equals_the_manual_calculation() -> None:
    # p = 18/50; se = √(0.36 · 0.64 · (1/10 + 1/40)) = 0.1697056; 2.3646243 · se = 0.4012901
    comparison = compare_with_baseline(make_share(6, 10), [make_share(3, 10)] * 4)
    assert comparison.difference == pytest.approx((-0.1012901, 0.7012901), abs=1e-6)
    assert (comparison.baseline.periods, comparison.baseline.n, comparison.baseline.share) == (4, 40, 0.3)


@pytest.mark.parametrize(("verdict", "value"), [("falling", 7), ("steady", 8), ("steady", 22), ("rising", 23)])
def test_verdict_changes_at_one_entry(verdict: str, value: int) -> None:
    assert compare_with_baseline(make_share(value, 50), [make_share(3, 10)] * 26).verdict.value == verdict


@pytest.mark.parametrize(
    ("now", "before", "enough"),
    [
        (make_share(2, 5), [make_share(3, 10)] * 3, False),
        (make_share(2, 5), [make_share(3, 10)] * 4, True),
        (make_share(2, 5), [make_share(2, 5), make_share(2, 5), make_share(2, 5), make_share(2, 4)], False),
        (make_share(2, 5), [make_share(2, 5)] * 4, True),
        (make_share(2, 5), [*[make_share(3, 10)] * 3, make_share(0, 0)], False),
        (make_share(2, 4), [make_share(3, 10)] * 4, False),
        (make_share(0, 0), [make_share(3, 10)] * 4, False),
        (make_share(2, 5), [], False),
    ],
)
def test_verdict_needs_four_periods_twenty_entries_and_five_now(
    now: Tally, before: list[Tally], *, enough: bool
) -> None:
    comparison = compare_with_baseline(now, before)
    assert (comparison.verdict is not Verdict.TOO_FEW) is enough
    assert (comparison.difference is not None) is (comparison.dispersion is not None) is enough
    assert comparison.baseline.n == sum(tally.n for tally in before)


@pytest.mark.parametrize("value", [0, 10])
def test_verdict_of_pure_work_or_value_is_steady(value: int) -> None:
    comparison = compare_with_baseline(make_share(value, 10), [make_share(value, 10)] * 6)
    assert (comparison.verdict, comparison.difference) == (Verdict.STEADY, (0.0, 0.0))


def test_period_without_entries_is_skipped() -> None:
    gap, some = Tally(), [make_share(2, 10), make_share(6, 10), make_share(1, 10), make_share(5, 10)]
    assert compare_with_baseline(make_share(5, 10), [gap, some[0], gap, gap, *some[1:], gap]) == compare_with_baseline(
        make_share(5, 10), some
    )
    trend = compute_trend(weeks(*some, gap, make_share(5, 10)), latest=1, max_scores=3)
    assert trend.comparison == compare_with_baseline(make_share(5, 10), some)
    assert [score.share for _, score in trend.scores] == [0.5, None, 0.5]


def _usual(tallies: Sequence[Tally], latest: int) -> tuple[int, int]:
    baseline = compute_trend(weeks(*tallies), latest=latest, max_scores=8).comparison.baseline
    return baseline.periods, baseline.n


@pytest.mark.parametrize(
    ("count", "latest", "usual"),
    [(5, 1, (4, 40)), (26, 1, (25, 250)), (27, 1, (26, 260)), (28, 1, (26, 260)), (8, 4, (4, 40)), (40, 4, (26, 260))],
)
def test_baseline_has_at_most_26_periods(count: int, latest: int, usual: tuple[int, int]) -> None:
    assert _usual([make_share(3, 10)] * count, latest) == usual


def test_periods_before_the_baseline_are_ignored() -> None:
    late = [make_share(3, 10)] * 27
    assert compute_trend(weeks(*[make_share(10, 10)] * 9, *late), latest=1, max_scores=1) == compute_trend(
        weeks(*late), latest=1, max_scores=1
    )


def test_latest_periods_are_pooled() -> None:
    tallies = [*[make_share(3, 10)] * 6, make_share(1, 2), make_share(2, 3), make_share(4, 5), make_share(7, 10)]
    assert compute_trend(weeks(*tallies), latest=4, max_scores=8).comparison == compare_with_baseline(
        make_share(14, 20), [make_share(3, 10)] * 6
    )


@pytest.mark.parametrize(("shown", "drawn"), [(1, 1), (4, 4), (8, 8), (99, 10)])
def test_trend_has_the_last_scores(shown: int, drawn: int) -> None:
    tallies = weeks(*(make_share(value, 10) for value in range(10)))
    scores = compute_trend(tallies, latest=1, max_scores=shown).scores
    assert scores == tuple((period, compute_score(tally)) for period, tally in tallies[-drawn:])
