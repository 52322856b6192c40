"""A Review: a Period's Score, Trend, entries and Findings, as one value that every renderer draws."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import NamedTuple

from valuelog.analysis.findings import Facts, Finding, findings, stalled
from valuelog.analysis.habit import Coverage, Habit, coverage, habit
from valuelog.analysis.projects import Owned
from valuelog.analysis.score import Score, score
from valuelog.analysis.trend import BASELINE, Trend, trend
from valuelog.model.entry import Entry, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit, containing, week_of
from valuelog.model.project import Project
from valuelog.model.promise import Promise, Reflection
from valuelog.model.schedule import Customs
from valuelog.model.tally import Tally, total
from valuelog.model.workdays import Workdays

SHOWN = 8
"""How many Periods a review draws, its own among them."""


class ProjectShare(NamedTuple):
    """What one project got of a Period."""

    project: Project
    tally: Tally


class Followed(NamedTuple):
    """What is followed from week to week, as it stands today.

    `promises` are those to be kept, the next first, and those that were settled or due in the Period; `reflection` are
    the answers of the talk about the Period and of the one before it.
    """

    pains: tuple[PainPoint, ...] = ()
    promises: tuple[Promise, ...] = ()
    projects: tuple[Owned, ...] = ()
    reflection: tuple[Reflection, ...] = ()
    letters: Mapping[str, int] = MappingProxyType({})


class Material(NamedTuple):
    """All that a Review is made of, as the journal holds it.

    `tallies` are the Period and those before it, the oldest first, at least BASELINE of them where there are any;
    `weeks` the last weeks up to the end of the Period; `written` the days that have entries, as far back as matters.
    """

    period: Period
    today: date
    workdays: Workdays
    entries: tuple[Entry, ...]
    days: Mapping[date, Tally]
    tallies: tuple[tuple[Period, Tally], ...]
    weeks: tuple[Tally, ...]
    written: Collection[date]
    customs: Customs = Customs()
    projects: tuple[ProjectShare, ...] = ()
    followed: Followed = Followed()


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """One Period, looked at from every side. `usual` is the mean count of each kind in the baseline's Periods.

    `stalled` are the projects that eat work and yield nothing. `letters` says how many letters of the ids that it shows
    are enough to name each.
    """

    period: Period
    today: date
    workdays: Workdays
    tally: Tally
    score: Score
    days: tuple[tuple[date, Tally], ...]
    trend: Trend
    usual: Mapping[Kind, float]
    coverage: Coverage
    habit: Habit
    people: tuple[tuple[str, int], ...]
    findings: tuple[Finding, ...]
    pains: tuple[PainPoint, ...]
    projects: tuple[ProjectShare, ...]
    stalled: tuple[Owned, ...]
    promises: tuple[Promise, ...]
    reflection: tuple[Reflection, ...]
    entries: tuple[Entry, ...]
    letters: Mapping[str, int]

    @property
    def first(self) -> bool:
        """Whether there is nothing before this Period to compare it with."""
        return not self.trend.comparison.baseline.n

    @property
    def promised(self) -> tuple[Promise, ...]:
        """What was promised for this Period, or earlier and is still due; kept or not."""
        return tuple(promise for promise in self.promises if promise.due <= self.period.end or not promise.open)

    @property
    def ahead(self) -> tuple[Promise, ...]:
        """What is promised for later."""
        return tuple(promise for promise in self.promises if promise.due > self.period.end and promise.open)


def review(material: Material) -> Review:
    """Make the Review of a Period out of what the journal holds."""
    tally = material.tallies[-1][1]
    course = trend(material.tallies, latest=1, shown=SHOWN)
    covered = coverage(material.period, material.written, material.workdays, material.today)
    known = course.comparison.baseline.reliable
    usual = _usual([earlier for _, earlier in material.tallies[:-1]][-BASELINE:]) if known else {}
    followed, end = material.followed, week_of(material.today).end
    over = long_over(material.period, material.today)
    facts = Facts(
        period=material.period,
        today=material.today,
        tally=tally,
        days=tuple(material.days.values()),
        weeks=material.weeks,
        coverage=covered,
        verdict=course.comparison.verdict,
        usual=usual,
        recent=not over,
        pains=() if over else followed.pains,
        promises=() if over else tuple(one for one in followed.promises if one.open and one.due <= end),
        projects=() if over else followed.projects,
        letters=followed.letters,
    )
    return Review(
        period=material.period,
        today=material.today,
        workdays=material.workdays,
        tally=tally,
        score=score(tally),
        days=tuple((day, material.days.get(day, Tally())) for day in material.period.days()),
        trend=course,
        usual=usual,
        coverage=covered,
        habit=habit(material.written, material.workdays, material.today),
        people=helped(material.entries, material.customs),
        findings=findings(facts),
        pains=followed.pains,
        projects=material.projects,
        stalled=tuple(owned for owned in facts.projects if stalled(owned, material.today)),
        promises=followed.promises,
        reflection=followed.reflection,
        entries=material.entries,
        letters=followed.letters,
    )


def _usual(before: Sequence[Tally]) -> dict[Kind, float]:
    periods = [tally for tally in before if tally.n]
    return {kind: sum(tally[kind] for tally in periods) / len(periods) for kind in Kind} if periods else {}


def helped(entries: Iterable[Entry], customs: Customs) -> tuple[tuple[str, int], ...]:
    """Return who got further and how often, the most often first."""
    counts = Counter(name for entry in entries if entry.kind is Kind.HELPED for name in customs.who(entry.people))
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


REMEMBERED = 7
"""For so many days back one can still write down what happened."""


def long_over(period: Period, today: date) -> bool:
    """Tell whether so much time has passed since a Period that nothing in it can be caught up with."""
    return (today - period.end).days >= REMEMBERED


LONGEST_BY_DAY = 14
LONGEST_BY_WEEK = 26 * 7


def parts(review: Review) -> tuple[tuple[Period, Tally], ...]:
    """Split a Review into what is readable one beside the other: its days, or its weeks or months up to today.

    Free days without entries are left out of a Period that is shown by day.
    """
    period, days = review.period, review.days
    if period.length <= LONGEST_BY_DAY:
        return tuple(
            (containing(day, Unit.DAY), tally)
            for day, tally in days
            if tally.n or day.weekday() in review.workdays.weekdays
        )
    unit = Unit.WEEK if period.length <= LONGEST_BY_WEEK else Unit.MONTH
    grouped: dict[Period, list[Tally]] = {}
    for day, tally in days:
        if day > review.today:
            break
        grouped.setdefault(containing(day, unit), []).append(tally)
    return tuple((part, total(tallies)) for part, tallies in grouped.items())
