"""Runs a command on a pseudo-terminal and answers each prompt as a transcript shows it.

The program is at a prompt when the cursor waits after some text. The next line of the transcript that starts with this
text has the answer: text to type, an option, several options in brackets, `(none)`, `(skipped)`, or Yes and No.
"""

import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.pseudo_terminal import DOWN, ENTER, TIMEOUT_SECONDS, PseudoTerminal

MENU_HINT = re.compile(r" \((Space|Use arrow keys).*$")
CHOICE_HINT = re.compile(r" \(\w\).*  Enter[^>]*$")
TAIL = re.compile(r"^ +Enter[^>]*$|  Enter[^>]*$")
OPTION = re.compile(r" \(\w\)")
CONFIRM_HINT = re.compile(r" \((Y/n|y/N)\)$")
CHECKBOX = re.compile(r"^ [» ] ([○●]) (.*)$")


class Typist(PseudoTerminal):
    """A pseudo-terminal, of 80 columns unless `wide` says otherwise, tall enough that nothing scrolls off."""

    def __init__(self, command: str, expected: str, environ: Mapping[str, str], home: Path, *, wide: int = 80) -> None:
        """Start a command."""
        super().__init__(["/bin/sh", "-c", command], environ, high=150, wide=wide, home=home)
        self._expected = expected.split("\n")
        self._answered = -1
        self._answered_choice = ""

    def run(self) -> tuple[str, int]:
        """Answer all prompts; return the final screen text and the exit code."""
        while self._wait_for_prompt():
            row = self._prompt_row()
            self._answered, self._answered_choice = self.screen.cursor.y, row if row != self.cursor_line else ""
            self._answer(row)
        self.child.close()
        return f"{self.screen_text}\n", int(self.child.exitstatus or 0)

    def _wait_for_prompt(self) -> bool:
        """Wait for the next prompt; return False if the program ends instead."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while (has_output := self.read()) is not None:
            cursor = self.screen.cursor
            if not has_output and cursor.x > 0 and (cursor.y > self._answered or self._replaces_choice()):
                return True
            if time.monotonic() > end:
                pytest.fail("The program neither prompts nor ends:\n" + self.screen_text)
        return False

    def _replaces_choice(self) -> bool:
        """Return whether the cursor is where a choice of two lines was, which leaves only one line behind."""
        return bool(self._answered_choice) and self._answered_choice != self._prompt_row()

    def _prompt_row(self) -> str:
        """Return the line with the cursor, after the line before if a choice takes two."""
        above = self.lines[self.screen.cursor.y - 1]
        is_continued = TAIL.search(self.cursor_line) and OPTION.search(above) and not OPTION.search(self.cursor_line)
        return f"{above}  {self.cursor_line.strip()}" if is_continued else self.cursor_line

    def _answer(self, row: str) -> None:
        answer = self._find_answer(CHOICE_HINT.sub("", CONFIRM_HINT.sub("", MENU_HINT.sub("", row))))
        menu = MENU_HINT.search(row)
        if CHOICE_HINT.search(row) or CONFIRM_HINT.search(row):
            self.child.send(_find_key(row, answer))
            return
        if not menu:
            self.child.send(answer + ENTER)
        elif menu[1] == "Space":
            self._pick([] if answer == "(none)" else answer.strip("[]").split(", "))
        else:
            self._choose(answer)

    def _find_answer(self, prompt: str) -> str:
        """Return the answer after the next occurrence of a prompt in the transcript."""
        prefix = " ".join(prompt.split())
        while self._expected:
            line = " ".join(self._expected.pop(0).split())
            if line.startswith(prefix):
                return line.removeprefix(prefix).strip()
        pytest.fail(f"The transcript has no answer to “{prompt}”:\n" + self.screen_text)

    def _press(self, key: str) -> None:
        """Press a key and wait until the screen changes."""
        before, end = self.lines, time.monotonic() + TIMEOUT_SECONDS
        self.child.send(key)
        while self.read() or self.lines == before:
            assert time.monotonic() < end, f"{key!r} does nothing:\n" + "\n".join(before).rstrip()

    def _pick(self, expected: list[str]) -> None:
        """Check exactly the expected options of a menu."""
        options = list(filter(None, map(CHECKBOX.match, self.lines[self._answered :])))
        for place, option in enumerate(options):
            if place:
                self._press(DOWN)
            if (option[1] == "●") != any(option[2].startswith(one) for one in expected):
                self._press(" ")
        self.child.send(ENTER)

    def _choose(self, expected: str) -> None:
        """Move to the expected option and choose it."""
        visited: list[str] = []
        while (option := self._pointed_at()) != expected:
            assert option not in visited, f"There is no “{expected}” among {visited}."
            visited.append(option)
            self._press(DOWN)
        self.child.send(ENTER)

    def _pointed_at(self) -> str:
        """Return the option at the pointer."""
        pointed = [" ".join(row.partition("»")[2].split()) for row in self.lines[self._answered :] if "»" in row]
        assert pointed, "There are no options:\n" + self.screen_text
        return pointed[0]


def _find_key(row: str, answer: str) -> str:
    """Return the key that gives an answer: the first letter, the digit shown before it, or Enter."""
    if answer in {"", "(skipped)"}:
        return ENTER
    digit = re.search(rf"\((\d)\) {re.escape(answer)}", row)
    return digit[1] if digit else answer[:1].lower()
