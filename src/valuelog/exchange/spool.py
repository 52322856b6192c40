"""A disk-backed buffer of parsed records, so that validation finishes before the first write."""

import pickle
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from errno import EMFILE, ENFILE
from itertools import islice
from typing import IO, TypeVar

from valuelog.model.errors import ValuelogError

NO_FOLDER_HINT = "Set TMPDIR to a folder that you can write to, or free some disk space."

BATCH_SIZE = 1_000
"""How many items are pickled at once."""

_Item = TypeVar("_Item")


class SpoolError(ValuelogError):
    """The temporary file cannot be written."""

    def __init__(self, error: OSError) -> None:
        """Name its directory and the variable that sets it."""
        folder = _temporary_folder()
        if not folder:
            message = "There is no folder for temporary files."
        else:
            message = f"Cannot write temporary data to {folder}: {error.strerror}."
        hint = "Free some space there, or set TMPDIR to another directory." if folder else NO_FOLDER_HINT
        if error.errno in {EMFILE, ENFILE}:
            hint = "Close some programs, or allow more open files: ulimit -n 256"
        super().__init__(f"{message} Nothing was imported.", hint)


def _temporary_folder() -> str:
    """Return the folder for temporary files, or an empty text if there is none: looking for it writes to it."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return ""


@contextmanager
def spool_to_disk(items: Iterable[_Item]) -> Iterator[Iterator[_Item]]:
    """Write all items to an unnamed temporary file, then yield an iterator over them. Raises SpoolError."""
    with translate_spool_errors():
        file = tempfile.TemporaryFile()  # noqa: SIM115  closed below; only creating it may raise SpoolError
    with file:
        remaining = iter(items)
        while batch := list(islice(remaining, BATCH_SIZE)):
            with translate_spool_errors():
                pickle.dump(batch, file, pickle.HIGHEST_PROTOCOL)
                file.flush()
        end = file.tell()
        file.seek(0)
        yield _load(file, end)


@contextmanager
def translate_spool_errors() -> Iterator[None]:
    """Translate OSError into SpoolError."""
    try:
        yield
    except OSError as error:
        raise SpoolError(error) from error


def _load(file: IO[bytes], end: int) -> Iterator[_Item]:
    while file.tell() < end:
        yield from pickle.load(file)  # noqa: S301  written above
