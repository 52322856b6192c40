"""A real pseudo-terminal with a program on it, and somebody who reads and types; 80 x 24 unless it is narrower."""

import os
import re
import sys
import time
from typing import TYPE_CHECKING

import pexpect
import pyte
import pytest

if TYPE_CHECKING:
    from pathlib import Path

PATIENCE = 20
ENTER, TAB, DOWN, CTRL_C, CTRL_D = "\r", "\t", "\x1b[B", "\x03", "\x04"


def outside(home: "Path", **more: str) -> dict[str, str]:
    """Return the environment of a program in a home of its own, without the question that takes turns."""
    places = {f"XDG_{name.upper()}_HOME": str(home / name) for name in ("data", "config", "state")}
    usual = {"PATH": os.environ["PATH"], "HOME": str(home), "LC_ALL": "C.UTF-8", "VALUELOG_TODAY": "2026-11-20"}
    return {**usual, **places, **more}


class Terminal:
    """A terminal with a program on it, and somebody who reads and types."""

    columns = 80

    def __init__(self, home: "Path", *words: str, **environ: str) -> None:
        """Start valuelog."""
        env = outside(home, **{"TERM": "xterm-256color", **environ})
        program = ["-m", "valuelog", *words]
        self.child = pexpect.spawn(
            sys.executable, program, env=env, encoding="utf-8", codec_errors="replace", dimensions=(24, self.columns)
        )
        self.child.delaybeforesend = None
        self.screen = pyte.Screen(self.columns, 24)
        # What a terminal answers when it is asked where its cursor is.
        self.screen.write_process_input = self.child.send  # type: ignore[assignment,method-assign]
        self._stream = pyte.Stream(self.screen)
        self.bytes = ""

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def last(self) -> str:
        """The line that the cursor is on."""
        return self.lines[self.screen.cursor.y]

    def _read(self) -> bool:
        """Show what has come; tell whether the program still runs."""
        try:
            said = self.child.read_nonblocking(65536, 0.02)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.bytes += said
        self._stream.feed(said)
        return True

    def until(self, text: str, *, at_cursor: bool = False) -> None:
        """Wait for a text on the screen, or on the line of the cursor."""
        end = time.monotonic() + PATIENCE
        while not (self._at_cursor(text) if at_cursor else any(text in line for line in self.lines)):
            if not self._read() and text not in "\n".join(self.lines):
                pytest.fail(f"It ended before “{text}” came:\n" + "\n".join(self.lines))
            if time.monotonic() > end:
                pytest.fail(f"“{text}” did not come:\n" + "\n".join(self.lines))

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
        while not self.last.endswith((">", "]")) and self._read() and time.monotonic() < end:
            pass
        seen = len(self.bytes)
        self.child.send(line + ENTER)
        while then not in re.sub(r"\x1b\[[0-9;]*m", "", self.bytes[seen:]).removeprefix(line):
            self._read()
            if time.monotonic() > end:
                pytest.fail(f"“{then}” did not come:\n" + "\n".join(self.lines))

    def end(self) -> int:
        """Wait until the program ends; return its exit code."""
        end = time.monotonic() + PATIENCE
        while self._read() and time.monotonic() < end:
            pass
        self.child.close()
        return int(self.child.exitstatus if self.child.exitstatus is not None else -1)


class Narrow(Terminal):
    """A terminal of half the width."""

    columns = 40
