"""A Brief on the terminal: numbered points, each with an observation, its meaning and a proposal."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.analysis.brief import Brief, Point
from valuelog.model.period import format_period
from valuelog.render import brag_words
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.layout import join_unwrapped_line, justify, render_advice, truncate, wrap_words
from valuelog.render.wrap import wrap_text

INDENT = 3
LABEL_WIDTH = 13


def lines(brief: Brief, width: int) -> Iterator[Text]:
    """Yield each point with its parts, then the missing parts; for an empty Brief, what to do."""
    yield justify(Text("Talking points", STRONG), Text(format_period(brief.period), DIM), width)
    yield Text("")
    if not brief.points:
        yield render_advice(*brag_words.EMPTY_BRIEF_HINT, width)
        return
    for position, point in enumerate(brief.points, 1):
        yield from _point(position, point, width)
        yield Text("")
    if brief.more:
        yield from (
            join_unwrapped_line((piece, DIM))
            for piece in wrap_text(brag_words.omitted_points_text(brief), width).split("\n")
        )
        yield Text("")
    if brag_words.has_incomplete_insight(brief):
        yield from (Text(piece, DIM) for piece in wrap_words(brag_words.INSIGHT_HINT, width))
    for position, point in enumerate(brief.points, 1):
        if point.missing_parts:
            yield render_advice(
                truncate(brag_words.missing_parts_question(position, point), max(12, width - 4)),
                brief.command(point),
                width,
            )


def _point(position: int, point: Point, width: int) -> Iterator[Text]:
    for number, piece in enumerate(
        wrap_words(escape_line(brag_words.truncate_text(point.noticed)), max(12, width - INDENT))
    ):
        yield Text.assemble(f"{'' if number else position:<{INDENT}}", (piece, STRONG))
    for piece in (
        wrap_words(escape_line(brag_words.point_facts_text(point)), max(12, width - INDENT)) if point.facts else ()
    ):
        yield Text.assemble(" " * INDENT, (piece, DIM))
    for label, name, text in brag_words.point_parts(point):
        if text:
            yield from _part(label, brag_words.truncate_text(text), width)
        else:
            yield Text.assemble(" " * INDENT, (brag_words.MISSING_PART_QUESTIONS[name], ATTENTION))


def _part(label: str, text: str, width: int) -> Iterator[Text]:
    """Yield a part beside its label, or below it if the terminal is narrow."""
    beside = width >= INDENT + 2 * LABEL_WIDTH
    if not beside:
        yield Text.assemble(" " * INDENT, (label, DIM))
    margin = INDENT + LABEL_WIDTH * beside
    for number, piece in enumerate(wrap_words(escape_line(text), max(12, width - margin))):
        head = f"{label:<{LABEL_WIDTH}}" if beside and not number else " " * (LABEL_WIDTH * beside)
        yield Text.assemble(" " * INDENT, (head, DIM), piece)
