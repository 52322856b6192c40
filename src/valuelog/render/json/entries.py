"""Entries as JSON and as plain records."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from valuelog.model.entry import Side
from valuelog.model.fields import ENTITIES, TIMESTAMP_FIELDS
from valuelog.render.json import plain_attributes

if TYPE_CHECKING:
    from valuelog.model.entry import Entry
    from valuelog.workflows.lookup import EntryList

COLUMNS = (
    "id", "day", "kind", "minutes", "project", "people", "tags", "effects", "beneficiaries", "evidence", "text",
)  # fmt: skip
"""The columns of a plain record."""


def entry_document(entry: "Entry") -> dict[str, object]:
    """Return an entry as a JSON object."""
    document: dict[str, object] = {}
    for name, value in plain_attributes(entry, "id", *_FIELD_NAMES, "source", "created").items():
        document[name] = value
        if name == "kind":
            document["side"] = None if entry.side is Side.NEITHER else str(entry.side)
    return document


_FIELD_NAMES = tuple(
    name for name, field in ENTITIES["entry"].fields.items() if field.in_json and name not in TIMESTAMP_FIELDS
)


def entry_record(entry: "Entry") -> tuple[object, ...]:
    """Return an entry as one plain record."""
    return tuple(getattr(entry, column) for column in COLUMNS)


def entries_document(entries: "Sequence[Entry]") -> list[object]:
    """Return entries as a JSON list."""
    return [entry_document(entry) for entry in entries]


def entries_records(entries: "Sequence[Entry]") -> Iterator[tuple[object, ...]]:
    """Yield one record per entry."""
    return map(entry_record, entries)


def claims_records(entries: "Sequence[Entry]") -> Iterator[tuple[object, ...]]:
    """Yield one record per value entry without evidence: id, day, kind, impact, evidence, text."""
    for entry in entries:
        yield entry.id, entry.day, str(entry.kind), entry.impact, entry.evidence, entry.text


def listing_document(entry_list: "EntryList") -> list[object]:
    """Return an entry list as a JSON list."""
    return entries_document(entry_list.entries)


def listing_records(entry_list: "EntryList") -> Iterator[tuple[object, ...]]:
    """Yield one record per listed entry."""
    return entries_records(entry_list.entries)
