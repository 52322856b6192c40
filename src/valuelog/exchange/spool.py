"""What was read from a file, put aside until all of it was understood: on disk, since it may be more than memory."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Generic, TypeVar

TOGETHER = 1_000
"""So many are written at once."""

_One = TypeVar("_One")


@contextmanager
def spooled(found: Iterable[_One]) -> "Iterator[Spool[_One]]":
    """Take everything that is found, then yield what can be gone through again and again.

    The file has no name, so that nobody else reads it. Raises OSError where there is no room for it.
    """
    with tempfile.TemporaryFile() as file:
        left, count = iter(found), 0
        while some := list(islice(left, TOGETHER)):
            pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
            count += 1
        yield Spool(file, count)


class Spool(Generic[_One]):
    """What was put aside, in its order; one walk through it at a time."""

    def __init__(self, file: IO[bytes], count: int) -> None:
        """Know how many pieces were written."""
        self._file = file
        self._count = count

    def __iter__(self) -> Iterator[_One]:
        """Yield it one by one, from the beginning."""
        self._file.seek(0)
        return chain.from_iterable(pickle.load(self._file) for _ in range(self._count))  # noqa: S301  written by us
