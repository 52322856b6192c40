"""The base class of the interactive evening and the interactive weekly talk."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import Stopped
from valuelog.model.text import is_no_answer
from valuelog.workflows.answers import AnswerWriter
from valuelog.workflows.lookup import list_completions
from valuelog.workflows.prompter import Prompter


class Session:
    """One interactive run on a terminal. `saved_count` is the number of answers saved so far."""

    def __init__(
        self, journal: Journal, prompter: Prompter, clock: Callable[[], datetime], *, act: str, session_key: str
    ) -> None:
        """Start with nothing saved; the session key is the day of an evening or the name of a week."""
        self._journal = journal
        self._prompter = prompter
        self._clock = clock
        self._writer = AnswerWriter(journal, act, session_key)
        self._completions = list_completions(journal)
        self.saved_count = 0

    def _save_answer(self, *question_ids: str, build_changes: Callable[[], Iterable[Change]] = tuple) -> None:
        """Save an answer and mark its questions as asked; it counts as saved only if it changes anything."""
        self.saved_count += bool(self._writer.save(*question_ids, build_changes=build_changes))

    def _ask_text(
        self,
        label: str = "",
        completions: Sequence[str] | None = None,
        *,
        validate: Callable[[str], object] = clean_text,
        skips_no_answer: bool = True,
        explanation: str = "",
    ) -> str:
        """Return one line, or an empty text if the question was skipped, be it with “none” or “n/a”."""
        words = self._completions if completions is None else completions
        text = self._prompter.ask_text(
            label, words, validate=validate, explanation=explanation, go_back=self._find_way_back()
        )
        return "" if skips_no_answer and is_no_answer(text) else text

    def _find_way_back(self) -> Callable[[], None] | None:
        """Return what Up on an empty line does; None if there is no answer to edit."""
        return None

    def _show_project_note(self, note: str) -> None:
        """Show a note about the project of an entry, unless it is empty."""
        if note:
            ends_itself = "?" in note or ":" in note
            self._prompter.show_heading(f"This {note}{'' if ends_itself else '.'}")

    @contextmanager
    def convert_interrupt(self, subject: str, resume_command: str) -> Iterator[None]:
        """Convert Ctrl-C and Ctrl-D into Stopped, with the number of saved answers and the command to resume.

        `subject` is what they are for, such as a day; it may be empty.
        """
        try:
            yield
        except (KeyboardInterrupt, EOFError):
            raise Stopped(
                _format_stopped_message(self.saved_count, subject), f"Pick up where you left off: {resume_command}"
            ) from None


def _format_stopped_message(saved_count: int, subject: str) -> str:
    saved = {0: "Nothing new was saved", 1: "1 answer saved"}.get(saved_count, f"{saved_count} answers saved")
    return f"Stopped. {saved}{f' for {subject}' if subject else ''}."
