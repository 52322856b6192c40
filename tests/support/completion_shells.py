"""Interactive shells on a pseudo-terminal, to test completion."""

import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from support.pseudo_terminal import TIMEOUT_SECONDS, PseudoTerminal

READY = "ready> "
CLEAR_LINE = "\x05\x15\x0c"
"""The keys that go to the end of the line, delete it, and clear the screen."""

PROMPTS = {
    "bash": f"PS1='{READY}'; bind 'set enable-bracketed-paste off'",
    "zsh": f"PS1='{READY}'; unsetopt prompt_sp zle_bracketed_paste",
    "fish": f"function fish_prompt; echo -n '{READY}'; end",
}


class Shell(PseudoTerminal):
    """An interactive shell; each line is typed on an empty screen."""

    def __init__(self, name: str, home: Path) -> None:
        """Start it."""
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
        self.name = name
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        home_variables = {
            "HOME": str(home),
            "ZDOTDIR": str(home),
            "SHELL": str(shutil.which(name)),
            "LC_ALL": "C.UTF-8",
        }
        environ = {"PATH": path, "VALUELOG_TODAY": "2026-11-20", **home_variables}
        super().__init__([name, "-i"], environ, wide=100, home=home)
        self.child.send(PROMPTS[name] + "\r")
        self.wait_for(lambda shown: shown.endswith(READY.strip()))

    def wait_for(self, expected: re.Pattern[str] | Callable[[str], bool]) -> str:
        """Wait until the screen matches; return its text."""
        matches = expected.search if isinstance(expected, re.Pattern) else expected
        end = time.monotonic() + TIMEOUT_SECONDS
        while not matches(self.screen_text):
            if self.read() is None:
                pytest.fail(f"{self.name} ended:\n{self.screen_text}")
            if time.monotonic() > end:
                pytest.fail(f"{self.name}: the expected text did not appear:\n{self.screen_text}")
        return self.screen_text

    def tab(self, line: str, *expected: str) -> str:
        """Type a line on an empty screen, press TAB, and wait for all expected texts."""
        self.child.send(CLEAR_LINE)
        self.wait_for(lambda shown: shown.strip() == READY.strip())
        self.child.send(f"{line}\t")
        if self.name == "bash" and len(expected) > 1:  # it lists several candidates only after a second TAB
            self.child.send("\t")
        return self.wait_for(lambda shown: all(text in shown for text in expected))
