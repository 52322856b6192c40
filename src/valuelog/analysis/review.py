"""A Review: a Period's Score, Trend, entries and Findings, as one value that every renderer draws."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from valuelog.analysis.findings import Finding, RuleInput, evaluate_rules, is_stalled
from valuelog.analysis.habit import Coverage, Habit, compute_coverage, compute_habit
from valuelog.analysis.projects import ProjectActivity
from valuelog.analysis.score import Score, compute_score
from valuelog.analysis.trend import MAX_BASELINE_PERIODS, Trend, compute_trend
from valuelog.model.entry import Entry, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit, period_containing, week_of
from valuelog.model.project import Project
from valuelog.model.promise import LEVEL_QUESTION, Promise, Reflection
from valuelog.model.schedule import Schedule, Workdays
from valuelog.model.tally import Tally, sum_tallies

if TYPE_CHECKING:
    from valuelog.analysis.year import Year

PERIODS_SHOWN = 8
"""How many Periods a review draws, its own among them."""


FOLLOW_UP_FINDING_IDS = frozenset(
    {"stalled-project", "recurring-pain", "step-due", "undefined-project", "unmeasured-project"}
)
"""The findings about pain points, promises and projects: they need no numbers."""


class ProjectShare(NamedTuple):
    """What one project got of a Period."""

    project: Project
    tally: Tally


class FollowUps(NamedTuple):
    """What is followed from week to week, as it stands today.

    `promises` are those to be kept, the next first, and those that were settled or due in the Period; `reflection` are
    the answers of the talk about the Period and of the one before it.
    """

    pains: tuple[PainPoint, ...] = ()
    promises: tuple[Promise, ...] = ()
    projects: tuple[ProjectActivity, ...] = ()
    reflections: tuple[Reflection, ...] = ()
    prefix_lengths: Mapping[str, int] = MappingProxyType({})


class ReviewInput(NamedTuple):
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
    schedule: Schedule = Schedule()
    projects: tuple[ProjectShare, ...] = ()
    follow_ups: FollowUps = FollowUps()


@dataclass(frozen=True, kw_only=True, slots=True)
class Review:
    """One Period, looked at from every side. `usual` is the mean count of each kind in the baseline's Periods.

    `stalled` are the projects that eat work and yield nothing. `prefix_lengths` says how many letters of the ids
    that it shows
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
    stalled_projects: tuple[ProjectActivity, ...]
    promises: tuple[Promise, ...]
    reflections: tuple[Reflection, ...]
    entries: tuple[Entry, ...]
    prefix_lengths: Mapping[str, int]

    @property
    def is_first(self) -> bool:
        """Whether there is nothing before this Period to compare it with."""
        return not self.trend.comparison.baseline.n

    @property
    def promises_due(self) -> tuple[Promise, ...]:
        """What was promised for this Period, or earlier and is still due; kept or not."""
        return tuple(promise for promise in self.promises if promise.due <= self.period.end or not promise.is_open)

    @property
    def promises_ahead(self) -> tuple[Promise, ...]:
        """What is promised for later."""
        return tuple(promise for promise in self.promises if promise.due > self.period.end and promise.is_open)

    @property
    def closed_pains(self) -> tuple[PainPoint, ...]:
        """The pain points that were fixed or dropped within the period."""
        return tuple(pain for pain in self.pains if pain.closed_on and pain.closed_on in self.period)

    @property
    def listed_findings(self) -> tuple[Finding, ...]:
        """The findings to show: with too few entries for numbers, only those about follow-ups."""
        return tuple(
            finding for finding in self.findings if self.score.has_enough_entries or finding.id in FOLLOW_UP_FINDING_IDS
        )

    @property
    def level_answers(self) -> tuple[Reflection, ...]:
        """The answers about the next level, of this period and of the one before."""
        return tuple(answer for answer in self.reflections if answer.question == LEVEL_QUESTION)


def build_review(inputs: ReviewInput) -> Review:
    """Make the Review of a Period out of what the journal holds."""
    tally = inputs.tallies[-1][1]
    course = compute_trend(inputs.tallies, latest=1, max_scores=PERIODS_SHOWN)
    covered = compute_coverage(inputs.period, inputs.written, inputs.workdays, inputs.today)
    known = course.comparison.baseline.is_reliable
    usual = _mean_counts([earlier for _, earlier in inputs.tallies[:-1]][-MAX_BASELINE_PERIODS:]) if known else {}
    followed, end = inputs.follow_ups, week_of(inputs.today).end
    over = is_long_over(inputs.period, inputs.today)
    facts = RuleInput(
        period=inputs.period,
        today=inputs.today,
        tally=tally,
        days=tuple(inputs.days.values()),
        weeks=inputs.weeks,
        coverage=covered,
        verdict=course.comparison.verdict,
        usual=usual,
        recent=not over,
        pains=() if over else followed.pains,
        promises=() if over else tuple(one for one in followed.promises if one.is_open and one.due <= end),
        projects=() if over else followed.projects,
        prefix_lengths=followed.prefix_lengths,
    )
    return Review(
        period=inputs.period,
        today=inputs.today,
        workdays=inputs.workdays,
        tally=tally,
        score=compute_score(tally),
        days=tuple((day, inputs.days.get(day, Tally())) for day in inputs.period.days()),
        trend=course,
        usual=usual,
        coverage=covered,
        habit=compute_habit(inputs.written, inputs.workdays, inputs.today),
        people=count_helped_people(inputs.entries, inputs.schedule),
        findings=evaluate_rules(facts),
        pains=followed.pains,
        projects=inputs.projects,
        stalled_projects=tuple(owned for owned in facts.projects if is_stalled(owned, inputs.today)),
        promises=followed.promises,
        reflections=followed.reflections,
        entries=inputs.entries,
        prefix_lengths=followed.prefix_lengths,
    )


def _mean_counts(before: Sequence[Tally]) -> dict[Kind, float]:
    periods = [tally for tally in before if tally.n]
    return {kind: sum(tally[kind] for tally in periods) / len(periods) for kind in Kind} if periods else {}


def count_helped_people(entries: Iterable[Entry], schedule: Schedule) -> tuple[tuple[str, int], ...]:
    """Return who got further and how often, the most often first."""
    counts = Counter(
        name for entry in entries if entry.kind is Kind.HELPED for name in schedule.canonical_names(entry.people)
    )
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


CATCH_UP_DAYS = 7
"""For so many days back one can still write down what happened."""


def is_long_over(period: Period, today: date) -> bool:
    """Tell whether so much time has passed since a Period that nothing in it can be caught up with."""
    return (today - period.end).days >= CATCH_UP_DAYS


MAX_DAYS_BY_DAY = 14
MAX_DAYS_BY_WEEK = 26 * 7


def split_review(review: Review) -> tuple[tuple[Period, Tally], ...]:
    """Split a Review into what is readable one beside the other: its days, or its weeks or months up to today.

    Free days without entries are left out of a Period that is shown by day.
    """
    period, days = review.period, review.days
    if period.length <= MAX_DAYS_BY_DAY:
        return tuple(
            (period_containing(day, Unit.DAY), tally)
            for day, tally in days
            if tally.n or day.weekday() in review.workdays.weekdays
        )
    unit = Unit.WEEK if period.length <= MAX_DAYS_BY_WEEK else Unit.MONTH
    grouped: dict[Period, list[Tally]] = {}
    for day, tally in days:
        if day > review.today:
            break
        grouped.setdefault(period_containing(day, unit), []).append(tally)
    return tuple((part, sum_tallies(tallies)) for part, tallies in grouped.items())


class Report(NamedTuple):
    """A Review for a page: with the weeks or months up to its end, and the year around it, day by day."""

    review: Review
    trend: Trend
    year: "Year"
