"""What was left behind, in words: for a Period with too few entries for figures."""

from collections import Counter
from typing import NamedTuple

from valuelog.analysis.review import Review
from valuelog.model.entry import VALUE_KINDS, Entry, Kind

NUMBER_WORDS = {1: "one", 2: "two", 3: "three", 4: "four"}


class ValuePhrase(NamedTuple):
    """What somebody left behind: the words for one such thing, and for several of them."""

    singular: str
    plural: str


PHRASE_BY_KIND = {
    Kind.HELPED: ValuePhrase("someone who can do more", "people who can do more"),
    Kind.OUTCOME: ValuePhrase("a result that you own", "results that you own"),
    Kind.INSIGHT: ValuePhrase("a thought that others can use", "thoughts that others can use"),
    Kind.IMPROVEMENT: ValuePhrase("something that works better", "things that work better"),
}


def summarize_value(review: Review) -> str:
    """Say in words what the value is that was left behind."""
    said = Counter(_choose_phrase(entry) for entry in review.entries if entry.kind in VALUE_KINDS)
    counts = {left: _count_value(left, times, review) for left, times in said.items()}
    things = [left.singular if count == 1 else f"{NUMBER_WORDS[count]} {left.plural}" for left, count in counts.items()]
    if len(things) == 1 and counts[next(iter(counts))] > 1:
        return f"You left {things[0]} behind."
    named = things[0] if len(things) == 1 else f"{', '.join(things[:-1])} and {things[-1]}"
    number = sum(counts.values())
    return f"You left {NUMBER_WORDS[number]} thing{'s' * (number > 1)} behind: {named}."


def _choose_phrase(entry: Entry) -> ValuePhrase:
    if entry.kind is Kind.IMPROVEMENT and entry.effects:
        effect = entry.effects[0].label
        return ValuePhrase(f"something {effect}", f"things that are {effect}")
    return PHRASE_BY_KIND[entry.kind]


def _count_value(phrase: ValuePhrase, times: int, review: Review) -> int:
    """Say how many there are of something: somebody who got further several times is one person."""
    people = len(review.people) if phrase is PHRASE_BY_KIND[Kind.HELPED] else 0
    return people if 0 < people < times else times
