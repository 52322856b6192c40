"""Load a Review, a Trend, a Year or a Report from the journal."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from valuelog.analysis.follow_up_rules import RECURRING_DAYS, is_stalled
from valuelog.analysis.freshness import NEVER_SHOWN, Showings
from valuelog.analysis.number_rules import REPETITIONS
from valuelog.analysis.projects import ProjectActivity
from valuelog.analysis.review import FollowUps, FormerValue, ProjectShare, Report, Review, is_long_over
from valuelog.analysis.rule_input import (
    ActedOn,
    AddedEvidence,
    KeptPromise,
    MovedProject,
    PlannedStep,
    RepeatedWords,
)
from valuelog.analysis.trend import (
    LATEST_SPAN,
    MAX_BASELINE_PERIODS,
    MAX_SPELL_WEEKS,
    MIN_BASELINE_PERIODS,
    WEEKS_NEEDED,
    MissingPeriods,
    Trend,
    compute_trend,
    count_missing_weeks,
    drop_unfinished_week,
    judge_periods,
    judge_weeks,
)
from valuelog.journal import days, entries, findings, pains, projects, promises, tallies
from valuelog.journal.store import Journal
from valuelog.model.entry import Side
from valuelog.model.pain import PRESSURE_WINDOW, PainPoint
from valuelog.model.period import Period, Unit, period_containing, week_of
from valuelog.model.promise import Promise
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Effort, Tally, WorkSinceValue

if TYPE_CHECKING:
    from valuelog.analysis.year import Year

HABIT_WINDOW = timedelta(days=2 * 366)
"""How far back the habit score looks: a day two years ago weighs less than a billionth."""

MAX_PAINS = 5
"""How many of the most pressing pain points, and of those without a step, a current review names besides those seen."""

MAX_PROMISES = 50
"""How many open promises a current review names, the next due first."""


KEPT_WINDOW = timedelta(weeks=MAX_SPELL_WEEKS + LATEST_SPAN)
"""How far back kept promises can explain that there is less work."""

MAX_WEEKS_SINCE_REVIEW = 4
"""How many weeks after the last review there is still something to say about what was done since."""


def load_review(
    journal: Journal, period: Period, today: date, schedule: Schedule, showings: Showings = NEVER_SHOWN
) -> Review:
    """Load the Review of a Period; `showings` tell which findings were shown before."""
    last = min(period.end, today) if period.start <= today else period.end
    since = min(period.start, today - HABIT_WINDOW)
    return Review(
        period=period,
        today=today,
        workdays=days.load_workdays(journal, schedule.weekdays, since=since),
        entries=entries.select(journal, entries.Selection(period=period)),
        tally_by_day=tallies.tally_by_day(journal, period),
        tallies=_load_tallies(journal, period, MAX_BASELINE_PERIODS),
        weeks=_load_tallies(journal, week_of(last), WEEKS_NEEDED),
        logged_days=days.list_logged_days(journal, Period(start=since, end=today)),
        schedule=schedule,
        projects=_load_projects(journal, period),
        follow_ups=_load_follow_ups(journal, period, today, schedule),
        first_day=days.first_logged_day(journal),
        repeated=tuple(RepeatedWords(*row) for row in entries.list_repeated_words(journal, period, REPETITIONS)),
        muted=frozenset(mute.id for mute in findings.list_mutes(journal, today)),
        showings=showings,
    )


def count_former_value(journal: Journal) -> FormerValue | None:
    """Return how many entries counted as value in an older version, if there are any."""
    insights, all_entries = entries.count_insights_of_older_version(journal)
    return FormerValue(insights, all_entries) if insights else None


def _load_projects(journal: Journal, period: Period) -> tuple[ProjectShare, ...]:
    """Return the projects with entries in a Period, and those that were closed or dropped in it, by slug."""
    shares = dict(tallies.tally_projects(journal, period))
    ended = projects.list_ended_projects(journal, period)
    effort = dict.fromkeys((project.id for project in ended), Effort())
    effort |= tallies.effort_by_project(journal, effort)
    return tuple(
        ProjectShare(project, shares.get(project, Tally()), effort.get(project.id))
        for project in sorted({*shares, *ended}, key=lambda project: project.slug)
    )


def _load_follow_ups(journal: Journal, period: Period, today: date, schedule: Schedule) -> FollowUps:
    """Load the pain points, promises, projects and reflections that a review follows up."""
    listed_pains, listed_promises = _load_pains(journal, period, today), _load_promises(journal, period, today)
    last = min(period.end, today)
    reviewed_on = _find_review_day(journal, week_of(last), schedule)
    kept = _load_kept_promises(journal, Period(start=last - KEPT_WINDOW, end=last))
    fixed = _load_fixed_pains(journal, reviewed_on, last)
    acted_on = _load_acted_on(journal, reviewed_on, last, listed_promises, listed_pains)
    ids = {pain.id for pain in (*listed_pains, *fixed)} | {each.promise.id for each in kept}
    ids |= {entity_id for promise in listed_promises for entity_id in (promise.id, promise.pain) if entity_id}
    return FollowUps(
        pains=listed_pains,
        promises=listed_promises,
        projects=_load_project_activity(journal, today),
        reflections=promises.list_reflections(journal, (period.previous().name, period.name)),
        kept=kept,
        fixed=fixed,
        acted_on=acted_on,
        reviewed_on=reviewed_on,
        prefix_lengths=journal.prefix_lengths(ids),
    )


def _find_review_day(journal: Journal, week: Period, schedule: Schedule) -> date:
    """Return the review day of the last reviewed week before a week: of the week before it if none was ever reviewed.

    At most MAX_WEEKS_SINCE_REVIEW ago.
    """
    latest = promises.find_latest_reviewed_week(journal, week.name)
    earlier = week.previous_periods(MAX_WEEKS_SINCE_REVIEW)
    not_before = [each for each in earlier if latest is None or each.name <= latest]
    return (not_before or earlier)[-1 if not_before else 0].start + timedelta(days=schedule.review_day)


def _load_kept_promises(journal: Journal, period: Period) -> tuple[KeptPromise, ...]:
    """Return the promises kept within a Period, with the pain points of steps."""
    kept = promises.list_kept_promises(journal, period)
    its_pains = {pain.id: pain for pain in pains.get_many(journal, [each.pain for each in kept if each.pain])}
    return tuple(KeptPromise(promise, its_pains.get(promise.pain or "")) for promise in kept)


def _load_acted_on(
    journal: Journal, since: date, until: date, listed_promises: Iterable[Promise], listed_pains: Iterable[PainPoint]
) -> ActedOn:
    """Return what was done since the last review about stalled projects, recurring pain points and evidence."""
    if until <= since:
        return ActedOn()
    by_id = {pain.id: pain for pain in listed_pains}
    steps = [each for each in listed_promises if each.is_open and each.made_on >= since and each.pain in by_id]
    week = week_of(since)
    return ActedOn(
        moved=_load_moved_projects(journal, since, until),
        planned=tuple(PlannedStep(step, by_id[step.pain or ""]) for step in steps),
        evidence=AddedEvidence(
            week, tallies.tally_period(journal, week), entries.count_added_evidence(journal, week, since)
        ),
    )


def _load_moved_projects(journal: Journal, since: date, until: date) -> tuple[MovedProject, ...]:
    """Return the projects that were stalled on one day and had value after it, up to another."""
    work = tallies.work_since_value_by_project(journal, since)
    open_projects = projects.list_projects(journal, only_open=True)
    activities = [ProjectActivity(each, work[each.id]) for each in open_projects if each.id in work]
    period = Period(start=since + timedelta(days=1), end=until)
    moved = []
    for each in (activity for activity in activities if is_stalled(activity, since)):
        selection = entries.Selection(period=period, side=Side.VALUE, project=each.project.id)
        if value := entries.select(journal, selection):
            moved.append(MovedProject(each, value[0]))
    return tuple(moved)


def _load_fixed_pains(journal: Journal, since: date, until: date) -> tuple[PainPoint, ...]:
    """Return the pain points fixed from one day to another, except by what didn't hold."""
    return pains.list_fixed_pains(journal, Period(start=since, end=until)) if since <= until else ()


def _load_pains(journal: Journal, period: Period, today: date) -> tuple[PainPoint, ...]:
    """Return the pain points that were seen or closed in a Period, the most often seen first.

    In a current Period the most pressing ones are added, in one long over each is as it was at its end.
    """
    listed = {
        pain.id: pain for pain in (*pains.list_seen_pains(journal, period), *pains.list_closed_pains(journal, period))
    }
    if not is_long_over(period, today):
        pressing = pains.list_pressing_pains(journal, since=today - PRESSURE_WINDOW, limit=MAX_PAINS)
        recurring = pains.list_unplanned_pains(journal, min_days=RECURRING_DAYS, limit=MAX_PAINS)
        listed |= {pain.id: pain for pain in (*pressing, *recurring)}
    states = (pain.as_of(period.end) if is_long_over(period, today) else pain for pain in listed.values())
    return tuple(sorted(states, key=lambda pain: (-pain.days_seen, -pain.last_seen.toordinal())))


def _load_promises(journal: Journal, period: Period, today: date) -> tuple[Promise, ...]:
    """Return the promises that were due, kept or broken in a Period; in a current one, also open ones."""
    listed = {promise.id: promise for promise in promises.list_promises_in(journal, period)}
    if not is_long_over(period, today):
        listed |= {promise.id: promise for promise in promises.list_open_promises(journal, limit=MAX_PROMISES)}
    return tuple(sorted(listed.values(), key=lambda promise: (promise.due, promise.created)))


def _load_project_activity(journal: Journal, today: date) -> tuple[ProjectActivity, ...]:
    """Return the open projects, and the closed ones without a result: findings decide when that matters."""
    work_since_value = tallies.work_since_value_by_project(journal, today)
    return tuple(
        ProjectActivity(project=project, work_since_value=work_since_value.get(project.id, WorkSinceValue()))
        for project in (
            *projects.list_projects(journal, only_open=True),
            *projects.list_unmeasured_projects(journal, today),
        )
    )


def _load_tallies(journal: Journal, period: Period, before: int) -> tuple[tuple[Period, Tally], ...]:
    """Return a Period and the `before` ones with their tallies, the oldest first."""
    periods = (*period.previous_periods(before), period)
    return tuple(zip(periods, tallies.tally_periods(journal, periods), strict=True))


def load_trend(journal: Journal, unit: Unit, count: int, today: date, schedule: Schedule) -> Trend:
    """Load the Trend over the last `count` weeks or months up to today."""
    if unit is Unit.WEEK:
        weeks = _load_tallies(journal, week_of(today), max(WEEKS_NEEDED, count - 1))
        judged = drop_unfinished_week(weeks, today, schedule)
        return compute_trend(judge_weeks(judged), weeks, count, count_missing_weeks(weeks, judged))
    periods = _load_tallies(journal, period_containing(today, unit), max(MAX_BASELINE_PERIODS, count - 1))
    comparison = judge_periods([tally for _, tally in periods])
    missing = MissingPeriods(max(0, MIN_BASELINE_PERIODS - comparison.baseline.periods))
    return compute_trend(comparison, periods, count, missing)


def load_year(journal: Journal, period: Period, today: date, schedule: Schedule, *, by_count: bool = False) -> "Year":
    """Load a year, day by day."""
    from valuelog.analysis.year import build_year  # noqa: PLC0415  only for the calendar and for reports

    return build_year(
        period,
        tallies.tally_by_day(journal, period),
        days.load_workdays(journal, schedule.weekdays, since=period.start),
        today=today,
        first_day=days.first_logged_day(journal),
        by_count=by_count,
    )


MAX_HEAT_MAP_WEEKS = 53
"""The maximum number of weeks in a heat map."""

REPORT_WEEKS = 26
REPORT_MONTHS = 24
"""How far back the trend of a Report goes; in months if it is about a year."""


def load_report(journal: Journal, period: Period, today: date, schedule: Schedule) -> Report:
    """Load the Report of a Period: its Review, the Trend up to its end, and the year up to its end day by day."""
    last = min(period.end, today)
    unit, count = (Unit.MONTH, REPORT_MONTHS) if period.unit is Unit.YEAR else (Unit.WEEK, REPORT_WEEKS)
    year = period if period.unit is Unit.YEAR else _year_ending_on(last, days.first_logged_day(journal))
    return Report(
        review=load_review(journal, period, today, schedule),
        trend=load_trend(journal, unit, count, last, schedule),
        year=load_year(journal, year, today, schedule),
    )


def _year_ending_on(day: date, first_day: date | None) -> Period:
    """Return the weeks of a heat map up to a day, at most MAX_HEAT_MAP_WEEKS, starting with the first logged one."""
    week = week_of(day)
    earliest = week.previous(MAX_HEAT_MAP_WEEKS - 1).start
    return Period(start=max(earliest, min(week.start, week_of(first_day or day).start)), end=week.end)
