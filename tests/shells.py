"""Interactive shells on a real terminal, with completion as a person installs it."""

import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pexpect
import pyte
import pytest

PATIENCE = 20
READY = "ready> "
EMPTY = "\x05\x15\x0c"
"""The keys that go to the end of the line, take it away, and clear the screen."""

PROMPTS = {
    "bash": f"PS1='{READY}'; bind 'set enable-bracketed-paste off'",
    "zsh": f"PS1='{READY}'; unsetopt prompt_sp zle_bracketed_paste",
    "fish": f"function fish_prompt; echo -n '{READY}'; end",
}


class Shell:
    """A shell that somebody types into; each line is typed into an empty screen."""

    def __init__(self, name: str, home: Path) -> None:
        """Start it."""
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
        self.name = name
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        env = {
            "PATH": path, "HOME": str(home), "ZDOTDIR": str(home), "SHELL": str(shutil.which(name)),
            "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "VALUELOG_TODAY": "2026-11-20",
        }  # fmt: skip
        self.child = pexpect.spawn(name, ["-i"], env=env, encoding="utf-8", dimensions=(24, 100), cwd=str(home))
        self.child.delaybeforesend = None
        self.screen = pyte.Screen(100, 24)
        self.screen.write_process_input = self.child.send  # type: ignore[assignment,method-assign]
        self._stream = pyte.Stream(self.screen)
        self.child.send(PROMPTS[name] + "\r")
        self.until(lambda shown: shown.endswith(READY.strip()))

    @property
    def shown(self) -> str:
        """What is on the screen, blanks at the ends of lines aside."""
        return "\n".join(line.rstrip() for line in self.screen.display).rstrip()

    def until(self, seen: re.Pattern[str] | Callable[[str], bool]) -> str:
        """Wait for what shall be on the screen."""
        wanted = seen.search if isinstance(seen, re.Pattern) else seen
        end = time.monotonic() + PATIENCE
        while not wanted(self.shown):
            try:
                self._stream.feed(self.child.read_nonblocking(65536, 0.05))
            except pexpect.TIMEOUT:
                if time.monotonic() > end:
                    pytest.fail(f"{self.name}: it did not come:\n{self.shown}")
            except pexpect.EOF:
                pytest.fail(f"{self.name} ended:\n{self.shown}")
        return self.shown

    def tab(self, line: str, *wanted: str) -> str:
        """Type a line into an empty screen, press TAB, and wait for all that is wanted."""
        self.child.send(EMPTY)
        self.until(lambda shown: shown.strip() == READY.strip())
        self.child.send(f"{line}\t")
        if self.name == "bash" and len(wanted) > 1:  # it lists several words only when it is asked again
            self.child.send("\t")
        return self.until(lambda shown: all(one in shown for one in wanted))
