"""valuelog on a pseudo-terminal of 80 x 24 or 40 x 24."""

import re
import sys
import time
from typing import TYPE_CHECKING

import pytest

from support.env import process_environment
from support.makers import WEEK_OFFER
from support.pseudo_terminal import ENTER, TIMEOUT_SECONDS, PseudoTerminal

if TYPE_CHECKING:
    from pathlib import Path


class Terminal(PseudoTerminal):
    """A pseudo-terminal running valuelog."""

    columns = 80

    def __init__(self, home: "Path", *words: str, **environ: str) -> None:
        """Start valuelog."""
        command = [sys.executable, "-m", "valuelog", *words]
        super().__init__(command, process_environment(home, **environ), wide=self.columns, home=home)

    def wait_for(self, text: str, *, at_cursor: bool = False) -> None:
        """Wait for a text on the screen, or on the line with the cursor."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while not (self._at_cursor(text) if at_cursor else any(text in line for line in self.lines)):
            if self.read() is None and text not in "\n".join(self.lines):
                pytest.fail(f"valuelog ended before “{text}” appeared:\n" + self.screen_text)
            if time.monotonic() > end:
                pytest.fail(f"“{text}” did not appear:\n" + self.screen_text)

    def _at_cursor(self, text: str) -> bool:
        """Return whether a text is on the line with the cursor; for a bare prompt, whether nothing is typed yet."""
        return self.cursor_line.endswith("›") if text.strip() == "›" else text in self.cursor_line

    def type(self, keys: str, then: str, *, at_cursor: bool = False) -> None:
        """Press keys and wait for a text.

        The prompt at the cursor may still be the answered one, so first wait for new output.
        """
        length, end = len(self.output), time.monotonic() + TIMEOUT_SECONDS
        self.child.send(keys)
        while at_cursor and len(self.output) == length and self.read() is not None and time.monotonic() < end:
            pass
        self.wait_for(then, at_cursor=at_cursor)

    def answer(self, line: str, then: str) -> None:
        """Answer a prompt in accessible mode and wait for a text after the echo of the answer."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while not self.cursor_line.endswith((">", "]")) and self.read() is not None and time.monotonic() < end:
            pass
        length = len(self.output)
        self.child.send(line + ENTER)
        while then not in re.sub(r"\x1b\[[0-9;]*m", "", self.output[length:]).removeprefix(line):
            self.read()
            if time.monotonic() > end:
                pytest.fail(f"“{then}” did not appear:\n" + self.screen_text)

    def end(self) -> int:
        """Wait until the program ends; return its exit code. An offer of the week is declined."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while self.read() is not None and time.monotonic() < end:
            if self.cursor_line.endswith((f"{WEEK_OFFER} (Y/n)", f"{WEEK_OFFER} [Y/n]")):
                self.child.send("n" + ENTER * self.cursor_line.endswith("]"))
                while self.cursor_line.endswith(("(Y/n)", "[Y/n]")) and self.read() is not None:
                    pass
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


class NarrowTerminal(Terminal):
    """A pseudo-terminal of 40 columns."""

    columns = 40
