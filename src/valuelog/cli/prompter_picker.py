"""A list on the terminal to pick from: typing filters it, the arrow keys move, Enter picks."""

from collections.abc import Sequence
from functools import partial

import questionary
from prompt_toolkit.application import Application
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Layout, Window
from prompt_toolkit.output.color_depth import ColorDepth
from rich.cells import cell_len

from valuelog.cli.choices import filter_options

ROWS = 10
"""How many options are shown at once."""

INSTRUCTION = "Type to filter, Enter picks"

POINTER, NO_POINTER = "  » ", "    "


class _Picker:
    """The options, what was typed to filter them, and the one that Enter picks."""

    def __init__(self, prompt: str, titles: Sequence[str], options: Sequence[str], width: int) -> None:
        self._prompt = prompt
        self._titles = titles
        self._options = options
        self._width = width
        self._typed = ""
        self._place = 0
        self.matches = list(range(len(options)))

    @property
    def current(self) -> int | None:
        """The index of the option that Enter picks."""
        return self.matches[self._place] if self.matches else None

    def filter(self, typed: str) -> None:
        """Show only the options that contain what was typed."""
        self._typed = typed
        self._place = 0
        self.matches = filter_options(self._options, typed)

    def insert(self, event: KeyPressEvent) -> None:
        """Add what was typed or pasted to the filter."""
        self.filter(self._typed + "".join(sign for sign in event.data if sign.isprintable()))

    def erase(self, _: KeyPressEvent) -> None:
        """Remove the last character of the filter."""
        self.filter(self._typed[:-1])

    def clear(self, _: KeyPressEvent) -> None:
        """Remove the filter."""
        self.filter("")

    def move(self, step: int, _: KeyPressEvent) -> None:
        """Move to another option; from the last one to the first by a single step only."""
        if not self.matches:
            return
        last = len(self.matches) - 1
        self._place = (self._place + step) % (last + 1) if abs(step) == 1 else min(max(self._place + step, 0), last)

    def draw(self) -> StyleAndTextTuples:
        """Return the question, what was typed, and the options around the current one."""
        line = f"{self._prompt} {self._typed}"
        hint = f" {INSTRUCTION}" if not self._typed and cell_len(f"{line} {INSTRUCTION}") < self._width else ""
        head: StyleAndTextTuples = [("class:question", line), ("[SetCursorPosition]", ""), ("class:instruction", hint)]
        return [*head, *self._draw_options()]

    def _draw_options(self) -> StyleAndTextTuples:
        start = min(max(self._place - ROWS // 2, 0), max(len(self.matches) - ROWS, 0))
        rows: StyleAndTextTuples = []
        for place, index in list(enumerate(self.matches))[start : start + ROWS]:
            is_current = place == self._place
            style, pointer = ("class:highlighted", POINTER) if is_current else ("", NO_POINTER)
            rows.append((style, f"\n{pointer}{self._titles[index]}"))
        hidden = len(self.matches) - len(rows)
        rest = "nothing matches" if not self.matches else f"{hidden} more" if hidden else ""
        return [*rows, ("class:instruction", f"\n{NO_POINTER}{rest}")] if rest else rows


def build_pick_question(
    prompt: str,
    titles: Sequence[str],
    options: Sequence[str],
    *,
    width: int,
    style: questionary.Style,
    color_depth: ColorDepth,
) -> questionary.Question:
    """Return a question whose answer is the index of an option; `titles` are the options as they are shown."""
    picker = _Picker(prompt, titles, options, width)
    return questionary.Question(
        Application(
            layout=Layout(Window(FormattedTextControl(picker.draw, focusable=True), dont_extend_height=True)),
            key_bindings=_bind_keys(picker),
            style=style,
            color_depth=color_depth,
            erase_when_done=True,  # the list gives way to the answer
        )
    )


def _bind_keys(picker: _Picker) -> KeyBindings:
    bindings = KeyBindings()
    for key in (Keys.Any, Keys.BracketedPaste):
        bindings.add(key)(picker.insert)
    bindings.add(Keys.Backspace)(picker.erase)
    bindings.add(Keys.ControlU)(picker.clear)
    steps = {
        1: (Keys.Down, Keys.Tab, Keys.ControlN),
        -1: (Keys.Up, Keys.BackTab, Keys.ControlP),
        ROWS: (Keys.PageDown,),
        -ROWS: (Keys.PageUp,),
    }
    for step, keys in steps.items():
        for key in keys:
            bindings.add(key)(partial(picker.move, step))
    bindings.add(Keys.Enter)(partial(_exit_with_current, picker))
    bindings.add(Keys.ControlC)(partial(_exit_with_error, KeyboardInterrupt))
    bindings.add(Keys.ControlD)(partial(_exit_with_error, EOFError))
    return bindings


def _exit_with_current(picker: _Picker, event: KeyPressEvent) -> None:
    if picker.current is not None:
        event.app.exit(result=picker.current)


def _exit_with_error(error: type[BaseException], event: KeyPressEvent) -> None:
    event.app.exit(exception=error)
