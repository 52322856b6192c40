"""A Trend: Scores over Periods, and whether the latest differs from what was usual before.

Weeks differ by more than coin flips do (release weeks, meeting weeks), so the variance is quasi-binomial:
a dispersion, measured on the baseline and drawn towards PRIOR while there is little of it, widens the interval.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import sqrt
from typing import NamedTuple

from valuelog.analysis.score import Score, compute_score
from valuelog.model.period import Period
from valuelog.model.tally import Tally, sum_tallies

MAX_BASELINE_PERIODS = 26
"""At most so many Periods make up what is usual."""

MIN_BASELINE_PERIODS = 4
MIN_BASELINE_ENTRIES = 20
"""Fewer Periods or entries than these tell nothing about what is usual."""

PRIOR_DISPERSION = 1.5
PRIOR_WEIGHT = 4
"""The dispersion to expect of anyone, and how many Periods' worth of trust it gets."""

STUDENT_T_975 = dict(
    enumerate(
        (
            2.364624251593, 2.306004135204, 2.262157162798, 2.228138851986, 2.200985160092, 2.178812829667,
            2.160368656463, 2.144786687918, 2.131449545560, 2.119905299221, 2.109815577833, 2.100922040241,
            2.093024054408, 2.085963447266, 2.079613844728, 2.073873067904, 2.068657610419, 2.063898561628,
            2.059538552753, 2.055529438643, 2.051830516480, 2.048407141795, 2.045229642133,
        ),
        start=7,
    ),
)  # fmt: skip
"""The 97.5 % point of Student's t by degrees of freedom, from scipy.stats.t.ppf(0.975, df)."""


class Verdict(StrEnum):
    """What a Trend says."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    TOO_FEW = "too-few"


class Baseline(NamedTuple):
    """What was usual: how many Periods, their pooled share, and their entries."""

    periods: int
    share: float | None
    n: int

    @property
    def is_reliable(self) -> bool:
        """Whether there is enough of it to say what is usual."""
        return self.periods >= MIN_BASELINE_PERIODS and self.n >= MIN_BASELINE_ENTRIES


class Comparison(NamedTuple):
    """A share set against a baseline. `difference` is the 95 % interval of the share minus the usual one."""

    verdict: Verdict
    baseline: Baseline
    dispersion: float | None = None
    difference: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """A Comparison and the Scores to draw beside it, the oldest first. A Period without entries is a gap."""

    comparison: Comparison
    scores: tuple[tuple[Period, Score], ...]


def compute_trend(tallies: Sequence[tuple[Period, Tally]], *, latest: int, max_scores: int) -> Trend:
    """Compare the last `latest` of some Periods with up to BASELINE before them, and keep the last `shown` to draw."""
    now = sum_tallies(tally for _, tally in tallies[-latest:])
    before = [tally for _, tally in tallies[:-latest]][-MAX_BASELINE_PERIODS:]
    scores = tuple((period, compute_score(tally)) for period, tally in tallies[-max_scores:])
    return Trend(comparison=compare_with_baseline(now, before), scores=scores)


def compare_with_baseline(now: Tally, before: Sequence[Tally]) -> Comparison:
    """Tell whether a share differs from the pooled share of the Periods before it.

    McCullagh & Nelder (1989), Generalized Linear Models, 4.5: Pearson's estimate of the dispersion of a
    quasi-binomial model, here shrunk towards PRIOR.
    """
    periods = [tally for tally in before if tally.n]
    pooled = sum_tallies(periods)
    usual = pooled.value / pooled.n if pooled.n else None
    baseline = Baseline(periods=len(periods), share=usual, n=pooled.n)
    if usual is None or not baseline.is_reliable or not compute_score(now).has_enough_entries:
        return Comparison(verdict=Verdict.TOO_FEW, baseline=baseline)
    phi = estimate_dispersion(periods, usual)
    difference = _difference_interval(now, pooled, phi, STUDENT_T_975[len(periods) + PRIOR_WEIGHT - 1])
    return Comparison(verdict=_verdict(difference), baseline=baseline, dispersion=phi, difference=difference)


def estimate_dispersion(periods: Sequence[Tally], baseline_share: float) -> float:
    """Return how many times more than coin flips the shares of some Periods vary, at least 1.

    Periods that are all work or all value say nothing about it: then it is PRIOR.
    """
    if baseline_share in {0.0, 1.0}:
        return PRIOR_DISPERSION
    freedom = len(periods) - 1
    pearson = sum(
        (tally.value - tally.n * baseline_share) ** 2 / (tally.n * baseline_share * (1 - baseline_share))
        for tally in periods
    )
    return max(1.0, (pearson + PRIOR_WEIGHT * PRIOR_DISPERSION) / (freedom + PRIOR_WEIGHT))


def _difference_interval(now: Tally, pooled: Tally, phi: float, t: float) -> tuple[float, float]:
    p = (now.value + pooled.value) / (now.n + pooled.n)
    half = t * sqrt(phi * p * (1 - p) * (1 / now.n + 1 / pooled.n))
    middle = now.value / now.n - pooled.value / pooled.n
    return middle - half, middle + half


def _verdict(difference: tuple[float, float]) -> Verdict:
    if difference[0] > 0:
        return Verdict.RISING
    if difference[1] < 0:
        return Verdict.FALLING
    return Verdict.STEADY
