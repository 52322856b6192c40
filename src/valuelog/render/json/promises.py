"""A list of promises."""

from collections.abc import Iterator

from valuelog.render.json import promise
from valuelog.workflows.promises import PromiseList


def document(found: PromiseList) -> list[object]:
    """Return the promises as JSON has them."""
    return [promise.document(each) for each in found.promises]


def records(found: PromiseList) -> Iterator[tuple[object, ...]]:
    """Return a record a promise."""
    for each in found.promises:
        yield from promise.records(each)
