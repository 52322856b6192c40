"""The heat map of a report as SVG: a column per week, a cell per day, darker the larger the share of value."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from math import ceil

from markupsafe import Markup

from valuelog.analysis.year import Year, share_step
from valuelog.model.period import SHORT_MONTHS, SHORT_WEEKDAYS, format_day
from valuelog.model.tally import Tally
from valuelog.render.html.charts import WIDTH as CHART_WIDTH
from valuelog.render.html.svg import draw_image, element

CELL_STEP, TOP_MARGIN, LEFT_MARGIN = 12, 14, 26
"""SVG units between cells (the style sheet makes a cell 10 wide), above the first one and left of it."""

BASELINE_OFFSET = 9
"""Units from the top of a cell to the baseline of its label."""

MONTH_COLUMNS = 3
"""Columns that the name of a month takes."""

RIGHT_MARGIN = 12
"""Units for the name of a month that starts in the last week."""

MAX_WEEKS_PER_MAP, MIN_WEEKS_PER_MAP = 27, 13
"""Columns of one map, so that its cells are neither tiny nor huge in its card; a year is two maps, one above the other.
Columns that are left are of weeks to come."""

FONT_SIZE = 11
"""SVG units of the labels of a chart that is CHART_WIDTH wide; all are as wide on the page."""

LEGEND = (
    ("none", "not logged"), ("work", "no value"),
    ("v0", "to 25 %"), ("v1", "to 50 %"), ("v2", "to 75 %"), ("v3", "more"),
)  # fmt: skip

ARIA_LABEL = "One cell per day: the larger the share of value, the darker. The numbers of each quarter are below."


def draw_heat_map(year: Year) -> Markup:
    """Return the maps of a year, all as wide as their card: as many weeks in each, from the first one on."""
    weeks = year.mondays
    maps = ceil(len(weeks) / MAX_WEEKS_PER_MAP)
    columns = max(MIN_WEEKS_PER_MAP, ceil(len(weeks) / maps))
    shown = [weeks[0] + timedelta(weeks=number) for number in range(maps * columns)]
    return Markup("\n").join(_draw_map(year, shown[first : first + columns]) for first in range(0, len(shown), columns))


def _draw_map(year: Year, mondays: Sequence[date]) -> Markup:
    width = _width(mondays)
    height = TOP_MARGIN + CELL_STEP * 7
    cells = (cell for week, monday in enumerate(mondays) for cell in _draw_week(year, monday, _x(week)))
    return draw_image(width, height, ARIA_LABEL, *_draw_labels(year, mondays), *cells, class_="heat")


def _draw_labels(year: Year, mondays: Sequence[date]) -> Iterator[Markup]:
    """Yield the labels of Monday, Wednesday and Friday, and of each month above its first week."""
    size = FONT_SIZE * _width(mondays) / CHART_WIDTH
    for weekday in (0, 2, 4):
        yield element("text", SHORT_WEEKDAYS[weekday], x=0, y=_y(weekday) + BASELINE_OFFSET, font_size=size)
    for monday, month in year.named_months(mondays, MONTH_COLUMNS).items():
        yield element("text", SHORT_MONTHS[month - 1], x=_x(mondays.index(monday)), y=BASELINE_OFFSET, font_size=size)


def _draw_week(year: Year, monday: date, x: int) -> Iterator[Markup]:
    for weekday in range(7):
        day = monday + timedelta(days=weekday)
        tally = year.days.get(day, Tally())
        if day in year.period and day <= year.today and (tally.n or year.is_missing(day)):
            title = element("title", f"{format_day(day)}: {_cell_title(tally)}")
            yield element("rect", title, x=x, y=_y(weekday), class_=_cell_class(tally))
        elif day > year.today and day.weekday() in year.workdays.weekdays:
            yield element("rect", x=x, y=_y(weekday), class_="later")


def _width(mondays: Sequence[date]) -> int:
    return LEFT_MARGIN + CELL_STEP * len(mondays) + RIGHT_MARGIN


def _x(week: int) -> int:
    return LEFT_MARGIN + CELL_STEP * week


def _y(weekday: int) -> int:
    return TOP_MARGIN + CELL_STEP * weekday


def _cell_class(tally: Tally) -> str:
    """Return the CSS class of a day."""
    return (f"v{share_step(tally)}" if tally.value else "work") if tally.n else "none"


def _cell_title(tally: Tally) -> str:
    return f"{tally.value} of {tally.n}" if tally.n else "not logged"
