"""The entries that drafts became."""

from collections.abc import Iterator, Sequence

from valuelog.model.entry import Entry
from valuelog.render.json import entry


def document(taken: Sequence[Entry]) -> list[object]:
    """Return the entries as JSON has them."""
    return [entry.document(each) for each in taken]


def records(taken: Sequence[Entry]) -> Iterator[tuple[object, ...]]:
    """Return a record an entry."""
    for each in taken:
        yield from entry.records(each)
