"""The pictures of a Report, each with what its colours mean and its numbers as a table."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from valuelog.analysis.report import Report
from valuelog.analysis.review import Review, split_review
from valuelog.analysis.score import compute_score
from valuelog.analysis.trend import Trend
from valuelog.analysis.year import Year
from valuelog.model.entry import VALUE_KINDS
from valuelog.model.period import format_period
from valuelog.render.html.charts import balance, course, kinds
from valuelog.render.html.heat import LEGEND, heat
from valuelog.render.words import lately, part_name, percent, share_with_interval

VALUE, WORK = ("value", "value"), ("work", "work")


class Table(NamedTuple):
    """Numbers: a caption, the names of the columns, and the rows, each beginning with its name."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]


class Picture(NamedTuple):
    """A picture, its heading, a sentence, its numbers, and the `legend`: classes of the style sheet, and names."""

    name: str
    said: str
    svg: Markup
    legend: tuple[tuple[str, str], ...]
    table: Table


def pictures(report: Report) -> Iterator[Picture]:
    """Draw the balance, the kinds of value, the shares over time, and the days, as far as there are enough entries."""
    if report.review.score.has_enough_entries:
        yield from _sums(report.review)
        yield from _shares(report.trend)
    if report.year.whole.logged:
        name = f"{format_period(report.year.period)}, day by day"
        yield Picture(name, "", heat(report.year), LEGEND, _quarters(report.year))


def _sums(review: Review) -> Iterator[Picture]:
    yield Picture("Value against work", "", balance(review), (VALUE, WORK), _balance(review))
    legend = (("value", "this time"), ("usual", "usual")) if review.usual else (VALUE,)
    yield Picture("Value by kind", "", kinds(review), legend, _kinds(review))


def _shares(trend: Trend) -> Iterator[Picture]:
    if any(one.n for _, one in trend.scores):  # not all of it lies before the weeks that are drawn
        usual = () if trend.comparison.baseline.share is None else (("line", "usual"),)
        colours = (("share", "share of value"), ("band", "95 % interval"), *usual)
        yield Picture("The share over time", f"{lately(trend)}.", course(trend), colours, _course(trend))


def _balance(review: Review) -> Table:
    rows = (
        (part_name(part), tally.work, tally.value, percent(compute_score(tally).share))
        for part, tally in split_review(review)
    )
    return Table("Entries of work and of value", ("", "work", "value", "share"), tuple(rows))


def _kinds(review: Review) -> Table:
    counts = [(str(kind), review.tally[kind]) for kind in VALUE_KINDS]
    if not review.usual:
        return Table("Entries of each kind of value", ("", "now"), tuple(counts))
    usual = [f"{review.usual[kind]:.1f}" for kind in VALUE_KINDS]
    rows = tuple((*count, mean) for count, mean in zip(counts, usual, strict=True))
    return Table("Entries of each kind of value", ("", "now", "usual"), rows)


def _course(trend: Trend) -> Table:
    rows = ((period.name, one.value, one.work, share_with_interval(one)) for period, one in trend.scores)
    return Table("The share over time, in per cent", ("", "value", "work", "share (95 % interval)"), tuple(rows))


def _quarters(year: Year) -> Table:
    rows = (
        (part.period.name, part.score.value, part.score.work, percent(part.score.share), part.logged)
        for part in year.quarters
    )
    return Table("These days by quarter", ("", "value", "work", "share", "days written"), tuple(rows))
