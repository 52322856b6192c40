"""A choice in one line of the terminal, answered by one key."""

from collections.abc import Iterator, Sequence
from functools import partial

import questionary
from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output.color_depth import ColorDepth
from rich.cells import cell_len

from valuelog.cli.choices import find_keys, format_enter, format_options

GAP = "  "
"""What separates two options."""

POINTER = "  » "
"""What is before the option that Enter takes, where each option has its own line."""

MAX_DIGIT = 9
"""How many options can be chosen with a digit."""


class _Choice:
    """The options of a choice, and the one that Enter takes; the arrow keys move to another."""

    def __init__(self, prompt: str, options: Sequence[str], default: str, notes: Sequence[str], width: int) -> None:
        self._prompt = prompt
        self._options = options
        self._notes = notes
        self._width = width
        self._current = options.index(default) if default else None

    @property
    def current(self) -> str:
        """The option that Enter takes; an empty text if it skips the question."""
        return "" if self._current is None else self._options[self._current]

    def move(self, step: int, _: KeyPressEvent) -> None:
        """Move to the next option, or the one before."""
        start = self._current if self._current is not None else -1 if step > 0 else 0
        self._current = (start + step) % len(self._options)

    def draw(self) -> StyleAndTextTuples:
        """Return the question and its options, broken into lines between options."""
        if self._notes:
            return self._draw_list()
        fragments: StyleAndTextTuples = [("class:question", self._prompt)]
        used = cell_len(self._prompt)
        indent = len(self._prompt) - len(self._prompt.lstrip(" ›"))
        for gap, (style, text) in zip([" ", *[GAP] * len(self._options)], self._parts(), strict=True):
            fits = used + cell_len(gap + text) < self._width
            used = (used + cell_len(gap) if fits else indent) + cell_len(text)
            fragments += [("", gap if fits else f"\n{' ' * indent}"), (style, text)]
        return [*fragments, ("[SetCursorPosition]", ""), ("", " ")]

    def _draw_list(self) -> StyleAndTextTuples:
        """Return the question, and below it each option with its note; a note that doesn't fit has its own line."""
        options = format_options(self._options)
        column = max(map(cell_len, options)) + len(POINTER) + len(GAP)
        instruction = ("class:instruction", f" {format_enter(self.current)}")
        fragments: StyleAndTextTuples = [("class:question", self._prompt), ("[SetCursorPosition]", ""), instruction]
        for index, (option, note) in enumerate(zip(options, self._notes, strict=True)):
            is_current = index == self._current
            line = f"{POINTER if is_current else ' ' * len(POINTER)}{option}"
            fits = column + cell_len(note) < self._width
            gap = " " * (column - cell_len(line)) if fits else f"\n{' ' * (len(POINTER) + len(GAP))}"
            fragments += [("class:highlighted" if is_current else "", f"\n{line}"), ("", f"{gap}{note}")]
        return fragments

    def _parts(self) -> Iterator[tuple[str, str]]:
        for index, text in enumerate(format_options(self._options)):
            yield ("class:highlighted" if index == self._current else ""), text
        yield "class:instruction", format_enter(self.current)


def build_choice_question(
    prompt: str,
    options: Sequence[str],
    default: str,
    notes: Sequence[str] = (),
    *,
    width: int,
    style: questionary.Style,
    color_depth: ColorDepth,
) -> questionary.Question:
    """Return a question whose answer is an option, or an empty text if it was skipped."""
    choice = _Choice(prompt, options, default, notes, width)
    return questionary.Question(
        Application(
            layout=Layout(Window(FormattedTextControl(choice.draw, focusable=True), dont_extend_height=True)),
            key_bindings=_bind_keys(choice, options),
            style=style,
            color_depth=color_depth,
            erase_when_done=True,  # the options give way to the answer
        )
    )


def _bind_keys(choice: _Choice, options: Sequence[str]) -> KeyBindings:
    bindings = KeyBindings()
    for number, (key, option) in enumerate(zip(find_keys(options), options, strict=True), 1):
        for name in {key, key.upper(), str(min(number, MAX_DIGIT))}:
            bindings.add(name)(partial(_exit_with, option))
    bindings.add(Keys.Enter)(lambda event: _exit_with(choice.current, event))
    for step, keys in ((1, (Keys.Right, Keys.Down)), (-1, (Keys.Left, Keys.Up))):
        for arrow in keys:
            bindings.add(arrow)(partial(choice.move, step))
    bindings.add(Keys.ControlC)(partial(_exit_with_error, KeyboardInterrupt))
    bindings.add(Keys.ControlD)(partial(_exit_with_error, EOFError))
    return bindings


def _exit_with(option: str, event: KeyPressEvent) -> None:
    event.app.exit(result=option)


def _exit_with_error(error: type[BaseException], event: KeyPressEvent) -> None:
    event.app.exit(exception=error)
