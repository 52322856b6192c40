"""A list of pain points."""

from collections.abc import Iterator

from valuelog.render.json import pain
from valuelog.workflows.lookup import Pains


def document(found: Pains) -> list[object]:
    """Return the pain points as JSON has them."""
    return [pain.document(each) for each in found.pains]


def records(found: Pains) -> Iterator[tuple[object, ...]]:
    """Return a record a pain point."""
    for each in found.pains:
        yield from pain.records(each)
