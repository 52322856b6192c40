"""A Score: a Tally turned into share, ratio and how sure one can be."""

from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

from valuelog.model.entry import Kind, Side
from valuelog.model.tally import Tally

Z_95 = 1.959963984540054
"""The 97.5 % point of the standard normal distribution: two-sided 95 %."""

MIN_ENTRIES = 5
"""Below so many entries the counts are shown and no verdict is given."""

MIN_SHARE_WITH_MINUTES = 0.8
"""The share of entries that must carry minutes before a share of minutes is shown."""


class MinutesScore(NamedTuple):
    """The minutes of each side and the share of them that went into value."""

    value: int
    work: int
    share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """Value set against work. `share` is value / n, `ratio` value / work, `interval` the 95 % interval of the share.

    A share of nothing is none, and so is a ratio without work.
    """

    value: int
    work: int
    share: float | None
    ratio: float | None
    interval: tuple[float, float] | None
    has_enough_entries: bool
    minutes: MinutesScore | None
    helping_share: float | None

    @property
    def n(self) -> int:
        """All entries."""
        return self.value + self.work


def compute_score(tally: Tally) -> Score:
    """Turn counts into a Score."""
    n = tally.n
    return Score(
        value=tally.value,
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
    return MinutesScore(value=value, work=work, share=value / (value + work))


def wilson_interval(hits: int, n: int) -> tuple[float, float]:
    """Return the Wilson score interval at 95 % for `hits` of `n`, as shares from 0 to 1.

    E. B. Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22: 209-212.
    """
    p = hits / n
    scale = 1 + Z_95 * Z_95 / n
    middle = (p + Z_95 * Z_95 / (2 * n)) / scale
    half = Z_95 / scale * sqrt(p * (1 - p) / n + Z_95 * Z_95 / (4 * n * n))
    return max(0.0, middle - half), min(1.0, middle + half)
