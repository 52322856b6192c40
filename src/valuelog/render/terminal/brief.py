"""A Brief on the terminal: numbered points, each with an observation, its meaning and a proposal."""

from collections.abc import Iterator
from datetime import date

from rich.text import Text

from valuelog.analysis.brief import Brief, Point
from valuelog.model.period import format_period
from valuelog.render import brag_words
from valuelog.render.escape import escape_line
from valuelog.render.style import DIM, STRONG
from valuelog.render.terminal.layout import justify, wrap_words

INDENT = 3
LABEL_WIDTH = 13


def lines(brief: Brief, width: int) -> Iterator[Text]:
    """Yield each point with its parts."""
    yield justify(Text("Talking points", STRONG), Text(format_period(brief.period), DIM), width)
    yield Text("")
    if not brief.points:
        yield Text(brag_words.EMPTY_BRIEF)
        return
    for position, point in enumerate(brief.points, 1):
        if position > 1:
            yield Text("")
        yield from _point(position, point, brief.today, width)
    if brief.more:
        yield Text("")
        yield Text(brag_words.omitted_points_text(brief), DIM)


def _point(position: int, point: Point, today: date, width: int) -> Iterator[Text]:
    room = max(12, width - INDENT)
    for number, piece in enumerate(wrap_words(escape_line(brag_words.truncate_text(point.noticed)), room)):
        yield Text.assemble(f"{'' if number else position:<{INDENT}}", (piece, STRONG))
    facts = brag_words.point_facts_text(point, today)
    for piece in wrap_words(escape_line(facts), room) if facts else ():
        yield Text.assemble(" " * INDENT, (piece, DIM))
    for label, text in brag_words.point_parts(point):
        yield from _part(label, brag_words.truncate_text(text), width)


def _part(label: str, text: str, width: int) -> Iterator[Text]:
    """Yield a part beside its label, or below it if the terminal is narrow."""
    beside = width >= INDENT + 2 * LABEL_WIDTH
    if not beside:
        yield Text.assemble(" " * INDENT, (label, DIM))
    margin = INDENT + LABEL_WIDTH * beside
    for number, piece in enumerate(wrap_words(escape_line(text), max(12, width - margin))):
        head = f"{label:<{LABEL_WIDTH}}" if beside and not number else " " * (LABEL_WIDTH * beside)
        yield Text.assemble(" " * INDENT, (head, DIM), piece)
