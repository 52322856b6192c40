"""How often findings repeat: a few of the people of `benchmarks/repeats.py`, through the real program."""

import pytest
from repeats import live, repeat_share

WEEKS = 8


@pytest.mark.slow
def test_findings_rarely_repeat() -> None:
    lives = [live(number, WEEKS) for number in (0, 6, 7)]
    assert repeat_share([each.fridays for each in lives]) <= 0.35
    assert repeat_share([each.evenings for each in lives]) <= 0.25
    assert sum(map(len, lives[1].fridays)) >= WEEKS


def test_repeat_share_counts_what_was_there_the_time_before() -> None:
    first, second = frozenset({"a"}), frozenset({"a", "b"})
    assert repeat_share([[first, second, first], [second]]) == pytest.approx(2 / 3)
    assert repeat_share([[first]]) == 0
