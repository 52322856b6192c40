"""valuelog on a real pseudo-terminal, and somebody who reads and types; 80 x 24 unless it is narrower."""

import re
import sys
import time
from typing import TYPE_CHECKING

import pytest

from support.env import outside
from support.pseudo_terminal import ENTER, PATIENCE, Seat

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(Seat):
    """A terminal with valuelog on it, and somebody who waits for what is shown."""

    columns = 80

    def __init__(self, home: "Path", *words: str, **environ: str) -> None:
        """Start valuelog."""
        command = [sys.executable, "-m", "valuelog", *words]
        super().__init__(command, outside(home, **environ), wide=self.columns, home=home)

    def until(self, text: str, *, at_cursor: bool = False) -> None:
        """Wait for a text on the screen, or on the line of the cursor."""
        end = time.monotonic() + PATIENCE
        while not (self._at_cursor(text) if at_cursor else any(text in line for line in self.lines)):
            if self.read() is None and text not in "\n".join(self.lines):
                pytest.fail(f"It ended before “{text}” came:\n" + self.shown)
            if time.monotonic() > end:
                pytest.fail(f"“{text}” did not come:\n" + self.shown)

    def _at_cursor(self, text: str) -> bool:
        """Tell whether a text stands on the line of the cursor; a prompt alone, only if nothing is typed yet."""
        return self.last.endswith("›") if text.strip() == "›" else text in self.last

    def type(self, keys: str, then: str, *, at_cursor: bool = False) -> None:
        """Press some keys and wait for what they lead to."""
        self.child.send(keys)
        self.until(then, at_cursor=at_cursor)

    def answer(self, line: str, then: str) -> None:
        """Answer a line of the numbered mode and wait for what is said next, behind the echo of the answer."""
        end = time.monotonic() + PATIENCE
        while not self.last.endswith((">", "]")) and self.read() is not None and time.monotonic() < end:
            pass
        seen = len(self.bytes)
        self.child.send(line + ENTER)
        while then not in re.sub(r"\x1b\[[0-9;]*m", "", self.bytes[seen:]).removeprefix(line):
            self.read()
            if time.monotonic() > end:
                pytest.fail(f"“{then}” did not come:\n" + self.shown)

    def end(self) -> int:
        """Wait until the program ends; return its exit code."""
        end = time.monotonic() + PATIENCE
        while self.read() is not None and time.monotonic() < end:
            pass
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


class Narrow(Terminal):
    """A terminal of half the width."""

    columns = 40
