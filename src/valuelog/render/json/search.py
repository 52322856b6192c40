"""What a search found, as JSON and as plain records."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from valuelog.model.entry import Entry
from valuelog.render.json import plain_attributes
from valuelog.render.json.entries import COLUMNS, entry_document, entry_record

if TYPE_CHECKING:
    from valuelog.workflows.search import Found, SearchResults


def results_document(results: "SearchResults") -> list[object]:
    """Return what was found as a JSON list, the best match first."""
    return [_document(found) for found in results.found]


def _document(found: "Found") -> dict[str, object]:
    """Return an entry as everywhere; anything else with its main text, and the other texts that match."""
    entity = found.entity
    if isinstance(entity, Entry):
        return entry_document(entity)
    return {
        "id": found.name or None,
        "day": found.day.isoformat(),
        "kind": found.kind,
        "side": None,
        "text": found.text,
        "state": str(entity.state) if entity else None,
        "matches": [plain_attributes(passage, "label", "text", "day") for passage in found.passages],
    }


def results_records(results: "SearchResults") -> Iterator[tuple[object, ...]]:
    """Yield one record for each thing found, with the columns of entries."""
    for found in results.found:
        if isinstance(found.entity, Entry):
            yield entry_record(found.entity)
        else:
            known = {"id": found.name, "day": found.day, "kind": found.kind, "text": found.text}
            yield tuple(known.get(column) for column in COLUMNS)
