"""The habit of logging: its strength, the streak, and the coverage of a period."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from valuelog.model.period import Period
from valuelog.model.schedule import Workdays

DECAY_PER_WORKDAY = 0.5 ** (1 / 13)
"""Decay factor per workday; the half-life is 13 workdays, as in the habit score of Loop Habit Tracker."""


class Habit(NamedTuple):
    """`strength` is from 0 to 1, `streak` the number of consecutive workdays logged."""

    strength: float
    streak: int


class Coverage(NamedTuple):
    """The number of workdays up to today, and how many of them have an entry."""

    workdays: int
    logged: int

    @property
    def share(self) -> float | None:
        """The share of workdays that are logged; None without workdays."""
        return self.logged / self.workdays if self.workdays else None


def compute_habit(logged_days: Collection[date], workdays: Workdays, today: date) -> Habit:
    """Return the habit as of today: h = h·m + (1 - m)·done over all workdays since the first logged day.

    m is DECAY_PER_WORKDAY; done is 1 for a logged day, else 0. Today counts only if it is logged.
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


def compute_coverage(
    period: Period, logged_days: Collection[date], workdays: Workdays, today: date, first_day: date | None = None
) -> Coverage:
    """Return how many workdays of a period up to today have an entry, from the first day of the journal on."""
    past = period.up_to(today)
    days = [day for day in workdays.days_in(past) if day >= (first_day or day)] if past else []
    return Coverage(workdays=len(days), logged=sum(day in logged_days for day in days))
