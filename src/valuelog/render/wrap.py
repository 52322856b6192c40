"""Wraps terminal output so that no word is cut and every command can be copied."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

COMMAND_NAME = "valuelog"
"""The first word of a command."""

CONTINUATION = " \\"
"""Tells a shell that a command continues on the next line."""

CONTINUATION_INDENT = 2
"""Indentation of a continued command, in columns."""

SENTENCE_ENDINGS = (",", ";", ".", "?", "!")
"""Ends of a word that end a command within a sentence."""

SEPARATORS = {"·", COMMAND_NAME}
"""Words that end the command before them."""

_COLOR_CODE = re.compile(r"\x1b\[[0-9;]*m")
_SHELL_WORD = re.compile(r"""(?:[^\s"']|"[^"]*"?|'[^']*'?)+""")
"""A shell word; quoted spaces are part of it."""


class Piece(NamedTuple):
    """A part of a line that gets its own line; a command may continue on the next one."""

    start: int
    end: int
    is_command: bool = False
    indent: int = 0
    is_continued: bool = False


def wrap_text(text: str, width: int) -> str:
    """Wrap the lines of a text at spaces; a word that is longer than a line gets its own line."""
    return "\n".join(_format_piece(line, piece) for line in text.split("\n") for piece in split_line(line, width))


def wrap_command(command: str, width: int, indent: int = 0) -> list[str]:
    """Return the lines of a command; if it is too long, all but the last end with a backslash, so it can be copied."""
    whole = Piece(0, len(command), is_command=True)
    return [_format_piece(command, piece) for piece in _split_command(command, whole, width, indent)]


def _format_piece(line: str, piece: Piece) -> str:
    return " " * piece.indent + line[piece.start : piece.end] + CONTINUATION * piece.is_continued


def split_line(line: str, width: int) -> Iterator[Piece]:
    """Yield as much as fits on each line; a command gets its own line before it is broken."""
    current: Piece | None = None
    for piece in _split_words(line):
        if current is None or not line[current.start : current.end].strip():
            current = piece._replace(start=current.start if current else piece.start)
        elif _display_width(line[current.start : piece.end]) <= width:
            current = Piece(current.start, piece.end)
        else:
            yield from _split_command(line, current, width)
            current = piece
    if current:
        yield from _split_command(line, current, width)


def _split_command(line: str, piece: Piece, width: int, indent: int = 0) -> Iterator[Piece]:
    """Break a command that is too long at spaces, but never within quotes."""
    text = line[piece.start : piece.end]
    spare = width - _display_width(text)
    if spare >= 0 or not piece.is_command:
        yield piece._replace(indent=max(0, min(indent, spare)))
        return
    first, *words = [(piece.start + match.start(), piece.start + match.end()) for match in _SHELL_WORD.finditer(text)]
    current = Piece(*first, is_command=True, indent=indent)
    for start, end in words:
        if current.indent + _display_width(line[current.start : end]) <= width - len(CONTINUATION):
            current = current._replace(end=end)
        else:
            yield current._replace(is_continued=True)
            current = Piece(start, end, is_command=True, indent=indent + CONTINUATION_INDENT)
    yield current


def _display_width(text: str) -> int:
    return cell_len(_COLOR_CODE.sub("", text))


def _split_words(line: str) -> Iterator[Piece]:
    """Yield the words of a line; the words of a command form one piece."""
    command: Piece | None = None
    for word in _split_at_spaces(line):
        bare = _without_color(line, word)
        if command and bare in SEPARATORS and _has_closed_quotes(line, command):
            yield command
            command = None
        if not command and bare != COMMAND_NAME:
            yield word
            continue
        command = Piece(command.start if command else word.start, word.end, is_command=True)
        if bare.endswith(SENTENCE_ENDINGS) and _has_closed_quotes(line, command):
            yield command
            command = None
    if command:
        yield command


def _split_at_spaces(line: str) -> Iterator[Piece]:
    """Yield the words between spaces; leading spaces stay with the first word."""
    first = len(line) - len(line.lstrip(" "))
    position = first
    for number, word in enumerate(line[first:].split(" ")):
        yield Piece(position if number else 0, position + len(word))
        position += len(word) + 1


def _without_color(line: str, word: Piece) -> str:
    return _COLOR_CODE.sub("", line[word.start : word.end]).lstrip(" ")


def _has_closed_quotes(line: str, command: Piece) -> bool:
    """Return True if every double quote of a command is closed."""
    return line[command.start : command.end].count('"') % 2 == 0
