"""A year: its days, and what it and its quarters add up to."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from valuelog.analysis.score import Score, compute_score
from valuelog.model.period import Period, Unit, period_containing, week_of
from valuelog.model.schedule import Workdays
from valuelog.model.tally import Tally, sum_tallies


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodSummary:
    """What some days add up to, and on how many of them anything was written."""

    period: Period
    score: Score
    logged: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """A year, day by day; `by_count` asks for how many entries instead of the share of value.

    `begun` is the first day ever written, `quarters` are those that have entries.
    """

    today: date
    days: Mapping[date, Tally]
    workdays: Workdays
    first_day: date | None
    by_count: bool
    whole: PeriodSummary
    quarters: tuple[PeriodSummary, ...]

    @property
    def period(self) -> Period:
        """The year as a Period."""
        return self.whole.period

    @property
    def mondays(self) -> tuple[date, ...]:
        """The Mondays of all weeks that have a day in it."""
        first = week_of(self.period.start).start
        return tuple(first + timedelta(days=back) for back in range(0, (self.period.end - first).days + 1, 7))

    def is_missing(self, day: date) -> bool:
        """Tell whether a day that nobody wrote is one that should have been written."""
        return self.first_day is not None and day > self.first_day and day in self.workdays

    def month_starting_in(self, monday: date) -> int | None:
        """Return the month that begins within a week, 1 to 12, if one does."""
        days = (monday + timedelta(days=back) for back in range(7))
        return next((day.month for day in days if day.day == 1 and day in self.period), None)


SHARE_STEPS = 4
EPSILON = 1e-9
"""So that a share of just a quarter still belongs to the first step."""


def share_step(tally: Tally) -> int:
    """Return in which quarter the share of value lies, 0 to 3; -1 if there is no value."""
    return min(SHARE_STEPS - 1, int(SHARE_STEPS * tally.value / tally.n - EPSILON)) if tally.value else -1


def build_year(
    period: Period,
    days: Mapping[date, Tally],
    workdays: Workdays,
    *,
    today: date,
    first_day: date | None,
    by_count: bool,
) -> Year:
    """Add a year up."""
    quarters = dict.fromkeys(period_containing(day, Unit.QUARTER) for day in sorted(days))
    return Year(
        today=today,
        days=days,
        workdays=workdays,
        first_day=first_day,
        by_count=by_count,
        whole=_summarize(period, days.values()),
        quarters=tuple(_summarize(each, [tally for day, tally in days.items() if day in each]) for each in quarters),
    )


def _summarize(period: Period, tallies: Collection[Tally]) -> PeriodSummary:
    return PeriodSummary(period=period, score=compute_score(sum_tallies(tallies)), logged=len(tallies))
