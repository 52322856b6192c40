"""Asking a person: with questionary on a real terminal, as plain numbered lines where that is better.

Everything is drawn on stderr. Ctrl-C is KeyboardInterrupt, Ctrl-D EOFError; nothing is half-answered then.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TextIO

from rich.cells import cell_len

from valuelog.model.errors import BadInput
from valuelog.render import Canvas
from valuelog.render.escape import escape_line
from valuelog.render.style import ATTENTION, DIM, STRONG, paint
from valuelog.render.wrap import wrap_text

if TYPE_CHECKING:
    from valuelog.workflows.prompter import Prompter


def create_prompter(stdin: TextIO, stderr: TextIO, canvas: Canvas, *, plain: bool) -> "Prompter":
    """Return somebody to ask."""
    if plain:
        return LinePrompter(stdin, stderr, canvas)
    from valuelog.cli.prompter_menus import MenuPrompter  # noqa: PLC0415  imports questionary

    return MenuPrompter(stderr, canvas)


ANSWER_WIDTH = 4
"""So many columns are left behind a question for its answer."""


class BasePrompter:
    """What both ways of asking say alike."""

    def __init__(self, stderr: TextIO, canvas: Canvas) -> None:
        """Talk on stderr."""
        self._stderr = stderr
        self._color = canvas.color
        self._width = canvas.width

    def show_heading(self, text: str, hint: str = "") -> None:
        """Say what the next answers are about; the hint goes below where it does not fit beside."""
        fits = cell_len(text) + cell_len(hint) + 2 <= self._width
        beside = f"{'' if fits else chr(10)}  {hint}" if hint else ""
        said = paint(escape_line(text), STRONG, color=self._color) + paint(beside, DIM, color=self._color)
        self._write_line(self._wrap(said))

    def _write_line(self, text: str) -> None:
        self._stderr.write(f"{text}\n")
        self._stderr.flush()

    def _show_error(self, error: BadInput) -> None:
        """Say what is wrong with an answer, and how to write it."""
        said = f"    {paint(escape_line(error.message), ATTENTION, color=self._color)} {error.hint}"
        self._write_line(self._wrap(said))

    def _wrap(self, text: str, spare: int = 0) -> str:
        return wrap_text(text, self._width - spare) if self._stderr.isatty() else text


class LinePrompter(BasePrompter):
    """Numbered line mode: for dumb terminals and screen readers. Nothing is ever drawn over."""

    def __init__(self, stdin: TextIO, stderr: TextIO, canvas: Canvas) -> None:
        """Read answers from stdin, one a line."""
        super().__init__(stderr, canvas)
        self._stdin = stdin

    def _read_answer(self, prompt: str) -> str:
        """Return the answer to a prompt, which has a line of its own for its last words where it does not fit."""
        self._stderr.write(f"{self._wrap(prompt, ANSWER_WIDTH)} ")
        self._stderr.flush()
        try:
            answer = self._stdin.readline()
        except KeyboardInterrupt:
            self._write_line("")
            raise
        if not answer:
            self._write_line("")
            raise EOFError
        return answer.strip()

    def ask_text(self, label: str = "", words: Sequence[str] = (), *, check: Callable[[str], object]) -> str:
        """Return one line, empty to go on."""
        del words
        while answer := self._read_answer(f"  {label} >" if label else "  >"):
            try:
                check(answer)
            except BadInput as error:
                self._show_error(error)
            else:
                return answer
        return ""

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Return whether they agree."""
        answers = {"": default, "y": True, "yes": True, "n": False, "no": False}
        prompt = f"  {escape_line(question)} [{'Y/n' if default else 'y/N'}]"
        while (answer := self._read_answer(prompt).casefold()) not in answers:
            self._write_line("    Write y or n, or press Enter.")
        return answers[answer]

    def select_one(self, label: str, options: Sequence[str], default: int = 0) -> int:
        """Return the place of the one option that was chosen by its number."""
        self._show_options(label, options)
        while True:
            answer = self._read_answer(f"  number, Enter for {default + 1} >")
            places = _parse_numbers(answer, len(options)) if answer else (default,)
            if places and len(places) == 1:
                return places[0]
            self._write_line(f"    Write one number from 1 to {len(options)}.")

    def select_many(self, label: str, options: Sequence[str], *, chosen: bool = False) -> tuple[int, ...]:
        """Return the places of the options that were chosen by their numbers, maybe none."""
        self._show_options(label, options)
        usual = "all, 0 for none" if chosen else "none"
        while answer := self._read_answer(f"  numbers, Enter for {usual} >"):
            if answer == "0":
                return ()
            if places := _parse_numbers(answer, len(options)):
                return places
            self._write_line(f"    Write numbers from 1 to {len(options)}, such as 1 3.")
        return tuple(range(len(options))) if chosen else ()

    def _show_options(self, label: str, options: Sequence[str]) -> None:
        if label:
            self._write_line(self._wrap(f"  {escape_line(label)}"))
        for number, option in enumerate(options, 1):
            said = " · ".join(filter(None, option.split("\t")))  # what stands behind a tab is an aside
            self._write_line(self._wrap(f"    {number}  {escape_line(said)}"))


def _parse_numbers(answer: str, most: int) -> tuple[int, ...]:
    """Read numbers from 1 to `most` as places from 0; nothing if any of them is none."""
    words = answer.replace(",", " ").split()
    if not all(word.isdecimal() and 1 <= int(word) <= most for word in words):
        return ()
    return tuple(dict.fromkeys(int(word) - 1 for word in words))
