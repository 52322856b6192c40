"""What was left behind, in words: for a Period with too few entries for figures."""

from collections import Counter
from typing import NamedTuple

from valuelog.analysis.review import Review
from valuelog.model.entry import VALUE_KINDS, Entry, Kind

COUNTS = {1: "one", 2: "two", 3: "three", 4: "four"}


class Left(NamedTuple):
    """What somebody left behind: the words for one such thing, and for several of them."""

    one: str
    many: str


LEFT = {
    Kind.HELPED: Left("someone who can do more", "people who can do more"),
    Kind.OUTCOME: Left("a result that you own", "results that you own"),
    Kind.INSIGHT: Left("a thought that others can use", "thoughts that others can use"),
    Kind.IMPROVEMENT: Left("something that works better", "things that work better"),
}


def left_behind(review: Review) -> str:
    """Say in words what the value is that was left behind."""
    said = Counter(_left(entry) for entry in review.entries if entry.kind in VALUE_KINDS)
    counts = {left: _several(left, times, review) for left, times in said.items()}
    things = [left.one if count == 1 else f"{COUNTS[count]} {left.many}" for left, count in counts.items()]
    if len(things) == 1 and counts[next(iter(counts))] > 1:
        return f"You left {things[0]} behind."
    named = things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
    number = sum(counts.values())
    return f"You left {COUNTS[number]} thing{'s' * (number > 1)} behind: {named}."


def _left(entry: Entry) -> Left:
    if entry.kind is Kind.IMPROVEMENT and entry.effects:
        effect = entry.effects[0].label
        return Left(f"something {effect}", f"things that are {effect}")
    return LEFT[entry.kind]


def _several(left: Left, times: int, review: Review) -> int:
    """Say how many there are of something: somebody who got further several times is one person."""
    people = len(review.people) if left is LEFT[Kind.HELPED] else 0
    return people if 0 < people < times else times
