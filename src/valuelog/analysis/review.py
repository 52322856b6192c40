"""A Review: the score, trend, entries and findings of a period, as one value that every renderer takes."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from valuelog.analysis.findings import MAX_FINDINGS, RULES, Finding, evaluate_rules
from valuelog.analysis.follow_up_rules import is_stalled
from valuelog.analysis.freshness import MAX_IN_REVIEW, NEVER_SHOWN, Place, Showings, choose_findings, review_place
from valuelog.analysis.habit import Coverage, Habit, compute_coverage, compute_habit
from valuelog.analysis.projects import EndedProject, Lesson, ProjectActivity, collect_lessons
from valuelog.analysis.rule_input import ActedOn, KeptPromise, RepeatedWords, RuleInput
from valuelog.analysis.score import Score, compute_score
from valuelog.analysis.sentences import Sentence, collect_sentences
from valuelog.analysis.trend import (
    MAX_BASELINE_PERIODS,
    Trend,
    Verdict,
    compute_trend,
    drop_unfinished_week,
    judge_periods,
    judge_weeks,
    measure_baseline,
)
from valuelog.model.entry import Entry, Held, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit, period_containing, week_of
from valuelog.model.project import Project
from valuelog.model.promise import LEVEL_QUESTION, Promise, PromiseState, Reflection
from valuelog.model.schedule import Schedule, Workdays
from valuelog.model.tally import Effort, Tally, sum_tallies

if TYPE_CHECKING:
    from valuelog.analysis.year import Year

MAX_SCORES = 8
"""The number of periods in the trend of a Review, its own included."""

FINDING_WEEKS = 12
"""The number of weeks that the findings look at."""

CATCH_UP_DAYS = 7
"""A period that ended this many days ago is long over: what is missing can hardly be logged any more."""

FINDINGS_WITHOUT_NUMBERS = frozenset(
    {
        "stalled-project", "recurring-pain", "step-due", "undefined-project", "unmeasured-project", "unreviewed-week",
        "came-of-it", "repeated-words",
    }
)  # fmt: skip
"""The findings that a review shows even if it has too few entries for numbers."""

MAX_SENTENCES = 20
"""The most sentences that a terminal shows of a period longer than a week; of a week it shows all."""

LONGEST_WITH_ALL = 7
"""The number of days up to which a review names everything."""

LAST_DAY_FOR_REVIEW = 2
"""The weekday up to which a missing review of last week is worth doing: Wednesday."""


class ProjectShare(NamedTuple):
    """A project and its tally within a period; of one that ended in it, also what it took from its first entry on."""

    project: Project
    tally: Tally = Tally()
    effort: Effort | None = None


class FollowUps(NamedTuple):
    """Pain points, promises and projects as of today, and answers of the weekly talk.

    `promises` are the open ones, those due in the period and those settled in it, by due day. `reflections` are the
    answers about the period and the one before, `reviewed_on` is the day of the last review before the period. `kept`
    are the promises kept lately, `fixed` the pain points fixed since `reviewed_on`, `acted_on` is what else was done
    since then. `prefix_lengths` maps an id to the
    length of its shortest unique prefix.
    """

    pains: tuple[PainPoint, ...] = ()
    promises: tuple[Promise, ...] = ()
    projects: tuple[ProjectActivity, ...] = ()
    reflections: tuple[Reflection, ...] = ()
    kept: tuple[KeptPromise, ...] = ()
    fixed: tuple[PainPoint, ...] = ()
    acted_on: ActedOn = ActedOn()
    reviewed_on: date | None = None
    prefix_lengths: Mapping[str, int] = MappingProxyType({})


class FormerValue(NamedTuple):
    """How many insights no longer count as value, of how many entries, in a journal of version 0.1.0."""

    insights: int
    entries: int


@dataclass(frozen=True, kw_only=True)
class Review:
    """Everything about one period. The fields are what the journal holds; the rest is computed from them, once.

    `tally_by_day` has the days with entries. `tallies` are those of the period and of up to MAX_BASELINE_PERIODS
    before it, oldest first. `weeks` are the weeks up to the end of the period or today, oldest first.
    `logged_days` are the days with entries, as far back as the habit looks; `first_day` is the first of all. `projects`
    are those with entries in the period and those that ended in it.
    `repeated` are value entries with the same words, `muted` the keys of the findings that are snoozed or turned off,
    `showings` tell which ones were shown before. `former_value` is for the first review after an
    update only.
    """

    period: Period
    today: date
    workdays: Workdays
    entries: tuple[Entry, ...]
    tally_by_day: Mapping[date, Tally]
    tallies: tuple[tuple[Period, Tally], ...]
    weeks: tuple[tuple[Period, Tally], ...]
    logged_days: Collection[date]
    schedule: Schedule = field(default_factory=Schedule)
    projects: tuple[ProjectShare, ...] = ()
    follow_ups: FollowUps = field(default_factory=FollowUps)
    first_day: date | None = None
    repeated: tuple[RepeatedWords, ...] = ()
    muted: frozenset[str] = frozenset()
    showings: Showings = field(default_factory=lambda: NEVER_SHOWN)
    former_value: FormerValue | None = None

    @property
    def tally(self) -> Tally:
        """The tally of the period."""
        return self.tallies[-1][1]

    @cached_property
    def score(self) -> Score:
        """The score of the period."""
        return compute_score(self.tally)

    @cached_property
    def days(self) -> tuple[tuple[date, Tally], ...]:
        """Every day of the period with its tally, also the days without entries."""
        return tuple((day, self.tally_by_day.get(day, Tally())) for day in self.period.days())

    @cached_property
    def trend(self) -> Trend:
        """The verdict on the weeks up to the period, or on a longer period compared with those before it."""
        if self.period.unit is not Unit.WEEK:
            return compute_trend(judge_periods([tally for _, tally in self.tallies]), self.tallies, MAX_SCORES)
        weeks = drop_unfinished_week(self.weeks, self.today, self.schedule)
        return compute_trend(judge_weeks(weeks), self.tallies, MAX_SCORES)

    @cached_property
    def usual(self) -> Mapping[Kind, float]:
        """The mean count of each kind in earlier periods with entries; empty if there are too few."""
        earlier = [tally for _, tally in self.tallies[:-1]][-MAX_BASELINE_PERIODS:]
        return _mean_counts(earlier) if measure_baseline(earlier).is_reliable else {}

    @cached_property
    def coverage(self) -> Coverage:
        """How many workdays of the period up to today are logged, from the first day of the journal on."""
        return self._coverage_up_to(self.today)

    def _coverage_up_to(self, day: date) -> Coverage:
        return compute_coverage(self.period, self.logged_days, self.workdays, day, self.first_day)

    @cached_property
    def habit(self) -> Habit:
        """The habit as of today."""
        return compute_habit(self.logged_days, self.workdays, self.today)

    @cached_property
    def people(self) -> tuple[tuple[str, int], ...]:
        """The people you helped and how often, the most often helped first."""
        return count_helped_people(self.entries, self.schedule)

    @property
    def pains(self) -> tuple[PainPoint, ...]:
        """The pain points to show."""
        return self.follow_ups.pains

    @property
    def promises(self) -> tuple[Promise, ...]:
        """The promises to show."""
        return self.follow_ups.promises

    @property
    def reflections(self) -> tuple[Reflection, ...]:
        """The answers of the weekly talk about this period and the one before."""
        return self.follow_ups.reflections

    @property
    def prefix_lengths(self) -> Mapping[str, int]:
        """The length of the shortest unique prefix of each id."""
        return self.follow_ups.prefix_lengths

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The findings for programs, which don't depend on what was shown before."""
        return self.candidates[:MAX_FINDINGS]

    @cached_property
    def candidates(self) -> tuple[Finding, ...]:
        """All findings about the period and, unless it is long over, about follow-ups of today."""
        return evaluate_rules(self.rule_input, len(RULES))

    @cached_property
    def rule_input(self) -> RuleInput:
        """What the rules of the findings look at."""
        current = self._current_follow_ups
        return RuleInput(
            period=self.period,
            today=self.today,
            tally=self.tally,
            days=tuple(self.tally_by_day.values()),
            weeks=[tally for _, tally in self.weeks[-FINDING_WEEKS:]],
            coverage=self._coverage_up_to(self._last_settled_day),
            comparison=self.trend.comparison,
            usual=self.usual,
            earlier=self._earlier,
            repeated=self.repeated,
            first_day=self.first_day,
            recent=not is_long_over(self.period, self.today),
            unreviewed=self.unreviewed_week,
            reviewed_on=current.reviewed_on,
            pains=current.pains,
            promises=current.promises,
            projects=current.projects,
            kept=self.follow_ups.kept,
            fixed=current.fixed,
            acted_on=current.acted_on,
            muted=self.muted,
            prefix_lengths=self.prefix_lengths,
        )

    @property
    def _last_settled_day(self) -> date:
        """Today if something is logged, otherwise yesterday: today can still be logged."""
        return self.today if self.today in self.logged_days else self.today - timedelta(days=1)

    @property
    def _earlier(self) -> tuple[Tally, ...]:
        """The tallies of the periods before; none for a week that is too young to be compared with whole ones."""
        is_young = self.today in self.period and self.today.weekday() < self.schedule.review_day
        is_comparable = self.period.unit is not Unit.WEEK or not is_young
        return tuple(tally for _, tally in self.tallies[:-1]) if is_comparable else ()

    @property
    def unreviewed_week(self) -> Period | None:
        """Last week, up to LAST_DAY_FOR_REVIEW, if it has entries and no answers."""
        last_week = week_of(self.today).previous()
        is_due = self.period == week_of(self.today) and self.today.weekday() <= LAST_DAY_FOR_REVIEW
        has_entries = any(tally.counts for week, tally in self.weeks if week == last_week)
        is_reviewed = any(reflection.period == last_week.name for reflection in self.reflections)
        return last_week if is_due and has_entries and not is_reviewed else None

    @cached_property
    def _current_follow_ups(self) -> FollowUps:
        """What the findings look at: the follow-ups with the promises due this week; nothing if long over."""
        if is_long_over(self.period, self.today):
            return FollowUps()
        end = week_of(self.today).end
        due = tuple(promise for promise in self.promises if promise.is_open and promise.due <= end)
        return self.follow_ups._replace(promises=due)

    @property
    def stalled_projects(self) -> tuple[ProjectActivity, ...]:
        """The open projects that take work but produce no value; none if the period is long over."""
        return tuple(activity for activity in self._current_follow_ups.projects if is_stalled(activity, self.today))

    @property
    def is_first(self) -> bool:
        """Whether there is nothing before this period to compare it with."""
        return not any(tally.n for _, tally in self.tallies[:-1])

    @property
    def promises_due(self) -> tuple[Promise, ...]:
        """The promises due by the end of the period, settled ones included."""
        return tuple(promise for promise in self.promises if promise.due <= self.period.end or not promise.is_open)

    @property
    def closed_pains(self) -> tuple[PainPoint, ...]:
        """The pain points that were fixed or dropped within the period."""
        return tuple(pain for pain in self.pains if pain.closed_on and pain.closed_on in self.period)

    @property
    def kept_promises(self) -> tuple[Promise, ...]:
        """The promises kept in the period, and those due in it and kept since."""
        return tuple(promise for promise in self.promises if promise.state is PromiseState.KEPT)

    @property
    def broken_promises(self) -> tuple[Promise, ...]:
        """The promises broken in the period, and those due in it and broken since."""
        return tuple(promise for promise in self.promises if promise.state is PromiseState.BROKEN)

    @property
    def open_pains(self) -> tuple[PainPoint, ...]:
        """The pain points to show that are open."""
        return tuple(pain for pain in self.pains if pain.is_open)

    @property
    def open_promises(self) -> tuple[Promise, ...]:
        """The open promises to show, except steps for pain points that are shown, too, as long as they aren't due."""
        shown = {pain.id for pain in self.open_pains}
        open_ones = (promise for promise in self.promises if promise.is_open)
        return tuple(each for each in open_ones if each.pain not in shown or each.due <= self.period.end)

    @property
    def is_short(self) -> bool:
        """Whether the period is so short that a review names everything."""
        return self.period.length <= LONGEST_WITH_ALL

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """The value of the period in your own words, the most significant first."""
        return collect_sentences(self.entries)

    @property
    def ended_projects(self) -> tuple[EndedProject, ...]:
        """The projects that were closed or dropped within the period, in that order."""
        ended = [
            EndedProject(each.project, each.effort or Effort())
            for each in self.projects
            if each.project.closed_on and each.project.closed_on in self.period
        ]
        return tuple(sorted(ended, key=lambda each: (each.project.closed_on or date.max, each.project.slug)))

    @property
    def learned(self) -> tuple[Lesson, ...]:
        """What was learned in the period: entries, and the lessons of projects that ended in it."""
        return collect_lessons(self.entries, self.ended_projects)

    @property
    def noticed(self) -> tuple[Entry, ...]:
        """The insights of the period."""
        return tuple(entry for entry in self.entries if entry.kind is Kind.INSIGHT)

    @property
    def failed(self) -> tuple[Entry, ...]:
        """The results of the period that didn't hold."""
        return tuple(entry for entry in self.entries if entry.held is Held.NO)

    @cached_property
    def listed_findings(self) -> tuple[Finding, ...]:
        """The findings that a review shows: with too few entries for numbers, only FINDINGS_WITHOUT_NUMBERS."""
        has_numbers = self.score.has_enough_entries
        shown = [each for each in self.candidates if has_numbers or each.id in FINDINGS_WITHOUT_NUMBERS]
        return self.choose_findings(shown, self.place, MAX_IN_REVIEW)

    @property
    def place(self) -> Place:
        """Where its findings are shown, for the Showings."""
        return review_place(self.period, self.today)

    def choose_findings(self, candidates: Sequence[Finding], place: Place, limit: int) -> tuple[Finding, ...]:
        """Return those findings that are shown, given what was shown before."""
        is_rising = self.trend.comparison.verdict is Verdict.RISING
        return choose_findings(candidates, self.showings, place, limit, is_rising=is_rising)

    @property
    def level_answers(self) -> tuple[Reflection, ...]:
        """The answers about the next level, of this period and of the one before."""
        return tuple(answer for answer in self.reflections if answer.question == LEVEL_QUESTION)


def _mean_counts(tallies: Sequence[Tally]) -> dict[Kind, float]:
    """Return the mean count of each kind over the tallies with entries; empty if there are none."""
    periods = [tally for tally in tallies if tally.n]
    return {kind: sum(tally[kind] for tally in periods) / len(periods) for kind in Kind} if periods else {}


def count_helped_people(entries: Iterable[Entry], schedule: Schedule) -> tuple[tuple[str, int], ...]:
    """Return the people you helped and how often, the most often helped first, then by name."""
    counts = Counter(
        name
        for entry in entries
        if entry.kind is Kind.HELPED and entry.held is not Held.NO
        for name in schedule.canonical_names(entry.people)
    )
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))


def is_long_over(period: Period, today: date) -> bool:
    """Return whether a period ended at least CATCH_UP_DAYS ago."""
    return (today - period.end).days >= CATCH_UP_DAYS


MAX_DAYS_BY_DAY = 14
MAX_DAYS_BY_WEEK = 26 * 7
"""The longest periods, in days, that are split into days and into weeks; longer ones are split into months."""


def split_review(review: Review) -> tuple[tuple[Period, Tally], ...]:
    """Split the period of a Review into days, or if it is longer, into weeks or months up to today.

    Weekdays that aren't worked are left out if they have no entries.
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
