"""Files besides the journal: new ones are whole or not there, for their owner alone, and replace nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from valuelog.model.errors import ValuelogError


class AlreadyThere(ValuelogError):
    """A file that would be overwritten."""

    def __init__(self, path: Path) -> None:
        """Say how to."""
        super().__init__(f"{path} is there already. Nothing was written.", "Name another file, or add --force.")


@contextmanager
def writing(path: Path, advice: str = "Check who may write there.") -> Iterator[None]:
    """Turn what the system raises into what a person can act on."""
    try:
        yield
    except OSError as error:
        raise ValuelogError(f"{path} cannot be written: {error.strerror}.", advice) from error


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[TextIO]:
    """Yield a text file that takes its place when all of it is written. Raises AlreadyThere unless by `force`."""
    if not force and os.path.lexists(path):
        raise AlreadyThere(path)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    with writing(path):
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        try:
            with open(descriptor, "w", encoding="utf-8", newline="") as file:  # noqa: PTH123  opened for us alone above
                yield file
                file.flush()
                os.fsync(file.fileno())
            _put_in_place(unfinished, path, force=force)
        finally:
            unfinished.unlink(missing_ok=True)


def _put_in_place(unfinished: Path, path: Path, *, force: bool) -> None:
    if force:
        unfinished.replace(path)
        return
    try:
        path.hardlink_to(unfinished)  # which, unlike renaming, replaces nothing
    except FileExistsError:
        raise AlreadyThere(path) from None
    except OSError:  # a file system without links
        unfinished.rename(path)
