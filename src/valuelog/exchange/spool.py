"""A disk-backed buffer of parsed records, so that validation finishes before the first write."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO, TypeVar

from valuelog.model.errors import ValuelogError

BATCH_SIZE = 1_000
"""How many items are pickled at once."""

_Item = TypeVar("_Item")


class SpoolError(ValuelogError):
    """The temporary file cannot be written."""

    def __init__(self, error: OSError) -> None:
        """Name its directory and the variable that sets it."""
        super().__init__(
            f"Cannot write temporary data to {tempfile.gettempdir()}: {error.strerror}. Nothing was imported.",
            "Free some space there, or set TMPDIR to another directory.",
        )


@contextmanager
def spool_to_disk(items: Iterable[_Item]) -> Iterator[Iterator[_Item]]:
    """Write all items to an unnamed temporary file, then yield an iterator over them. Raises SpoolError."""
    with _translate_os_errors():
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed below; only creating it may raise SpoolError
    with file:
        remaining = iter(items)
        while batch := list(islice(remaining, BATCH_SIZE)):
            with _translate_os_errors():
                pickle.dump(batch, file, pickle.HIGHEST_PROTOCOL)
                file.flush()
        end = file.tell()
        file.seek(0)
        yield _load(file, end)


@contextmanager
def _translate_os_errors() -> Iterator[None]:
    """Translate OSError into SpoolError."""
    try:
        yield
    except OSError as error:
        raise SpoolError(error) from error


def _load(file: IO[bytes], end: int) -> Iterator[_Item]:
    while file.tell() < end:
        yield from pickle.load(file)  # noqa: S301  written above
