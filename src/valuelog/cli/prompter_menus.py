"""Asking with questionary: completion, lists to pick from. Slow to import, so only when there is something to ask."""

import sys
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate
from typing import Any, TextIO

import questionary
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_input
from prompt_toolkit.output import create_output
from prompt_toolkit.output.color_depth import ColorDepth
from prompt_toolkit.utils import get_cwidth
from rich.cells import cell_len

from valuelog.cli.prompter_lines import BasePrompter
from valuelog.model.errors import BadInput
from valuelog.render import Canvas
from valuelog.render.escape import escape_line
from valuelog.render.terminal.layout import COLUMN_GAP
from valuelog.render.wrap import wrap_text

_STYLE = questionary.Style(
    [
        ("qmark", "bold"),
        ("question", "nobold"),  # questionary's own are bold and orange; only what is asked first stands out
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
"""Beyond so many options nobody wants to answer each alone."""

MARGIN = "   "
"""What stands before a question that follows from another."""

TEXT_ANSWER_WIDTH = 16
"""So many columns beside a question are left for what is typed; it may go on below."""

CONFIRM_WIDTH = 9
"""So many columns the choice behind such a question takes, with the answer."""

JOINERS = " \u200d\ufe0f"
"""What joins signs to one, with blanks: nothing ends with it."""

CHECKBOX_WIDTH = 6
"""So many columns the box before an option and the margin behind it take."""


class MenuPrompter(BasePrompter):
    """Questions on a real terminal."""

    def __init__(self, stderr: TextIO, canvas: Canvas) -> None:
        """Draw on stderr, so that stdout stays the answer's."""
        super().__init__(stderr, canvas)
        self._depth = ColorDepth.DEPTH_4_BIT if canvas.color else ColorDepth.DEPTH_1_BIT

    def _ask(self, question: Callable[[], questionary.Question]) -> Any:  # noqa: ANN401  what the question gives
        with create_app_session(input=create_input(sys.stdin), output=create_output(stdout=self._stderr)):
            return question().unsafe_ask()

    def ask_text(self, label: str = "", words: Sequence[str] = (), *, check: Callable[[str], object]) -> str:
        """Return one line, empty to go on; @ and # complete people and tags."""
        while True:
            answer = str(self._ask(lambda: self._text_question(label, words))).strip()
            try:
                if answer:
                    check(answer)
            except BadInput as error:
                self._show_error(error)
            else:
                return answer

    def _text_question(self, label: str, words: Sequence[str]) -> questionary.Question:
        message, mark = _message_and_mark(self._write_all_but_last_line(label, TEXT_ANSWER_WIDTH))
        return questionary.text(
            message,
            qmark=mark,
            style=_STYLE,
            completer=_WordCompleter(words),
            complete_while_typing=True,
            color_depth=self._depth,
        )

    def confirm(self, question: str, *, default: bool = True) -> bool:
        """Return whether they agree."""
        last = self._write_all_but_last_line(escape_line(question), CONFIRM_WIDTH)
        return bool(
            self._ask(
                lambda: questionary.confirm(
                    last,
                    default=default,
                    qmark=MARGIN,
                    style=_STYLE,
                    auto_enter=False,
                    color_depth=self._depth,
                ),
            ),
        )

    def select_one(self, label: str, options: Sequence[str], default: int = 0) -> int:
        """Return the place of the one option that was chosen."""
        shown = self._align_options(options)
        choices = [questionary.Choice(option, value=place) for place, option in enumerate(shown)]
        return int(
            self._ask(
                lambda: questionary.select(
                    escape_line(label),
                    choices,
                    default=choices[default],
                    qmark=MARGIN,
                    style=_STYLE,
                    color_depth=self._depth,
                ),
            ),
        )

    def select_many(self, label: str, options: Sequence[str], *, chosen: bool = False) -> tuple[int, ...]:
        """Return the places of the options that were chosen, maybe none."""
        choices = [
            questionary.Choice(shown, value=place, checked=chosen)
            for place, shown in enumerate(self._align_options(options))
        ]
        message, mark = _message_and_mark(label)
        picked = self._ask(
            lambda: questionary.checkbox(
                message,
                choices,
                qmark=mark,
                instruction=_checkbox_instruction(
                    len(choices), self._width - cell_len(f"{mark} {message} ") - 1, chosen=chosen
                ),
                style=_STYLE,
                color_depth=self._depth,
                erase_when_done=True,  # what is left of it would say “done” where nothing was picked
            ),
        )
        self._write_line(
            self._summarize_choice(f"{mark} {message} ", [options[place] for place in picked], len(options))
        )
        return tuple(picked)

    def _write_all_but_last_line(self, label: str, room: int) -> str:
        """Say a question as far as it does not fit on a line beside its answer; return what is left of it."""
        *first, last = wrap_text(label, max(self._width - len(MARGIN) - 1 - room, CHECKBOX_WIDTH)).split("\n")
        for line in first:
            self._write_line(f"{MARGIN} {line}")
        return last

    def _summarize_choice(self, before: str, options: Sequence[str], many: int) -> str:
        """Say what was picked: by its words where they fit, by how many of how many otherwise."""
        named = ", ".join(escape_line(option.partition("\t")[0]) for option in options)
        said = before + (f"[{named}]" if options else "nothing")
        return said if cell_len(said) <= self._width else f"{before}{len(options)} of {many}"

    def _align_options(self, options: Sequence[str]) -> list[str]:
        """Return as much of options as fits on a line beside a box; what stands behind a tab is a column of its own."""
        parts = [option.partition("\t") for option in options]
        behind = max((cell_len(beside) + COLUMN_GAP for _, tab, beside in parts if tab), default=0)
        room = max(self._width - CHECKBOX_WIDTH - behind, CHECKBOX_WIDTH)
        shown = [_truncate(escape_line(said), room) for said, _, _ in parts]
        wide = max(map(get_cwidth, shown))
        return [
            f"{said}{' ' * (wide - get_cwidth(said) + COLUMN_GAP)}{escape_line(beside)}" if tab else said
            for said, (_, tab, beside) in zip(shown, parts, strict=True)
        ]


def _checkbox_instruction(many: int, room: int, *, chosen: bool) -> str:
    """Say which keys answer; with many options, that one key is for all of them. In less words where room is short."""
    every = ", a for all or none" if many > FEW_OPTIONS else ""
    said = f"({'Space leaves one out' if chosen else 'Space picks'}{every}, Enter goes on)"
    return said if cell_len(said) <= room else f"(Space{', a for all' if every else ''}, Enter goes on)"


def _truncate(text: str, room: int) -> str:
    """Cut a text down to a room as the menu counts it: sign by sign, even where several are drawn as one."""
    if get_cwidth(text) <= room:
        return text
    widths = accumulate(map(get_cwidth, text))
    end = next(place for place, width in enumerate(widths) if width >= room)
    return f"{text[:end].rstrip(JOINERS)}…"


def _message_and_mark(label: str) -> tuple[str, str]:
    """Return the words before an answer and what stands before them: a sign for the main one, room for what follows."""
    return (label, MARGIN) if label else ("›", " ")


class _WordCompleter(Completer):
    """Completes the word under the cursor once it begins like one that is known."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        """Return what the word could become; nothing for an empty one."""
        del complete_event
        begun = document.get_word_before_cursor(WORD=True)
        if not begun:
            return
        for word in self._words:
            if word.casefold().startswith(begun.casefold()) and word != begun:
                yield Completion(word, start_position=-len(begun))
