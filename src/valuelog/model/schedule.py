"""The schedule: which days are worked, the weekly review day, and the aliases of people and tags."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import NamedTuple

from valuelog.model.period import Period
from valuelog.model.recurrence import Recurrence

MONDAY_TO_FRIDAY = frozenset(range(5))


class Schedule(NamedTuple):
    """The settings of a week: worked weekdays and the review day (0 is Monday), and aliases of people and of tags.

    Both map an alias to the canonical name.
    """

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    review_day: int = 4
    aliases: Mapping[str, str] = MappingProxyType({})
    tag_aliases: Mapping[str, str] = MappingProxyType({})

    def next_review_day(self, day: date) -> date:
        """Return the next review day after a day."""
        return day + timedelta(days=(self.review_day - day.weekday() - 1) % 7 + 1)

    def canonical_names(self, names: Iterable[str]) -> tuple[str, ...]:
        """Replace aliases with canonical names; return each person once, sorted."""
        return tuple(sorted({self.aliases.get(name, name) for name in names}))

    @property
    def known_names(self) -> frozenset[str]:
        """All names of people in the settings."""
        return frozenset((*self.aliases, *self.aliases.values()))

    def names_of(self, name: str) -> tuple[str, ...]:
        """Return every name of a person, the canonical one first."""
        return _all_names(self.aliases, name)

    def names_of_tag(self, name: str) -> tuple[str, ...]:
        """Return every name of a tag, the canonical one first."""
        return _all_names(self.tag_aliases, name)


def _all_names(aliases: Mapping[str, str], name: str) -> tuple[str, ...]:
    main = aliases.get(name, name)
    return (main, *(alias for alias, canonical in aliases.items() if canonical == main))


class DayOff(NamedTuple):
    """A day off, which streak, habit and coverage ignore, with an optional note.

    With `every`, it is the first of a series, up to `until` if that is set. A day that is `working` is none, whatever
    the series say: neither `day` itself, nor the day of another series.
    """

    day: date
    note: str | None = None
    every: Recurrence | None = None
    until: date | None = None
    working: bool = False

    def covers(self, day: date) -> bool:
        """Return True for a day of the series, or for the day itself if there is none; `working` doesn't matter."""
        if self.every is None:
            return day == self.day and not self.working
        return self.every.occurs_on(day, self.day) and (self.until is None or day <= self.until)


@dataclass(frozen=True, kw_only=True, slots=True)
class Workdays:
    """The worked weekdays (0 is Monday) without days off: single ones and series; `working` days are in no series."""

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    off: frozenset[date] = frozenset()
    series: tuple[DayOff, ...] = ()
    working: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        """Whether a day is a workday."""
        return day.weekday() in self.weekdays and not self.is_off(day)

    def is_off(self, day: date) -> bool:
        """Whether a day is off."""
        return day in self.off or (day not in self.working and any(each.covers(day) for each in self.series))

    def days_in(self, period: Period) -> tuple[date, ...]:
        """Return the workdays of a Period in order."""
        return tuple(day for day in period.days() if day in self)


def build_workdays(weekdays: frozenset[int], days_off: Iterable[DayOff]) -> Workdays:
    """Build the workdays from the worked weekdays and all days off."""
    listed = tuple(days_off)
    return Workdays(
        weekdays=weekdays,
        off=frozenset(each.day for each in listed if not each.every and not each.working),
        series=tuple(each for each in listed if each.every),
        working=frozenset(each.day for each in listed if each.working),
    )
