"""What the tools propose for a day."""

from collections.abc import Iterator

from valuelog.workflows.gather import GatherResult


def document(result: GatherResult) -> list[object]:
    """Return the drafts as JSON has them."""
    return [
        {
            "origin": draft.origin,
            "source": draft.source,
            "day": draft.day.isoformat(),
            "at": f"{draft.at:%H:%M}" if draft.at else None,
            "text": draft.text,
            "minutes": draft.minutes,
            "people": list(draft.people),
            "tags": list(draft.tags),
        }
        for draft in result.drafts
    ]


def records(result: GatherResult) -> Iterator[tuple[object, ...]]:
    """Return a record a draft: origin, day, minutes, text."""
    for draft in result.drafts:
        yield draft.origin, draft.day, draft.minutes, draft.text
