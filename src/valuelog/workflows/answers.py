"""The answer to a question, and the writer that saves answers and marks their questions as asked.

Answers come from a terminal, from flags or from a file. `add`, `pain add` and `pain fix` use the same value.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from valuelog.journal import days
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import EntryDetails, Kind
from valuelog.model.text import is_no_answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer(EntryDetails):
    """An answer about one day, before it becomes an entity with an id.

    `kind` is what it becomes: a Kind of entry, `pain`, `evidence` for an earlier result, a promise (`stop`, `start`,
    `step`), a reflection (`level`), or the outcome of a promise (`keep`, `break`, `carry`).
    `target_id` is an id or its prefix: of the known pain point that was seen again, of the pain point that a step is
    for, of the promise, or of the earlier result. `is_new_pain` skips the comparison with known pain points.
    `is_from_file` makes errors name the keys of an answers file instead of flags.
    """

    kind: Kind | str
    day: date
    text: str = ""
    target_id: str | None = None
    is_new_pain: bool = False
    is_from_file: bool = False

    @property
    def question_id(self) -> str:
        """The id of the question that it answers; a fixed question is called like the kind of its answers."""
        return self.question or str(self.kind)

    @property
    def is_skipped(self) -> bool:
        """Whether a line of a file says nothing, so that only its question counts as asked; flags are refused then."""
        return self.is_from_file and bool(self.text) and is_no_answer(self.text)


class AnswerWriter:
    """Writes answers and marks their questions as asked, all in one batch, so that one undo reverts a ritual."""

    def __init__(self, journal: Journal, act: str, session_key: str) -> None:
        """Write to a journal; the session key is the day of an evening or the name of a week."""
        self.act = act
        self.batch = new_id()
        self._journal = journal
        self._session_key = session_key

    def save(self, *question_ids: str, build_changes: Callable[[], Iterable[Change]] = tuple) -> list[Change]:
        """Write the changes of an answer and mark its questions as asked, in one transaction. Return the changes.

        They are built inside the transaction, because they depend on the current state.
        """
        with self._journal.transaction():
            changes = [*build_changes()]
            marks = [
                mark
                for question_id in question_ids
                for mark in days.asked_change_if_new(self._journal, self._session_key, question_id)
            ]
            if changes or marks:
                self._journal.write(self.act, [*changes, *marks], batch=self.batch)
        return changes
