"""Whatever one id names: an entry or a pain point."""

from collections.abc import Iterator

from valuelog.model.entry import Entry
from valuelog.render.data import entry, pain
from valuelog.workflows.lookup import Thing


def document(thing: Thing) -> dict[str, object]:
    """Return it as JSON has it."""
    return entry.document(thing.what) if isinstance(thing.what, Entry) else pain.document(thing.what)


def records(thing: Thing) -> Iterator[tuple[object, ...]]:
    """Return it as one record."""
    return entry.records(thing.what) if isinstance(thing.what, Entry) else pain.records(thing.what)
