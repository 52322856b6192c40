"""The bar charts and the line chart of a report, as SVG."""

from collections.abc import Iterator, Sequence
from itertools import count, groupby
from math import ceil
from typing import NamedTuple

from markupsafe import Markup

from valuelog.analysis.review import Review, split_review
from valuelog.analysis.trend import Trend
from valuelog.model.entry import VALUE_KINDS, Kind
from valuelog.model.period import Period, Unit, format_weekday
from valuelog.model.tally import Tally
from valuelog.render.html.svg import draw_image, draw_line, element
from valuelog.render.words import format_short_period

WIDTH, HEIGHT = 340, 190
"""The size of a chart in SVG units: small, so that text stays readable when a phone scales it."""

LEFT, RIGHT, TOP, BOTTOM = 40, 332, 8, 168
"""Where the axes are; outside is room for their labels."""

LABEL_GAP, LINE_HEIGHT, BASELINE_OFFSET = 5, 14, 4
"""Units next to a label, of a line of text, and from the middle of a line down to its baseline."""

MAX_INTERVALS, MAX_LABELS = 5, 7
"""At most this many steps on the left axis, and labels below a chart."""

COLUMN_FRACTION = 0.88
"""The part of a column that its bar fills."""

MAX_NUMBERED_BARS, MIN_NUMBERED_HEIGHT = 13, 12
"""More bars are too narrow for numbers, and lower segments are too low."""

KINDS_LEFT, KINDS_RIGHT, BAR_HEIGHT = 90, 300, 21
"""The axis of the kinds, the end of the longest bar, and the height of a bar with the gap below."""

SINGLE_BAND_FRACTION = 0.6
"""The part of a column that the band fills between two gaps."""

BALANCE_LABEL = "A bar for each part of the period: value at the bottom, work on top. The numbers are below."
KINDS_LABEL = "A bar for each kind of value: how many entries, and how many are usual. The numbers are below."
TREND_LABEL = "A line for the share of value over time, in a band for its 95 % interval. The numbers are below."


class Plot(NamedTuple):
    """The area between the axes: a column for each period, and the ticks from bottom to top."""

    periods: Sequence[Period]
    ticks: range

    @property
    def spans_years(self) -> bool:
        """Whether the periods are of several years."""
        return _year(self.periods[0]) != _year(self.periods[-1])

    @property
    def column_width(self) -> float:
        """The width of a column."""
        return (RIGHT - LEFT) / len(self.periods)

    def x(self, column: float) -> float:
        """Return the middle of a column."""
        return LEFT + (column + 0.5) * self.column_width

    def y(self, value: float) -> float:
        """Return the height of a value."""
        return BOTTOM - (BOTTOM - TOP) * value / self.ticks[-1]


def draw_balance(review: Review) -> Markup:
    """Draw a stacked bar for each part of a period: value at the bottom, work on top."""
    parts = split_review(review)
    plot = Plot([period for period, _ in parts], round_ticks(max(tally.n for _, tally in parts)))
    bars = (piece for column, (_, tally) in enumerate(parts) for piece in _draw_stack(plot, column, tally))
    return _draw_chart(plot, BALANCE_LABEL, *bars)


def _draw_stack(plot: Plot, column: int, tally: Tally) -> Iterator[Markup]:
    width = COLUMN_FRACTION * plot.column_width
    for name, start, end in (("value", 0, tally.value), ("work", tally.value, tally.n)):
        top, height = plot.y(end), plot.y(start) - plot.y(end)
        if height:
            yield element("rect", x=plot.x(column) - width / 2, y=top, width=width, height=height, class_=name)
        if height >= MIN_NUMBERED_HEIGHT and len(plot.periods) <= MAX_NUMBERED_BARS:
            y = top + height / 2 + BASELINE_OFFSET
            yield element("text", str(end - start), x=plot.x(column), y=y, class_=f"inside {name}")


def draw_kinds(review: Review) -> Markup:
    """Draw a bar for each kind of value, and one below it for the usual number if that is known."""
    rows = [(kind, [("value", float(review.tally[kind]))]) for kind in VALUE_KINDS]
    for kind, bars in rows if review.usual else ():
        bars.append(("usual", round(review.usual[kind], 1)))
    scale = (KINDS_RIGHT - KINDS_LEFT) / max(1, *(number for _, bars in rows for _, number in bars))
    pieces = (
        piece
        for place, (kind, bars) in enumerate(rows)
        for piece in _draw_row(HEIGHT * (place + 0.5) / len(rows), kind, bars, scale)
    )
    return draw_image(WIDTH, HEIGHT, KINDS_LABEL, *pieces)


def _draw_row(middle: float, kind: Kind, bars: Sequence[tuple[str, float]], scale: float) -> Iterator[Markup]:
    """Yield the name of a kind and its bars, each with its number at the end."""
    yield element("text", str(kind), x=KINDS_LEFT - LABEL_GAP, y=middle + BASELINE_OFFSET, class_="left")
    for place, (name, number) in enumerate(bars):
        top, width = middle + BAR_HEIGHT * (place - len(bars) / 2), scale * number
        yield element("rect", x=KINDS_LEFT, y=top, width=width, height=BAR_HEIGHT - 1, class_=name)
        x, y = KINDS_LEFT + width + LABEL_GAP, top + BAR_HEIGHT / 2 + BASELINE_OFFSET
        yield element("text", f"{number:g}", x=x, y=y, class_=f"number {name}")


class Point(NamedTuple):
    """The share of a period and its interval, in percent."""

    column: int
    share: float
    low: float
    high: float


def draw_trend(trend: Trend) -> Markup:
    """Draw the shares as a line, their 95 % intervals as a band, and the usual share as a dashed line."""
    first = next((place for place, (_, score) in enumerate(trend.scores) if score.n), 0)
    points, usual = list(_list_points(trend, first)), 100 * (trend.comparison.baseline.share or 0)
    ticks = round_ticks(max(usual, *(point.high for point in points)))
    plot = Plot([period for period, _ in trend.scores[first:]], ticks)
    runs = [[point for _, point in run] for _, run in groupby(enumerate(points), lambda pair: pair[0] - pair[1].column)]
    pieces = [draw_line("band", _band_outline(plot, run), "z") for run in runs]
    if trend.comparison.baseline.share is not None:
        pieces.append(draw_line("usual", [(LEFT, plot.y(usual)), (RIGHT, plot.y(usual))]))
    pieces += [draw_line("share", [(plot.x(point.column), plot.y(point.share)) for point in run]) for run in runs]
    pieces += [element("circle", cx=plot.x(point.column), cy=plot.y(point.share), r=2.5) for point in points]
    return _draw_chart(plot, TREND_LABEL, *pieces, unit=" %")


def _list_points(trend: Trend, first: int) -> Iterator[Point]:
    """Yield a point for each period with entries; the others are gaps."""
    for column, (_, score) in enumerate(trend.scores[first:]):
        if score.share is not None and score.interval:
            low, high = score.interval
            yield Point(column, 100 * score.share, 100 * low, 100 * high)


def _band_outline(plot: Plot, run: Sequence[Point]) -> list[tuple[float, float]]:
    """Return the outline of a band: the upper edge forward, then the lower edge back."""
    shifts = (0,) if len(run) > 1 else (-SINGLE_BAND_FRACTION / 2, SINGLE_BAND_FRACTION / 2)
    edge = [(plot.x(point.column + shift), point) for point in run for shift in shifts]
    upper = [(x, plot.y(point.high)) for x, point in edge]
    lower = [(x, plot.y(point.low)) for x, point in reversed(edge)]
    return upper + lower


def round_ticks(maximum: float) -> range:
    """Return ticks from 0 to the maximum or just above, in steps of 1, 2 or 5 times a power of ten.

    Heckbert (1990), Nice Numbers for Graph Labels, in Graphics Gems.
    """
    steps = (factor * 10**power for power in count() for factor in (1, 2, 5))
    step = next(step for step in steps if step * MAX_INTERVALS >= maximum)
    return range(0, step * max(1, ceil(maximum / step)) + 1, step)


def _draw_chart(plot: Plot, label: str, *pieces: Markup, unit: str = "") -> Markup:
    """Draw the axes, and in front of their grid what is between them."""
    height = HEIGHT + LINE_HEIGHT if plot.spans_years else HEIGHT
    ticks = (piece for tick in plot.ticks for piece in _draw_tick(plot.y(tick), f"{tick}{unit}"))
    return draw_image(WIDTH, height, label, *ticks, *_draw_period_labels(plot), *pieces)


def _draw_tick(y: float, label: str) -> Iterator[Markup]:
    yield draw_line("grid", [(LEFT, y), (RIGHT, y)])
    yield element("text", label, x=LEFT - LABEL_GAP, y=y + BASELINE_OFFSET, class_="left")


def _draw_period_labels(plot: Plot) -> Iterator[Markup]:
    """Yield a label for every column, or every second, third …, up to the last; below it, its year if that is new."""
    columns, year = len(plot.periods), ""
    step = ceil(columns / MAX_LABELS)
    for column in range((columns - 1) % step, columns, step):
        period, x, y = plot.periods[column], plot.x(column), BOTTOM + LINE_HEIGHT
        name = format_weekday(period.start) if period.unit is Unit.DAY else format_short_period(period)
        yield element("text", name, x=x, y=y, class_="below")
        if plot.spans_years and year != (year := _year(period)):
            yield element("text", year, x=x, y=y + LINE_HEIGHT, class_="below")


def _year(period: Period) -> str:
    """Return the year that the name of a period starts with; of a week, the ISO year."""
    return period.name[:4]
