"""A list of promises."""

from collections.abc import Iterator

from valuelog.render.json import promise
from valuelog.workflows.promises import PromiseList


def document(promise_list: PromiseList) -> list[object]:
    """Return the promises as JSON has them."""
    return [promise.document(each) for each in promise_list.promises]


def records(promise_list: PromiseList) -> Iterator[tuple[object, ...]]:
    """Return a record a promise."""
    for each in promise_list.promises:
        yield from promise.records(each)
