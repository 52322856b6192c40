"""Tallies: counts by kind, both sides, minutes, and their sums."""

from hypothesis import given
from hypothesis import strategies as st

from support.makers import make_tally
from valuelog.model.entry import Kind, Side
from valuelog.model.tally import Tally, sum_tallies

COUNTS = st.dictionaries(st.sampled_from(Kind), st.integers(0, 50))
TALLIES = st.builds(
    Tally, counts=COUNTS, minutes=COUNTS, with_minutes=st.integers(0, 9), with_evidence=st.integers(0, 9)
)


def test_tally_counts_work_and_value() -> None:
    tally = make_tally(work=5, outcome=1, helped=2, improvement=3, insight=4)
    assert (tally.work, tally.value, tally.n) == (5, 6, 11)
    assert [tally[kind] for kind in Kind] == [5, 3, 1, 2, 4, 0]


def test_tally_counts_missing_kinds_as_zero() -> None:
    assert (Tally().n, Tally()[Kind.HELPED], Tally().minutes_of(Side.WORK)) == (0, 0, 0)


def test_minutes_of_a_side_sums_its_kinds() -> None:
    tally = Tally(minutes={Kind.ACTIVITY: 90, Kind.HELPED: 30, Kind.OUTCOME: 15})
    assert (tally.minutes_of(Side.WORK), tally.minutes_of(Side.VALUE)) == (90, 45)


def test_sum_tallies_adds_every_field() -> None:
    one = Tally(counts={Kind.ACTIVITY: 2, Kind.HELPED: 1}, minutes={Kind.ACTIVITY: 60}, with_minutes=1, with_evidence=1)
    two = Tally(counts={Kind.ACTIVITY: 3}, minutes={Kind.ACTIVITY: 15, Kind.HELPED: 5}, with_minutes=2, with_evidence=0)
    assert sum_tallies([one, two]) == Tally(
        counts={Kind.ACTIVITY: 5, Kind.HELPED: 1},
        minutes={Kind.ACTIVITY: 75, Kind.HELPED: 5},
        with_minutes=3,
        with_evidence=1,
    )
    assert sum_tallies([]) == Tally()


@given(st.lists(TALLIES))
def test_sum_of_tallies_equals_its_parts(tallies: list[Tally]) -> None:
    whole = sum_tallies(tallies)
    assert whole.n == whole.work + whole.value == sum(tally.n for tally in tallies)
    for side in Side:
        assert whole.minutes_of(side) == sum(tally.minutes_of(side) for tally in tallies)
