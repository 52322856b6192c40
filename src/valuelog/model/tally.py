"""A Tally: the number of entries and the minutes of each kind."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from valuelog.model.entry import VALUE_KINDS, Kind, Side

LATE_DAYS = 7
"""An entry that is written this many days after its day is written from memory."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """Counts of a day or a period. Missing kinds count as zero.

    `minutes` are the minutes of each kind. `with_minutes` is the number of work and value entries that have minutes,
    `with_evidence` the number of value entries whose evidence counts, `late` the number of work and value entries that
    were written LATE_DAYS or more after their day, `days` the number of days with entries.
    """

    counts: Mapping[Kind, int] = field(default_factory=dict)
    minutes: Mapping[Kind, int] = field(default_factory=dict)
    with_minutes: int = 0
    with_evidence: int = 0
    days: int = 0
    late: int = 0

    @property
    def work(self) -> int:
        """The number of activities."""
        return self.counts.get(Kind.ACTIVITY, 0)

    @property
    def value(self) -> int:
        """The number of value entries."""
        return sum(self.counts.get(kind, 0) for kind in VALUE_KINDS)

    @property
    def proven(self) -> int:
        """The number of value entries whose evidence counts, as in a Score."""
        return self.with_evidence

    @property
    def n(self) -> int:
        """The number of work and value entries."""
        return self.work + self.value

    def minutes_of(self, side: Side) -> int:
        """Return the minutes of one side."""
        return sum(length for kind, length in self.minutes.items() if kind.side is side)

    def __getitem__(self, kind: Kind) -> int:
        """Return the number of entries of a kind."""
        return self.counts.get(kind, 0)


class Effort(NamedTuple):
    """What something took: the number of its entries of any kind, and the minutes of those `timed` ones that have some.

    Unlike in a Tally, every entry counts, also repeated ones and results that didn't hold.
    """

    entries: int = 0
    minutes: int = 0
    timed: int = 0


class WorkSinceValue(NamedTuple):
    """The number of activities after the day of the last value entry.

    `last_value_on` is that day, `first_work_on` the day of the first of these activities; None if there is none.
    `minutes` are those of the activities that have minutes.
    """

    work: int = 0
    last_value_on: date | None = None
    first_work_on: date | None = None
    minutes: int = 0


def sum_tallies(tallies: Iterable[Tally]) -> Tally:
    """Return the sum of tallies."""
    counts: dict[Kind, int] = {}
    minutes: dict[Kind, int] = {}
    with_minutes = with_evidence = days = late = 0
    for tally in tallies:
        for kind, count in tally.counts.items():
            counts[kind] = counts.get(kind, 0) + count
        for kind, length in tally.minutes.items():
            minutes[kind] = minutes.get(kind, 0) + length
        with_minutes += tally.with_minutes
        with_evidence += tally.with_evidence
        days += tally.days
        late += tally.late
    return Tally(
        counts=counts, minutes=minutes, with_minutes=with_minutes, with_evidence=with_evidence, days=days, late=late
    )
