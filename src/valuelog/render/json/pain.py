"""One PainPoint."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from valuelog.model.pain import PainPoint

if TYPE_CHECKING:
    from valuelog.analysis.timeline import Event


def document(pain: PainPoint) -> dict[str, object]:
    """Return a PainPoint as JSON has it."""
    return {
        "id": pain.id,
        "text": pain.text,
        "state": str(pain.state),
        "first_seen": pain.first_seen.isoformat(),
        "last_seen": pain.last_seen.isoformat(),
        "days_seen": pain.days_seen,
        "sightings": [{"day": sighting.day.isoformat(), "text": sighting.text} for sighting in pain.sightings],
        "shared": pain.shared,
        "better": pain.better,
        "step": pain.step,
        "step_by": pain.step_by.isoformat() if pain.step_by else None,
        "hit": pain.hit,
        "closed_on": pain.closed_on.isoformat() if pain.closed_on else None,
        "how": pain.how,
        "fix": pain.fix,
        "created": pain.created.isoformat(),
    }


def timeline_document(events: "Sequence[Event]") -> list[dict[str, object]]:
    """Return the story of a PainPoint as JSON has it."""
    return [
        {
            "day": one.day.isoformat(),
            "turn": str(one.kind),
            "text": one.text,
            "until": one.due.isoformat() if one.due else None,
            "entry": one.entry_id,
        }
        for one in events
    ]


def records(pain: PainPoint) -> Iterator[tuple[object, ...]]:
    """Return a PainPoint as one record: id, state, last seen, on how many days, text."""
    yield pain.id, str(pain.state), pain.last_seen, pain.days_seen, pain.text
