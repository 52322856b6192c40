"""Breaking what is said on a terminal into lines, so that no word is cut and a command can be copied as it is."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

COMMAND_NAME = "valuelog"
"""The word that a command begins with."""

CONTINUATION = " \\"
"""Tells a shell that a command goes on on the next line."""

CONTINUATION_INDENT = 2
"""So many columns further in it goes on there."""

SENTENCE_ENDINGS = (",", ";", ".", "?", "!")
"""What ends a command where more is said behind it."""

SEPARATORS = {"·", COMMAND_NAME}
"""Words that begin something else behind a command."""

UNDO_PHRASE = " undo takes "
"""What is said of a command right behind it, as one sentence: from here on no shell has to read it."""

_COLOR_CODE = re.compile(r"\x1b\[[0-9;]*m")
_SHELL_WORD = re.compile(r"""(?:[^\s"']|"[^"]*"?|'[^']*'?)+""")
"""What stands between the blanks of a command; those in quotes count."""


class Piece(NamedTuple):
    """A part of a line that gets a line of its own, so far in; a command may go on on the next one."""

    start: int
    end: int
    is_command: bool = False
    indent: int = 0
    is_continued: bool = False


def wrap_text(text: str, width: int) -> str:
    """Return a text with its lines broken at blanks; what is longer than a line stands on one of its own."""
    return "\n".join(_format_piece(line, piece) for line in text.split("\n") for piece in split_line(line, width))


def wrap_command(command: str, width: int, indent: int = 0) -> list[str]:
    """Return the lines of a command; one that is too long goes on behind a backslash, so that it can be copied."""
    whole = Piece(0, len(command), is_command=True)
    return [_format_piece(command, piece) for piece in _split_command(command, whole, width, indent)]


def _format_piece(line: str, piece: Piece) -> str:
    return " " * piece.indent + line[piece.start : piece.end] + CONTINUATION * piece.is_continued


def split_line(line: str, width: int) -> Iterator[Piece]:
    """Yield the pieces of a line: as much as fits on each, a command on one of its own before it is broken."""
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
    """Break a command that is too long at blanks. What stands in quotes stays whole, whatever its length."""
    said = line[piece.start : piece.end]
    spare = width - _display_width(said)
    if spare >= 0 or not piece.is_command:
        yield piece._replace(indent=max(0, min(indent, spare)))
        return
    first, *words = [(piece.start + found.start(), piece.start + found.end()) for found in _SHELL_WORD.finditer(said)]
    current = Piece(*first, is_command=True, indent=indent)
    for start, end in words:
        if current.indent + _display_width(line[current.start : end]) <= width - len(CONTINUATION):
            current = current._replace(end=end)
        else:
            yield current._replace(is_continued=UNDO_PHRASE not in f"{line[piece.start : end]} ")
            current = Piece(start, end, is_command=True, indent=indent + CONTINUATION_INDENT)
    yield current


def _display_width(text: str) -> int:
    return cell_len(_COLOR_CODE.sub("", text))


def _split_words(line: str) -> Iterator[Piece]:
    """Yield the words of a line, those of a command together."""
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
    """Yield what stands between blanks; those at the beginning of a line stay with its first word."""
    first = len(line) - len(line.lstrip(" "))
    place = first
    for number, word in enumerate(line[first:].split(" ")):
        yield Piece(place if number else 0, place + len(word))
        place += len(word) + 1


def _without_color(line: str, word: Piece) -> str:
    return _COLOR_CODE.sub("", line[word.start : word.end]).lstrip(" ")


def _has_closed_quotes(line: str, command: Piece) -> bool:
    """Tell whether each quote of a command has its other one."""
    return line[command.start : command.end].count('"') % 2 == 0
