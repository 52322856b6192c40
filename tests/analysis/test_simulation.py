"""Simulated people: how often the verdict calls a change that is none, and how often it sees one that is.

`benchmarks/verdicts.py` does the same with 3,000 person-years a setting; docs/numbers.md has its table.
"""

import numpy as np
import pytest
from verdicts import CHANGES, FALSE_SPELLS, SEED, Setting, count_false_spells, measure_power, simulate_weeks

PEOPLE = 400

pytestmark = pytest.mark.slow


def test_simulated_weeks_vary_as_their_setting_says() -> None:
    weeks = [week for person in simulate_weeks(Setting("k 10", k=10, missing=0.0), 500, 20, SEED) for week in person]
    shares = np.array([value / n for value, n in weeks if n])
    # A beta-binomial share varies by p (1 - p) (1 / n + (n - 1) / n / (k + 1)).
    assert np.var(shares) == pytest.approx(0.3 * 0.7 * (1 / 25 + 24 / 25 / 11), rel=0.1)
    assert np.mean([n for _, n in weeks]) == pytest.approx(25, abs=0.2)


@pytest.mark.parametrize(("setting", "most"), [*zip(FALSE_SPELLS[:4], (0.7, 0.85, 0.95, 1.7), strict=True)], ids=str)
def test_false_spells_a_year_are_rare(setting: Setting, most: float) -> None:
    up, down = count_false_spells(setting, PEOPLE)
    assert up + down <= most
    assert max(up, down) <= 2 * min(up, down)


@pytest.mark.parametrize(("setting", "least"), [*zip(CHANGES, (0.8, 0.9, 0.6, 0.75), strict=True)], ids=str)
def test_change_of_20_points_is_seen_within_eight_weeks(setting: Setting, least: float) -> None:
    assert measure_power(setting, PEOPLE) >= least
