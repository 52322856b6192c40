"""Workdays: which days a person works, so that the others count against nobody."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from valuelog.model.period import Period


@dataclass(frozen=True, kw_only=True, slots=True)
class Workdays:
    """The weekdays that are worked (0 is Monday) and the single days that are not."""

    weekdays: frozenset[int] = frozenset(range(5))
    off: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        """Whether a day is worked."""
        return day.weekday() in self.weekdays and day not in self.off

    def days_in(self, period: Period) -> tuple[date, ...]:
        """Every day of a Period that is worked, in order."""
        return tuple(day for day in period.days() if day in self)


class DayOff(NamedTuple):
    """A day that no streak, habit or coverage should count, and why."""

    day: date
    note: str | None = None
