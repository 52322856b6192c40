"""A Period: an inclusive range of days with a name, and how days are spelled."""

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
"""Years outside of these are typing mistakes, and leave no room to count back and forth from."""

_MONTHS_PER_UNIT = {"month": 1, "quarter": 3, "year": 12}


class Unit(StrEnum):
    """What a Period is one of. A span is any other range of days."""

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
        """Refuse a range that runs backwards."""
        if self.end < self.start:
            message = f"{self.end} lies before {self.start}"
            raise ValueError(message)

    @property
    def name(self) -> str:
        """The name that is written and read: 2026-11-20, 2026-W47, 2026-11, 2026-Q4, 2026, or start..end."""
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
        """How many days it has."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: date) -> bool:
        """Whether a day lies within."""
        return self.start <= day <= self.end

    def days(self) -> Iterator[date]:
        """Every day, in order."""
        return (self.start + timedelta(days=place) for place in range(self.length))

    def previous(self, count: int = 1) -> "Period":
        """Return the Period of the same unit, or of as many days, that lies `count` places earlier."""
        if months := _MONTHS_PER_UNIT.get(self.unit):
            return _calendar_months(self.start, -count * months, self.unit)
        back = timedelta(days=count * self.length)
        return Period(start=self.start - back, end=self.end - back, unit=self.unit)

    def previous_periods(self, count: int) -> tuple["Period", ...]:
        """Return the `count` Periods before this one, the oldest first; fewer at the beginning of time."""
        room = min(count, (self.start - date(2, 1, 1)).days // self.length)
        return tuple(self.previous(back) for back in range(room, 0, -1))

    def up_to(self, day: date) -> "Period | None":
        """Return the part that lies up to a day; none if it only starts later."""
        if day < self.start:
            return None
        return self if self.end <= day else Period(start=self.start, end=day)


def period_containing(day: date, unit: Unit) -> Period:
    """Return the day, week (Monday to Sunday, ISO 8601), month, quarter or year that a day lies in."""
    if unit is Unit.WEEK:
        monday = day - timedelta(days=day.weekday())
        return Period(start=monday, end=monday + timedelta(days=6), unit=unit)
    if unit in _MONTHS_PER_UNIT:
        return _calendar_months(day, 0, unit)
    return Period(start=day, end=day, unit=Unit.DAY)


def _calendar_months(day: date, offset: int, unit: Unit) -> Period:
    """Return the month, quarter or year of a day, moved by `offset` months."""
    months = _MONTHS_PER_UNIT[unit]
    place = day.year * 12 + day.month - 1
    first = place - place % months + offset
    after = first + months
    end = date(after // 12, after % 12 + 1, 1) - timedelta(days=1)
    return Period(start=date(first // 12, first % 12 + 1, 1), end=end, unit=unit)


def week_of(day: date) -> Period:
    """Return the week, Monday to Sunday, that a day lies in."""
    return period_containing(day, Unit.WEEK)


def format_full_day(day: date) -> str:
    """Spell a day so that nobody can mistake it: Fri 20 Nov 2026."""
    return f"{format_day(day)} {day.year}"


def format_day(day: date, today: date | None = None) -> str:
    """Spell a day of this year: Fri 20 Nov. One of another year than today's gets its year."""
    said = f"{SHORT_WEEKDAYS[day.weekday()]} {day.day} {SHORT_MONTHS[day.month - 1]}"
    return said if today is None or today.year == day.year else f"{said} {day.year}"


def format_weekday(day: date) -> str:
    """Spell a day of a week that is known: Fri 20."""
    return f"{SHORT_WEEKDAYS[day.weekday()]} {day.day}"


def format_period(period: Period) -> str:
    """Spell a Period for a heading: Week 47 · 16 – 22 Nov 2026."""
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
    """Spell a range without saying the month or the year twice."""
    if first.year != last.year:
        return f"{_format_day_and_month(first)} {first.year} – {_format_day_and_month(last)} {last.year}"
    if first.month != last.month:
        return f"{_format_day_and_month(first)} – {_format_day_and_month(last)} {last.year}"
    return (
        f"{first.day} – {_format_day_and_month(last)} {last.year}"
        if first != last
        else f"{_format_day_and_month(last)} {last.year}"
    )


def _format_day_and_month(day: date) -> str:
    return f"{day.day} {SHORT_MONTHS[day.month - 1]}"
