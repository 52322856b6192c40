"""A Brief as Markdown: numbered points, each with what you noticed, what it could mean, and a proposal."""

from collections.abc import Iterator
from datetime import date

from valuelog.analysis.brief import Brief, Point
from valuelog.model.period import format_period
from valuelog.render import brag_words
from valuelog.render.markdown.text import escape_markdown


def markdown(brief: Brief) -> str:
    """Return a Brief as a Markdown document."""
    return "\n\n".join(_blocks(brief)) + "\n"


def _blocks(brief: Brief) -> Iterator[str]:
    yield f"# Talking points · {format_period(brief.period)}"
    if not brief.points:
        yield brag_words.EMPTY_BRIEF
        return
    for place, point in enumerate(brief.points, 1):
        yield "\n".join(_point(place, point, brief.today))
    if brief.more:
        yield brag_words.omitted_points_text(brief)


def _point(position: int, point: Point, today: date) -> Iterator[str]:
    facts = escape_markdown(brag_words.point_facts_text(point, today))
    yield f"{position}. **{escape_markdown(brag_words.truncate_text(point.noticed))}**{f' ({facts})' if facts else ''}"
    for label, text in brag_words.point_parts(point):
        yield f"   - **{label.capitalize()}:** {escape_markdown(brag_words.truncate_text(text))}"
