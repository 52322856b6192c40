"""Owning a project: what it adds up to over its whole life, and what it has come to lately."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from valuelog.analysis.score import Score, score
from valuelog.model.entry import Entry, Side
from valuelog.model.period import Period, Unit, containing, short
from valuelog.model.project import Project
from valuelog.model.tally import Drought, Tally, total

LATELY = 21
"""So many days up to today tell whether a project still yields anything."""

BY_WEEK = 16
"""A project that lasts no longer than so many weeks is shown by week, a longer one by month."""


def lately(today: date) -> Period:
    """Return the days that tell whether a project still yields anything."""
    return Period(start=today - timedelta(days=LATELY - 1), end=today)


class Owned(NamedTuple):
    """A project, and its work since it last yielded anything."""

    project: Project
    drought: Drought = Drought()

    @property
    def since(self) -> date:
        """The day of its last value entry; of its beginning, if there was none."""
        began = self.project.started_on
        return self.drought.value_on or min(began, self.drought.first_on or began)

    def told(self, today: date) -> str:
        """Say how much work was followed by nothing of value, and since when."""
        return f"{self.drought.work} activities and no value since {short(self.since, today)}"


class Listed(NamedTuple):
    """A project with what all its entries add up to, those of the last LATELY days, and those since its last value."""

    project: Project
    tally: Tally
    lately: Tally
    drought: Drought


class Life(NamedTuple):
    """A project from its first entry to its last: by week or by month, and its value, the latest last."""

    project: Project
    today: date
    score: Score
    evidenced: int
    parts: tuple[tuple[Period, Tally], ...]
    value: tuple[Entry, ...]


def life(project: Project, days: Mapping[date, Tally], entries: Sequence[Entry], today: date) -> Life:
    """Tell what a project came to, from the tallies of its days and its entries."""
    whole = total(days.values())
    return Life(
        project=project,
        today=today,
        score=score(whole),
        evidenced=whole.evidenced,
        parts=_parts(days),
        value=tuple(entry for entry in entries if entry.side is Side.VALUE),
    )


def drought(days: Mapping[date, Tally], today: date) -> Drought:
    """Return the work up to today that nothing of value followed, from the tallies of a project's days."""
    value_on = max((day for day, tally in days.items() if tally.value and day <= today), default=date.min)
    dry = [day for day in days if value_on < day <= today]
    return Drought(
        work=sum(days[day].work for day in dry),
        value_on=value_on if value_on > date.min else None,
        first_on=min(dry, default=None),
    )


def _parts(days: Mapping[date, Tally]) -> tuple[tuple[Period, Tally], ...]:
    """Return the weeks or months from the first day to the last, those without entries too."""
    if not days:
        return ()
    first, last = min(days), max(days)
    unit = Unit.WEEK if (last - first).days <= 7 * BY_WEEK else Unit.MONTH
    part, parts = containing(first, unit), []
    while part.start <= last:
        parts.append((part, total(tally for day, tally in days.items() if day in part)))
        part = part.before(-1)
    return tuple(parts)
