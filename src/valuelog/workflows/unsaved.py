"""Answers that could not be saved, because the disk was full or the journal locked: kept to ask about again."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from valuelog.journal.errors import JournalError
from valuelog.model.errors import Stopped, ValuelogError
from valuelog.model.question import EVIDENCE
from valuelog.workflows.answers import Answer

KEPT = "Your answer is kept: valuelog today asks about it again."
"""The hint of the error that ends an evening then."""


STILL_KEPT = "Your answer is still kept; to remove it, answer no the next time."
"""What follows an error if a kept answer could not be saved again."""


class TargetGone(ValuelogError):
    """A kept answer is about an entry or a pain point that was deleted."""

    def __init__(self, answer: Answer) -> None:
        """Name what is gone."""
        target = "entry" if answer.kind == EVIDENCE else "pain point"
        super().__init__(f"The {target} that it is about is no longer in your journal.")


class UnsavedAnswers(Protocol):
    """Where answers are kept that could not be saved."""

    def load(self) -> tuple[Answer, ...]:
        """Return them, the oldest first."""

    def keep(self, answer: Answer) -> bool:
        """Keep one unless it is kept already; return whether `load` returns it."""

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
