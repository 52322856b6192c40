"""Simulated people: how often a Trend calls a change that is none, and how often it sees one that is.

A person's weeks are beta-binomial: about 25 entries each, and a share that wanders around the true one, so that it
varies `dispersion` times as much as coin flips would. With 40,000 people instead of 5,000 the weekly verdict calls a
change in 4.7 to 5.1 % and the one on four weeks in 5.4 %, where there is none; a change of 20 points is seen in 80 %.
"""

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from support.makers import FRIDAY, make_tally
from valuelog.analysis.trend import MAX_BASELINE_PERIODS, Verdict, compute_trend
from valuelog.model.period import week_of
from valuelog.model.tally import Tally

ENTRIES = 25
PEOPLE = 5000
CHANGED = {Verdict.RISING, Verdict.FALLING}

pytestmark = pytest.mark.slow


def people(shares: Sequence[float], dispersion: float) -> Iterator[list[Tally]]:
    """Yield the weeks of one person after the other; `shares` are their true shares, week by week."""
    dice = np.random.default_rng(2026)
    size = (PEOPLE, len(shares))
    share = np.broadcast_to(np.asarray(shares), size)
    if dispersion > 1:
        spread = (ENTRIES - 1) / (dispersion - 1) - 1  # a beta-binomial has φ = 1 + (n - 1) / (a + b + 1)
        share = dice.beta(share * spread, (1 - share) * spread)
    entries = dice.poisson(ENTRIES, size)
    value = dice.binomial(entries, share)
    for counts, values in zip(entries.tolist(), value.tolist(), strict=True):
        yield [make_tally(value=v, work=n - v) for n, v in zip(counts, values, strict=True)]


def verdicts(shares: Sequence[float], dispersion: float, latest: int) -> list[Verdict]:
    """Return the verdict on the `latest` weeks of each person."""
    last = week_of(FRIDAY)
    weeks = (*last.previous_periods(len(shares) - 1), last)
    trends = (
        compute_trend(list(zip(weeks, tallies, strict=True)), latest=latest, max_scores=1)
        for tallies in people(shares, dispersion)
    )
    return [trend.comparison.verdict for trend in trends]


def test_simulated_weeks_have_the_given_dispersion() -> None:
    weeks = [week for tallies in people([0.25] * 4, 2.0) for week in tallies if week.n]
    pearson = [(week.value - week.n * 0.25) ** 2 / (week.n * 0.25 * 0.75) for week in weeks]
    assert np.mean(pearson) == pytest.approx(2.0, abs=0.1)
    assert np.mean([week.n for week in weeks]) == pytest.approx(ENTRIES, abs=0.1)


@pytest.mark.parametrize(
    ("share", "dispersion", "before"),
    [
        (0.25, 2.0, MAX_BASELINE_PERIODS),
        (0.25, 3.0, MAX_BASELINE_PERIODS),
        (0.1, 2.0, MAX_BASELINE_PERIODS),
        (0.4, 2.0, MAX_BASELINE_PERIODS),
        (0.25, 2.0, 8),
    ],
)
def test_false_positive_rate_of_a_week_is_at_most_six_percent(share: float, dispersion: float, before: int) -> None:
    found = verdicts([share] * (before + 1), dispersion, latest=1)
    called = sum(verdict in CHANGED for verdict in found) / PEOPLE
    assert called <= 0.06
    assert Verdict.TOO_FEW not in found


@pytest.mark.parametrize(
    ("before", "after", "dispersion", "least"),
    [(0.25, 0.45, 2.0, 0.78), (0.2, 0.4, 2.0, 0.78), (0.45, 0.25, 1.0, 0.93)],
)
def test_change_of_20_points_is_detected_within_four_weeks(
    before: float, after: float, dispersion: float, least: float
) -> None:
    found = verdicts([before] * MAX_BASELINE_PERIODS + [after] * 4, dispersion, latest=4)
    right = Verdict.RISING if after > before else Verdict.FALLING
    assert found.count(right) / PEOPLE >= least
    assert not CHANGED - {right} & set(found)


def test_false_positive_rate_of_four_weeks_is_at_most_seven_percent() -> None:
    found = verdicts([0.25] * (MAX_BASELINE_PERIODS + 4), 2.0, latest=4)
    assert sum(verdict in CHANGED for verdict in found) / PEOPLE <= 0.07
