"""The numbers, computed again by scipy, statsmodels and numpy on seeded random journals."""

from typing import Any

import numpy as np
import pytest
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

from support.makers import make_tally
from valuelog.analysis import trend
from valuelog.analysis.score import compute_score, wilson_interval
from valuelog.analysis.trend import Comparison, Verdict, compare_with_baseline, estimate_rho, judge_periods
from valuelog.model.tally import Tally

pytestmark = pytest.mark.slow

CASES = 2_000

Weeks = np.ndarray[Any, Any]
Comparisons = list[tuple[Comparison, Weeks, Weeks]]

LATEST, PRIOR_RHO, PRIOR_WEIGHT = 4, 0.03, 6
"""The latest weeks, and what is known of ρ before any data: docs/numbers.md."""


def make_weeks(random: np.random.Generator, count: int) -> Weeks:
    """Return random weeks as rows of value and entries, from very alike ones to very unlike ones; some are empty."""
    spread, share = random.choice([2.0, 10.0, 50.0]), random.uniform(0.02, 0.98)
    entries = random.poisson(random.choice([1.0, 5.0, 25.0, 80.0]), count)
    shares = random.beta(spread * share, spread * (1 - share), count)
    return np.column_stack([random.binomial(entries, shares), entries])


def to_tallies(weeks: Weeks) -> list[Tally]:
    return [make_tally(value=int(value), work=int(n - value)) for value, n in weeks]


def reference_rho(weeks: Weeks) -> float:
    """Estimate ρ by the method of moments, with Pearson's X² from scipy."""
    value, n = weeks.T
    share, mates, m = value.sum() / n.sum(), (n - 1).sum() / len(n), len(n)
    if share in {0.0, 1.0} or mates == 0:
        return PRIOR_RHO
    observed = np.column_stack([value, n - value])
    chi_squared = stats.chi2_contingency(observed, correction=False).statistic
    rho = (chi_squared - (m - 1) + PRIOR_WEIGHT * mates * PRIOR_RHO) / ((m + PRIOR_WEIGHT - 1) * mates)
    return float(np.clip(rho, 0, 0.9))


def reference_weights(n: Weeks, rho: float) -> Weeks:
    """Weigh weeks by the inverse variance of a beta-binomial share, in units of that of one entry.

    The variance comes from scipy: a share of one half makes it ¼ for one entry.
    """
    if rho == 0:
        return n.astype(float)
    shape = (1 / rho - 1) / 2
    weights: Weeks = 0.25 / (stats.betabinom.var(n, shape, shape) / n**2)
    return weights


def reference_angle(weeks: Weeks, rho: float) -> tuple[float, float]:
    """Return Anscombe's arcsine of the weighted share, and the sum of the weights."""
    value, n = weeks.T
    weights = reference_weights(n, rho)
    total = weights.sum()
    share = np.average(value / n, weights=weights)
    return float(np.arcsin(np.sqrt((share * total + 3 / 8) / (total + 3 / 4)))), float(total)


def reference_statistic(now: Weeks, before: Weeks) -> tuple[float, float, float]:
    """Return the difference of the arcsines, its standard error and its two-sided p-value."""
    rho = reference_rho(before)
    (angle, weight), (usual, usual_weight) = reference_angle(now, rho), reference_angle(before, rho)
    error = np.sqrt(0.25 / weight + 0.25 / usual_weight)
    statistic = (angle - usual) / error
    return angle - usual, float(error), float(2 * stats.t.sf(abs(statistic), len(before) + PRIOR_WEIGHT - 1))


def make_comparisons(seed: int) -> Comparisons:
    """Return comparisons of random weeks that are enough to tell, with the weeks that have entries."""
    random = np.random.default_rng(seed)
    made: Comparisons = []
    while len(made) < CASES:
        before, now = make_weeks(random, int(random.integers(4, 27))), make_weeks(random, LATEST)
        comparison = compare_with_baseline(to_tallies(now), to_tallies(before))
        if comparison.verdict is not Verdict.TOO_FEW:
            made.append((comparison, now[now[:, 1] > 0], before[before[:, 1] > 0]))
    return made


@pytest.fixture(scope="module")
def comparisons() -> Comparisons:
    """Return random comparisons, made once."""
    return make_comparisons(20_261_120)


# Score


def test_wilson_interval_equals_statsmodels_and_scipy() -> None:
    random = np.random.default_rng(1)
    for _ in range(CASES):
        n = int(random.integers(1, int(random.choice([40, 5_000, 10**6]))))
        hits = int(random.choice([0, n, int(random.integers(0, n + 1))]))
        low, high = wilson_interval(hits, n)
        assert (low, high) == pytest.approx(proportion_confint(hits, n, alpha=0.05, method="wilson"), rel=0, abs=1e-9)
        interval = stats.binomtest(hits, n).proportion_ci(0.95, method="wilson") if n < 5_000 else (low, high)
        assert (low, high) == pytest.approx(tuple(interval), rel=0, abs=1e-9)
        assert compute_score(make_tally(value=hits, work=n - hits)).interval == (low, high)


# Trend


def test_student_t_quantiles_equal_scipy() -> None:
    table = trend._STUDENT_T_975  # noqa: SLF001  its values are the point
    assert sorted(table) == list(range(LATEST + PRIOR_WEIGHT - 1, trend.MAX_BASELINE_PERIODS + PRIOR_WEIGHT))
    for freedom, quantile in table.items():
        assert quantile == pytest.approx(stats.t.ppf(0.975, freedom), rel=0, abs=1e-9)
        assert 2 * stats.t.sf(quantile, freedom) == pytest.approx(0.05, rel=0, abs=1e-6)


def test_rho_equals_the_method_of_moments() -> None:
    random = np.random.default_rng(2)
    for _ in range(CASES):
        weeks = make_weeks(random, int(random.integers(1, 27)))
        weeks = weeks[weeks[:, 1] > 0]
        if len(weeks):
            assert estimate_rho(to_tallies(weeks)) == pytest.approx(reference_rho(weeks), rel=0, abs=1e-9)


def test_weights_are_those_of_a_beta_binomial() -> None:
    for rho in (0.01, 0.03, 0.3, 0.9):
        for n in (1, 2, 10, 200):
            ((angle, weight),) = [trend._weigh([make_tally(value=n, work=0)], rho)]  # noqa: SLF001  the point
            assert weight == pytest.approx(reference_weights(np.array([n]), rho)[0], rel=1e-9)
            assert angle == pytest.approx(np.arcsin(np.sqrt((weight + 3 / 8) / (weight + 3 / 4))))


def test_verdict_is_that_of_the_p_value(comparisons: Comparisons) -> None:
    verdicts = []
    for comparison, now, before in comparisons:
        difference, _, p = reference_statistic(now, before)
        if abs(p - 0.05) > 1e-6:
            expected = "steady" if p > 0.05 else "rising" if difference > 0 else "falling"
            assert comparison.verdict == expected
            verdicts.append(expected)
    assert min(verdicts.count(word) for word in ("steady", "rising", "falling")) > 100


def test_interval_is_the_back_transformed_one_of_t(
    comparisons: Comparisons,
) -> None:
    for comparison, now, before in comparisons:
        difference, error, _ = reference_statistic(now, before)
        usual, _ = reference_angle(before, reference_rho(before))
        ends = stats.t.interval(0.95, len(before) + PRIOR_WEIGHT - 1, loc=difference, scale=error)
        shares = np.sin(np.clip(usual + np.array(ends), 0, np.pi / 2)) ** 2 - np.sin(usual) ** 2
        assert comparison.difference == pytest.approx(tuple(shares), rel=0, abs=1e-6)


def test_longer_periods_are_judged_by_the_same_statistic() -> None:
    random, judged = np.random.default_rng(3), 0
    for _ in range(CASES):
        weeks = make_weeks(random, int(random.integers(5, 28)))
        now, before = weeks[-1:], weeks[:-1][-trend.MAX_BASELINE_PERIODS :]
        comparison = judge_periods(to_tallies(weeks))
        if comparison.verdict is Verdict.TOO_FEW:
            continue
        difference, _, p = reference_statistic(now, before[before[:, 1] > 0])
        is_rise = comparison.verdict in {Verdict.RISING, Verdict.LESS_WORK}
        assert is_rise == (p < 0.05 and difference > 0)
        assert (comparison.verdict is Verdict.FALLING) == (p < 0.05 and difference < 0)
        judged += 1
    assert judged > CASES // 2
