"""A year as a heat map: a column per week, a cell per day; every cell is a sign as well as a color."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rich.table import Table
from rich.text import Text

from valuelog.analysis.year import Year, share_step
from valuelog.model.period import SHORT_MONTHS, SHORT_WEEKDAYS
from valuelog.render.style import DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.tables import create_table, fixed_column, number_column
from valuelog.render.words import format_percent

LABEL_WIDTH = 5
MONTH_WIDTH = 4
"""Columns of the name of a month and the space behind it."""

SHADES = "░▒▓█"
WORK_ONLY_SIGN = "·"
NOT_LOGGED_SIGN = "-"
ENTRIES_PER_SHADE = 3


def lines(year: Year, width: int) -> Iterator[Text | Table]:
    """Yield the year in blocks of weeks that fit the width, then the numbers of each quarter and of the year."""
    if not year.whole.logged:
        yield Text.assemble(f"Nothing is logged in {year.period.name}. Start with ", ("valuelog today", STRONG))
        return
    weeks = year.mondays
    wide = 2 if width >= LABEL_WIDTH + 2 * len(weeks) else 1
    fitting = max(1, (width - LABEL_WIDTH) // wide)
    for first in range(0, len(weeks), fitting):
        yield from _week_rows(year, weeks[first : first + fitting], wide)
        yield Text("")
    yield _legend(year)
    yield Text("")
    yield _summaries(year)


def _week_rows(year: Year, weeks: Sequence[date], cell_width: int) -> Iterator[Text]:
    yield Text(" " * LABEL_WIDTH + _month_labels(year, weeks, cell_width), DIM)
    for weekday, name in enumerate(SHORT_WEEKDAYS):
        cells = [_cell(year, monday + timedelta(days=weekday)) for monday in weeks]
        yield Text.assemble((f"{name:<{LABEL_WIDTH}}", DIM), *((sign * cell_width, style) for sign, style in cells))


def _month_labels(year: Year, weeks: Sequence[date], cell_width: int) -> str:
    """Return the row of month names, each above the first week with a day 1, or above the first week."""
    row = ""
    for monday, month in year.named_months(weeks, MONTH_WIDTH // cell_width).items():
        row = row.ljust(weeks.index(monday) * cell_width) + SHORT_MONTHS[month - 1]
    return row


def _cell(year: Year, day: date) -> tuple[str, str]:
    tally = year.days.get(day)
    if day not in year.period or day > year.today:
        return " ", ""
    if not tally:
        return (NOT_LOGGED_SIGN if year.is_missing(day) else " "), DIM
    if year.by_count:
        return SHADES[min(3, (tally.n - 1) // ENTRIES_PER_SHADE)], WORK
    if not tally.value:
        return WORK_ONLY_SIGN, WORK
    return SHADES[share_step(tally)], VALUE


def _legend(year: Year) -> Text:
    """Return the legend of the signs."""
    if year.by_count:
        limits = [f"to {ENTRIES_PER_SHADE * step}" for step in (1, 2, 3)]
        what, style, none = "entries a day", WORK, []
    else:
        limits = ["to 25 %", "to 50 %", "to 75 %"]
        what, style, none = "share", VALUE, [(f"   {WORK_ONLY_SIGN}", WORK), (" none", DIM)]
    steps = [
        piece for step, text in zip(SHADES, (*limits, "more"), strict=True) for piece in _legend_item(step, text, style)
    ]
    return Text.assemble((" " * LABEL_WIDTH + what, DIM), *none, *steps, (f"   {NOT_LOGGED_SIGN} not logged", DIM))


def _legend_item(sign: str, text: str, style: str) -> tuple[tuple[str, str], tuple[str, str]]:
    return (f"   {sign}", style), (f" {text}", DIM)


def _summaries(year: Year) -> Table:
    """Return a table with a row per quarter and one for the year."""
    table = create_table(fixed_column(), *map(number_column, ("value", "work", "share", "days")))
    for summary in (*year.quarters, year.whole):
        score, is_whole = summary.score, summary is year.whole
        name = summary.period.name if is_whole else summary.period.name[-2:]
        table.add_row(
            name,
            *map(str, (score.value, score.work, format_percent(score.share), summary.logged)),
            style=STRONG if is_whole else None,
        )
    return table
