"""A Brief as JSON and as plain records."""

from collections.abc import Iterator

from valuelog.analysis.brief import Brief
from valuelog.render.json import plain_attributes
from valuelog.render.json.reviews import period_document


def brief_document(brief: Brief) -> dict[str, object]:
    """Return a Brief as a JSON object; `command` fills in the `missing` parts of a point."""
    return {
        "period": period_document(brief.period),
        "points": [
            {
                **plain_attributes(point, "source", "id", "noticed", "facts", "meaning", "proposal"),
                "raised_on": point.raised_on and point.raised_on.isoformat(),
                "missing": list(point.missing_parts),
                "command": brief.command(point) or None,
            }
            for point in brief.points
        ],
        "more": brief.more,
    }


def brief_records(brief: Brief) -> Iterator[tuple[object, ...]]:
    """Yield one record per point: source, id, noticed, facts, meaning, proposal."""
    for point in brief.points:
        yield str(point.source), point.id, point.noticed, "; ".join(point.facts), point.meaning, point.proposal
