"""How often something repeats: every Friday, every other week, the last day of the month.

Whether a day is an occurrence is computed here, because each change of a journal asks for it; dateutil (7 ms) is
imported only to find the next occurrence.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from valuelog.model.errors import BadInput
from valuelog.model.period import LAST_YEAR, WEEKDAY_NAMES, Unit
from valuelog.model.text import quote

if TYPE_CHECKING:
    from dateutil.rrule import rrule

_UNITS = {
    Unit.DAY: ("day", "daily"),
    Unit.WEEK: ("week", "weekly"),
    Unit.MONTH: ("month", "monthly"),
    Unit.QUARTER: ("quarter", "quarterly"),
    Unit.YEAR: ("year", "yearly", "annually"),
}
_NUMBERS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_ORDINALS = ("first", "second", "third", "fourth", "last")
_MONTHS_PER_UNIT = {Unit.MONTH: 1, Unit.YEAR: 12}
_LAST = -1

MAX_INTERVAL = 99
SHORTEST_MONTH = 28
"""Every month has this many days; later ones fall on the last day of a shorter month."""


class BadRecurrence(BadInput):
    """Words that do not say how often."""

    def __init__(self, words: str, hint: str = "") -> None:
        """Quote the words."""
        examples = "Write day, week, 2 weeks, friday, other friday, month, last friday of the month or year."
        super().__init__(f"{quote(words)} doesn't say how often something repeats.", hint or examples)


class Recurrence(NamedTuple):
    """A rule of repetition; `str` returns the words that `parse_recurrence` reads.

    It repeats every `interval` units. `weekdays` (0 is Monday) are those of a week, or with `ordinal` the one of a
    month: the first to the fourth, or the last (-1). An ordinal without a weekday is the last day of the month. Without
    either, the day on which the series began repeats; in a shorter month that is its last day.
    """

    unit: Unit
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    ordinal: int = 0

    def __str__(self) -> str:
        """Return the words, without “every”."""
        weekdays = " and ".join(WEEKDAY_NAMES[weekday] for weekday in self.weekdays)
        if self.ordinal:
            index = self.ordinal if self.ordinal == _LAST else self.ordinal - 1
            return f"{_ORDINALS[index]} {weekdays or 'day'} of the month"
        if self.interval == 1:
            return weekdays or str(self.unit)
        return f"other {weekdays}" if weekdays else f"{self.interval} {self.unit}s"

    @property
    def names_days(self) -> bool:
        """Whether it names weekdays or a day of the month, instead of repeating the day on which a series began."""
        return bool(self.weekdays or self.ordinal)

    def occurs_on(self, day: date, since: date) -> bool:
        """Return True if a day is an occurrence of a series that began on `since`."""
        if day < since:
            return False
        if self.unit is Unit.DAY:
            return (day - since).days % self.interval == 0
        if self.unit is Unit.WEEK:
            weeks = ((day - since).days + since.weekday() - day.weekday()) // 7
            return weeks % self.interval == 0 and day.weekday() in (self.weekdays or (since.weekday(),))
        months = 12 * (day.year - since.year) + day.month - since.month
        return months % (self.interval * _MONTHS_PER_UNIT[self.unit]) == 0 and self._is_day_of_month(day, since.day)

    def _is_day_of_month(self, day: date, number: int) -> bool:
        is_last_day = (day + timedelta(days=1)).month != day.month
        if not self.ordinal:
            return day.day == number or (is_last_day and day.day < number)
        if not self.weekdays:
            return is_last_day
        is_last_week = (day + timedelta(days=7)).month != day.month
        is_in_turn = is_last_week if self.ordinal == _LAST else (day.day - 1) // 7 == self.ordinal - 1
        return day.weekday() in self.weekdays and is_in_turn

    def first_on_or_after(self, day: date) -> date:
        """Return the day on which a series can begin: the first one with a named weekday, or this day."""
        every = self._replace(interval=1)
        candidates = (day + timedelta(days=ahead) for ahead in range(2 * 31))
        return next(each for each in candidates if every.occurs_on(each, day))

    def next_after(self, day: date, since: date) -> date | None:
        """Return the first occurrence after a day of a series that began on `since`; None after the last year."""
        found = self._to_rrule(since).after(datetime.combine(day, time()))
        return found.date() if found and found.year <= LAST_YEAR else None

    def iterate(self, since: date) -> Iterator[date]:
        """Yield the occurrences of a series that began on `since`."""
        for moment in self._to_rrule(since):
            yield moment.date()

    def _to_rrule(self, since: date) -> "rrule":
        from dateutil import rrule  # noqa: PLC0415  rarely needed, 7 ms

        frequency = {
            Unit.DAY: rrule.DAILY, Unit.WEEK: rrule.WEEKLY, Unit.MONTH: rrule.MONTHLY, Unit.YEAR: rrule.YEARLY
        }[self.unit]  # fmt: skip
        days = range(SHORTEST_MONTH, since.day + 1) if since.day > SHORTEST_MONTH else (since.day,)
        rules: dict[str, object] = {}
        if self.ordinal:
            rules = (
                {"byweekday": [rrule.weekday(weekday, self.ordinal) for weekday in self.weekdays]}
                if self.weekdays
                else {"bymonthday": _LAST}
            )
        elif self.unit is Unit.WEEK:
            rules = {"byweekday": self.weekdays or since.weekday()}
        elif self.unit is not Unit.DAY:
            rules = {"bymonthday": tuple(days), "bysetpos": _LAST}
            rules |= {"bymonth": since.month} if self.unit is Unit.YEAR else {}
        return rrule.rrule(
            frequency, dtstart=datetime.combine(since, time()), interval=self.interval, wkst=rrule.MO, **rules
        )


def format_recurrence(every: Recurrence) -> str:
    """Return how often something repeats: every Friday, every 2 weeks."""
    words = f"every {every}"
    for name in WEEKDAY_NAMES:
        words = words.replace(name, name.capitalize())
    return words


def parse_recurrence(words: str) -> Recurrence:
    """Parse how often: friday, other week, 3 months, last friday of the month. Raises BadRecurrence."""
    text = " ".join(words.casefold().split()).removeprefix("every ").removeprefix("each ")
    rule = _parse_unit(text) or _parse_day_of_month(text) or _parse_weekdays(text)
    if rule is None:
        raise BadRecurrence(words, _hint_for_ordinal(text))
    return rule


def _parse_unit(text: str) -> Recurrence | None:
    """Parse week, monthly, other day, 2 weeks, three months."""
    match = re.fullmatch(rf"(?:(other|\d{{1,2}}|{'|'.join(_NUMBERS)}) )?([a-z]+?)(s?)", text)
    unit = next((unit for unit, names in _UNITS.items() if match and match[2] in names), None)
    if not match or unit is None or (match[3] and match[1] in {None, "other", "1"}):
        return None
    interval = {None: 1, "other": 2}.get(match[1]) or _number(match[1])
    if not interval or (match[1] and match[2] != unit):
        return None
    return Recurrence(Unit.MONTH, 3 * interval) if unit is Unit.QUARTER else Recurrence(unit, interval)


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBERS.index(word) + 2


def _parse_day_of_month(text: str) -> Recurrence | None:
    """Parse first monday of the month, last day of the month."""
    match = re.fullmatch(rf"({'|'.join(_ORDINALS)}) ([a-z]+) (?:of|in) (?:the|each|every|a) month", text)
    if not match:
        return None
    ordinal = _LAST if match[1] == "last" else _ORDINALS.index(match[1]) + 1
    if match[2] == "day":
        return Recurrence(Unit.MONTH, ordinal=ordinal) if ordinal == _LAST else None
    weekday = _weekday_number(match[2])
    return None if weekday is None else Recurrence(Unit.MONTH, weekdays=(weekday,), ordinal=ordinal)


def _parse_weekdays(text: str) -> Recurrence | None:
    """Parse friday, other friday, mondays and thursdays, mon, wed."""
    interval, names = (2, text[6:]) if text.startswith("other ") else (1, text)
    weekdays = [_weekday_number(name) for name in re.split(r" ?, ?(?:and )?| and ", names)]
    if None in weekdays:
        return None
    return Recurrence(Unit.WEEK, interval, tuple(sorted({day for day in weekdays if day is not None})))


def _weekday_number(name: str) -> int | None:
    """Return the number (0 is Monday) of a weekday from its name, its plural or at least three letters of it."""
    singular = name.removesuffix("s") if name.endswith("days") else name
    matches = [number for number, whole in enumerate(WEEKDAY_NAMES) if whole.startswith(singular)]
    return matches[0] if len(singular) > 2 and matches else None  # noqa: PLR2004  mon, tue …


def _hint_for_ordinal(text: str) -> str:
    """Return the two readings of third friday: of a month, or every three weeks."""
    ordinal, _, name = text.partition(" ")
    if ordinal not in _ORDINALS or (weekday := _weekday_number(name)) is None:
        return ""
    of_month = f"Write {ordinal} {WEEKDAY_NAMES[weekday]} of the month"
    weeks = _ORDINALS.index(ordinal) + 1
    return f"{of_month}, or {weeks} weeks." if ordinal not in {"first", "last"} else f"{of_month}."
