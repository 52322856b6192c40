"""The small files beside the journal: what is said when they cannot be written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from valuelog.model.errors import ValuelogError


@contextmanager
def writing(path: Path, advice: str = "Check who may write there.") -> Iterator[None]:
    """Turn what the system raises into what a person can act on."""
    try:
        yield
    except OSError as error:
        raise ValuelogError(f"{path} cannot be written: {error.strerror}.", advice) from error
