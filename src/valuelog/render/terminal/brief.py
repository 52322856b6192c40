"""A Brief on the screen: a few numbered points, each noticed, what it could mean, a proposal."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.analysis.brief import Brief, Point
from valuelog.model.period import format_period
from valuelog.render import brag_words as say
from valuelog.render.escape import visible
from valuelog.render.style import DIM, NEEDS, STRONG
from valuelog.render.terminal.layout import advice, fit, line, spread, whole, wrapped
from valuelog.render.wrap import flowed

INDENT = 3
LABEL = 13


def lines(brief: Brief, width: int) -> Iterator[Text]:
    """Show each point with its parts, then what is still to think through; if there is none, what to do."""
    yield spread(Text("Talking points", STRONG), Text(format_period(brief.period), DIM), width)
    yield Text("")
    if not brief.points:
        yield advice(*say.NO_POINTS, width)
        return
    for place, point in enumerate(brief.points, 1):
        yield from _point(place, point, width)
        yield Text("")
    if brief.more:
        yield from (whole((piece, DIM)) for piece in flowed(say.left(brief), width).split("\n"))
        yield Text("")
    if say.short_of_words(brief):
        yield from (Text(piece, DIM) for piece in wrapped(say.HOW, width))
    for place, point in enumerate(brief.points, 1):
        if point.missing_parts:
            yield advice(fit(say.asking(place, point), max(12, width - 4)), brief.command(point), width)


def _point(place: int, point: Point, width: int) -> Iterator[Text]:
    for number, piece in enumerate(wrapped(visible(say.gist(point.noticed)), max(12, width - INDENT))):
        yield line(f"{'' if number else place:<{INDENT}}", (piece, STRONG))
    for piece in wrapped(visible(say.weighed(point)), max(12, width - INDENT)) if point.facts else ():
        yield line(" " * INDENT, (piece, DIM))
    for label, name, said in say.parts(point):
        if said:
            yield from _part(label, say.gist(said), width)
        else:
            yield line(" " * INDENT, (say.ASKED[name], NEEDS))


def _part(label: str, said: str, width: int) -> Iterator[Text]:
    """Show a part beside its label, or below it where the line is too short for both."""
    beside = width >= INDENT + 2 * LABEL
    if not beside:
        yield line(" " * INDENT, (label, DIM))
    margin = INDENT + LABEL * beside
    for place, piece in enumerate(wrapped(visible(said), max(12, width - margin))):
        head = f"{label:<{LABEL}}" if beside and not place else " " * (LABEL * beside)
        yield line(" " * INDENT, (head, DIM), piece)
