"""Owning a project: what it adds up to over its whole life, and what it has come to lately."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from valuelog.analysis.score import Score, compute_score
from valuelog.model.entry import Entry, Side
from valuelog.model.period import Period, Unit, format_day, period_containing
from valuelog.model.project import Project
from valuelog.model.tally import Tally, WorkSinceValue, sum_tallies

RECENT_DAYS = 21
"""So many days up to today tell whether a project still yields anything."""

MAX_WEEKS_BY_WEEK = 16
"""A project that lasts no longer than so many weeks is shown by week, a longer one by month."""


def recent_period(today: date) -> Period:
    """Return the days that tell whether a project still yields anything."""
    return Period(start=today - timedelta(days=RECENT_DAYS - 1), end=today)


class ProjectActivity(NamedTuple):
    """A project, and its work since it last yielded anything."""

    project: Project
    work_since_value: WorkSinceValue = WorkSinceValue()

    @property
    def no_value_since(self) -> date:
        """The day of its last value entry; of its beginning, if there was none."""
        began = self.project.started_on
        return self.work_since_value.last_value_on or min(began, self.work_since_value.first_work_on or began)

    def summary(self, today: date) -> str:
        """Say how much work was followed by nothing of value, and since when."""
        return f"{self.work_since_value.work} activities, no value since {format_day(self.no_value_since, today)}"


class ProjectSummary(NamedTuple):
    """A project with what all its entries add up to, those of the last LATELY days, and those since its last value."""

    project: Project
    tally: Tally
    recent: Tally
    work_since_value: WorkSinceValue


class ProjectHistory(NamedTuple):
    """A project from its first entry to its last: by week or by month, and its value, the latest last."""

    project: Project
    today: date
    score: Score
    with_evidence: int
    parts: tuple[tuple[Period, Tally], ...]
    value: tuple[Entry, ...]


def build_project_history(
    project: Project, days: Mapping[date, Tally], entries: Sequence[Entry], today: date
) -> ProjectHistory:
    """Tell what a project came to, from the tallies of its days and its entries."""
    whole = sum_tallies(days.values())
    return ProjectHistory(
        project=project,
        today=today,
        score=compute_score(whole),
        with_evidence=whole.with_evidence,
        parts=_split_by_unit(days),
        value=tuple(entry for entry in entries if entry.side is Side.VALUE),
    )


def compute_work_since_value(days: Mapping[date, Tally], today: date) -> WorkSinceValue:
    """Return the work up to today that nothing of value followed, from the tallies of a project's days."""
    value_on = max((day for day, tally in days.items() if tally.value and day <= today), default=date.min)
    dry = [day for day in days if value_on < day <= today]
    return WorkSinceValue(
        work=sum(days[day].work for day in dry),
        last_value_on=value_on if value_on > date.min else None,
        first_work_on=min(dry, default=None),
    )


def _split_by_unit(days: Mapping[date, Tally]) -> tuple[tuple[Period, Tally], ...]:
    """Return the weeks or months from the first day to the last, those without entries too."""
    if not days:
        return ()
    first, last = min(days), max(days)
    unit = Unit.WEEK if (last - first).days <= 7 * MAX_WEEKS_BY_WEEK else Unit.MONTH
    part, parts = period_containing(first, unit), []
    while part.start <= last:
        parts.append((part, sum_tallies(tally for day, tally in days.items() if day in part)))
        part = part.previous(-1)
    return tuple(parts)
