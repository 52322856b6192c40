"""A program on a pseudo-terminal: its screen, and keys typed into it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pexpect
import pyte

TIMEOUT_SECONDS = 20
"""The time to wait for expected output."""

ENTER, TAB, DOWN, CTRL_C, CTRL_D = "\r", "\t", "\x1b[B", "\x03", "\x04"


class PseudoTerminal:
    """A pseudo-terminal with a running program; `output` is everything it has printed."""

    def __init__(
        self, command: Sequence[str], environ: Mapping[str, str], *, high: int = 24, wide: int, home: Path
    ) -> None:
        """Start the program in a home, since pagers and shells may write files to their working directory."""
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
        # Answers requests for the cursor position.
        self.screen.write_process_input = self.child.send  # type: ignore[assignment,method-assign]
        self._stream = pyte.Stream(self.screen)
        self.output = ""

    @property
    def lines(self) -> list[str]:
        """The lines on the screen."""
        return [line.rstrip() for line in self.screen.display]

    @property
    def cursor_line(self) -> str:
        """The line with the cursor."""
        return self.lines[self.screen.cursor.y]

    @property
    def screen_text(self) -> str:
        """The text on the screen, without trailing empty lines."""
        return "\n".join(self.lines).rstrip()

    def read(self) -> bool | None:
        """Read new output onto the screen; return whether there was any, or None once the program has ended."""
        try:
            text = self.child.read_nonblocking(65536, 0.05)
        except pexpect.TIMEOUT:
            return False
        except pexpect.EOF:
            return None
        self.output += text
        self._stream.feed(text)
        return True
