"""Run valuelog on a pseudo-terminal, type answers, and return the final screen."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pexpect
import pyte

from making.sample_journal import SEED, xdg_variables

WIDTH, HEIGHT = 80, 70
TIMEOUT_SECONDS = 30
ENTER, DOWN = "\r", "\x1b[B"

DIM, NORMAL = 2, 22
BLINK_ON, BLINK_OFF = 5, 25

PROGRAM = f"import os, random; os.urandom = random.Random({SEED}).randbytes; from valuelog.__main__ import main; main()"
"""valuelog with the same ids on every run."""


class Answer(NamedTuple):
    """The keys to type once the text before the cursor ends with `prompt`, which may span lines."""

    prompt: str
    keys: str


class Style(NamedTuple):
    """The style of a character."""

    color: str = "default"
    bold: bool = False
    dim: bool = False


class Cell(NamedTuple):
    """One character on the screen."""

    char: str
    style: Style = Style()


Row = tuple[Cell, ...]


class _Screen(pyte.Screen):
    """A screen that supports dim, which pyte doesn't: it is stored as blinking, which valuelog never uses."""

    def select_graphic_rendition(self, *attrs: int) -> None:
        """Set the style of the next characters."""
        replacements = {DIM: (BLINK_ON,), NORMAL: (NORMAL, BLINK_OFF)}
        super().select_graphic_rendition(*(code for attr in attrs for code in replacements.get(attr, (attr,))))


def run_on_terminal(home: Path, words: Sequence[str], answers: Sequence[Answer], **environ: str) -> list[Row]:
    """Run valuelog in a home, type the answers, and return the rows of the screen without empty ones at the end.

    Raises RuntimeError if a prompt doesn't appear or the program doesn't end in time.
    """
    screen = _Screen(WIDTH, HEIGHT)
    child = pexpect.spawn(
        sys.executable,
        ["-c", PROGRAM, *words],
        env=_environment(home) | environ,
        encoding="utf-8",
        dimensions=(HEIGHT, WIDTH),
    )
    child.delaybeforesend = None
    # A terminal answers when a program asks for the position of the cursor.
    screen.write_process_input = child.send  # type: ignore[assignment,method-assign]
    session = _Session(child, screen)
    for answer in answers:
        session.wait(answer.prompt)
        child.send(answer.keys)
    session.wait(None)
    child.close()
    return _rows(screen)


def _environment(home: Path) -> dict[str, str]:
    usual = {
        "PATH": os.defpath,
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "TERM": "xterm-256color",
        "VALUELOG_BACKUPS": "false",
    }
    return usual | xdg_variables(home) | {"VALUELOG_BACKUPS": "false"}


class _Session:
    """A program that runs on a screen."""

    def __init__(self, child: "pexpect.spawn[str]", screen: pyte.Screen) -> None:
        self._child = child
        self._screen = screen
        self._stream = pyte.Stream(screen)

    def wait(self, text: str | None) -> None:
        """Read until the text before the cursor ends with `text`, or until the program ends if it is None.

        Raises RuntimeError.
        """
        end = time.monotonic() + TIMEOUT_SECONDS
        while text is None or not self._text_before_cursor().endswith(text):
            running = self._read()
            if not running and text is None:
                return
            if not running or time.monotonic() > end:
                message = f"“{text or 'the end'}” did not appear:\n{self._text_before_cursor()}"
                raise RuntimeError(message)

    def _text_before_cursor(self) -> str:
        return "\n".join(line.rstrip() for line in self._screen.display[: self._screen.cursor.y + 1])

    def _read(self) -> bool:
        """Show the output so far; return whether the program is still running."""
        try:
            self._stream.feed(self._child.read_nonblocking(65536, 0.05))
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True


def _rows(screen: pyte.Screen) -> list[Row]:
    rows = [tuple(_cell(screen.buffer[y][x]) for x in range(WIDTH)) for y in range(HEIGHT)]
    while rows and not "".join(cell.char for cell in rows[-1]).strip():
        rows.pop()
    return rows


def _cell(char: pyte.screens.Char) -> Cell:
    return Cell(char.data, Style(color=char.fg, bold=char.bold, dim=char.blink))
