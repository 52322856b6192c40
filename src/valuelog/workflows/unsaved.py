"""Answers that could not be saved, because the disk was full or the journal locked: kept to ask about again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from valuelog.journal.errors import JournalError
from valuelog.model.errors import Stopped
from valuelog.workflows.answers import Answer

KEPT = "Your answer is kept: valuelog today asks about it again."
"""The hint of the error that ends an evening then."""


class UnsavedAnswers(Protocol):
    """Where answers are kept that could not be saved."""

    def load(self) -> tuple[Answer, ...]:
        """Return them, the oldest first."""

    def keep(self, answer: Answer) -> bool:
        """Keep one; return whether that worked."""

    def discard(self, answer: Answer) -> None:
        """Remove one."""


@contextmanager
def keep_if_unsaved(unsaved: UnsavedAnswers | None, answer: Answer) -> Iterator[None]:
    """Keep an answer if the block that saves it fails or is interrupted while it waits for the journal."""
    try:
        yield
    except JournalError as error:
        if unsaved and unsaved.keep(answer):
            error.hint = f"{error.hint}\n{KEPT}".strip()
        raise
    except KeyboardInterrupt:
        if unsaved and unsaved.keep(answer):
            raise Stopped("Stopped before your last answer was saved.", KEPT) from None
        raise
