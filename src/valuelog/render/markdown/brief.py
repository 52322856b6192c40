"""A Brief as Markdown: numbered points, each noticed, what it could mean, a proposal."""

from collections.abc import Iterator

from valuelog.analysis.brief import Brief, Point
from valuelog.model.period import format_period
from valuelog.render import brag_words as say
from valuelog.render.markdown.text import literal


def markdown(brief: Brief) -> str:
    """Return a Brief as a Markdown document."""
    return "\n\n".join(_blocks(brief)) + "\n"


def _blocks(brief: Brief) -> Iterator[str]:
    yield f"# Talking points · {format_period(brief.period)}"
    if not brief.points:
        said, command = say.NO_POINTS
        yield f"{said} `{command}`"
        return
    for place, point in enumerate(brief.points, 1):
        yield "\n".join(_point(place, point))
    if brief.more:
        yield say.left(brief)
    if gaps := [(place, point) for place, point in enumerate(brief.points, 1) if point.missing_parts]:
        lines = [f"- {say.asking(place, point)} `{brief.command(point)}`" for place, point in gaps]
        yield "---"
        yield "**Still to think through**"
        if say.short_of_words(brief):
            yield say.HOW
        yield "\n".join(lines)


def _point(place: int, point: Point) -> Iterator[str]:
    facts = f" ({literal(say.weighed(point))})" if point.facts else ""
    yield f"{place}. **{literal(say.gist(point.noticed))}**{facts}"
    for label, name, said in say.parts(point):
        yield f"   - **{label.capitalize()}:** {literal(say.gist(said))}" if said else f"   - *{say.ASKED[name]}*"
