"""One sitting of a ritual, an evening or a Friday talk: whom it asks, and what it writes."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime

from valuelog.journal import days
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.errors import Stopped
from valuelog.workflows.lookup import list_completions
from valuelog.workflows.prompter import Prompter, format_stopped_message


class Session:
    """All that one sitting writes is one batch, so that one undo takes it back. `saved` counts its answers.

    Its questions are remembered as asked `about` a day or a week.
    """

    def __init__(
        self, journal: Journal, prompter: Prompter, clock: Callable[[], datetime], *, act: str, period_name: str
    ) -> None:
        """Begin, with nothing saved."""
        self._journal = journal
        self._prompter = prompter
        self._clock = clock
        self._act = act
        self._period_name = period_name
        self._batch = new_id()
        self._completions = list_completions(journal)
        self.saved_count = 0

    def _write(self, *questions: str, make_changes: Callable[[], Iterable[Change]] = tuple) -> list[Change]:
        """Write an answer down, which looks at what is there by now, and that its questions were asked.

        Returns what it changed.
        """
        with self._journal.transaction():
            changes = [*make_changes()]
            marks = [
                mark for one in questions for mark in days.asked_change_if_new(self._journal, self._period_name, one)
            ]
            if changes or marks:
                self._journal.write(self._act, [*changes, *marks], batch=self._batch)
        return changes

    @contextmanager
    def convert_interrupt(self, subject: str, resume_command: str) -> Iterator[None]:
        """Turn breaking off into what is saved, and how one comes back. Raises Stopped."""
        try:
            yield
        except (KeyboardInterrupt, EOFError):
            raise Stopped(
                format_stopped_message(self.saved_count, subject), f"Go on where you stopped: {resume_command}"
            ) from None
