"""Parse WHEN, a day, and PERIOD, a range of days, as users type them.

Everything is relative to a given `today`. The text of entries is never searched for dates. Words with two readings are
rejected. dateutil (up to 13 ms) and spelling correction are imported only for words that need them.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from valuelog.model.errors import AmbiguousDay, BadDay, BadInput, BadPeriod, FutureDay, PastDay
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

NEAR_FUTURE = timedelta(days=31)
"""A day without a year is taken for the next one, not the last one, if it is at most this far ahead."""

_EXPLICIT_DATE = r"\d{4}|ago|last(?! \w+ (?:of|in) )|this|today|yesterday|since|^-"
"""Words for a fixed day or period, which must not be moved into the future."""

_COUNTS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNT = rf"(\d{{1,5}}|an?|{'|'.join(_COUNTS[1:])})"
_ORDINALS = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "last": -1}

_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_NAMED_DAY = r"(?:[a-z]{3,9}|\d{1,2}\.? [a-z]{3,9}\.?|[a-z]{3,9}\.? \d{1,2})"
"""A weekday, a month, or a day of a month, all without a year."""

_RANGES = (
    (r"(?:from )?(.+?) (?:to|until|till|through|thru|-|–) (.+)", r"\1..\2"),
    (r"between (.+?) and (.+)", r"\1..\2"),
    (rf"({_DAY}) ({_DAY})", r"\1..\2"),
    (rf"({_NAMED_DAY})[-–]({_NAMED_DAY})", r"\1..\2"),
    (r"(\d{4})[-–](\d{4})", r"\1..\2"),
    (r"(\d{1,2})[-–](\d{1,2}) ([a-z]{3,9})( \d{4})?", r"\1 \3\4..\2 \3\4"),
    (r"(?:since|from) (.+)", r"\1.."),
)
"""Other forms of A..B and A.., and what they stand for."""

_MAX_FREE_LENGTH = 40
"""Longer text isn't handed to dateutil's parser."""

_FREE_WORDS = frozenset({"of", "the", "st", "nd", "rd", "th"})
"""Words besides names of months and weekdays that dateutil's parser may see."""


def parse_past_day(words: str, today: date) -> date:
    """Parse a day up to today. Raises BadDay, AmbiguousDay or FutureDay."""
    day = parse_day(words, today)
    if day > today:
        raise FutureDay(format_full_day(day))
    return day


def parse_day(words: str, today: date) -> date:
    """Parse a day, past or future; a weekday or a day without a year is the latest one up to today.

    Raises BadDay or AmbiguousDay.
    """
    text = _normalize(words)
    try:
        day = (
            _parse_relative_day(text, today)
            or _parse_weekday(text, today)
            or _parse_numeric_day(text, today)
            or _parse_day_with_month_name(text, today)
            or _parse_ordinal_weekday(text, today)
            or _parse_edge_of_period(text, today)
            or _parse_free_day(text, today)
        )
    except (ValueError, OverflowError):
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise BadDay(words, suggestion=correct_spelling(words, lambda corrected: parse_day(corrected, today)))
    return day


def parse_period(words: str, today: date) -> Period:
    """Parse a range of days, or a single day. Raises BadPeriod or AmbiguousDay."""
    text = _normalize(words)
    try:
        period = _parse_range(text, today) or _parse_relative_period(text, today) or _parse_calendar_period(text, today)
        if period:
            _require_supported_year(period.start)
            return period
    except (ValueError, OverflowError):
        raise BadPeriod(words) from None
    try:
        return period_containing(parse_day(text, today), Unit.DAY)
    except BadDay:
        suggestion = correct_spelling(words, lambda corrected: parse_period(corrected, today))
        raise BadPeriod(words, suggestion=suggestion) from None


def parse_coming_period(words: str, today: date) -> Period:
    """Parse a range of days like `parse_period`, but a weekday or a range without a year is the next one."""
    first, dots, last = _to_range(_normalize(words)).partition("..")
    if dots and last.strip():
        start, end = parse_coming_period(first, today).start, parse_coming_period(last, today).end
        if end < start:
            end = _next_end(last, start)
        if end < start:
            raise BadPeriod(words)
        return Period(start=start, end=end)
    period = parse_period(words, today)
    if period.end >= today or re.search(_EXPLICIT_DATE, words.casefold()):
        return period
    later = (parse_period(words, today + timedelta(days=ahead)) for ahead in (7, 366))
    return next((each for each in later if each.start >= today), period)


def parse_due_day(words: str, today: date, review_day: int = 4) -> date:
    """Parse the day by which something is due: a weekday is the next one after today, a range means its last day.

    A week means its `review_day` (0 is Monday) unless that is over. Raises BadDay, AmbiguousDay or PastDay.
    """
    text = _normalize(words)
    try:
        day = _require_supported_year(
            _parse_next_weekday(text, today)
            or _parse_days_ahead(text, today)
            or _due_day_of(parse_coming_period(text, today), today, review_day)
        )
    except (BadPeriod, OverflowError, ValueError):
        suggestion = correct_spelling(words, lambda corrected: parse_due_day(corrected, today, review_day))
        raise BadDay(words, is_future=True, suggestion=suggestion) from None
    except AmbiguousDay:
        parse_period(text, today + timedelta(days=364) - NEAR_FUTURE)  # the same error, with the future readings
        raise
    if day < today:
        raise PastDay(format_full_day(day))
    return day


def correct_spelling(words: str, parse: Callable[[str], object]) -> str | None:
    """Return the words without typing mistakes, if `parse` accepts them then; None if there is no such correction."""
    from valuelog.model.nearest import nearest  # noqa: PLC0415  only on error

    names = (*WEEKDAY_NAMES, *(name.casefold() for name in MONTH_NAMES))
    units = tuple(unit for unit in Unit if unit is not Unit.SPAN)
    known = (
        "today", "yesterday", "tomorrow", "ago", "this", "last", "next", "in", "since", "before", "after", "end", "of",
        *units, *(f"{unit}s" for unit in units), *names, *(name[:3] for name in names),
    )  # fmt: skip
    typed = words.casefold().split()[:10]
    corrected = " ".join(word if word in known else nearest(word, known) or word for word in typed)
    if corrected == words:
        return None
    try:
        parse(corrected)
    except BadInput:
        return None
    return corrected


def _normalize(words: str) -> str:
    return " ".join(words.casefold().split())


# Days


def _parse_relative_day(text: str, today: date) -> date | None:
    """Parse yesterday, 3 days ago, two months ago, in 2 weeks, -3."""
    days_ago = {"today": 0, "yesterday": 1, "tomorrow": -1, "day before yesterday": 2, "day after tomorrow": -2}
    if (days := days_ago.get(text.removeprefix("the "))) is not None:
        return today - timedelta(days=days)
    if match := re.fullmatch(rf"{_COUNT} (day|week|month|quarter|year)s? ago", text):
        return _shift(today, -_count(match[1]), match[2])
    if match := re.fullmatch(rf"in {_COUNT} (day|week|month|quarter|year)s?", text):
        return _shift(today, _count(match[1]), match[2])
    if match := re.fullmatch(r"-(\d{1,5})", text):
        return today - timedelta(days=int(match[1]))
    return None


def _count(word: str) -> int:
    """Return the number of a count such as 3, three or a."""
    if word.isdigit():
        return int(word)
    return _COUNTS.index(word) if word in _COUNTS else 1


def _shift(day: date, count: int, unit: str) -> date:
    """Return the day `count` units later; in a shorter month it is the last day. Raises ValueError, OverflowError."""
    if unit in {Unit.DAY, Unit.WEEK}:
        return day + timedelta(days=count * (7 if unit == Unit.WEEK else 1))
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415  rarely needed, 7 ms

    months = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.YEAR: 12}[Unit(unit)]
    shifted: date = day + relativedelta(months=count * months)
    return shifted


def _parse_weekday(text: str, today: date) -> date | None:
    """Parse a weekday: `fri` is the latest Friday up to today, `last fri` the latest before today."""
    is_before_today, name = (True, text[5:]) if text.startswith("last ") else (False, text)
    weekday = _weekday_number(name)
    if weekday is None:
        return None
    back = (today.weekday() - weekday) % 7
    return today - timedelta(days=7 if is_before_today and not back else back)


def _weekday_number(name: str) -> int | None:
    """Return the number (0 is Monday) of a weekday from its name or a prefix of at least three letters."""
    if len(name) < 3:  # noqa: PLR2004  mon, tue …
        return None
    name = "wed" if name == "weds" else name
    return next((number for number, whole in enumerate(WEEKDAY_NAMES) if whole.startswith(name)), None)


def _month_number(name: str) -> int | None:
    """Return the number of a month from a prefix of its name that no other month has."""
    months = [number for number, whole in enumerate(MONTH_NAMES, 1) if whole.casefold().startswith(name)]
    return months[0] if len(months) == 1 else None


def _parse_numeric_day(text: str, today: date) -> date | None:
    """Parse 2026-11-20, 20.11. and 20/11. Dots put the day first. Raises AmbiguousDay for 3/4."""
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return date(int(match[1]), int(match[2]), int(match[3]))
    match = re.fullmatch(r"(\d{1,2})([-/.])(\d{1,2})(?:[-/.](\d{4}))?\.?", text)
    if not match:
        return None
    first, second, year = int(match[1]), int(match[3]), int(match[4]) if match[4] else None
    day_first = _day_in_likely_year(second, first, year, today)
    month_first = _day_in_likely_year(first, second, year, today)
    if match[2] != "." and day_first and month_first and day_first != month_first:
        raise AmbiguousDay(text, *_spell_readings(day_first, month_first, has_year=False))
    return day_first or month_first


def _spell_readings(first: date, second: date, *, has_year: bool) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return two days in words, and in ISO 8601."""

    def spell(day: date) -> str:
        return f"{day.day} {MONTH_NAMES[day.month - 1]}{f' {day.year}' if has_year else ''}"

    return (spell(first), spell(second)), (first.isoformat(), second.isoformat())


def _day_in_likely_year(month: int, number: int, year: int | None, today: date) -> date | None:
    """Return a day of a month; without a year, the latest one, or the next one if it is near."""
    try:
        day = date(year or today.year, month, number)
        return day if year or day <= today + NEAR_FUTURE else date(today.year - 1, month, number)
    except ValueError:
        return None


def _parse_day_with_month_name(text: str, today: date) -> date | None:
    """Parse 20 nov, November 20th, Fri 20 Nov 2026; the weekday must be right."""
    number = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?\.?,?"
    name = r"(?P<{}>[a-z]{{3,9}})\.?"
    either = f"{number.format('a')} {name.format('b')}|{name.format('c')} {number.format('d')}"
    match = re.fullmatch(rf"(?:(?P<weekday>[a-z]{{3,9}}),? )??(?:{either})(?: (?P<year>\d{{4}}))?", text)
    month = _month_number(match["b"] or match["c"]) if match else None
    if not match or not month:
        return None
    year = int(match["year"]) if match["year"] else None
    day = _day_in_likely_year(month, int(match["a"] or match["d"]), year, today)
    is_weekday_right = day and WEEKDAY_NAMES[day.weekday()].startswith(match["weekday"] or "")
    return day if is_weekday_right else None


def _parse_ordinal_weekday(text: str, today: date) -> date | None:
    """Parse first monday of december, last friday of this month; a month without a year is the latest or a near one."""
    match = re.fullmatch(rf"(?:the )?({'|'.join(_ORDINALS)}) ([a-z]{{3,9}}) (?:of|in) (?:the )?(.{{3,20}})", text)
    weekday = _weekday_number(match[2]) if match else None
    if not match or weekday is None:
        return None
    ordinal = _ORDINALS[match[1]]
    if month := _month_number(match[3]):
        this_year = _nth_weekday(period_containing(date(today.year, month, 1), Unit.MONTH), weekday, ordinal)
        if this_year and this_year <= today + NEAR_FUTURE:
            return this_year
        return _nth_weekday(period_containing(date(today.year - 1, month, 1), Unit.MONTH), weekday, ordinal)
    period = _parse_named_period(match[3], today)
    return _nth_weekday(period, weekday, ordinal) if period else None


def _nth_weekday(period: Period, weekday: int, ordinal: int) -> date | None:
    """Return the first (1), second (2) … or last (-1) such weekday of a period."""
    from dateutil import relativedelta  # noqa: PLC0415  rarely needed, 7 ms

    day = (period.start if ordinal > 0 else period.end) + relativedelta.relativedelta(
        weekday=relativedelta.weekday(weekday, ordinal)
    )
    return day if day in period else None


def _parse_edge_of_period(text: str, today: date) -> date | None:
    """Parse end of month, end of next week, start of 2026-Q4."""
    match = re.fullmatch(r"(?:the )?(start|beginning|end) of (?:the )?(.{3,20})", text)
    period = _parse_named_period(match[2], today) if match else None
    if not match or not period:
        return None
    return period.end if match[1] == "end" else period.start


def _parse_named_period(text: str, today: date) -> Period | None:
    """Parse the name of a week, month, quarter or year; a bare unit such as month is this month."""
    return _parse_relative_period(text, today) or _parse_calendar_period(text, today)


def _parse_free_day(text: str, today: date) -> date | None:
    """Parse a day with the name of a month by dateutil, with day or year first and not.

    A reading with a time of day, or without a day in the text, doesn't count. Raises AmbiguousDay for two readings.
    """
    words = re.findall(r"[a-z]+", text)
    is_plain = len(text) <= _MAX_FREE_LENGTH and re.fullmatch(
        r"(?!\d+-\d+ )[a-z0-9 ,./'-]+", text
    )  # 1-5 nov is a range
    if not is_plain or sum(_month_number(word) is not None for word in words if len(word) > 2) != 1:  # noqa: PLR2004
        return None
    weekdays = [_weekday_number(word) for word in words if _weekday_number(word) is not None]
    if not all(word in _FREE_WORDS or _weekday_number(word) is not None or _month_number(word) for word in words):
        return None
    readings = {reading for reading in _free_readings(re.sub(r"\bthe\b", " ", text), today) if reading}
    days = sorted(day for day in readings if all(day.weekday() == weekday for weekday in weekdays))
    if len(days) == 2:  # noqa: PLR2004  two readings
        raise AmbiguousDay(text, *_spell_readings(days[0], days[1], has_year=True))
    return days[0] if len(days) == 1 else None


def _free_readings(text: str, today: date) -> list[date | None]:
    """Return dateutil's result for each order; None if it has a time, or its day or month come from the default."""
    from dateutil.parser import parse  # noqa: PLC0415  rarely needed, 13 ms

    readings: list[date | None] = []
    for day_first in (True, False):
        for year_first in (True, False):
            first, second = (  # they differ in a part that the text lacks
                parse(text, default=default, dayfirst=day_first, yearfirst=year_first)
                for default in (datetime(2000, 1, 1, 1), datetime(2004, 2, 2, 2))  # noqa: DTZ001  leap years
            )
            has_time = first.hour == second.hour or first.tzinfo is not None
            if has_time or (first.month, first.day) != (second.month, second.day):
                readings.append(None)
            else:
                year = first.year if first.year == second.year else None
                readings.append(_day_in_likely_year(first.month, first.day, year, today))
    return readings


# Future days


def _due_day_of(period: Period, today: date, review_day: int) -> date:
    """Return the last day of a period; of a week, its review day unless that is over."""
    review = period.start + timedelta(days=review_day)
    return review if period.unit is Unit.WEEK and review >= today else period.end


def _parse_next_weekday(text: str, today: date) -> date | None:
    """Return the next such weekday after today; `last fri` is in the past."""
    name = text.removeprefix("next ")
    day = _parse_weekday(name, today)
    return day + timedelta(days=7) if day and not name.startswith("last ") else day


def _parse_days_ahead(text: str, today: date) -> date | None:
    """Parse the distance to a day: in 3 days, two weeks, 2 months. Five digits are a typing mistake."""
    match = re.fullmatch(rf"(?:in )?(?!\d{{5}}){_COUNT} (day|week|month|quarter|year)s?", text)
    return _shift(today, _count(match[1]), match[2]) if match else None


# Periods


def _to_range(text: str) -> str:
    """Return mon-wed, mon to wed, 5-9 nov, 2026-11-16 2026-11-18 and since mon as A..B or A..; other text as it is."""
    if ".." in text:
        return text
    for pattern, replacement in _RANGES:
        if match := re.fullmatch(pattern, text):
            return match.expand(replacement)
    return text


def _parse_range(text: str, today: date) -> Period | None:
    """Parse A..B and its other forms; A.. ends today."""
    first, dots, last = _to_range(text).partition("..")
    if not dots:
        return None
    if not first.strip() or any(".." in _to_range(part) for part in (first, last)):
        raise ValueError
    start = parse_period(first, today).start
    end = parse_period(last, today).end if last.strip() else today
    return Period(start=start, end=end if end >= start else _next_end(last.strip(), start))


def _next_end(last: str, start: date) -> date:
    """Return the first end of a named day or month from `start` on: dec in nov..dec, mon in fri..mon.

    Any other end is fixed, and stays before the start. Raises ValueError.
    """
    if _weekday_number(last) is not None:
        return parse_period(last, start + timedelta(days=6)).end
    if not re.fullmatch(_NAMED_DAY, last) or not any(map(_month_number, re.findall(r"[a-z]{3,}", last))):
        raise ValueError
    return parse_period(last, start + timedelta(days=365) - NEAR_FUTURE).end


def _parse_relative_period(text: str, today: date) -> Period | None:
    """Parse this week, week, last month, next year; and last 3 months, which end today."""
    text = re.sub("^(past|previous) ", "last ", text)
    if text in {"this", "last"}:
        text += " week"
    if match := re.fullmatch(r"(?:(this|last|next) )?(week|month|quarter|year)", text):
        return period_containing(today, Unit(match[2])).previous({"last": 1, "next": -1}.get(match[1], 0))
    if match := re.fullmatch(rf"last {_COUNT} (day|week|month|quarter|year)s", text):
        return Period(start=_shift(today, -_count(match[1]), match[2]) + timedelta(days=1), end=today)
    return None


def _parse_calendar_period(text: str, today: date) -> Period | None:
    """Parse 2026-W47, 2026-11, 2026-Q4, 2026, w47, week 47, q4, nov and nov 2026.

    Without a year it is the latest that has begun.
    """
    if match := re.fullmatch(r"(?:(\d{4})-?)?w(?:eek )?(\d{1,2})", text):
        return _parse_week(int(match[2]), int(match[1]) if match[1] else None, today)
    if match := re.fullmatch(r"(?:(\d{4})-?)?q([1-4])", text):
        last_month = int(match[2]) * 3
        year = int(match[1]) if match[1] else today.year - (last_month - 2 > today.month)
        return period_containing(date(year, last_month, 1), Unit.QUARTER)
    if match := re.fullmatch(r"(\d{4})-(\d{2})", text):
        return period_containing(date(int(match[1]), int(match[2]), 1), Unit.MONTH)
    if re.fullmatch(r"\d{4}", text):
        return period_containing(date(int(text), 1, 1), Unit.YEAR)
    return _parse_month_period(text, today)


def _parse_week(number: int, year: int | None, today: date) -> Period:
    """Return a week by its ISO number. Raises ValueError if no such week has begun."""
    this_year = today.isocalendar().year
    for candidate in (year,) if year else range(this_year, this_year - _YEARS_BETWEEN_LONG_ONES, -1):
        with suppress(ValueError):  # few years have a week 53
            monday = date.fromisocalendar(candidate, number, 1)
            if year or monday <= today:
                return period_containing(monday, Unit.WEEK)
    raise ValueError(number)


_YEARS_BETWEEN_LONG_ONES = 8
"""A year with 53 weeks is followed by another one after at most 7 years."""


def _parse_month_period(text: str, today: date) -> Period | None:
    """Parse the name of a month; without a year, the latest one that has begun."""
    match = re.fullmatch(r"([a-z]{3,9})(?: (\d{4}))?", text)
    month = _month_number(match[1]) if match else None
    if not match or not month:
        return None
    year = int(match[2]) if match[2] else today.year - (month > today.month)
    return period_containing(date(year, month, 1), Unit.MONTH)


def _require_supported_year(day: date) -> date:
    """Return the day. Raises ValueError if its year is out of range."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError
    return day
