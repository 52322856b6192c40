"""A seat at a real pseudo-terminal with a program on it: what its screen shows, and what somebody types."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

TIMEOUT_SECONDS = 20
"""So many seconds somebody waits for what has to come."""

ENTER, TAB, DOWN, CTRL_C, CTRL_D = "\r", "\t", "\x1b[B", "\x03", "\x04"


class PseudoTerminal:
    """A terminal with a program on it; `bytes` is all that has come from it."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], *, high: int = 24, wide: int, home: Path
    ) -> None:
        """Start the program in a home: a pager or a shell that is typed into may write files where it is."""
        self.child = pexpect.spawn(
            command[0],
            list(command[1:]),
            env={"TERM": "xterm-256color", **environ},
            cwd=str(home),
            encoding="utf-8",
            codec_errors="replace",
            dimensions=(high, wide),
        )
        self.child.delaybeforesend = None
        self.screen = pyte.Screen(wide, high)
        # What a terminal answers when it is asked where its cursor is.
        self.screen.write_process_input = self.child.send  # type: ignore[assignment,method-assign]
        self._stream = pyte.Stream(self.screen)
        self.output = ""

    @property
    def lines(self) -> list[str]:
        """What is on the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def cursor_line(self) -> str:
        """The line that the cursor is on."""
        return self.lines[self.screen.cursor.y]

    @property
    def screen_text(self) -> str:
        """What is on the screen as one text, without the empty lines at its end."""
        return "\n".join(self.lines).rstrip()

    def read(self) -> bool | None:
        """Show what has come; tell whether something has, or None once the program has ended."""
        try:
            said = self.child.read_nonblocking(65536, 0.05)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            return None
        self.output += said
        self._stream.feed(said)
        return True
