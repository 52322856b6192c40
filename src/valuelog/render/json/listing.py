"""A list of entries."""

from collections.abc import Iterator

from valuelog.render.json import entry
from valuelog.workflows.lookup import EntryList


def document(entry_list: EntryList) -> list[object]:
    """Return the entries as JSON has them."""
    return [entry.document(each) for each in entry_list.entries]


def records(entry_list: EntryList) -> Iterator[tuple[object, ...]]:
    """Return a record an entry."""
    for each in entry_list.entries:
        yield from entry.records(each)
