"""One Entry."""

from collections.abc import Iterator

from valuelog.model.entry import Entry

COLUMNS = (
    "id", "day", "kind", "minutes", "project", "people", "tags", "effects", "beneficiaries", "evidence", "text",
)  # fmt: skip
"""The columns of `--plain`."""


def document(entry: Entry) -> dict[str, object]:
    """Return an Entry as JSON has it."""
    return {
        "id": entry.id,
        "day": entry.day.isoformat(),
        "kind": str(entry.kind),
        "side": str(entry.side),
        "text": entry.text,
        "minutes": entry.minutes,
        "people": list(entry.people),
        "tags": list(entry.tags),
        "project": entry.project,
        "effects": list(entry.effects),
        "beneficiaries": list(entry.beneficiaries),
        "evidence": entry.evidence,
        "source": entry.source,
        "created": entry.created.isoformat(),
    }


def records(entry: Entry) -> Iterator[tuple[object, ...]]:
    """Return an Entry as one record."""
    yield tuple(getattr(entry, column) for column in COLUMNS)
