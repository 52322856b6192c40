"""WHEN and PERIOD: the words with which people name a day or a range of days.

Everything is relative to a `today` that is handed in. Text of entries is never searched for dates.
"""

import re
from collections.abc import Callable
from datetime import date, timedelta

from valuelog.model.errors import AmbiguousDay, BadDay, BadPeriod, FutureDay, PastDay
from valuelog.model.period import (
    FIRST_YEAR,
    LAST_YEAR,
    MONTH_NAMES,
    WEEKDAY_NAMES,
    Period,
    Unit,
    format_full_day,
    period_containing,
)

_UNIT_DAYS = {"day": 1, "week": 7}

NEAR_FUTURE = timedelta(days=31)
"""A day without a year that lies no further ahead is not taken for the one a year ago."""

_EXPLICIT_DATE = re.compile(r"\d{4}|ago|last|this|today|yesterday|^-")
"""Words that say just which day they mean."""


def parse_past_day(words: str, today: date) -> date:
    """Read a day that has come. Raises BadDay, AmbiguousDay or FutureDay."""
    found = parse_day(words, today)
    if found > today:
        raise FutureDay(format_full_day(found))
    return found


def parse_day(words: str, today: date) -> date:
    """Read a day, past or future; a weekday or a day without a year is the latest one up to today."""
    text = " ".join(words.casefold().split())
    try:
        found = (
            _parse_relative_day(text, today)
            or _parse_weekday(text, today)
            or _parse_numeric_day(text, today)
            or _parse_day_with_month_name(text, today)
        )
    except (ValueError, OverflowError):
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadDay(words, suggestion=_correct_spelling(words, lambda meant: parse_day(meant, today)))
    return found


def _parse_relative_day(text: str, today: date) -> date | None:
    near = {"today": 0, "yesterday": 1, "tomorrow": -1}
    if text in near:
        return today - timedelta(days=near[text])
    if found := re.fullmatch(r"(\d{1,5}) (day|week)s? ago", text):
        return today - timedelta(days=int(found[1]) * _UNIT_DAYS[found[2]])
    if found := re.fullmatch(r"-(\d{1,5})", text):
        return today - timedelta(days=int(found[1]))
    return None


def _parse_weekday(text: str, today: date) -> date | None:
    """`fri` is the latest Friday up to today; `last fri` the latest before today."""
    last, name = (True, text[5:]) if text.startswith("last ") else (False, text)
    if len(name) < 3 or not any(whole.startswith(name) for whole in WEEKDAY_NAMES):  # noqa: PLR2004  mon, tue …
        return None
    wanted = next(place for place, whole in enumerate(WEEKDAY_NAMES) if whole.startswith(name))
    back = (today.weekday() - wanted) % 7
    return today - timedelta(days=7 if last and not back else back)


def _parse_numeric_day(text: str, today: date) -> date | None:
    """Read 2026-11-20 and 20/11; refuse what has two readings."""
    if found := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return date(int(found[1]), int(found[2]), int(found[3]))
    found = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})(?:[-/.](\d{4}))?\.?", text)
    if not found:
        return None
    one, two = int(found[1]), int(found[2])
    year = int(found[3]) if found[3] else None
    readings = [_day_in_likely_year(month, number, year, today) for month, number in ((two, one), (one, two))]
    possible = sorted({reading for reading in readings if reading}, reverse=readings[0] is None)
    if len(possible) == 2:  # noqa: PLR2004  two readings
        _raise_ambiguous(text, readings)
    return possible[0] if possible else None


def _day_in_likely_year(month: int, number: int, year: int | None, today: date) -> date | None:
    """Return that day of that month; without a year, the latest one, or one that is so near that it must be meant."""
    try:
        found = date(year or today.year, month, number)
        return found if year or found <= today + NEAR_FUTURE else date(today.year - 1, month, number)
    except ValueError:
        return None


def _raise_ambiguous(text: str, readings: list[date | None]) -> None:
    days = [reading for reading in readings if reading]
    said = [f"{reading.day} {MONTH_NAMES[reading.month - 1]}" for reading in days]
    raise AmbiguousDay(text, (said[0], said[1]), (days[0].isoformat(), days[1].isoformat()))


def _parse_day_with_month_name(text: str, today: date) -> date | None:
    """Read a day with the name of a month in it: 20 nov, November 20th, Fri 20 Nov 2026; the weekday must be right."""
    number = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?\.?,?"
    name = r"(?P<{}>[a-z]{{3,9}})\.?"
    either = f"{number.format('a')} {name.format('b')}|{name.format('c')} {number.format('d')}"
    found = re.fullmatch(rf"(?:(?P<weekday>[a-z]{{3,9}}),? )??(?:{either})(?: (?P<year>\d{{4}}))?", text)
    month = _month_number(found["b"] or found["c"]) if found else None
    if not found or not month:
        return None
    day = _day_in_likely_year(
        month, int(found["a"] or found["d"]), int(found["year"]) if found["year"] else None, today
    )
    agrees = day and WEEKDAY_NAMES[day.weekday()].startswith(found["weekday"] or "")
    return day if agrees else None


def _month_number(name: str) -> int | None:
    """Return the month whose name begins like this, if there is just one."""
    months = [place for place, whole in enumerate(MONTH_NAMES, 1) if whole.casefold().startswith(name)]
    return months[0] if len(months) == 1 else None


def parse_period(words: str, today: date) -> Period:
    """Read a range of days, or a single one. Raises BadPeriod, BadDay or AmbiguousDay."""
    text = " ".join(words.casefold().split())
    try:
        found = _parse_range(text, today) or _parse_relative_period(text, today) or _parse_calendar_period(text, today)
    except (ValueError, OverflowError):
        raise BadPeriod(words) from None
    if found:
        return found
    try:
        return period_containing(parse_day(text, today), Unit.DAY)
    except BadDay:
        raise BadPeriod(words, suggestion=_correct_spelling(words, lambda meant: parse_period(meant, today))) from None


def parse_coming_period(words: str, today: date) -> Period:
    """Read a range of days, as `parse_period` does; one without a year, or of a weekday, is the next one."""
    first, dots, last = words.partition("..")
    if dots and last.strip():
        start, end = parse_coming_period(first, today).start, parse_coming_period(last, today).end
        if end < start:
            raise BadPeriod(words)
        return Period(start=start, end=end)
    found = parse_period(words, today)
    if found.end >= today or _EXPLICIT_DATE.search(words.casefold()):
        return found
    later = (parse_period(words, today + timedelta(days=ahead)) for ahead in (7, 366))
    return next((each for each in later if each.start >= today), found)


def parse_due_day(words: str, today: date, review_day: int = 4) -> date:
    """Read the day until which something shall be done: a weekday is the next one after today, a range its last day.

    Of a week it is the `review_day` (0 is Monday), unless that is over. Raises BadDay, AmbiguousDay or PastDay.
    """
    text = " ".join(words.casefold().split())
    try:
        found = (
            _parse_next_weekday(text, today)
            or _parse_days_ahead(text, today)
            or _due_day_of(parse_coming_period(text, today), today, review_day)
        )
    except (BadPeriod, OverflowError, ValueError):
        meant = _correct_spelling(words, lambda meant: parse_due_day(meant, today, review_day))
        raise BadDay(words, is_future=True, suggestion=meant) from None
    except AmbiguousDay:
        parse_period(
            text, today + timedelta(days=364) - NEAR_FUTURE
        )  # the same refusal, with the readings that are to come
        raise
    if found < today:
        raise PastDay(format_full_day(found))
    return found


def _due_day_of(period: Period, today: date, review_day: int) -> date:
    """Return the day on which a range ends for those who look back on the `review_day`."""
    friday = period.start + timedelta(days=review_day)
    return friday if period.unit is Unit.WEEK and friday >= today else period.end


def _parse_next_weekday(text: str, today: date) -> date | None:
    """Return the next such weekday after today; `last fri` is over."""
    name = text.removeprefix("next ")
    found = _parse_weekday(name, today)
    return _require_supported_year(found + timedelta(days=7)) if found and not name.startswith("last ") else found


def _parse_days_ahead(text: str, today: date) -> date | None:
    """Read how far ahead a day lies: in 3 days, 2 weeks."""
    found = re.fullmatch(r"(?:in )?(\d{1,4}) (day|week)s?", text)
    return _require_supported_year(today + timedelta(days=int(found[1]) * _UNIT_DAYS[found[2]])) if found else None


def _parse_range(text: str, today: date) -> Period | None:
    first, dots, last = text.partition("..")
    if not dots:
        return None
    if not first.strip() or ".." in last:
        raise ValueError
    end = parse_period(last, today).end if last.strip() else today
    return Period(start=parse_period(first, today).start, end=end)


def _parse_relative_period(text: str, today: date) -> Period | None:
    if text in {"this", "last"}:
        text += " week"
    if found := re.fullmatch(r"(this|last|next) (week|month|quarter|year)", text):
        return period_containing(today, Unit(found[2])).previous({"this": 0, "last": 1, "next": -1}[found[1]])
    if found := re.fullmatch(r"last (\d{1,4}) (day|week)s", text):
        days = int(found[1]) * _UNIT_DAYS[found[2]]
        return Period(start=_require_supported_year(today - timedelta(days=days - 1)), end=today)
    return None


def _parse_calendar_period(text: str, today: date) -> Period | None:
    """Read 2026-W47, 2026-11, 2026-Q4, 2026, w47, q4, nov and nov 2026."""
    if found := re.fullmatch(r"(?:(\d{4})-?)?w(\d{1,2})", text):
        year = int(found[1] or today.isocalendar().year)
        return period_containing(_require_supported_year(date.fromisocalendar(year, int(found[2]), 1)), Unit.WEEK)
    if found := re.fullmatch(r"(?:(\d{4})-?)?q([1-4])", text):
        return period_containing(
            _require_supported_year(date(int(found[1] or today.year), int(found[2]) * 3, 1)), Unit.QUARTER
        )
    if found := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return period_containing(_require_supported_year(date(int(found[1]), int(found[2]), 1)), Unit.MONTH)
    if re.fullmatch(r"\d{4}", text):
        return period_containing(_require_supported_year(date(int(text), 1, 1)), Unit.YEAR)
    return _parse_month_period(text, today)


def _parse_month_period(text: str, today: date) -> Period | None:
    """Read the name of a month; without a year, the latest one that has begun."""
    found = re.fullmatch(r"([a-z]{3,9})(?: (\d{4}))?", text)
    month = _month_number(found[1]) if found else None
    if not found or not month:
        return None
    year = int(found[2]) if found[2] else today.year - (month > today.month)
    return period_containing(_require_supported_year(date(year, month, 1)), Unit.MONTH)


def _correct_spelling(words: str, parse: Callable[[str], object]) -> str | None:
    from valuelog.model.spelling import correct_spelling  # noqa: PLC0415  only a mistake pays for it

    return correct_spelling(words, parse)


def _require_supported_year(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError
    return day
