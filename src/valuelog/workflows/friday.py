"""Looking back: gathers from the journal what a Review, a Trend or a year is made of."""

from datetime import date, timedelta
from typing import TYPE_CHECKING

from valuelog.analysis.review import Material, ProjectShare, Review
from valuelog.analysis.review import review as reviewed
from valuelog.analysis.trend import BASELINE, Trend, trend
from valuelog.journal import days, entries, pains, projects, tallies
from valuelog.journal.store import Journal
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit, containing, week_of
from valuelog.model.tally import Tally

if TYPE_CHECKING:
    from valuelog.analysis.year import Year

MEMORY = timedelta(days=2 * 366)
"""How far back the habit is followed: two years ago weighs less than a billionth."""

LATEST = 4
"""How many weeks or months a Trend sets against those before."""

MOST_PAINS = 10
"""How many open pain points a review of the current Period names, besides those seen within it."""

WEEKS = 11
"""How many weeks the findings of a review look at, besides its last."""


def review(journal: Journal, period: Period, today: date, weekdays: frozenset[int]) -> Review:
    """Make the Review of a Period."""
    last = min(period.end, today) if period.start <= today else period.end
    hurting = _pains(journal, period, today)
    weeks = (*week_of(last).earlier(WEEKS), week_of(last))
    since = min(period.start, today - MEMORY)
    return reviewed(
        Material(
            period=period,
            today=today,
            workdays=days.workdays(journal, weekdays, since=since),
            entries=entries.select(journal, entries.Selection(period=period)),
            days=tallies.daily(journal, period),
            tallies=_course(journal, period, BASELINE),
            weeks=tallies.each(journal, weeks),
            written=tallies.written(journal, Period(start=since, end=today)),
            pains=hurting,
            letters=journal.letters(pain.id for pain in hurting),
            projects=tuple(
                ProjectShare(id=name, slug=slug, name=said, tally=tally)
                for name, slug, said, tally in projects.shares(journal, period)
            ),
        ),
    )


def _pains(journal: Journal, period: Period, today: date) -> tuple[PainPoint, ...]:
    """Return what hurt within a Period; in one that is not over, also what else hurts most often."""
    seen = {pain.id: pain for pain in pains.seen_on(journal, period)}
    if today in period:
        seen |= {pain.id: pain for pain in pains.open_pains(journal, most=MOST_PAINS)}
    return tuple(sorted(seen.values(), key=lambda pain: (-pain.days_seen, -pain.last_seen.toordinal())))


def _course(journal: Journal, period: Period, before: int) -> tuple[tuple[Period, Tally], ...]:
    """Return a Period and those before it with their tallies, the oldest first."""
    periods = (*period.earlier(before), period)
    return tuple(zip(periods, tallies.each(journal, periods), strict=True))


def course(journal: Journal, unit: Unit, count: int, today: date) -> Trend:
    """Return the Trend over the last `count` weeks or months up to today."""
    return trend(
        _course(journal, containing(today, unit), max(BASELINE + LATEST, count) - 1), latest=LATEST, shown=count
    )


def year(journal: Journal, period: Period, today: date, weekdays: frozenset[int], *, by_count: bool = False) -> "Year":
    """Return a year, day by day."""
    from valuelog.analysis.year import year as year_of  # noqa: PLC0415  all else here is asked for every day

    return year_of(
        period,
        tallies.daily(journal, period),
        days.workdays(journal, weekdays, since=period.start),
        today=today,
        begun=tallies.first_day(journal),
        by_count=by_count,
    )
