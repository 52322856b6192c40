"""One PainPoint."""

from collections.abc import Iterator

from valuelog.model.pain import PainPoint


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
        "created": pain.created.isoformat(),
    }


def records(pain: PainPoint) -> Iterator[tuple[object, ...]]:
    """Return a PainPoint as one record: id, state, last seen, on how many days, text."""
    yield pain.id, str(pain.state), pain.last_seen, pain.days_seen, pain.text
