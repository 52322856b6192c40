"""A year as a heat map: a column a week, a cell a day; every cell is a sign as well as a colour."""

from collections.abc import Iterator
from datetime import date, timedelta

from rich.text import Text

from valuelog.analysis.score import score
from valuelog.model.period import MONTHS, WEEKDAYS, Period, week_of
from valuelog.model.tally import Tally, total
from valuelog.render.style import DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import line
from valuelog.render.words import balance, percent, plural
from valuelog.workflows.friday import Year

LABEL = 5
STEPS = "░▒▓█"
WORK_ONLY = "·"


def lines(year: Year, width: int) -> Iterator[Text]:
    """Show the year in as many blocks of weeks as the width asks for, then a quarter a line in numbers."""
    weeks = _weeks(year.period)
    fitting = max(1, width - LABEL)
    for first in range(0, len(weeks), fitting):
        yield from _block(year, weeks[first : first + fitting])
        yield Text("")
    yield line(
        (" " * LABEL + "share of value  ", DIM), (WORK_ONLY, WORK), (" none  ", DIM),
        *[piece for step, said in zip(STEPS, ("to 25 %  ", "to 50 %  ", "to 75 %  ", "above"), strict=True)
          for piece in ((step, VALUE), (f" {said}", DIM))],
    )  # fmt: skip
    yield Text("")
    yield from _quarters(year)
    yield _sum(year)


def _weeks(period: Period) -> list[date]:
    """Return the Mondays of all weeks that have a day in a Period."""
    monday = week_of(period.start).start
    return [monday + timedelta(days=7 * place) for place in range((period.end - monday).days // 7 + 1)]


def _block(year: Year, weeks: list[date]) -> Iterator[Text]:
    yield Text(" " * LABEL + _months(year.period, weeks), DIM)
    for weekday, name in enumerate(WEEKDAYS):
        cells = [_cell(year, monday + timedelta(days=weekday)) for monday in weeks]
        yield line((f"{name:<{LABEL}}", DIM), *cells)


def _months(period: Period, weeks: list[date]) -> str:
    """Name each month above the first week that begins in it."""
    row = ""
    for place, monday in enumerate(weeks):
        begins = any(
            monday + timedelta(days=back) in period and (monday + timedelta(days=back)).day == 1 for back in range(7)
        )
        if begins and len(row) <= place:
            row = row.ljust(place) + MONTHS[(monday + timedelta(days=6)).month - 1]
    return row


def _cell(year: Year, day: date) -> tuple[str, str]:
    tally = year.days.get(day)
    if day not in year.period or day > year.today:
        return " ", ""
    if not tally:
        return ("-" if day in year.workdays else " "), DIM
    if not tally.value:
        return WORK_ONLY, WORK
    return STEPS[min(3, int(4 * (score(tally).share or 0) - 1e-9))], VALUE


def _quarters(year: Year) -> Iterator[Text]:
    for quarter in range(4):
        days = {day: tally for day, tally in year.days.items() if (day.month - 1) // 3 == quarter}
        if days:
            sums = score(total(days.values()))
            yield Text(f"Q{quarter + 1}   {balance(sums)} · {percent(sums.share)} · {plural(len(days), 'day')} written")


def _sum(year: Year) -> Text:
    sums = score(total(year.days.values()) if year.days else Tally())
    if not sums.n:
        return line(f"Nothing is written down in {year.period.name}. Begin with ", ("valuelog today", STRONG))
    said = f"{balance(sums)} · {percent(sums.share)} · {plural(len(year.days), 'day')} written"
    return line((year.period.name, STRONG), f" {said}")
