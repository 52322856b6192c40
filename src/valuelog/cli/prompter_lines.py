"""The line prompter: options are numbered and answers are lines, for screen readers and terminals without cursor keys.

Everything is written to stderr. Ctrl-C raises KeyboardInterrupt, Ctrl-D EOFError.
"""

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TextIO

from valuelog.cli.choices import filter_options, find_keys, find_option, format_enter, format_options
from valuelog.cli.prompter import BasePrompter
from valuelog.model.errors import BadInput
from valuelog.render import Canvas
from valuelog.render.escape import escape_line

PAGE_LENGTH = 10
"""How many options of a long list are shown at once."""

HOW_TO_EDIT = "To edit an answer afterwards: valuelog list today, then valuelog edit ID"
"""Shown with an explanation, because the cursor cannot go back to an earlier answer."""

ANSWER_WIDTH = 4
"""How many columns stay free for the answer beside a question."""


class LinePrompter(BasePrompter):
    """Asks with numbered lines. Never overwrites anything on the screen."""

    can_go_back = False

    def __init__(self, stdin: TextIO, stderr: TextIO, canvas: Canvas) -> None:
        """Read answers from stdin, one a line."""
        super().__init__(stderr, canvas)
        self._stdin = stdin

    def _read_answer(self, prompt: str) -> str:
        """Show a prompt and return the stripped line that answers it."""
        try:
            with self._showing(f"{self._wrap(prompt, ANSWER_WIDTH)} "):
                line = self._stdin.readline()
        except KeyboardInterrupt:
            self._write_line("")
            raise
        if not line:
            self._write_line("")
            raise EOFError
        return line.strip()

    def _read_explained(self, prompt: str, explanation: str) -> str:
        """Return the line that answers a prompt, after showing the explanation for each `?`."""
        while (answer := self._read_answer(prompt)) == "?" and explanation:
            self._show_explanation(explanation)
        return answer

    @contextmanager
    def _showing(self, text: str) -> Iterator[None]:
        """Show a prompt, and again when the program continues after Ctrl-Z, which discards a line that isn't sent."""

        def show_again(*_: object) -> None:
            # Not through the stream, which refuses to be used while it is being used.
            os.write(self._stderr.fileno(), text.encode(self._stderr.encoding, "replace"))

        before = signal.signal(signal.SIGCONT, show_again)
        try:
            self._stderr.write(text)
            self._stderr.flush()
            yield
        finally:
            signal.signal(signal.SIGCONT, before)

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
        """Return one line, or an empty text if the question was skipped."""
        del completions, default
        while answer := self._read_answer(f"  {label} >" if label else "  >"):
            if explanation and answer == "?":
                self._show_explanation("\n".join((explanation, *([HOW_TO_EDIT] if go_back else ()))))
                continue
            try:
                validate(answer)
            except BadInput as error:
                self._show_error(error)
            else:
                return answer
        return ""

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Return whether the answer is yes."""
        answers = {"": default, "y": True, "yes": True, "n": False, "no": False}
        prompt = f"  {escape_line(question)} [{'Y/n' if default else 'y/N'}]"
        while (answer := self._read_answer(prompt).casefold()) not in answers:
            self._write_line("    Type y or n, or press Enter.")
        return answers[answer]

    def choose(
        self,
        label: str,
        options: Sequence[str],
        default: str = "",
        notes: Sequence[str] = (),
        *,
        explanation: str = "",
    ) -> str:
        """Return the option that a key, a number or a word names, the default for an empty line."""
        for option, note in zip(format_options(options), notes, strict=False):
            self._write_line(self._wrap(f"    {option}: {escape_line(note)}"))
        listed = () if notes else format_options(options)
        prompt = "  ".join(filter(None, (label, *listed, format_enter(default))))
        while answer := self._read_explained(f"  {escape_line(prompt)} >", explanation):
            if option := find_option(answer, options):
                return option
            self._write_line(self._wrap(f"    Type one of {' '.join(find_keys(options))}, or press Enter."))
        return default

    def select_one(self, label: str, options: Sequence[str], default: int = 0, *, explanation: str = "") -> int:
        """Return the index of the option chosen by its number."""
        self._show_options(label, options)
        while True:
            answer = self._read_explained(f"  number, Enter for {default + 1} >", explanation)
            indexes = _parse_numbers(answer, len(options)) if answer else (default,)
            if indexes and len(indexes) == 1:
                return indexes[0]
            self._write_line(f"    Type a number from 1 to {len(options)}.")

    def pick(self, label: str, options: Sequence[str]) -> int:
        """Return the index of the option chosen by its number; words filter the list, an empty line shows more."""
        matches, start = list(range(len(options))), 0
        while True:
            shown = matches[start : start + PAGE_LENGTH]
            self._show_options(label, [options[index] for index in shown])
            has_more = len(matches) > PAGE_LENGTH
            answer = self._read_answer(f"  number, or words to filter{', Enter for more' if has_more else ''} >")
            chosen = _parse_numbers(answer, len(shown)) if answer else None
            if chosen:
                return shown[chosen[0]]
            start = (start + PAGE_LENGTH) % len(matches) if not answer and start + PAGE_LENGTH < len(matches) else 0
            if answer and (filtered := filter_options(options, answer)):
                matches = filtered
            elif answer:
                self._write_line("    Nothing matches.")

    def select_many(
        self, label: str, options: Sequence[str], *, preselected: bool = False, explanation: str = ""
    ) -> tuple[int, ...]:
        """Return the indexes of the options chosen by their numbers, possibly none."""
        self._show_options(label, options)
        default = "all, 0 for none" if preselected else "none"
        while answer := self._read_explained(f"  numbers, Enter for {default} >", explanation):
            if answer == "0":
                return ()
            if indexes := _parse_numbers(answer, len(options)):
                return indexes
            self._write_line(f"    Type numbers from 1 to {len(options)}, such as 1 3.")
        return tuple(range(len(options))) if preselected else ()

    def _show_options(self, label: str, options: Sequence[str]) -> None:
        if label:
            self._write_line(self._wrap(f"  {escape_line(label)}"))
        for number, option in enumerate(options, 1):
            text = " · ".join(filter(None, option.split("\t")))  # a side note follows a tab
            self._write_line(self._wrap(f"    {number}  {escape_line(text)}"))


def _parse_numbers(answer: str, option_count: int) -> tuple[int, ...]:
    """Parse numbers from 1 to `option_count` into indexes from 0; return nothing if any of them is invalid."""
    words = answer.replace(",", " ").split()
    if not all(word.isdecimal() and 1 <= int(word) <= option_count for word in words):
        return ()
    return tuple(dict.fromkeys(int(word) - 1 for word in words))
