"""A list of entries."""

from collections.abc import Iterator

from valuelog.render.json import entry
from valuelog.workflows.lookup import EntryList


def document(listing: EntryList) -> list[object]:
    """Return the entries as JSON has them."""
    return [entry.document(each) for each in listing.entries]


def records(listing: EntryList) -> Iterator[tuple[object, ...]]:
    """Return a record an entry."""
    for each in listing.entries:
        yield from entry.records(each)
