"""A Trend: the scores of several periods, and whether the latest ones differ from the baseline before them.

The model is quasi-binomial: weeks vary more than coin flips (release weeks, meeting weeks), so a dispersion widens the
interval. It is estimated from the baseline and shrunk toward PRIOR_DISPERSION.
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
"""The baseline has at most this many periods."""

MIN_BASELINE_PERIODS = 4
MIN_BASELINE_ENTRIES = 20
"""A baseline with fewer periods or entries isn't reliable."""

PRIOR_DISPERSION = 1.5
PRIOR_WEIGHT = 4
"""The dispersion assumed without data, and the number of periods it counts as."""

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
    """The result of a comparison."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"
    TOO_FEW = "too-few"


class Baseline(NamedTuple):
    """The earlier periods with entries: their number, their pooled share of value, and their number of entries."""

    periods: int
    share: float | None
    n: int

    @property
    def is_reliable(self) -> bool:
        """Whether it has enough periods and entries for a comparison."""
        return self.periods >= MIN_BASELINE_PERIODS and self.n >= MIN_BASELINE_ENTRIES


class Comparison(NamedTuple):
    """A share compared with a baseline. `difference` is the 95 % interval of the share minus that of the baseline."""

    verdict: Verdict
    baseline: Baseline
    dispersion: float | None = None
    difference: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """A Comparison and the scores of the last periods, oldest first."""

    comparison: Comparison
    scores: tuple[tuple[Period, Score], ...]


def compute_trend(tallies: Sequence[tuple[Period, Tally]], *, latest: int, max_scores: int) -> Trend:
    """Compare the last `latest` periods with up to MAX_BASELINE_PERIODS before; add the last `max_scores` scores."""
    current = sum_tallies(tally for _, tally in tallies[-latest:])
    before = [tally for _, tally in tallies[:-latest]][-MAX_BASELINE_PERIODS:]
    scores = tuple((period, compute_score(tally)) for period, tally in tallies[-max_scores:])
    return Trend(comparison=compare_with_baseline(current, before), scores=scores)


def compare_with_baseline(current: Tally, before: Sequence[Tally]) -> Comparison:
    """Compare a tally with the pooled tally of the periods before it; periods without entries are skipped."""
    periods = [tally for tally in before if tally.n]
    pooled = sum_tallies(periods)
    share = pooled.value / pooled.n if pooled.n else None
    baseline = Baseline(periods=len(periods), share=share, n=pooled.n)
    if share is None or not baseline.is_reliable or not compute_score(current).has_enough_entries:
        return Comparison(verdict=Verdict.TOO_FEW, baseline=baseline)
    dispersion = estimate_dispersion(periods, share)
    difference = _difference_interval(current, pooled, dispersion, STUDENT_T_975[len(periods) + PRIOR_WEIGHT - 1])
    return Comparison(verdict=_verdict(difference), baseline=baseline, dispersion=dispersion, difference=difference)


def estimate_dispersion(periods: Sequence[Tally], baseline_share: float) -> float:
    """Estimate how many times more than coin flips the shares of some periods vary, at least 1.

    This is Pearson's estimate of the dispersion of a quasi-binomial model (McCullagh & Nelder (1989), Generalized
    Linear Models, 4.5), shrunk toward PRIOR_DISPERSION. If all periods are pure work or pure value, it can't be
    estimated and is PRIOR_DISPERSION.
    """
    if baseline_share in {0.0, 1.0}:
        return PRIOR_DISPERSION
    degrees_of_freedom = len(periods) - 1
    pearson = sum(
        (tally.value - tally.n * baseline_share) ** 2 / (tally.n * baseline_share * (1 - baseline_share))
        for tally in periods
    )
    return max(1.0, (pearson + PRIOR_WEIGHT * PRIOR_DISPERSION) / (degrees_of_freedom + PRIOR_WEIGHT))


def _difference_interval(current: Tally, pooled: Tally, dispersion: float, t: float) -> tuple[float, float]:
    p = (current.value + pooled.value) / (current.n + pooled.n)
    margin = t * sqrt(dispersion * p * (1 - p) * (1 / current.n + 1 / pooled.n))
    difference = current.value / current.n - pooled.value / pooled.n
    return difference - margin, difference + margin


def _verdict(difference: tuple[float, float]) -> Verdict:
    if difference[0] > 0:
        return Verdict.RISING
    if difference[1] < 0:
        return Verdict.FALLING
    return Verdict.STEADY
