"""A Brief."""

from collections.abc import Iterator

from valuelog.analysis.brief import Brief
from valuelog.render.json.reviews import period_document


def brief_document(brief: Brief) -> dict[str, object]:
    """Return a Brief as JSON has it; `command` fills what is `missing` of a point."""
    return {
        "period": period_document(brief.period),
        "points": [
            {
                "source": str(point.source),
                "id": point.id,
                "noticed": point.noticed,
                "facts": list(point.facts),
                "meaning": point.meaning,
                "proposal": point.proposal,
                "missing": list(point.missing_parts),
                "command": brief.command(point) or None,
            }
            for point in brief.points
        ],
        "more": brief.more,
    }


def brief_records(brief: Brief) -> Iterator[tuple[object, ...]]:
    """Return a record a point: source, id, noticed, facts, meaning, proposal."""
    for point in brief.points:
        yield str(point.source), point.id, point.noticed, "; ".join(point.facts), point.meaning, point.proposal
