"""The menu prompter: questionary's menus and completion. Slow to import, so only imported to ask."""

import sys
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from functools import partial
from itertools import accumulate
from typing import Any, NamedTuple, TextIO

import questionary
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import create_output
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.utils import get_cwidth
from rich.cells import cell_len

from valuelog.cli.prompter import BasePrompter
from valuelog.cli.prompter_choice import MAX_DIGIT, build_choice_question
from valuelog.cli.prompter_picker import build_pick_question
from valuelog.model.errors import BadInput
from valuelog.render import Canvas
from valuelog.render.escape import escape_line
from valuelog.render.terminal.layout import COLUMN_GAP
from valuelog.render.wrap import wrap_text

_STYLE = questionary.Style(
    [
        ("qmark", "bold"),
        ("question", "nobold"),  # questionary's default is bold and orange; only the heading stands out here
        ("answer", "fg:default nobold"),
        ("pointer", "bold"),
        ("highlighted", "bold"),
        ("selected", "bold"),
        ("instruction", "italic"),
        ("text", ""),
        ("disabled", "italic"),
    ],
)


FEW_OPTIONS = 10
"""From more options than this, the instruction names the key that checks all of them."""

MARGIN = "   "
"""Indentation of a follow-up question."""

TEXT_ANSWER_WIDTH = 16
"""How many columns stay free for typing beside a question; longer answers continue on the next line."""

CONFIRM_WIDTH = 9
"""Columns of “ (Y/n) Yes” behind a question."""

SKIPPED = "(skipped)"
"""What is shown in place of the answer to a skipped choice."""

JOINERS = " \u200d\ufe0f"
"""Characters that a truncated option must not end with: a space, a zero-width joiner, a variation selector."""

NOTES_WIDTH = 60
"""From this width on, a list to pick from has room for side notes."""

CHECKBOX_WIDTH = 6
"""Columns of the checkbox before an option and the margin after it."""


class _Key(Enum):
    """A key that ends a question without an answer."""

    EXPLAIN = "?"
    BACK = "up"


class _TextKeys(NamedTuple):
    """Which keys a text question has besides those of an editor; `ignores_enter` once, on an empty line."""

    explains: bool
    goes_back: bool
    ignores_enter: bool


class MenuPrompter(BasePrompter):
    """Asks with questionary on a real terminal. Ctrl-C raises KeyboardInterrupt, Ctrl-D EOFError."""

    can_go_back = True

    def __init__(self, stderr: TextIO, canvas: Canvas) -> None:
        """Draw on stderr, so that stdout holds only the command's output."""
        super().__init__(stderr, canvas)
        self._color_depth = ColorDepth.DEPTH_4_BIT if canvas.color else ColorDepth.DEPTH_1_BIT

    def _ask(self, question: Callable[[], questionary.Question]) -> Any:  # noqa: ANN401  depends on the question
        with create_app_session(input=create_input(sys.stdin), output=create_output(stdout=self._stderr)):
            asked = question()
            _bind_suspend(asked)
            return asked.unsafe_ask()

    def _ask_explained(self, build: Callable[[], questionary.Question], explanation: str) -> Any:  # noqa: ANN401  depends on the question
        """Ask a question whose answer isn't a text, after showing the explanation for each `?`."""
        build_explained = (lambda: _bind_question_mark(build())) if explanation else build
        while (answer := self._ask(build_explained)) is _Key.EXPLAIN:
            self._show_explanation(explanation)
        return answer

    def ask_text(
        self,
        label: str = "",
        completions: Sequence[str] = (),
        *,
        validate: Callable[[str], object],
        explanation: str = "",
        default: str = "",
        go_back: Callable[[], object] | None = None,
    ) -> str:
        """Return one line, or an empty text if the question was skipped."""
        explained = False
        while True:
            keys = _TextKeys(explains=bool(explanation), goes_back=go_back is not None, ignores_enter=explained)
            answer = self._ask(partial(self._text_question, label, completions, default, keys))
            explained = answer is _Key.EXPLAIN
            if explained:
                self._show_explanation(explanation)
            elif answer is _Key.BACK and go_back:
                go_back()
            elif self._is_valid(text := str(answer).strip(), validate):
                return text

    def _is_valid(self, text: str, validate: Callable[[str], object]) -> bool:
        """Return whether a text is valid, or empty; otherwise show why not."""
        try:
            if text:
                validate(text)
        except BadInput as error:
            self._show_error(error)
            return False
        return True

    def _text_question(
        self, label: str, completions: Sequence[str], default: str, keys: _TextKeys
    ) -> questionary.Question:
        message, mark = _message_and_mark(self._write_all_but_last_line(label, TEXT_ANSWER_WIDTH))
        question = questionary.text(
            message,
            default,
            qmark=mark,
            style=_STYLE,
            completer=_WordCompleter(completions),
            complete_while_typing=True,
            color_depth=self._color_depth,
        )
        _bind_text_keys(question, default, keys)
        return question

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Return whether the answer is yes; y and n answer at once."""
        message = self._write_all_but_last_line(escape_line(question), CONFIRM_WIDTH)
        return bool(self._ask(lambda: self._confirm_question(message, default=default)))

    def _confirm_question(self, message: str, *, default: bool) -> questionary.Question:
        question = questionary.confirm(
            message, default=default, qmark=MARGIN, style=_STYLE, auto_enter=True, color_depth=self._color_depth
        )
        _ignore_keys(question, Keys.BracketedPaste)  # it would be inserted behind the question
        return question

    def choose(
        self,
        label: str,
        options: Sequence[str],
        default: str = "",
        notes: Sequence[str] = (),
        *,
        explanation: str = "",
    ) -> str:
        """Return the option that one key chooses, the default for Enter."""
        message, mark = _message_and_mark(self._write_all_but_last_line(escape_line(label), 0))
        prompt = f"{mark} {message}"
        chosen = str(self._ask_explained(lambda: self._choice_question(prompt, options, default, notes), explanation))
        self._write_line(f"{prompt} {chosen or SKIPPED}")
        return chosen

    def _choice_question(
        self, prompt: str, options: Sequence[str], default: str, notes: Sequence[str]
    ) -> questionary.Question:
        return build_choice_question(
            prompt, options, default, notes, width=self._width, style=_STYLE, color_depth=self._color_depth
        )

    def select_one(self, label: str, options: Sequence[str], default: int = 0, *, explanation: str = "") -> int:
        """Return the index of the chosen option; a digit chooses at once."""
        titles = self._align_options(options)
        build = partial(self._select_question, escape_line(label), titles, default)
        index = int(self._ask_explained(build, explanation))
        self._write_line(f"{MARGIN} {escape_line(label)} {titles[index]}".rstrip())
        return index

    def _select_question(self, label: str, titles: Sequence[str], default: int) -> questionary.Question:
        choices = [questionary.Choice(title, value=index) for index, title in enumerate(titles)]
        last_digit = min(len(choices), MAX_DIGIT)
        question = questionary.select(
            label,
            choices,
            default=choices[default],
            qmark=MARGIN,
            instruction=_select_instruction(last_digit, self._width - cell_len(f"{MARGIN} {label} ") - 1),
            style=_STYLE,
            color_depth=self._color_depth,
            erase_when_done=True,  # a digit leaves the pointer where it was, so we show the answer ourselves
        )
        _bind_digits(question, last_digit)
        return question

    def pick(self, label: str, options: Sequence[str]) -> int:
        """Return the index of the option picked from a list that typing filters."""
        prompt = f"{MARGIN} {escape_line(label)}"
        shown = options if self._width >= NOTES_WIDTH else [option.partition("\t")[0] for option in options]
        titles = self._align_options(shown)
        index = int(self._ask(lambda: self._pick_question(prompt, titles, options)))
        self._write_line(f"{prompt} {titles[index].rstrip()}")
        return index

    def _pick_question(self, prompt: str, titles: Sequence[str], options: Sequence[str]) -> questionary.Question:
        return build_pick_question(
            prompt, titles, options, width=self._width, style=_STYLE, color_depth=self._color_depth
        )

    def select_many(
        self, label: str, options: Sequence[str], *, preselected: bool = False, explanation: str = ""
    ) -> tuple[int, ...]:
        """Return the indexes of the chosen options, possibly none."""
        titles = self._align_options(options)
        message, mark = _message_and_mark(label)
        prompt = f"{mark} {message} "
        instruction = _checkbox_instruction(len(titles), self._width - cell_len(prompt) - 1, preselected=preselected)
        build = partial(self._checkbox_question, message, titles, mark, instruction, preselected=preselected)
        chosen = self._ask_explained(build, explanation)
        self._write_line(self._summarize_choice(prompt, [options[index] for index in chosen], len(options)))
        return tuple(chosen)

    def _checkbox_question(
        self, message: str, titles: Sequence[str], mark: str, instruction: str, *, preselected: bool
    ) -> questionary.Question:
        choices = [questionary.Choice(title, value=index, checked=preselected) for index, title in enumerate(titles)]
        question = questionary.checkbox(
            message,
            choices,
            qmark=mark,
            instruction=instruction,
            style=_STYLE,
            color_depth=self._color_depth,
            erase_when_done=True,  # questionary would leave “done” where nothing was chosen
        )
        _use_digit_for_all(question)
        return question

    def _write_all_but_last_line(self, label: str, reserved: int) -> str:
        """Wrap a question so that `reserved` columns stay free; write all lines but the last and return that one."""
        *lines, last = wrap_text(label, max(self._width - len(MARGIN) - 1 - reserved, CHECKBOX_WIDTH)).split("\n")
        for line in lines:
            self._write_line(f"{MARGIN} {line}")
        return last

    def _summarize_choice(self, prompt: str, chosen: Sequence[str], option_count: int) -> str:
        """Return the chosen options in brackets, or their number if they do not fit on the line."""
        names = ", ".join(escape_line(option.partition("\t")[0]) for option in chosen)
        summary = prompt + (f"[{names}]" if chosen else "(none)")
        return summary if cell_len(summary) <= self._width else f"{prompt}{len(chosen)} of {option_count}"

    def _align_options(self, options: Sequence[str]) -> list[str]:
        """Return options truncated to the line; side notes after a tab become a column of their own."""
        parts = [option.partition("\t") for option in options]
        note_width = max((cell_len(note) + COLUMN_GAP for _, tab, note in parts if tab), default=0)
        limit = max(self._width - CHECKBOX_WIDTH - note_width, CHECKBOX_WIDTH)
        texts = [_truncate(escape_line(text), limit) for text, _, _ in parts]
        width = max(map(get_cwidth, texts))
        return [
            f"{text}{' ' * (width - get_cwidth(text) + COLUMN_GAP)}{escape_line(note)}" if tab else text
            for text, (_, tab, note) in zip(texts, parts, strict=True)
        ]


def _use_digit_for_all(question: questionary.Question) -> None:
    """Make 0 select all or none of a check list, instead of a letter that belongs to an answer typed too early."""
    known = question.application.key_bindings
    bindings = KeyBindings()
    for binding in known.get_bindings_for_keys(("a",))[-1:] if known else ():
        bindings.add("0", eager=True)(binding.call)
    _add_bindings(question, bindings)
    _ignore_keys(question, *"aijk")


def _bind_text_keys(question: questionary.Question, default: str, keys: _TextKeys) -> None:
    """Make ? on an empty line, and Up on an unchanged one, end a question with a _Key.

    Enter right after ? doesn't skip the question.
    """
    bindings = KeyBindings()
    buffer = question.application.current_buffer
    is_empty = Condition(lambda: not buffer.text)
    is_unchanged = Condition(lambda: buffer.text == default and not buffer.complete_state)
    enters = ["ignored"] if keys.ignores_enter else []
    if keys.explains:
        bindings.add("?", filter=is_empty, eager=True)(partial(_end_with, _Key.EXPLAIN))
    if keys.goes_back:
        bindings.add(Keys.Up, filter=is_unchanged, eager=True)(partial(_end_with, _Key.BACK))
    bindings.add(Keys.Enter, filter=is_empty & Condition(lambda: bool(enters)), eager=True)(lambda _: enters.clear())
    _add_bindings(question, bindings)


def _bind_question_mark(question: questionary.Question) -> questionary.Question:
    """Make ? end a question that isn't answered by a text."""
    bindings = KeyBindings()
    bindings.add("?", eager=True)(partial(_end_with, _Key.EXPLAIN))
    _add_bindings(question, bindings)
    return question


def _end_with(key: _Key, event: KeyPressEvent) -> None:
    """End a question with a key, and erase it."""
    event.app.erase_when_done = True
    event.app.exit(result=key)


def _bind_suspend(question: questionary.Question) -> None:
    """Make Ctrl-Z return to the shell; `fg` draws the question again, with what was typed."""
    bindings = KeyBindings()
    bindings.add(Keys.ControlZ, eager=True)(lambda event: event.app.suspend_to_background())
    _add_bindings(question, bindings)


def _ignore_keys(question: questionary.Question, *keys: str) -> None:
    """Make keys do nothing."""
    bindings = KeyBindings()
    for key in keys:
        bindings.add(key, eager=True)(lambda _: None)
    _add_bindings(question, bindings)


def _add_bindings(question: questionary.Question, bindings: KeyBindings) -> None:
    """Add key bindings that have precedence over those of the question."""
    known = question.application.key_bindings
    question.application.key_bindings = merge_key_bindings([known, bindings] if known else [bindings])


def _bind_digits(question: questionary.Question, last: int) -> None:
    """Make each digit from 1 to `last` choose the option with that number."""
    digits = KeyBindings()
    for index in range(last):
        digits.add(str(index + 1), eager=True)(partial(_choose, index))
    _add_bindings(question, digits)


def _choose(index: int, event: KeyPressEvent) -> None:
    event.app.exit(result=index)


def _select_instruction(last_digit: int, width: int) -> str:
    """Return which keys answer a question, only the most common ones if the width is short."""
    long = f"(Use arrow keys, or 1 to {last_digit})"
    return long if cell_len(long) <= width else "(Use arrow keys)"


def _checkbox_instruction(option_count: int, width: int, *, preselected: bool) -> str:
    """Return which keys answer a checkbox question, in fewer words if the width is short."""
    has_many = option_count > FEW_OPTIONS
    long = (
        f"({'Space deselects' if preselected else 'Space selects'}"
        f"{', 0 for all or none' if has_many else ''}, Enter continues)"
    )
    return long if cell_len(long) <= width else f"(Space{', 0 for all' if has_many else ''}, Enter continues)"


def _truncate(text: str, width: int) -> str:
    """Truncate a text to a width as prompt_toolkit counts it: by character, even if several are drawn as one."""
    if get_cwidth(text) <= width:
        return text
    widths = accumulate(map(get_cwidth, text))
    end = next(index for index, used in enumerate(widths) if used >= width)
    return f"{text[:end].rstrip(JOINERS)}…"


def _message_and_mark(label: str) -> tuple[str, str]:
    """Return the message and the mark before it: › for a question under its heading, indentation for a follow-up."""
    return (label, MARGIN) if label else ("›", " ")


class _WordCompleter(Completer):
    """Completes the word under the cursor from a list of words, ignoring case."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Yield the words that start with the one under the cursor; none if that is empty."""
        del complete_event
        prefix = document.get_word_before_cursor(WORD=True)
        if not prefix:
            return
        for word in self._words:
            if word.casefold().startswith(prefix.casefold()) and word != prefix:
                yield Completion(word, start_position=-len(prefix))
