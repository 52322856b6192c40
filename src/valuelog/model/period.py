"""A Period: a named range of days, and how days and periods are formatted."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

SHORT_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
WEEKDAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
FIRST_YEAR = 1900
LAST_YEAR = 9998
"""Years out of this range are typing mistakes; the margin lets periods be moved without overflow."""

_MONTHS_PER_UNIT = {"month": 1, "quarter": 3, "year": 12}


class Unit(StrEnum):
    """The unit of a Period. A span is any other range of days."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    SPAN = "span"


@dataclass(frozen=True, kw_only=True, slots=True)
class Period:
    """The days from `start` to `end`, both included."""

    start: date
    end: date
    unit: Unit = Unit.SPAN

    def __post_init__(self) -> None:
        """Raise ValueError if the range ends before it starts."""
        if self.end < self.start:
            message = f"{self.end} is before {self.start}"
            raise ValueError(message)

    @property
    def name(self) -> str:
        """The name, which `dates.parse_period` parses: 2026-11-20, 2026-W47, 2026-11, 2026-Q4, 2026, start..end."""
        first = self.start
        match self.unit:
            case Unit.DAY:
                return first.isoformat()
            case Unit.WEEK:
                year, week, _ = first.isocalendar()
                return f"{year}-W{week:02}"
            case Unit.MONTH:
                return f"{first.year:04}-{first.month:02}"
            case Unit.QUARTER:
                return f"{first.year:04}-Q{(first.month + 2) // 3}"
            case Unit.YEAR:
                return f"{first.year:04}"
            case _:
                return f"{first.isoformat()}..{self.end.isoformat()}"

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        """Return whether a day is in the period."""
        return self.start <= day <= self.end

    def days(self) -> Iterator[date]:
        """Return the days in order."""
        return (self.start + timedelta(days=offset) for offset in range(self.length))

    def previous(self, count: int = 1) -> "Period":
        """Return the period `count` units earlier (negative: later), for a span that many times its length."""
        if months := _MONTHS_PER_UNIT.get(self.unit):
            return _calendar_months(self.start, -count * months, self.unit)
        back = timedelta(days=count * self.length)
        return Period(start=self.start - back, end=self.end - back, unit=self.unit)

    def previous_periods(self, count: int) -> tuple["Period", ...]:
        """Return the `count` periods before this one, oldest first; fewer if they would start before the year 2."""
        available = min(count, (self.start - date(2, 1, 1)).days // self.length)
        return tuple(self.previous(back) for back in range(available, 0, -1))

    def up_to(self, day: date) -> "Period | None":
        """Return the part of the period up to a day, or None if it starts later."""
        if day < self.start:
            return None
        return self if self.end <= day else Period(start=self.start, end=day)


def period_containing(day: date, unit: Unit) -> Period:
    """Return the day, week (Monday to Sunday, ISO 8601), month, quarter or year that contains a day."""
    if unit is Unit.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(start=monday, end=monday + timedelta(days=6), unit=unit)
    if unit in _MONTHS_PER_UNIT:
        return _calendar_months(day, 0, unit)
    return Period(start=day, end=day, unit=Unit.DAY)


def _calendar_months(day: date, offset: int, unit: Unit) -> Period:
    """Return the month, quarter or year of a day, moved by `offset` months."""
    months = _MONTHS_PER_UNIT[unit]
    month = day.year * 12 + day.month - 1
    first = month - month % months + offset
    after = first + months
    end = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(start=date(first // 12, first % 12 + 1, 1), end=end, unit=unit)


def week_of(day: date) -> Period:
    """Return the week, Monday to Sunday, that contains a day."""
    return period_containing(day, Unit.WEEK)


def format_full_day(day: date) -> str:
    """Format a day with its year: Fri 20 Nov 2026."""
    return f"{format_day(day)} {day.year}"


def format_day(day: date, today: date | None = None) -> str:
    """Format a day: Fri 20 Nov; with its year if that differs from the year of `today`."""
    text = f"{SHORT_WEEKDAYS[day.weekday()]} {day.day} {SHORT_MONTHS[day.month - 1]}"
    return text if today is None or today.year == day.year else f"{text} {day.year}"


def format_weekday(day: date) -> str:
    """Format a day of a known month: Fri 20."""
    return f"{SHORT_WEEKDAYS[day.weekday()]} {day.day}"


def format_period(period: Period) -> str:
    """Format a period for a heading: Week 47 · 16 – 22 Nov 2026."""
    first, last = period.start, period.end
    match period.unit:
        case Unit.DAY:
            return format_full_day(first)
        case Unit.WEEK:
            return f"Week {first.isocalendar().week} · {_format_range(first, last)}"
        case Unit.MONTH:
            return f"{MONTH_NAMES[first.month - 1]} {first.year}"
        case Unit.QUARTER:
            months = f"{SHORT_MONTHS[first.month - 1]} – {SHORT_MONTHS[last.month - 1]}"
            return f"Quarter {(first.month + 2) // 3} · {months} {last.year}"
        case Unit.YEAR:
            return str(first.year)
        case _:
            return _format_range(first, last)


def _format_range(first: date, last: date) -> str:
    """Format a range of days without repeating the month or the year."""
    if first.year != last.year:
        return f"{_format_day_and_month(first)} {first.year} – {_format_day_and_month(last)} {last.year}"
    if first.month != last.month:
        return f"{_format_day_and_month(first)} – {_format_day_and_month(last)} {last.year}"
    if first != last:
        return f"{first.day} – {_format_day_and_month(last)} {last.year}"
    return f"{_format_day_and_month(last)} {last.year}"


def _format_day_and_month(day: date) -> str:
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}"
