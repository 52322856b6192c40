"""What both prompters share: how they write headings, lines and errors to stderr."""

from typing import TextIO

from rich.cells import cell_len

from valuelog.model.errors import BadInput
from valuelog.render import Canvas
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG, paint
from valuelog.render.wrap import wrap_text

NOTE_INDENT = "    "
"""Before each line of an explanation."""


class BasePrompter:
    """The part of a Prompter that only writes."""

    def __init__(self, stderr: TextIO, canvas: Canvas) -> None:
        """Write to stderr, so that stdout holds only the command's output."""
        self._stderr = stderr
        self._color = canvas.color
        self._width = canvas.width

    def show_heading(self, text: str, hint: str = "") -> None:
        """Show what the next questions are about; the hint moves to its own line if it does not fit beside the text."""
        has_room = cell_len(text) + cell_len(hint) + 2 <= self._width
        spaced_hint = f"{'' if has_room else chr(10)}  {hint}" if hint else ""
        self._write_line(
            self._wrap(paint(escape_line(text), STRONG, color=self._color) + paint(spaced_hint, DIM, color=self._color))
        )

    def show_note(self, text: str) -> None:
        """Show what an answer became, indented below it."""
        self._write_line(self._wrap(paint(f"    {escape_line(text)}", DIM, color=self._color)))

    def _write_line(self, text: str) -> None:
        self._stderr.write(f"{text}\n")
        self._stderr.flush()

    def _show_error(self, error: BadInput) -> None:
        """Show why an answer is refused, and the hint."""
        self._write_line(
            self._wrap(f"    {paint(escape_line(error.message), ATTENTION, color=self._color)} {error.hint}")
        )

    def _show_explanation(self, explanation: str) -> None:
        """Show why a question is asked, and examples."""
        for line in explanation.split("\n"):
            for piece in self._wrap(escape_line(line), len(NOTE_INDENT)).split("\n"):
                self._write_line(paint(f"{NOTE_INDENT}{piece}", DIM, color=self._color))

    def _wrap(self, text: str, reserved: int = 0) -> str:
        """Wrap a text for the terminal, leaving some columns free."""
        return wrap_text(text, self._width - reserved) if self._stderr.isatty() else text
