"""valuelog on a real pseudo-terminal, and somebody who reads and types; 80 x 24 unless it is narrower."""

import re
import sys
import time
from typing import TYPE_CHECKING

import pytest

from support.env import process_environment
from support.pseudo_terminal import ENTER, TIMEOUT_SECONDS, PseudoTerminal

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(PseudoTerminal):
    """A terminal with valuelog on it, and somebody who waits for what is shown."""

    columns = 80

    def __init__(self, home: "Path", *words: str, **environ: str) -> None:
        """Start valuelog."""
        command = [sys.executable, "-m", "valuelog", *words]
        super().__init__(command, process_environment(home, **environ), wide=self.columns, home=home)

    def wait_for(self, text: str, *, at_cursor: bool = False) -> None:
        """Wait for a text on the screen, or on the line of the cursor."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while not (self._at_cursor(text) if at_cursor else any(text in line for line in self.lines)):
            if self.read() is None and text not in "\n".join(self.lines):
                pytest.fail(f"It ended before “{text}” came:\n" + self.screen_text)
            if time.monotonic() > end:
                pytest.fail(f"“{text}” did not come:\n" + self.screen_text)

    def _at_cursor(self, text: str) -> bool:
        """Tell whether a text stands on the line of the cursor; a prompt alone, only if nothing is typed yet."""
        return self.cursor_line.endswith("›") if text.strip() == "›" else text in self.cursor_line

    def type(self, keys: str, then: str, *, at_cursor: bool = False) -> None:
        """Press some keys and wait for what they lead to.

        A prompt at the cursor may be the one that is answered: first wait until the program has reacted.
        """
        seen, end = len(self.output), time.monotonic() + TIMEOUT_SECONDS
        self.child.send(keys)
        while at_cursor and len(self.output) == seen and self.read() is not None and time.monotonic() < end:
            pass
        self.wait_for(then, at_cursor=at_cursor)

    def answer(self, line: str, then: str) -> None:
        """Answer a line of the numbered mode and wait for what is said next, behind the echo of the answer."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while not self.cursor_line.endswith((">", "]")) and self.read() is not None and time.monotonic() < end:
            pass
        seen = len(self.output)
        self.child.send(line + ENTER)
        while then not in re.sub(r"\x1b\[[0-9;]*m", "", self.output[seen:]).removeprefix(line):
            self.read()
            if time.monotonic() > end:
                pytest.fail(f"“{then}” did not come:\n" + self.screen_text)

    def end(self) -> int:
        """Wait until the program ends; return its exit code."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while self.read() is not None and time.monotonic() < end:
            pass
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


class NarrowTerminal(Terminal):
    """A terminal of half the width."""

    columns = 40
