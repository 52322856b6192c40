"""Somebody at a real terminal who types what a transcript shows behind each prompt, and picks what it shows as picked.

A prompt is where the cursor waits behind some words. The next line of the transcript that begins with these words has
the answer: words to type, an option to choose, several in brackets, `none`, or Yes and No.
"""

import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from support.pseudo_terminal import DOWN, ENTER, TIMEOUT_SECONDS, PseudoTerminal

MENU_HINT = re.compile(r" \((Space|Use arrow keys).*$")
CONFIRM_HINT = re.compile(r" \((Y/n|y/N)\)$")
CHECKBOX = re.compile(r"^ [» ] ([○●]) (.*)$")


class Typist(PseudoTerminal):
    """Somebody at one terminal of 80 columns, so tall that nothing scrolls away."""

    def __init__(self, command: str, expected: str, environ: Mapping[str, str], home: Path) -> None:
        """Run a command there."""
        super().__init__(["/bin/sh", "-c", command], environ, high=150, wide=80, home=home)
        self._expected = expected.split("\n")
        self._answered = -1

    def run(self) -> tuple[str, int]:
        """Answer until the program ends; return what is on the screen then, and the exit code."""
        while self._wait_for_prompt():
            self._answered = self.screen.cursor.y
            self._answer(self.cursor_line)
        self.child.close()
        return f"{self.screen_text}\n", int(self.child.exitstatus or 0)

    def _wait_for_prompt(self) -> bool:
        """Wait until the cursor stands behind words that are new and nothing more comes; tell whether it ever does."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while (came := self.read()) is not None:
            cursor = self.screen.cursor
            if not came and cursor.x > 0 and cursor.y > self._answered:
                return True
            if time.monotonic() > end:
                pytest.fail("It neither asks nor ends:\n" + self.screen_text)
        return False

    def _answer(self, row: str) -> None:
        answer = self._find_answer(CONFIRM_HINT.sub("", MENU_HINT.sub("", row)))
        menu = MENU_HINT.search(row)
        if not menu:
            self.child.send((answer[:1].lower() if CONFIRM_HINT.search(row) else answer) + ENTER)
        elif menu[1] == "Space":
            self._pick([] if answer == "none" else answer.strip("[]").split(", "))
        else:
            self._choose(answer)

    def _find_answer(self, asked: str) -> str:
        """Return what the transcript shows behind some words, the next time that they come."""
        begins = " ".join(asked.split())
        while self._expected:
            line = " ".join(self._expected.pop(0).split())
            if line.startswith(begins):
                return line.removeprefix(begins).strip()
        pytest.fail(f"The transcript has no answer to “{asked}”:\n" + self.screen_text)

    def _press(self, key: str) -> None:
        """Press a key that changes what is shown, and wait until it has."""
        before, end = self.lines, time.monotonic() + TIMEOUT_SECONDS
        self.child.send(key)
        while self.read() or self.lines == before:
            assert time.monotonic() < end, f"{key!r} does nothing:\n" + "\n".join(before).rstrip()

    def _pick(self, wanted: list[str]) -> None:
        """Go through all options, so that those which are wanted are picked, and no others."""
        options = list(filter(None, map(CHECKBOX.match, self.lines[self._answered :])))
        for place, option in enumerate(options):
            if place:
                self._press(DOWN)
            if (option[1] == "●") != any(option[2].startswith(one) for one in wanted):
                self._press(" ")
        self.child.send(ENTER)

    def _choose(self, wanted: str) -> None:
        """Go to the one option that is wanted."""
        seen: list[str] = []
        while (option := self._pointed_at()) != wanted:
            assert option not in seen, f"There is no “{wanted}” among {seen}."
            seen.append(option)
            self._press(DOWN)
        self.child.send(ENTER)

    def _pointed_at(self) -> str:
        """Return the option at the pointer."""
        pointed = [row.partition("»")[2].strip() for row in self.lines[self._answered :] if "»" in row]
        assert pointed, "There is nothing to choose:\n" + self.screen_text
        return pointed[0]
