"""A Score: share, ratio and confidence interval of a Tally."""

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from valuelog.model.entry import Kind, Side
from valuelog.model.tally import Tally

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: two-sided 95 %."""

MIN_ENTRIES = 5
"""With fewer entries, only counts are shown and no verdict is given."""

MIN_SHARE_WITH_MINUTES = 0.5
"""The minimum share of entries with minutes for a score in minutes."""


class MinutesScore(NamedTuple):
    """The minutes of each side, and the share of value in them: of the `with_minutes` of `n` entries that have some."""

    value: int
    work: int
    share: float
    with_minutes: int
    n: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """Value compared with work.

    `proven` is the number of value entries with evidence that counts. `share` is value / n, `ratio` is value / work
    (each None if it would divide by zero), `interval` the 95 % confidence interval of the share. `helping_share` is the
    share of help in all entries.
    """

    value: int
    proven: int
    work: int
    share: float | None
    ratio: float | None
    interval: tuple[float, float] | None
    has_enough_entries: bool
    minutes: MinutesScore | None
    helping_share: float | None

    @property
    def n(self) -> int:
        """The number of entries."""
        return self.value + self.work


def compute_score(tally: Tally) -> Score:
    """Compute the Score of a Tally."""
    n = tally.n
    return Score(
        value=tally.value,
        proven=tally.with_evidence,
        work=tally.work,
        share=tally.value / n if n else None,
        ratio=tally.value / tally.work if tally.work else None,
        interval=wilson_interval(tally.value, n) if n else None,
        has_enough_entries=n >= MIN_ENTRIES,
        minutes=_compute_minutes(tally),
        helping_share=tally[Kind.HELPED] / n if n else None,
    )


def _compute_minutes(tally: Tally) -> MinutesScore | None:
    value, work = tally.minutes_of(Side.VALUE), tally.minutes_of(Side.WORK)
    if not tally.n or tally.with_minutes < MIN_SHARE_WITH_MINUTES * tally.n:
        return None
    share = value / (value + work)
    return MinutesScore(value=value, work=work, share=share, with_minutes=tally.with_minutes, n=tally.n)


def wilson_interval(hits: int, n: int) -> tuple[float, float]:
    """Return the Wilson score interval at 95 % for `hits` of `n`, as shares from 0 to 1.

    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22: 209-212.
    """
    p = hits / n
    scale = 1 + Z_95 * Z_95 / n
    center = (p + Z_95 * Z_95 / (2 * n)) / scale
    margin = Z_95 / scale * sqrt(p * (1 - p) / n + Z_95 * Z_95 / (4 * n * n))
    return max(0.0, center - margin), min(1.0, center + margin)
