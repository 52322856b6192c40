"""What was read from a file, put aside until all of it was understood: on disk, since it may be more than memory."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import TypeVar

TOGETHER = 1_000
"""So many are written at once."""

_One = TypeVar("_One")


@contextmanager
def spooled(found: Iterable[_One]) -> Iterator[Iterator[_One]]:
    """Take everything that is found, then yield it one by one; the file has no name, so that nobody else reads it."""
    with tempfile.TemporaryFile() as file:
        left, count = iter(found), 0
        while some := list(islice(left, TOGETHER)):
            pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
            count += 1
        file.seek(0)
        yield chain.from_iterable(pickle.load(file) for _ in range(count))  # noqa: S301  written above, by us
