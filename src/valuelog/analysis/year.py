"""A year: its days, and what it and its quarters add up to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from valuelog.analysis.score import Score, score
from valuelog.model.period import Period, Unit, containing, week_of
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

    @property
    def mondays(self) -> tuple[date, ...]:
        """The Mondays of all weeks that have a day in it."""
        first = week_of(self.period.start).start
        return tuple(first + timedelta(days=back) for back in range(0, (self.period.end - first).days + 1, 7))

    def missing(self, day: date) -> bool:
        """Tell whether a day that nobody wrote is one that should have been written."""
        return self.begun is not None and day > self.begun and day in self.workdays

    def month_from(self, monday: date) -> int | None:
        """Return the month that begins within a week, 1 to 12, if one does."""
        days = (monday + timedelta(days=back) for back in range(7))
        return next((day.month for day in days if day.day == 1 and day in self.period), None)


STEPS = 4
SLIGHTLY = 1e-9
"""So that a share of just a quarter still belongs to the first step."""


def step(tally: Tally) -> int:
    """Return in which quarter the share of value lies, 0 to 3; -1 if there is no value."""
    return min(STEPS - 1, int(STEPS * tally.value / tally.n - SLIGHTLY)) if tally.value else -1


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
