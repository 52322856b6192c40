"""A Tally: how many entries of each kind there are, and how many minutes they took."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from valuelog.model.entry import VALUE_KINDS, Kind, Side


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Counts of a day or a Period. Kinds that are absent count as zero.

    `minutes` are the minutes of each kind, over those entries that carry any; `timed` is how many do.
    `evidenced` is how many of the value entries carry evidence.
    """

    counts: Mapping[Kind, int] = field(default_factory=dict)
    minutes: Mapping[Kind, int] = field(default_factory=dict)
    with_minutes: int = 0
    with_evidence: int = 0

    @property
    def work(self) -> int:
        """Entries on the side of work."""
        return self.counts.get(Kind.ACTIVITY, 0)

    @property
    def value(self) -> int:
        """Entries on the side of value."""
        return sum(self.counts.get(kind, 0) for kind in VALUE_KINDS)

    @property
    def n(self) -> int:
        """All entries."""
        return self.work + self.value

    def minutes_of(self, side: Side) -> int:
        """Minutes spent on one side."""
        return sum(length for kind, length in self.minutes.items() if kind.side is side)

    def __getitem__(self, kind: Kind) -> int:
        """How many entries of one kind there are."""
        return self.counts.get(kind, 0)


class WorkSinceValue(NamedTuple):
    """Work that nothing of value followed: how many activities there are after the day of the last value entry.

    `first_on` is the day of the first of them.
    """

    work: int = 0
    last_value_on: date | None = None
    first_work_on: date | None = None


def sum_tallies(tallies: Iterable[Tally]) -> Tally:
    """Add tallies up."""
    counts: dict[Kind, int] = {}
    minutes: dict[Kind, int] = {}
    timed = evidenced = 0
    for tally in tallies:
        for kind, count in tally.counts.items():
            counts[kind] = counts.get(kind, 0) + count
        for kind, length in tally.minutes.items():
            minutes[kind] = minutes.get(kind, 0) + length
        timed += tally.with_minutes
        evidenced += tally.with_evidence
    return Tally(counts=counts, minutes=minutes, with_minutes=timed, with_evidence=evidenced)
