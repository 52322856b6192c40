"""A year as a heat map: a column a week, a cell a day; every cell is a sign as well as a colour."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rich.text import Text

from valuelog.analysis.year import PeriodSummary, Year, share_step
from valuelog.model.period import SHORT_MONTHS, SHORT_WEEKDAYS
from valuelog.render.style import DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import line
from valuelog.render.words import balance, percent, plural

LABEL = 5
STEPS = "░▒▓█"
WORK_ONLY = "·"
UNWRITTEN = "-"
ENTRIES_A_STEP = 3


def lines(year: Year, width: int) -> Iterator[Text]:
    """Show the year in as many blocks of weeks as the width asks for, then a quarter a line in numbers."""
    weeks = year.mondays
    wide = 2 if width >= LABEL + 2 * len(weeks) else 1
    fitting = max(1, (width - LABEL) // wide)
    for first in range(0, len(weeks), fitting):
        yield from _block(year, weeks[first : first + fitting], wide)
        yield Text("")
    yield _legend(year)
    yield Text("")
    yield from _quarters(year)
    yield _sum(year)


def _block(year: Year, weeks: Sequence[date], wide: int) -> Iterator[Text]:
    yield Text(" " * LABEL + _months(year, weeks, wide), DIM)
    for weekday, name in enumerate(SHORT_WEEKDAYS):
        cells = [_cell(year, monday + timedelta(days=weekday)) for monday in weeks]
        yield line((f"{name:<{LABEL}}", DIM), *((sign * wide, style) for sign, style in cells))


def _months(year: Year, weeks: Sequence[date], wide: int) -> str:
    """Name each month above the first week that begins in it."""
    row = ""
    for place, monday in enumerate(weeks):
        month = year.month_starting_in(monday)
        if month and len(row) <= place * wide:
            row = row.ljust(place * wide) + SHORT_MONTHS[month - 1]
    return row


def _cell(year: Year, day: date) -> tuple[str, str]:
    tally = year.days.get(day)
    if day not in year.period or day > year.today:
        return " ", ""
    if not tally:
        return (UNWRITTEN if year.is_missing(day) else " "), DIM
    if year.by_count:
        return STEPS[min(3, (tally.n - 1) // ENTRIES_A_STEP)], WORK
    if not tally.value:
        return WORK_ONLY, WORK
    return STEPS[share_step(tally)], VALUE


def _legend(year: Year) -> Text:
    """Say what each sign stands for."""
    if year.by_count:
        said = [f"to {ENTRIES_A_STEP * step}" for step in (1, 2, 3)]
        what, style, none = "entries a day", WORK, []
    else:
        said = ["to 25 %", "to 50 %", "to 75 %"]
        what, style, none = "share", VALUE, [(f"   {WORK_ONLY}", WORK), (" none", DIM)]
    steps = [piece for step, text in zip(STEPS, (*said, "more"), strict=True) for piece in _step(step, text, style)]
    return line((" " * LABEL + what, DIM), *none, *steps, (f"   {UNWRITTEN} not written", DIM))


def _step(sign: str, said: str, style: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (f"   {sign}", style), (f" {said}", DIM)


def _quarters(year: Year) -> Iterator[Text]:
    for quarter in year.quarters:
        yield Text(f"{quarter.period.name[-2:]}   {_said(quarter)}")


def _sum(year: Year) -> Text:
    if not year.whole.logged:
        return line(f"Nothing is written down in {year.period.name}. Begin with ", ("valuelog today", STRONG))
    return line((year.period.name, STRONG), f" {_said(year.whole)}")


def _said(part: PeriodSummary) -> str:
    return f"{balance(part.score)} · {percent(part.score.share)} · {plural(part.logged, 'day')} written"
