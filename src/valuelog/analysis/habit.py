"""The habit of writing: how firm it is, how long it holds, and how much of a Period it covers."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from valuelog.model.period import Period
from valuelog.model.schedule import Workdays

DECAY_PER_WORKDAY = 0.5 ** (1 / 13)
"""What one workday leaves of the past: half of it is left after 13. After the habit score of Loop Habit Tracker."""


class Habit(NamedTuple):
    """`strength` from 0 to 1, and `streak`: workdays written in a row."""

    strength: float
    streak: int


class Coverage(NamedTuple):
    """Workdays that have come, and how many of them have an entry."""

    workdays: int
    logged: int

    @property
    def share(self) -> float | None:
        """Written workdays of all; none where nobody had to work."""
        return self.logged / self.workdays if self.workdays else None


def compute_habit(logged_days: Collection[date], workdays: Workdays, today: date) -> Habit:
    """Return the habit as of today: h = h·m + (1 - m)·done over workdays since the first day written.

    Today counts only once it is done.
    """
    days = set(logged_days)
    if not days or min(days) > today:
        return Habit(strength=0.0, streak=0)
    strength, streak = 0.0, 0
    for day in workdays.days_in(Period(start=min(days), end=today)):
        done = day in days
        if done or day != today:
            strength = strength * DECAY_PER_WORKDAY + (1 - DECAY_PER_WORKDAY) * done
            streak = streak + 1 if done else 0
    return Habit(strength=strength, streak=streak)


def compute_coverage(period: Period, logged_days: Collection[date], workdays: Workdays, today: date) -> Coverage:
    """Return how many workdays of a Period up to today have an entry."""
    past = period.up_to(today)
    days = workdays.days_in(past) if past else ()
    return Coverage(workdays=len(days), logged=sum(day in logged_days for day in days))
