"""The entries that drafts became."""

from collections.abc import Iterator, Sequence

from valuelog.model.entry import Entry
from valuelog.render.json import entry


def document(entries: Sequence[Entry]) -> list[object]:
    """Return the entries as JSON has them."""
    return [entry.document(each) for each in entries]


def records(entries: Sequence[Entry]) -> Iterator[tuple[object, ...]]:
    """Return a record an entry."""
    for each in entries:
        yield from entry.records(each)
