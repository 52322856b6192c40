"""What was read from a file, put aside until all of it was understood: on disk, since it may be more than memory."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain, islice
from typing import IO, Generic, TypeVar

from valuelog.model.errors import ValuelogError

BATCH_SIZE = 1_000
"""So many are written at once."""

_Item = TypeVar("_Item")


class SpoolError(ValuelogError):
    """What was read cannot be put aside until all of it is."""

    def __init__(self, error: OSError) -> None:
        """Say where, and how to name another place."""
        super().__init__(
            f"What was read cannot be put aside in {tempfile.gettempdir()}: {error.strerror}. Nothing was imported.",
            "Make room there, or name another folder in TMPDIR.",
        )


@contextmanager
def spool_to_disk(items: Iterable[_Item]) -> "Iterator[Spool[_Item]]":
    """Take everything that is found, then yield what can be gone through again and again.

    The file has no name, so that nobody else reads it. Raises SpoolError.
    """
    with _translate_os_errors():
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed below, apart from what may go wrong here
    with file:
        left, count = iter(items), 0
        while some := list(islice(left, BATCH_SIZE)):
            with _translate_os_errors():
                pickle.dump(some, file, pickle.HIGHEST_PROTOCOL)
                file.flush()
            count += 1
        yield Spool(file, count)


@contextmanager
def _translate_os_errors() -> Iterator[None]:
    """Turn what the system raises into what a person can act on."""
    try:
        yield
    except OSError as error:
        raise SpoolError(error) from error


class Spool(Generic[_Item]):
    """What was put aside, in its order; one walk through it at a time."""

    def __init__(self, file: IO[bytes], count: int) -> None:
        """Know how many pieces were written."""
        self._file = file
        self._count = count

    def __iter__(self) -> Iterator[_Item]:
        """Yield it one by one, from the beginning."""
        self._file.seek(0)
        return chain.from_iterable(pickle.load(self._file) for _ in range(self._count))  # noqa: S301  written by us
