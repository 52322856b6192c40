"""A Brief as Markdown: numbered points, each with what you noticed, what it could mean, and a proposal."""

from collections.abc import Iterator

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
        hint, command = brag_words.EMPTY_BRIEF_HINT
        yield f"{hint} `{command}`"
        return
    for place, point in enumerate(brief.points, 1):
        yield "\n".join(_point(place, point))
    if brief.more:
        yield brag_words.omitted_points_text(brief)
    if gaps := [(place, point) for place, point in enumerate(brief.points, 1) if point.missing_parts]:
        lines = [
            f"- {brag_words.missing_parts_question(place, point)} `{brief.command(point)}`" for place, point in gaps
        ]
        yield "---"
        yield "**Still open**"
        if brag_words.has_incomplete_insight(brief):
            yield brag_words.INSIGHT_HINT
        yield "\n".join(lines)


def _point(position: int, point: Point) -> Iterator[str]:
    facts = f" ({escape_markdown(brag_words.point_facts_text(point))})" if point.facts else ""
    yield f"{position}. **{escape_markdown(brag_words.truncate_text(point.noticed))}**{facts}"
    for label, name, text in brag_words.point_parts(point):
        yield (
            f"   - **{label.capitalize()}:** {escape_markdown(brag_words.truncate_text(text))}"
            if text
            else f"   - *{brag_words.MISSING_PART_QUESTIONS[name]}*"
        )
