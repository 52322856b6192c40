"""Shares over time: a row of sparks, or a chart with its numbers, and the verdict."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from valuelog.analysis.score import MIN_ENTRIES, Score
from valuelog.analysis.trend import MIN_BASELINE_ENTRIES, MIN_BASELINE_PERIODS, Trend, Verdict
from valuelog.model.period import Period
from valuelog.render.style import DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import BAR, join_line, pad_column, spark_character, wrap_figures
from valuelog.render.words import format_count, format_latest_verdict, format_percent, format_short_period

LABEL_WIDTH = 10
CELL_WIDTH = 7
"""The columns that one Period takes where several stand side by side."""

NUMBERS_WIDTH = 24
"""The columns that the counts and the share of a Period take, with what parts them from its bar."""

MIN_SCALE_WIDTH = 9
"""So many columns of a bar have room for a scale above them."""

MIN_BAR_WIDTH = 4
"""A bar with fewer columns shows nothing that its share does not say."""

MIN_ROOM_FOR_COUNTS = -4
"""Where even more columns are missing, the counts are left out."""


def render_strip(scores: Sequence[tuple[Period, Score]], width: int) -> Iterator[Text]:
    """Show Periods side by side: name, share, spark; as many of the latest as fit."""
    shown = scores[-max(1, (width - LABEL_WIDTH - 2) // CELL_WIDTH) :]
    yield join_line(
        (" " * LABEL_WIDTH + "".join(f"{format_short_period(period):<{CELL_WIDTH}}" for period, _ in shown), DIM)
    )
    numbers = "".join(f"{_format_share(score):<{CELL_WIDTH}}" for _, score in shown)
    yield join_line((pad_column("share", LABEL_WIDTH), DIM), f"{numbers.rstrip()} %")
    yield join_line(
        " " * LABEL_WIDTH, ("".join(f"{spark_character(score.share):<{CELL_WIDTH}}" for _, score in shown), VALUE)
    )


def _format_share(score: Score) -> str:
    return "–" if score.share is None else f"{100 * score.share:.0f}"


def lines(trend: Trend, width: int) -> Iterator[Text]:
    """Show a bar a Period with its counts, and what the last four say against those before."""
    if not any(score.n for _, score in trend.scores):
        yield Text("Nothing is written down yet: a trend needs a few weeks of evenings.")
        yield join_line(("Begin with  ", DIM), ("valuelog today", STRONG))
        return
    room = width - LABEL_WIDTH - NUMBERS_WIDTH
    scale = f"   0 %{'100 %':>{room - 3}}" if room >= MIN_SCALE_WIDTH else ""
    counts = f"{'value':>6}{'work':>6}" if room >= MIN_ROOM_FOR_COUNTS else ""
    yield join_line((f"{'':<{LABEL_WIDTH}}{counts}{'share':>8}{scale}", DIM))
    for period, score in trend.scores:
        yield join_line((pad_column(period.name, LABEL_WIDTH), "" if score.n else DIM), *_cells(score, room))
    yield Text("")
    for said in _explanation(trend):
        yield from wrap_figures(said, width)


def _cells(score: Score, room: int) -> Iterator[str | tuple[str, str]]:
    empty = score.share is None
    if room >= MIN_ROOM_FOR_COUNTS:
        yield f"{'–' if empty else score.value:>6}", DIM if empty else VALUE
        yield f"{'–' if empty else score.work:>6}", DIM if empty else WORK
    yield f"{format_percent(score.share):>8}", DIM if empty else ""
    if score.share is not None and room >= MIN_BAR_WIDTH:
        yield from _bar(score.share, room)


def _bar(share: float, room: int) -> Iterator[str | tuple[str, str]]:
    value = round(share * room)
    yield "   "
    yield BAR * value, VALUE
    yield "·" * (room - value), DIM


def _explanation(trend: Trend) -> Iterator[Text]:
    comparison = trend.comparison
    if comparison.difference is None:
        yield Text(_missing_data(trend), DIM)
        yield Text(format_latest_verdict(trend), STRONG)
        return
    low, high = (round(100 * edge) for edge in comparison.difference)
    periods = format_count(comparison.baseline.periods, str(trend.scores[-1][0].unit))
    before = f"{periods} before, {comparison.baseline.n} entries"
    yield Text(f"against {before}: a difference of {low:+} to {high:+} points, at 95 %", DIM)
    style = f"{STRONG} {VALUE}" if comparison.verdict is Verdict.RISING else STRONG
    yield Text(format_latest_verdict(trend), style)


def _missing_data(trend: Trend) -> str:
    """Say what a verdict still needs."""
    if not trend.comparison.baseline.is_reliable:
        return (
            f"A verdict needs {MIN_BASELINE_PERIODS} periods with {MIN_BASELINE_ENTRIES} entries before the last four."
        )
    return f"A verdict needs {MIN_ENTRIES} entries in the last four periods."
