"""Shares over time: a row of sparks, or a chart with its numbers, and the verdict."""

from collections.abc import Iterator, Sequence

from rich.text import Text

from valuelog.analysis.score import MIN_ENTRIES, Score
from valuelog.analysis.trend import MIN_BASELINE_ENTRIES, MIN_BASELINE_PERIODS, Trend, Verdict
from valuelog.model.period import Period
from valuelog.render.style import DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import BAR, column, line, spark, unparted
from valuelog.render.words import label, lately, percent, plural

LABEL = 10
CELL = 7
"""The columns that one Period takes where several stand side by side."""

NUMBERS = 24
"""The columns that the counts and the share of a Period take, with what parts them from its bar."""

SCALED = 9
"""So many columns of a bar have room for a scale above them."""

LEAST_ROOM = 4
"""A bar with fewer columns shows nothing that its share does not say."""

COUNTED = -4
"""Where even more columns are missing, the counts are left out."""


def strip(scores: Sequence[tuple[Period, Score]], width: int) -> Iterator[Text]:
    """Show Periods side by side: name, share, spark; as many of the latest as fit."""
    shown = scores[-max(1, (width - LABEL - 2) // CELL) :]
    yield line((" " * LABEL + "".join(f"{label(period):<{CELL}}" for period, _ in shown), DIM))
    numbers = "".join(f"{_number(score):<{CELL}}" for _, score in shown)
    yield line((column("share", LABEL), DIM), f"{numbers.rstrip()} %")
    yield line(" " * LABEL, ("".join(f"{spark(score.share):<{CELL}}" for _, score in shown), VALUE))


def _number(score: Score) -> str:
    return "–" if score.share is None else f"{100 * score.share:.0f}"


def lines(trend: Trend, width: int) -> Iterator[Text]:
    """Show a bar a Period with its counts, and what the last four say against those before."""
    if not any(score.n for _, score in trend.scores):
        yield Text("Nothing is written down yet: a trend needs a few weeks of evenings.")
        yield line(("Begin with  ", DIM), ("valuelog today", STRONG))
        return
    room = width - LABEL - NUMBERS
    scale = f"   0 %{'100 %':>{room - 3}}" if room >= SCALED else ""
    counts = f"{'value':>6}{'work':>6}" if room >= COUNTED else ""
    yield line((f"{'':<{LABEL}}{counts}{'share':>8}{scale}", DIM))
    for period, score in trend.scores:
        yield line((column(period.name, LABEL), "" if score.n else DIM), *_row(score, room))
    yield Text("")
    for said in _explained(trend):
        yield from unparted(said, width)


def _row(score: Score, room: int) -> Iterator[str | tuple[str, str]]:
    empty = score.share is None
    if room >= COUNTED:
        yield f"{'–' if empty else score.value:>6}", DIM if empty else VALUE
        yield f"{'–' if empty else score.work:>6}", DIM if empty else WORK
    yield f"{percent(score.share):>8}", DIM if empty else ""
    if score.share is not None and room >= LEAST_ROOM:
        yield from _bar(score.share, room)


def _bar(share: float, room: int) -> Iterator[str | tuple[str, str]]:
    value = round(share * room)
    yield "   "
    yield BAR * value, VALUE
    yield "·" * (room - value), DIM


def _explained(trend: Trend) -> Iterator[Text]:
    comparison = trend.comparison
    if comparison.difference is None:
        yield Text(_missing(trend), DIM)
        yield Text(lately(trend), STRONG)
        return
    low, high = (round(100 * edge) for edge in comparison.difference)
    before = (
        f"{plural(comparison.baseline.periods, str(trend.scores[-1][0].unit))} before, {comparison.baseline.n} entries"
    )
    yield Text(f"against {before}: a difference of {low:+} to {high:+} points, at 95 %", DIM)
    style = f"{STRONG} {VALUE}" if comparison.verdict is Verdict.RISING else STRONG
    yield Text(lately(trend), style)


def _missing(trend: Trend) -> str:
    """Say what a verdict still needs."""
    if not trend.comparison.baseline.is_reliable:
        return (
            f"A verdict needs {MIN_BASELINE_PERIODS} periods with {MIN_BASELINE_ENTRIES} entries before the last four."
        )
    return f"A verdict needs {MIN_ENTRIES} entries in the last four periods."
