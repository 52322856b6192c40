"""How often the verdict is wrong, and how soon it sees a change: simulated people, judged by the shipped code.

    .venv/bin/python benchmarks/verdicts.py [PERSON_YEARS]

A person's weeks are beta-binomial: the share of a week varies around the true one as if drawn from `k` entries. Weeks
can be missing, of uneven size, or like the week before. Each person has a first half year that only warms up.
"""

import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from valuelog.analysis.trend import LATEST_SPAN, MAX_BASELINE_PERIODS, Verdict, judge_fridays
from valuelog.model.entry import Kind
from valuelog.model.period import Period, week_of
from valuelog.model.tally import Tally

SEED = 2026
PERSON_YEARS = 3000
WARM_UP, YEAR = MAX_BASELINE_PERIODS + LATEST_SPAN, 52
SEEN_WITHIN = 8
"""Within how many weeks a change should be seen."""

DIRECTIONS = {Verdict.RISING: 1, Verdict.LESS_WORK: 1, Verdict.FALLING: -1}


@dataclass(frozen=True)
class Setting:
    """One sort of person.

    `share` is the true share, `entries` a week's mean, `k` how many entries a week's own share is worth, `missing` the
    share of weeks without entries, `unevenness` the coefficient of variation of a week's size, `likeness` the
    correlation of neighboring weeks. `change` is added to the share after the warm-up.
    """

    name: str
    entries: float = 25
    k: float = 30
    share: float = 0.3
    missing: float = 0.1
    unevenness: float = 0.0
    likeness: float = 0.0
    change: float = 0.0


FALSE_SPELLS = (
    Setting("k 30"),
    Setting("k 10", k=10),
    Setting("uneven weeks, cv 0.8", k=10, unevenness=0.8),
    Setting("neighboring weeks alike, 0.6", likeness=0.6),
    Setting("ten entries a week", entries=10),
    Setting("share 10 %", share=0.1),
    Setting("share 60 %", share=0.6),
)
"""Settings without any change: each spell that begins in the year is false."""

CHANGES = tuple(Setting(f"k {k}, {change:+.0%}", k=k, change=change) for k in (30, 10) for change in (0.2, -0.2))
"""Settings with a change: the share of people for whom it is seen within SEEN_WITHIN weeks."""


def simulate_weeks(setting: Setting, people: int, weeks: int, seed: int = SEED) -> Iterator[list[tuple[int, int]]]:
    """Yield the weeks of one person after the other, as (value, entries); NumPy's dice make them the same each time."""
    dice = np.random.default_rng(seed)
    share = np.full((people, weeks), setting.share)
    share[:, WARM_UP:] += setting.change
    spread = _spread(dice, share, setting)
    size = np.full((people, weeks), setting.entries)
    if setting.unevenness:
        sigma = np.log(1 + setting.unevenness**2)
        size = size * dice.lognormal(-sigma / 2, np.sqrt(sigma), (people, weeks))
    n = dice.poisson(size)
    n[dice.random((people, weeks)) < setting.missing] = 0
    value = dice.binomial(n, spread)
    for values, counts in zip(value.tolist(), n.tolist(), strict=True):
        yield list(zip(values, counts, strict=True))


def _spread(dice: np.random.Generator, share: np.ndarray, setting: Setting) -> np.ndarray:
    """Return the share of each week: beta around the true one, or normal if neighboring weeks are alike."""
    if not setting.likeness:
        return dice.beta(share * setting.k, (1 - share) * setting.k)
    noise = dice.standard_normal(share.shape)
    for week in range(1, share.shape[1]):
        noise[:, week] = setting.likeness * noise[:, week - 1] + np.sqrt(1 - setting.likeness**2) * noise[:, week]
    return np.asarray(np.clip(share + noise * np.sqrt(share * (1 - share) / (setting.k + 1)), 0, 1))


def judge(person: list[tuple[int, int]]) -> list[int]:
    """Return the direction that the verdict of each week shows: 1, -1 or 0."""
    last = week_of(date(2026, 11, 20))
    periods = (*last.previous_periods(len(person) - 1), last)
    tallies = [_make_tally(value, n) for value, n in person]
    shown: dict[Period, int] = {}
    for week, comparison in judge_fridays(list(zip(periods, tallies, strict=True))):
        shown[week] = DIRECTIONS.get(comparison.verdict, 0)
    directions: list[int] = []
    for period in periods:
        directions.append(shown.get(period, directions[-1] if directions else 0))
    return directions


def _make_tally(value: int, n: int) -> Tally:
    return Tally(counts={Kind.OUTCOME: value, Kind.ACTIVITY: n - value}, days=min(n, 5))


def count_false_spells(setting: Setting, people: int) -> tuple[float, float]:
    """Return the false spells a year: upward and downward."""
    up = down = 0
    for person in simulate_weeks(setting, people, WARM_UP + YEAR):
        directions = judge(person)[WARM_UP - 1 :]
        begun = [now for before, now in pairwise(directions) if now and now != before]
        up, down = up + begun.count(1), down + begun.count(-1)
    return up / people, down / people


def measure_power(setting: Setting, people: int) -> float:
    """Return the share of people whose change is seen within SEEN_WITHIN weeks."""
    direction = 1 if setting.change > 0 else -1
    courses = map(judge, simulate_weeks(setting, people, WARM_UP + SEEN_WITHIN))
    return sum(direction in course[WARM_UP:] for course in courses) / people


def main(people: int) -> None:
    """Print both tables."""
    with ProcessPoolExecutor() as pool:
        false = list(pool.map(count_false_spells, FALSE_SPELLS, [people] * len(FALSE_SPELLS)))
        power = list(pool.map(measure_power, CHANGES, [people] * len(CHANGES)))
    print(f"{people} person-years each\n\n{'without a change':32}{'false spells a year':>20}{'up':>8}{'down':>8}")
    for setting, (up, down) in zip(FALSE_SPELLS, false, strict=True):
        print(f"{setting.name:32}{up + down:>20.2f}{up:>8.2f}{down:>8.2f}")
    print(f"\n{'with a change':32}{f'seen within {SEEN_WITHIN} weeks':>20}")
    for setting, seen in zip(CHANGES, power, strict=True):
        print(f"{setting.name:32}{seen:>20.0%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else PERSON_YEARS)
