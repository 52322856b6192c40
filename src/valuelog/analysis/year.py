"""A year: its days, and what it and its quarters add up to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from valuelog.analysis.score import Score, score
from valuelog.model.period import Period, Unit, containing
from valuelog.model.tally import Tally, total
from valuelog.model.workdays import Workdays


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What some days add up to, and on how many of them anything was written."""

    period: Period
    score: Score
    written: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """A year, day by day; `by_count` asks for how many entries instead of the share of value.

    `begun` is the first day ever written, `quarters` are those that have entries.
    """

    today: date
    days: Mapping[date, Tally]
    workdays: Workdays
    begun: date | None
    by_count: bool
    whole: Part
    quarters: tuple[Part, ...]

    @property
    def period(self) -> Period:
        """The year as a Period."""
        return self.whole.period


def year(
    period: Period, days: Mapping[date, Tally], workdays: Workdays, *, today: date, begun: date | None, by_count: bool
) -> Year:
    """Add a year up."""
    quarters = dict.fromkeys(containing(day, Unit.QUARTER) for day in sorted(days))
    return Year(
        today=today,
        days=days,
        workdays=workdays,
        begun=begun,
        by_count=by_count,
        whole=_part(period, days.values()),
        quarters=tuple(_part(each, [tally for day, tally in days.items() if day in each]) for each in quarters),
    )


def _part(period: Period, tallies: Collection[Tally]) -> Part:
    return Part(period=period, score=score(total(tallies)), written=len(tallies))
