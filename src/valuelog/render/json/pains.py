"""A list of pain points."""

from collections.abc import Iterator

from valuelog.render.json import pain
from valuelog.workflows.lookup import PainList


def document(pain_list: PainList) -> list[object]:
    """Return the pain points as JSON has them."""
    return [pain.document(each) for each in pain_list.pains]


def records(pain_list: PainList) -> Iterator[tuple[object, ...]]:
    """Return a record a pain point."""
    for each in pain_list.pains:
        yield from pain.records(each)
