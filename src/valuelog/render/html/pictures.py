"""The pictures of a Report, each with what its colours mean and its numbers as a table."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from valuelog.analysis.report import Report
from valuelog.analysis.review import Review, parts
from valuelog.analysis.score import score
from valuelog.analysis.trend import Trend
from valuelog.analysis.year import Year
from valuelog.model.entry import VALUE_KINDS
from valuelog.model.period import Period, Unit, short
from valuelog.render.html.charts import balance, course, kinds
from valuelog.render.words import percent, share_with_interval, verdict

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
    """Draw the balance, the kinds of value, and the shares over time."""
    review, trend = report.review, report.course
    yield Picture("Value against work", "", balance(review), (VALUE, WORK), _balance(review))
    legend = (("value", "this time"), ("usual", "usual")) if review.usual else (VALUE,)
    yield Picture("Value by kind", "", kinds(review), legend, _kinds(review))
    if not any(one.n for _, one in trend.scores):
        return  # all of it lies before the weeks that are drawn
    said = f"The last four {trend.scores[-1][0].unit}s: {verdict(trend.comparison)}."
    colours = (("share", "share of value"), ("band", "95 % interval"), ("line", "usual"))
    yield Picture("The share over time", said, course(trend), colours, _course(trend))


def _balance(review: Review) -> Table:
    rows = ((_name(part), tally.value, tally.work, percent(score(tally).share)) for part, tally in parts(review))
    return Table("Entries of value and of work", ("", "value", "work", "share"), tuple(rows))


def _name(part: Period) -> str:
    return short(part.start) if part.unit is Unit.DAY else part.name


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


def quarters(year: Year) -> Table:
    """Return what stands below the days of a year."""
    rows = (
        (part.period.name, part.score.value, part.score.work, percent(part.score.share), part.written)
        for part in year.quarters
    )
    return Table("These days by quarter", ("", "value", "work", "share", "days written"), tuple(rows))
