"""A year: the tallies of its days, and the scores of the year and its quarters."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from valuelog.analysis.score import Score, compute_score
from valuelog.model.period import Period, Unit, period_containing, week_of
from valuelog.model.schedule import Workdays
from valuelog.model.tally import Tally, sum_tallies


@dataclass(frozen=True, kw_only=True, slots=True)
class PeriodSummary:
    """The score of a period, and the number of its days with entries."""

    period: Period
    score: Score
    logged: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """A year, day by day; `days` has only days with entries.

    `by_count` shows the number of entries instead of the share of value. `first_day` is the first logged day of the
    journal. `quarters` are those with entries.
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
        """The period of the year."""
        return self.whole.period

    @property
    def mondays(self) -> tuple[date, ...]:
        """The Mondays of the weeks to show: from the first logged day of the journal, or the year, until today."""
        start, end = self.period.start, min(self.period.end, max(self.today, self.period.start))
        first = week_of(min(max(start, self.first_day or start), end)).start
        return tuple(first + timedelta(days=offset) for offset in range(0, (end - first).days + 1, 7))

    def is_missing(self, day: date) -> bool:
        """Return whether a day without entries is a workday after the first logged day."""
        return self.first_day is not None and day > self.first_day and day in self.workdays

    def month_starting_in(self, monday: date) -> int | None:
        """Return the month (1 to 12) whose first day is in a week, if there is one."""
        days = (monday + timedelta(days=offset) for offset in range(7))
        return next((day.month for day in days if day.day == 1 and day in self.period), None)

    def named_months(self, mondays: Sequence[date], room: int) -> Mapping[date, int]:
        """Return the months to name above weeks: those that start in one, and the first if `room` weeks are free."""
        starting = {monday: month for monday in mondays if (month := self.month_starting_in(monday))}
        if any(monday in starting for monday in mondays[:room]):
            return starting
        return {mondays[0]: max(mondays[0], self.period.start).month, **starting}


SHARE_STEPS = 4
EPSILON = 1e-9
"""Puts a share of exactly a quarter into the first step, in spite of rounding errors."""


def share_step(tally: Tally) -> int:
    """Return the quarter that the share of value is in, 0 to 3; -1 without value."""
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
    """Build a year from the tallies of its days with entries."""
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
