"""The charts of a report, each with a legend and its numbers as a table."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from valuelog.analysis.review import Report, Review, split_review
from valuelog.analysis.score import compute_score
from valuelog.analysis.trend import Trend
from valuelog.analysis.year import Year
from valuelog.model.entry import VALUE_KINDS
from valuelog.model.period import format_period
from valuelog.render.html.charts import draw_balance, draw_kinds, draw_trend
from valuelog.render.html.heat import LEGEND, draw_heat_map
from valuelog.render.words import format_latest_verdict, format_part, format_percent, format_share_with_interval

VALUE_LEGEND, WORK_LEGEND = ("value", "value"), ("work", "work")


class Table(NamedTuple):
    """A table of numbers; the first cell of a row is its name."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


class Picture(NamedTuple):
    """A chart with heading, description and numbers; `legend` has pairs of a CSS class and a name."""

    name: str
    description: str
    svg: Markup
    legend: tuple[tuple[str, str], ...]
    table: Table


def draw_pictures(report: Report) -> Iterator[Picture]:
    """Yield the charts for which there are enough entries."""
    if report.review.score.has_enough_entries:
        yield from _draw_counts(report.review)
        yield from _draw_share(report.trend)
    if report.year.whole.logged:
        name = f"{format_period(report.year.period)}, day by day"
        yield Picture(name, "", draw_heat_map(report.year), LEGEND, _quarter_table(report.year))


def _draw_counts(review: Review) -> Iterator[Picture]:
    yield Picture("Value and work", "", draw_balance(review), (VALUE_LEGEND, WORK_LEGEND), _balance_table(review))
    legend = (("value", "this period"), ("usual", "usual")) if review.usual else (VALUE_LEGEND,)
    empty = "" if review.score.value else "No value is logged in this period yet."
    yield Picture("Value by kind", empty, draw_kinds(review), legend, _kinds_table(review))


def _draw_share(trend: Trend) -> Iterator[Picture]:
    if any(score.n for _, score in trend.scores):  # all entries may be older
        usual = () if trend.comparison.baseline.share is None else (("line", "usual"),)
        colors = (("share", "share of value"), ("band", "95 % interval"), *usual)
        yield Picture(
            "Share over time",
            f"{format_latest_verdict(trend)}.",
            draw_trend(trend),
            colors,
            _trend_table(trend),
        )


def _balance_table(review: Review) -> Table:
    rows = (
        (format_part(part), tally.work, tally.value, format_percent(compute_score(tally).share))
        for part, tally in split_review(review)
    )
    return Table("Work and value entries", ("", "work", "value", "share"), tuple(rows))


def _kinds_table(review: Review) -> Table:
    counts = [(str(kind), review.tally[kind]) for kind in VALUE_KINDS]
    if not review.usual:
        return Table("Value entries by kind", ("", "now"), tuple(counts))
    usual = [f"{review.usual[kind]:.1f}" for kind in VALUE_KINDS]
    rows = tuple((*count, mean) for count, mean in zip(counts, usual, strict=True))
    return Table("Value entries by kind", ("", "now", "usual"), rows)


def _trend_table(trend: Trend) -> Table:
    rows = ((period.name, score.value, score.work, format_share_with_interval(score)) for period, score in trend.scores)
    return Table("Share of value over time, in percent", ("", "value", "work", "share (95 % interval)"), tuple(rows))


def _quarter_table(year: Year) -> Table:
    rows = (
        (part.period.name, part.score.value, part.score.work, format_percent(part.score.share), part.logged)
        for part in year.quarters
    )
    return Table("By quarter", ("", "value", "work", "share", "days logged"), tuple(rows))
