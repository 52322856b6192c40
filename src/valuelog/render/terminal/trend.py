"""Shares over time: a row of sparks, or a table with bars, and the verdict."""

from collections.abc import Iterator, Sequence
from itertools import dropwhile

from rich.table import Table
from rich.text import Text

from valuelog.analysis.score import MIN_ENTRIES, Score
from valuelog.analysis.trend import MIN_BASELINE_ENTRIES, MIN_BASELINE_PERIODS, Trend, Verdict
from valuelog.model.period import Period
from valuelog.model.text import spell_out
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import BAR, spark_character, wrap_figures
from valuelog.render.terminal.tables import cell, create_table, fixed_column, number_column
from valuelog.render.words import (
    format_count,
    format_latest_verdict,
    format_percent,
    format_short_period,
)

LABEL_WIDTH = 10
CELL_WIDTH = 7
"""Columns of one period where several are side by side."""

NUMBERS_WIDTH = 30
"""Columns of the table without the bars."""

MIN_WIDTH_FOR_COUNTS = 28
"""Width at which the table has room for the counts; below, it shows the shares only."""

MIN_BAR_WIDTH = 4
"""Shorter bars show nothing that the number does not say."""

MIN_SCALE = 0.2
"""The longest bar is the largest share, or this one if all are smaller: 2 % is never a bar across the screen."""

HALF_BAR = "▌"


def render_strip(scores: Sequence[tuple[Period, Score]], width: int) -> Iterator[Text]:
    """Yield periods side by side, with name, share and spark: as many of the latest as fit."""
    shown = scores[-max(1, (width - LABEL_WIDTH - 2) // CELL_WIDTH) :]
    yield Text.assemble(
        (" " * LABEL_WIDTH + "".join(f"{format_short_period(period):<{CELL_WIDTH}}" for period, _ in shown), DIM)
    )
    numbers = "".join(f"{_format_share(score):<{CELL_WIDTH}}" for _, score in shown)
    yield Text.assemble((f"{'share':<{LABEL_WIDTH}}", DIM), f"{numbers.rstrip()} %")
    yield Text.assemble(
        " " * LABEL_WIDTH, ("".join(f"{spark_character(score.share):<{CELL_WIDTH}}" for _, score in shown), VALUE)
    )


def _format_share(score: Score) -> str:
    return "–" if score.share is None else f"{100 * score.share:.0f}"


def lines(trend: Trend, width: int) -> Iterator[Text | Table]:
    """Yield one row per period from the first one with entries, then the verdict on the last four."""
    scores = list(dropwhile(lambda each: not each[1].n, trend.scores))
    if not scores:
        yield Text("Nothing is logged yet: a trend needs a few weeks of evenings.")
        yield Text.assemble(("Start with  ", DIM), ("valuelog today", STRONG))
        return
    yield _table(scores, width)
    yield Text("")
    yield from wrap_figures(_verdict(trend), width)


def _table(scores: Sequence[tuple[Period, Score]], width: int) -> Table:
    counts = ("value", "work") if width >= MIN_WIDTH_FOR_COUNTS else ()
    bar_width = width - NUMBERS_WIDTH
    bars = [fixed_column()] if bar_width >= MIN_BAR_WIDTH else []
    scale = bar_width / max(MIN_SCALE, *(score.share or 0 for _, score in scores))
    numbers = map(number_column, (*counts, "share"))
    table = create_table(fixed_column(str(scores[0][0].unit)), *numbers, *bars)
    for period, score in scores:
        row = [cell(period.name, "" if score.n else DIM)]
        if counts:
            row += [_count_cell(score, score.value, VALUE), _count_cell(score, score.work, WORK)]
        row.append(cell(format_percent(score.share), "" if score.n else DIM))
        table.add_row(*row, *(_bar(score.share, scale) for _ in bars))
    return table


def _count_cell(score: Score, count: int, style: str) -> Text:
    return Text(str(count), style) if score.n else Text("–", DIM)


def _bar(share: float | None, scale: float) -> Text:
    """Return a bar of `scale` columns per 100 %, to half a column."""
    halves = round(2 * scale * (share or 0))
    return Text(BAR * (halves // 2) + HALF_BAR * (halves % 2), VALUE)


def _verdict(trend: Trend) -> Text:
    """Return the verdict in words, or what it still needs."""
    comparison, unit = trend.comparison, str(trend.scores[-1][0].unit)
    if comparison.difference is None:
        return Text.assemble(("No verdict yet", STRONG), f": {_missing_data(trend, unit)}.")
    styles = {Verdict.RISING: f"{STRONG} {VALUE}", Verdict.FALLING: ATTENTION}
    style = STRONG if comparison.doubts else styles.get(comparison.verdict, STRONG)
    low, high = (round(100 * edge) for edge in comparison.difference)
    before = format_count(comparison.baseline.periods, unit)
    return Text.assemble(
        (f"{format_latest_verdict(trend)}.", style),
        f" The share is {_format_difference(low, high)} than in the {before} before, with 95 % confidence.",
    )


def _format_difference(low: int, high: int) -> str:
    """Return an interval in points of share: between 7 points lower and 20 points higher."""
    if low >= 0:
        return f"between {low} and {high} points higher"
    if high <= 0:
        return f"between {-high} and {-low} points lower"
    return f"between {format_count(-low, 'point')} lower and {format_count(high, 'point')} higher"


def _missing_data(trend: Trend, unit: str) -> str:
    """Return what a verdict still needs: more periods, or more entries in them."""
    latest, entries = f"last four {unit}s" if unit == "week" else f"latest {unit}", trend.comparison.baseline.n
    if number := trend.missing.number:
        more = f"{spell_out(number)} more {unit if number == 1 else f'{unit}s'} with entries"
        counting = f", counting this {unit}" if trend.missing.is_current_included else ""
        return f"{more}{counting}, and the {latest} can be compared with the {spell_out(MIN_BASELINE_PERIODS)} before"
    if not trend.comparison.baseline.is_reliable:
        logged = format_count(entries, "entry", "entries")
        return f"the {unit}s before the {latest} have {logged}; it needs {MIN_BASELINE_ENTRIES}"
    return f"it needs {spell_out(MIN_ENTRIES)} entries in the {latest}"
