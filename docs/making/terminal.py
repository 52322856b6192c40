"""A real terminal with valuelog on it and somebody who types: what its screen shows when the program has ended."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pexpect
import pyte

from making.made_up import places

WIDTH, HEIGHT = 80, 70
PATIENCE = 30
ENTER, DOWN = "\r", "\x1b[B"

DIM, NORMAL = 2, 22
BLINKING, STEADY = 5, 25

PROGRAM = "import os, random; os.urandom = random.Random(47).randbytes; from valuelog.__main__ import main; main()"
"""The real program, in which all ids are the same each time."""


class Answer(NamedTuple):
    """What somebody types once a text stands before the cursor; it may be the last words of several lines."""

    at: str
    keys: str


class Look(NamedTuple):
    """How a character looks."""

    color: str = "default"
    bold: bool = False
    dim: bool = False


class Cell(NamedTuple):
    """One character on a screen."""

    sign: str
    look: Look = Look()


Row = tuple[Cell, ...]


class _Screen(pyte.Screen):
    """A screen that knows dim, which pyte does not: it passes for blinking, as nothing of ours does."""

    def select_graphic_rendition(self, *attrs: int) -> None:
        """Set how the next characters look."""
        known = {DIM: (BLINKING,), NORMAL: (NORMAL, STEADY)}
        super().select_graphic_rendition(*(one for attr in attrs for one in known.get(attr, (attr,))))


def screen(home: Path, words: Sequence[str], answers: Sequence[Answer], **environ: str) -> list[Row]:
    """Run valuelog in a home, answer it, and return the rows of the screen up to the last that is not empty.

    Raises RuntimeError where the program does not ask what is to be answered, or does not end.
    """
    shown = _Screen(WIDTH, HEIGHT)
    child = pexpect.spawn(
        sys.executable,
        ["-c", PROGRAM, *words],
        env=outside(home) | environ,
        encoding="utf-8",
        dimensions=(HEIGHT, WIDTH),
    )
    child.delaybeforesend = None
    # What a terminal answers when it is asked where its cursor is.
    shown.write_process_input = child.send  # type: ignore[assignment,method-assign]
    seat = _Seat(child, shown)
    for answer in answers:
        seat.wait(answer.at)
        child.send(answer.keys)
    seat.wait(None)
    child.close()
    return _rows(shown)


def outside(home: Path) -> dict[str, str]:
    """Return the environment of a program in a home of its own."""
    usual = {"PATH": os.defpath, "HOME": str(home), "LC_ALL": "C.UTF-8", "TZ": "UTC", "TERM": "xterm-256color"}
    return {**usual, **places(home)}


class _Seat:
    """Somebody in front of a terminal."""

    def __init__(self, child: "pexpect.spawn[str]", shown: pyte.Screen) -> None:
        self._child = child
        self._shown = shown
        self._stream = pyte.Stream(shown)

    def wait(self, text: str | None) -> None:
        """Read until a text stands before the cursor, or with None until the program has ended. Raises RuntimeError."""
        end = time.monotonic() + PATIENCE
        while text is None or not self._before_cursor().endswith(text):
            going = self._read()
            if not going and text is None:
                return
            if not going or time.monotonic() > end:
                message = f"“{text or 'the end'}” did not come:\n{self._before_cursor()}"
                raise RuntimeError(message)

    def _before_cursor(self) -> str:
        return "\n".join(line.rstrip() for line in self._shown.display[: self._shown.cursor.y + 1])

    def _read(self) -> bool:
        """Show what has come; tell whether the program still runs."""
        try:
            self._stream.feed(self._child.read_nonblocking(65536, 0.05))
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True


def _rows(shown: pyte.Screen) -> list[Row]:
    """Return what a screen shows, without the empty rows at its end."""
    rows = [tuple(_cell(shown.buffer[y][x]) for x in range(WIDTH)) for y in range(HEIGHT)]
    while rows and not "".join(cell.sign for cell in rows[-1]).strip():
        rows.pop()
    return rows


def _cell(found: pyte.screens.Char) -> Cell:
    return Cell(sign=found.data, look=Look(color=found.fg, bold=found.bold, dim=found.blink))
