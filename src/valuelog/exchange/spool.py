"""What was read from a file, put aside until all of it was understood: on disk, since it may be more than memory."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

_One = TypeVar("_One")


@contextmanager
def spooled(found: Iterable[_One]) -> Iterator[Iterator[_One]]:
    """Take everything that is found, then yield it one by one; the file has no name, so that nobody else reads it."""
    with tempfile.TemporaryFile() as file:
        count = 0
        for one in found:
            pickle.dump(one, file, pickle.HIGHEST_PROTOCOL)
            count += 1
        file.seek(0)
        yield (pickle.load(file) for _ in range(count))  # noqa: S301  written above, by us
