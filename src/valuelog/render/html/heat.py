"""A heat map: where each day of a year stands on a picture, and how strong its colour is."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from valuelog.analysis.year import Year
from valuelog.model.period import MONTHS, Period, short, week_of
from valuelog.model.tally import Tally
from valuelog.render.words import percent, plural

STEP, SIZE, TOP, LEFT = 12, 10, 14, 26
"""The units from one cell to the next, of a cell, above the first and beside it."""

WEEKS = 27
"""The weeks on one picture: two make a year, one above the other on a phone."""

SLIGHTLY = 1e-9
"""So that a share of just a quarter still belongs to the first step."""


class Cell(NamedTuple):
    """A day: its place, its class (`none` unwritten, `work` no value, `v1` to `v4` by quarters of share), its words."""

    x: int
    y: int
    shade: str
    said: str


class Map(NamedTuple):
    """Some weeks of a year: the places of month names, and the cells."""

    width: int
    height: int
    months: tuple[tuple[int, str], ...]
    cells: tuple[Cell, ...]


def maps(year: Year) -> Iterator[Map]:
    """Split a year into pictures of so many weeks."""
    first = week_of(year.period.start).start
    count = (year.period.end - first).days // 7 + 1
    for begin in range(0, count, WEEKS):
        mondays = [first + timedelta(days=7 * place) for place in range(begin, min(begin + WEEKS, count))]
        yield Map(
            width=LEFT + STEP * WEEKS,
            height=TOP + STEP * 7,
            months=tuple(_months(year.period, mondays)),
            cells=tuple(cell for place, monday in enumerate(mondays) for cell in _week(year, monday, place)),
        )


def _months(period: Period, mondays: list[date]) -> Iterator[tuple[int, str]]:
    """Name each month above the first week that begins in it."""
    for place, monday in enumerate(mondays):
        named = [day for day in (monday + timedelta(days=back) for back in range(7)) if day.day == 1 and day in period]
        if named:
            yield LEFT + STEP * place, MONTHS[named[0].month - 1]


def _week(year: Year, monday: date, place: int) -> Iterator[Cell]:
    for weekday in range(7):
        day = monday + timedelta(days=weekday)
        tally = year.days.get(day, Tally())
        if day in year.period and day <= year.today and (tally.n or _missing(year, day)):
            yield Cell(LEFT + STEP * place, TOP + STEP * weekday, _shade(tally), _told(day, tally))


def _missing(year: Year, day: date) -> bool:
    return year.begun is not None and day > year.begun and day in year.workdays


def _shade(tally: Tally) -> str:
    if not tally.n:
        return "none"
    return f"v{1 + min(3, int(4 * tally.value / tally.n - SLIGHTLY))}" if tally.value else "work"


def _told(day: date, tally: Tally) -> str:
    if not tally.n:
        return f"{short(day)}: not written"
    return f"{short(day)}: {tally.value} of {plural(tally.n, 'entry', 'entries')}, {percent(tally.value / tally.n)}"
