"""The history of a project over its whole life, and its recent activity."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from valuelog.analysis.score import Score, compute_score
from valuelog.model.entry import Entry, Kind, Side, format_minutes
from valuelog.model.period import Period, Unit, format_day, period_containing
from valuelog.model.project import Measurement, Project
from valuelog.model.tally import Effort, Tally, WorkSinceValue, sum_tallies

RECENT_DAYS = 21
"""A project with a value entry in this many days up to today isn't stalled."""

MAX_WEEKS_BY_WEEK = 16
"""A project that lasts longer is shown by month instead of by week."""


def recent_period(today: date) -> Period:
    """Return the RECENT_DAYS days up to today."""
    return Period(start=today - timedelta(days=RECENT_DAYS - 1), end=today)


class ProjectActivity(NamedTuple):
    """A project and its work since its last value entry."""

    project: Project
    work_since_value: WorkSinceValue = WorkSinceValue()

    @property
    def no_value_since(self) -> date:
        """The day of its last value entry, or its first day if it has none."""
        started_on = self.project.started_on
        return self.work_since_value.last_value_on or min(started_on, self.work_since_value.first_work_on or started_on)

    def summary(self, today: date, *, with_time: bool = False) -> str:
        """Say how many activities there are without value, and since when: 6 activities, no value since Mon 7 Sep.

        With the time that they took, if it is known: 6 activities in 9h.
        """
        minutes = self.work_since_value.minutes if with_time else 0
        time = f" in {format_minutes(minutes)}" if minutes else ""
        return f"{self.work_since_value.work} activities{time}, no value since {format_day(self.no_value_since, today)}"


class ProjectSummary(NamedTuple):
    """A project, the tally of all its entries, that of the last RECENT_DAYS days, and its work since its last value."""

    project: Project
    tally: Tally
    recent: Tally
    work_since_value: WorkSinceValue
    effort: Effort = Effort()


class EndedProject(NamedTuple):
    """A closed or dropped project and what it took, from its first entry to its last."""

    project: Project
    effort: Effort = Effort()


class Lesson(NamedTuple):
    """Something learned: an entry, or what a project taught by its end."""

    day: date
    text: str
    entry_id: str | None = None
    project: Project | None = None


def collect_lessons(entries: Iterable[Entry], ended: Iterable[EndedProject]) -> tuple[Lesson, ...]:
    """Return what was learned, by day: entries of that kind, and the lessons of projects that ended."""
    learned = [Lesson(entry.day, entry.text, entry_id=entry.id) for entry in entries if entry.kind is Kind.LEARNED]
    taught = [
        Lesson(project.closed_on, project.lesson, project=project)
        for project, _ in ended
        if project.closed_on and project.lesson
    ]
    return tuple(sorted([*learned, *taught], key=lambda lesson: lesson.day))


class ProjectHistory(NamedTuple):
    """A project from its first entry to its last.

    `with_evidence` is the number of value entries with evidence. `parts` are its weeks or months. `value` are its value
    entries and `measurements` the readings of its measure, oldest first.
    """

    project: Project
    today: date
    score: Score
    with_evidence: int
    parts: tuple[tuple[Period, Tally], ...]
    value: tuple[Entry, ...]
    effort: Effort = Effort()
    measurements: tuple[Measurement, ...] = ()


def build_project_history(
    project: Project,
    days: Mapping[date, Tally],
    entries: Sequence[Entry],
    today: date,
    measurements: tuple[Measurement, ...] = (),
) -> ProjectHistory:
    """Build the history of a project from the tallies of its days and its entries, oldest first."""
    total = sum_tallies(days.values())
    return ProjectHistory(
        project=project,
        today=today,
        score=compute_score(total),
        with_evidence=total.with_evidence,
        parts=_split_by_unit(days),
        value=tuple(entry for entry in entries if entry.side is Side.VALUE),
        effort=_sum_effort(entries),
        measurements=measurements,
    )


def _sum_effort(entries: Sequence[Entry]) -> Effort:
    minutes = [entry.minutes for entry in entries if entry.minutes]
    return Effort(entries=len(entries), minutes=sum(minutes), timed=len(minutes))


def compute_work_since_value(days: Mapping[date, Tally], today: date) -> WorkSinceValue:
    """Return the work up to today after the last day with value, from the tallies of a project's days."""
    last_value_on = max((day for day, tally in days.items() if tally.value and day <= today), default=date.min)
    days_since = [day for day in days if last_value_on < day <= today]
    return WorkSinceValue(
        work=sum(days[day].work for day in days_since),
        last_value_on=last_value_on if last_value_on > date.min else None,
        first_work_on=min(days_since, default=None),
        minutes=sum(days[day].minutes.get(Kind.ACTIVITY, 0) for day in days_since),
    )


def _split_by_unit(days: Mapping[date, Tally]) -> tuple[tuple[Period, Tally], ...]:
    """Return the weeks or months from the first day to the last with their tallies, also those without entries."""
    if not days:
        return ()
    first, last = min(days), max(days)
    unit = Unit.WEEK if (last - first).days <= 7 * MAX_WEEKS_BY_WEEK else Unit.MONTH
    part, parts = period_containing(first, unit), []
    while part.start <= last:
        parts.append((part, sum_tallies(tally for day, tally in days.items() if day in part)))
        part = part.previous(-1)  # the next one
    return tuple(parts)
