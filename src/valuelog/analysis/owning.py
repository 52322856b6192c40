"""Owning a project: what it adds up to over its whole life, and what it has come to lately."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from valuelog.analysis.score import Score, score
from valuelog.model.entry import Entry, Side
from valuelog.model.period import Period, Unit, containing
from valuelog.model.project import Project
from valuelog.model.tally import Tally, total

LATELY = 21
"""So many days up to today tell whether a project still yields anything."""

BY_WEEK = 16
"""A project that lasts no longer than so many weeks is shown by week, a longer one by month."""


def lately(today: date) -> Period:
    """Return the days that tell whether a project still yields anything."""
    return Period(start=today - timedelta(days=LATELY - 1), end=today)


class Owned(NamedTuple):
    """A project, and what its entries of the last LATELY days add up to."""

    project: Project
    lately: Tally


class Listed(NamedTuple):
    """A project with what all its entries add up to, and those of the last LATELY days."""

    project: Project
    tally: Tally
    lately: Tally


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
