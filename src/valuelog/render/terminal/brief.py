"""A Brief on the screen: a few numbered points, each noticed, what it could mean, a proposal."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.analysis.brief import Brief, Point
from valuelog.model.period import format_period
from valuelog.render import brag_words as say
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG
from valuelog.render.terminal.layout import join_unwrapped_line, justify, render_advice, truncate, wrap_words
from valuelog.render.wrap import wrap_text

INDENT = 3
LABEL_WIDTH = 13


def lines(brief: Brief, width: int) -> Iterator[Text]:
    """Show each point with its parts, then what is still to think through; if there is none, what to do."""
    yield justify(Text("Talking points", STRONG), Text(format_period(brief.period), DIM), width)
    yield Text("")
    if not brief.points:
        yield render_advice(*say.EMPTY_BRIEF_HINT, width)
        return
    for place, point in enumerate(brief.points, 1):
        yield from _point(place, point, width)
        yield Text("")
    if brief.more:
        yield from (
            join_unwrapped_line((piece, DIM)) for piece in wrap_text(say.omitted_points_text(brief), width).split("\n")
        )
        yield Text("")
    if say.has_incomplete_insight(brief):
        yield from (Text(piece, DIM) for piece in wrap_words(say.INSIGHT_HINT, width))
    for place, point in enumerate(brief.points, 1):
        if point.missing_parts:
            yield render_advice(
                truncate(say.missing_parts_question(place, point), max(12, width - 4)), brief.command(point), width
            )


def _point(position: int, point: Point, width: int) -> Iterator[Text]:
    for number, piece in enumerate(wrap_words(escape_line(say.truncate_text(point.noticed)), max(12, width - INDENT))):
        yield Text.assemble(f"{'' if number else position:<{INDENT}}", (piece, STRONG))
    for piece in wrap_words(escape_line(say.point_facts_text(point)), max(12, width - INDENT)) if point.facts else ():
        yield Text.assemble(" " * INDENT, (piece, DIM))
    for label, name, said in say.point_parts(point):
        if said:
            yield from _part(label, say.truncate_text(said), width)
        else:
            yield Text.assemble(" " * INDENT, (say.MISSING_PART_QUESTIONS[name], ATTENTION))


def _part(label: str, text: str, width: int) -> Iterator[Text]:
    """Show a part beside its label, or below it where the line is too short for both."""
    beside = width >= INDENT + 2 * LABEL_WIDTH
    if not beside:
        yield Text.assemble(" " * INDENT, (label, DIM))
    margin = INDENT + LABEL_WIDTH * beside
    for place, piece in enumerate(wrap_words(escape_line(text), max(12, width - margin))):
        head = f"{label:<{LABEL_WIDTH}}" if beside and not place else " " * (LABEL_WIDTH * beside)
        yield Text.assemble(" " * INDENT, (head, DIM), piece)
