"""Days off: add, remove and list them, single ones and series."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from valuelog.journal import days
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput
from valuelog.model.period import Period, format_full_day
from valuelog.model.recurrence import Recurrence, format_recurrence
from valuelog.model.schedule import DayOff, build_workdays

if TYPE_CHECKING:
    from valuelog.sources.calendar import LeftOut, WholeDays


@dataclass(frozen=True, kw_only=True, slots=True)
class ImportedDaysOff:
    """The days off that a calendar brought, how many of its days were off before, and what was left out."""

    period: Period
    days: tuple[DayOff, ...]
    known_count: int
    left_out: "tuple[LeftOut, ...]"


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysOff:
    """Days off: those that a command just changed, with a verb, or all of them.

    `since` is the day from which series that were ended no longer hold.
    """

    verb: str
    days: tuple[DayOff, ...]
    since: date | None = None


class NoDayInPeriod(BadInput):
    """A series would have no day within its period."""

    def __init__(self, every: Recurrence, period: Period) -> None:
        """Name both."""
        super().__init__(
            f"There is no day off {format_recurrence(every)} from {format_full_day(period.start)} to"
            f" {format_full_day(period.end)}.",
            "Name a longer period, or only the first day.",
        )


class NoWorkdayLeft(BadInput):
    """Every day would be off."""

    def __init__(self) -> None:
        """Suggest a period."""
        super().__init__("Not every day can be off.", "Name a period: valuelog off 2026-12-24..2026-12-31")


def add_days_off(journal: Journal, period: Period, note: str | None) -> DaysOff:
    """Mark the days of a Period as off."""
    note = clean_text(note) if note else None
    changed = days.add_days_off(journal, period.days(), note)
    return DaysOff(verb="Off", days=tuple(DayOff(day=day, note=note) for day in changed))


def remove_days_off(journal: Journal, period: Period) -> DaysOff:
    """Remove the days off in a Period; a day of a series becomes an ordinary one."""
    changed = days.remove_days_off(journal, period.days())
    return DaysOff(verb="No longer off", days=tuple(DayOff(day=day) for day in changed))


def import_days_off(journal: Journal, whole_days: "WholeDays", period: Period) -> ImportedDaysOff:
    """Mark the days of a calendar as off, unless they are. One batch to undo."""
    workdays = build_workdays(frozenset(), days.list_days_off(journal))
    notes: dict[date, str | None] = {
        day: clean_text(", ".join(titles)) for day, titles in whole_days.titles.items() if not workdays.is_off(day)
    }
    return ImportedDaysOff(
        period=period,
        days=days.add_days_off_with_notes(journal, notes),
        known_count=len(whole_days.titles) - len(notes),
        left_out=whole_days.left_out,
    )


def add_series(journal: Journal, period: Period, every: Recurrence, note: str | None) -> DaysOff:
    """Mark recurring days as off.

    A named weekday is off from the first day of the Period on, and only within it if it is longer than a day. Otherwise
    each day of the Period is repeated. Raises NoDayInPeriod, NoWorkdayLeft or SeriesStartTaken.
    """
    if str(every) == "day":
        raise NoWorkdayLeft
    note = clean_text(note) if note else None
    new = tuple(
        DayOff(day=day, note=note, every=every, until=_last_day(period, every)) for day in _first_days(period, every)
    )
    return DaysOff(verb="Off", days=days.add_series_off(journal, new))


def _first_days(period: Period, every: Recurrence) -> Iterable[date]:
    if not every.names_days:
        return period.days()
    first = every.first_on_or_after(period.start)
    if period.length > 1 and first > period.end:
        raise NoDayInPeriod(every, period)
    return [first]


def _last_day(period: Period, every: Recurrence) -> date | None:
    return period.end if every.names_days and period.length > 1 else None


def end_series(journal: Journal, period: Period | None, every: Recurrence, today: date) -> DaysOff:
    """End recurring days off from today, or from a Period on; without a named weekday, those with a day in it."""
    since = period.start if period else today
    until = date.max if period is None or every.names_days else period.end
    return DaysOff(verb="No longer off", days=days.end_series_off(journal, every, since, until), since=since)


def list_days_off(journal: Journal) -> DaysOff:
    """Return all days off, the series too, and the working days that a series would have off."""
    listed = days.list_days_off(journal)
    series = [each for each in listed if each.every]
    off = tuple(
        each for each in listed if each.every or not each.working or any(one.covers(each.day) for one in series)
    )
    return DaysOff(verb="", days=off)
