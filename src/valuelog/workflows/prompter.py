"""The interface through which workflows ask questions, and the questions that several of them share."""

from collections.abc import Callable, Sequence
from typing import Protocol

from valuelog.model.entry import Impact
from valuelog.model.trade import Vocabulary, trade_words


class Prompter(Protocol):
    """Asks a person. Every method may raise KeyboardInterrupt or EOFError; no partial answer is returned then.

    `?` shows the explanation of a question and asks it again, if there is one.
    """

    @property
    def can_go_back(self) -> bool:
        """Whether Up on an empty line goes back to the answer before."""

    def show_heading(self, text: str, hint: str = "") -> None:
        """Show what the next questions are about."""

    def show_note(self, text: str) -> None:
        """Show what an answer became."""

    def ask_text(
        self,
        label: str = "",
        completions: Sequence[str] = (),
        *,
        validate: Callable[[str], object],
        explanation: str = "",
        default: str = "",
        go_back: Callable[[], object] | None = None,
    ) -> str:
        """Return one line, or an empty text if the question was skipped; a paste may have several lines.

        A line for which `validate` raises BadInput is asked for again, with the error shown. `default` is the text to
        edit. Up on a line that is still the default calls `go_back`, which edits the answer before; then the question
        is asked again.
        """

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Return whether the answer is yes."""

    def choose(
        self,
        label: str,
        options: Sequence[str],
        default: str = "",
        notes: Sequence[str] = (),
        *,
        explanation: str = "",
    ) -> str:
        """Return one of a few short options, which one key chooses; the default if the question was skipped.

        With `notes`, which explain the options, each option has its own line.
        """

    def select_one(self, label: str, options: Sequence[str], default: int = 0, *, explanation: str = "") -> int:
        """Return the index of the chosen option."""

    def pick(self, label: str, options: Sequence[str]) -> int:
        """Return the index of the option chosen from a long list, which words filter."""

    def select_many(
        self, label: str, options: Sequence[str], *, preselected: bool = False, explanation: str = ""
    ) -> tuple[int, ...]:
        """Return the indexes of the chosen options, possibly none. `preselected` checks all of them at the start."""


def format_option(text: str) -> str:
    """Return a text as an option: without tabs, because a tab separates an option from its side note."""
    return text.replace("\t", " ")


def ask_effects(prompter: Prompter) -> tuple[str, ...]:
    """Ask how something is better; returns none if the question is skipped."""
    return _select_keys(prompter, "how is it better?", trade_words().effects)


def ask_impact(prompter: Prompter) -> Impact | None:
    """Ask how big a result is; None if the question is skipped."""
    chosen = prompter.choose("how big?", tuple(Impact))
    return Impact(chosen) if chosen else None


def ask_beneficiaries(prompter: Prompter) -> tuple[str, ...]:
    """Ask who benefits; returns none if the question is skipped."""
    return _select_keys(prompter, "who benefits?", trade_words().beneficiaries)


def _select_keys(prompter: Prompter, label: str, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Ask for keys of a vocabulary by their words."""
    keys = vocabulary.keys
    return tuple(keys[index] for index in prompter.select_many(label, list(map(vocabulary.option, keys))))
