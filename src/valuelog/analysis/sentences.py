"""What you made better in your own words: value entries with the same words are one sentence."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

from valuelog.model.entry import Entry, Impact, Side, plain_words

T = TypeVar("T")


class Sentence(NamedTuple):
    """Value entries with the same words. `entry` is the first of them, with the fields of all; `times` is their number.

    `evidence` is that of all of them. The sentence is proven if the evidence of any of them counts.
    """

    entry: Entry
    is_proven: bool
    evidence: tuple[str, ...] = ()
    times: int = 1


def collect_sentences(entries: Iterable[Entry]) -> tuple[Sentence, ...]:
    """Return the value of some entries: proven first, then the largest impact, then by day."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.side is Side.VALUE:
            groups.setdefault(plain_words(entry.text), []).append(entry)
    sentences = map(_merge_entries, groups.values())
    return tuple(sorted(sentences, key=lambda each: (not each.is_proven, -each.entry.impact_rank)))


def _merge_entries(entries: Sequence[Entry]) -> Sentence:
    """Merge entries with the same words, the oldest first."""
    first, evidence = entries[0], _union((entry.evidence,) if entry.evidence else () for entry in entries)
    if len(entries) == 1:
        return Sentence(first, first.is_proven, evidence)
    impacts: list[Impact] = [entry.impact for entry in entries if entry.impact]
    merged = replace(
        first,
        people=_union(entry.people for entry in entries),
        tags=_union(entry.tags for entry in entries),
        effects=_union(entry.effects for entry in entries),
        beneficiaries=_union(entry.beneficiaries for entry in entries),
        impact=max(impacts, key=lambda impact: impact.rank, default=None),
        project=next((entry.project for entry in entries if entry.project), None),
    )
    return Sentence(merged, any(entry.is_proven for entry in entries), evidence, len(entries))


def _union(groups: Iterable[Sequence[T]]) -> tuple[T, ...]:
    """Return the distinct values of some groups, in order."""
    return tuple(dict.fromkeys(value for group in groups for value in group))
