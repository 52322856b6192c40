"""Charts as SVG: pygal lays them out, the page's style sheet colors them. None of pygal's scripts and styles stays."""

import re
import sys
from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

import pygal
from markupsafe import Markup

from valuelog.analysis.review import Review, split_review
from valuelog.analysis.score import Score
from valuelog.analysis.trend import Trend
from valuelog.model.entry import VALUE_KINDS
from valuelog.model.period import Period, Unit, format_weekday
from valuelog.render.words import format_percent, format_short_period

# pygal leaves a finder of its plugins behind, which Python no longer understands and would warn of at each import.
sys.meta_path[:] = [finder for finder in sys.meta_path if hasattr(finder, "find_spec")]

WIDTH, HEIGHT = 340, 200
"""The units of a picture: few enough for letters to stay readable on a phone."""

SINGLE_BAND_HALF_WIDTH = 0.3
"""How far the band of a Period reaches to both sides where it has no neighbour."""

MAX_LABELS = 6

MAX_TICKS = 4
"""At most so many steps divide an axis of counts."""

MAX_BARS_WITH_NUMBERS = 13
"""Beyond so many bars there is no room for numbers on them."""

NUMBERED_BAR_DIVISOR = 14
"""A number stands on bars of at least the highest one divided by this."""

ALLOWED_ATTRIBUTES = {
    "svg": ("viewBox",),
    "g": ("class", "transform"),
    "path": ("class", "d"),
    "rect": ("x", "y", "width", "height"),
    "circle": ("cx", "cy", "r"),
    "text": ("x", "y", "class"),
}
"""What stays of what pygal draws, and which of its attributes."""

UNUSED_CLASSES = {"background", "tooltip-overlay", "tooltip"}

CHART_OPTIONS = {
    "js": (),
    "css": (),
    "width": WIDTH,
    "height": HEIGHT,
    "show_legend": False,
    "margin": 6,
    "margin_bottom": 16,
    "max_scale": 5,
    "print_zeroes": False,
    "truncate_label": -1,
}


def draw_balance(review: Review) -> Markup:
    """Draw what the parts of a Period add up to: value at the foot, work on it."""
    shown = split_review(review)
    several = shown[0][0].start.year != shown[-1][0].end.year
    chart = pygal.StackedBar(**CHART_OPTIONS, print_values=len(shown) <= MAX_BARS_WITH_NUMBERS, spacing=8)
    chart.x_labels = _thin_out([_part_label(part, several_years=several) for part, _ in shown])
    most = max(tally.n for _, tally in shown)
    chart.y_labels = range(0, most + 1, -(-most // MAX_TICKS))
    chart.value_formatter = _number_formatter(most)
    chart.add("value", [tally.value for _, tally in shown])
    chart.add("work", [tally.work for _, tally in shown])
    return _render_chart(chart, "Entries of value, and those of work on top of them. The numbers stand below.")


def _part_label(part: Period, *, several_years: bool) -> str:
    """Name a part in a few letters, with its year where others are of another one."""
    if part.unit is Unit.DAY:
        return format_weekday(part.start)
    return (
        f"{format_short_period(part)} {part.start.year}"
        if several_years and part.unit is Unit.MONTH
        else format_short_period(part)
    )


def draw_kinds(review: Review) -> Markup:
    """Draw how many entries of each kind of value there are, and what is usual where that is known."""
    chart = pygal.HorizontalBar(**CHART_OPTIONS, print_values=True, show_x_labels=False, spacing=14)
    chart.x_labels = [str(kind) for kind in reversed(VALUE_KINDS)]
    now = [review.tally[kind] for kind in reversed(VALUE_KINDS)]
    usual = [round(review.usual[kind], 1) for kind in reversed(VALUE_KINDS)] if review.usual else []
    chart.value_formatter = _number_formatter(max(*now, *usual))
    if usual:
        chart.add("usual", usual)
    chart.add("value", now)
    return _render_chart(
        chart, "How many entries of each kind of value, and how many are usual. The numbers stand below."
    )


def draw_trend(trend: Trend) -> Markup:
    """Draw the shares over time with the 95 % interval of each as a band, and what is usual as a line."""
    scores = trend.scores[next((place for place, (_, score) in enumerate(trend.scores) if score.n), 0) :]
    spots = [
        (float(place), *_interval_or_full_range(score), score.share)
        for place, (_, score) in enumerate(scores)
        if score.n
    ]
    top = min(1.0, max((high for _, _, high, _ in spots), default=1.0) + 0.05)
    chart = pygal.XY(**CHART_OPTIONS, range=(0, top), xrange=(-0.5, len(scores) - 0.5), dots_size=2.5)
    chart.y_labels = [quarter / 4 for quarter in range(5) if quarter / 4 <= top]
    chart.value_formatter = format_percent
    names = _thin_out([format_short_period(period) for period, _ in scores])
    chart.x_labels = [{"value": place, "label": name} for place, name in enumerate(names) if name]
    runs = [[spot for _, spot in run] for _, run in groupby(enumerate(spots), lambda one: one[0] - one[1][0])]
    for run in runs:
        chart.add("band", _band_outline(run), fill=True, show_dots=False)
    if trend.comparison.baseline.share is not None:
        chart.add("usual", [(x, trend.comparison.baseline.share) for x in (-0.5, len(scores) - 0.5)], show_dots=False)
    for run in runs:
        chart.add("share", [(x, share) for x, _, _, share in run])
    return _render_chart(
        chart, "The share of value over time, with its 95 % interval as a band. The numbers stand below."
    )


def _interval_or_full_range(score: Score) -> tuple[float, float]:
    return score.interval or (0.0, 1.0)


def _band_outline(run: Sequence[tuple[float, float, float, float | None]]) -> list[tuple[float, float]]:
    """Return the outline of a band: forth along the upper edges, back along the lower ones."""
    if len(run) == 1:
        ((x, low, high, _),) = run
        return [
            (x - SINGLE_BAND_HALF_WIDTH, low),
            (x - SINGLE_BAND_HALF_WIDTH, high),
            (x + SINGLE_BAND_HALF_WIDTH, high),
            (x + SINGLE_BAND_HALF_WIDTH, low),
            (x - SINGLE_BAND_HALF_WIDTH, low),
        ]
    upper = [(x, high) for x, _, high, _ in run]
    lower = [(x, low) for x, low, _, _ in reversed(run)]
    return [*upper, *lower, upper[0]]


def _thin_out(labels: Sequence[str]) -> list[str]:
    """Leave every second name out, or more, so that each has room; the last one stays."""
    step = -(-len(labels) // MAX_LABELS)
    return [name if (len(labels) - 1 - place) % step == 0 else "" for place, name in enumerate(labels)]


def _number_formatter(maximum: float) -> Callable[[float], str]:
    """Write numbers, and nothing where the bar is too short for a number to stand on it."""
    return lambda number: f"{number:g}" if number * NUMBERED_BAR_DIVISOR >= maximum else ""


# From what pygal draws to what a page needs


def _render_chart(chart: Any, aria_label: str) -> Markup:  # noqa: ANN401  pygal has no types
    names = [about["title"] for _, about in chart.raw_series]
    return Markup("").join(_render_element(chart.render_tree(), names, aria_label))


def _render_element(node: Any, series_names: Sequence[str], aria_label: str = "") -> Iterator[Markup]:  # noqa: ANN401
    """Write an element with what is kept of it; groups without anything in them go. Series get their names as class."""
    within = Markup("").join(
        piece for child in node if _is_allowed(child) for piece in _render_element(child, series_names)
    )
    text = Markup.escape(node.text or "") if node.tag == "text" else Markup("")
    if node.tag in {"g", "text"} and not (within or text):
        return
    kept = [
        (name, _format_attribute(node.attrib[name], series_names))
        for name in ALLOWED_ATTRIBUTES[node.tag]
        if node.attrib.get(name)
    ]
    if aria_label:
        kept += [("role", "img"), ("aria-label", aria_label)]
    attributes = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in kept)
    yield Markup("<{0}{1}>{2}{3}</{0}>").format(node.tag, attributes, text, within)


def _is_allowed(node: Any) -> bool:  # noqa: ANN401
    """Tell whether an element is needed; comments have no name, and bars of nothing no height."""
    return node.tag in ALLOWED_ATTRIBUTES and UNUSED_CLASSES.isdisjoint(node.attrib.get("class", "").split())


def _format_attribute(value: str, series_names: Sequence[str]) -> str:
    """Write an attribute with numbers of one decimal, and with the name of a series instead of its place."""
    named = re.sub(r"\bserie-(\d+) color-\d+", lambda found: series_names[int(found[1])], value)
    return re.sub(r"\d+\.\d+", lambda found: f"{float(found.group()):.1f}".removesuffix(".0"), named)
