"""Breaking what is said on a terminal into lines, so that no word is cut and a command can be copied as it is."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from rich.cells import cell_len

COMMAND = "valuelog"
"""The word that a command begins with."""

ON = " \\"
"""Tells a shell that a command goes on on the next line."""

DEEPER = 2
"""So many columns further in it goes on there."""

ENDS = (",", ";", ".", "?", "!")
"""What ends a command where more is said behind it."""

NEXT = {"·", COMMAND}
"""Words that begin something else behind a command."""

SAID = " undo takes "
"""What is said of a command right behind it, as one sentence: from here on no shell has to read it."""

_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_WORD = re.compile(r"""(?:[^\s"']|"[^"]*"?|'[^']*'?)+""")
"""What stands between the blanks of a command; those in quotes count."""


class Piece(NamedTuple):
    """A part of a line that gets a line of its own, so far in; a command may go on on the next one."""

    start: int
    end: int
    command: bool = False
    indent: int = 0
    on: bool = False


def flowed(text: str, width: int) -> str:
    """Return a text with its lines broken at blanks; what is longer than a line stands on one of its own."""
    return "\n".join(_shown(line, piece) for line in text.split("\n") for piece in pieces(line, width))


def continued(command: str, width: int, indent: int = 0) -> list[str]:
    """Return the lines of a command; one that is too long goes on behind a backslash, so that it can be copied."""
    whole = Piece(0, len(command), command=True)
    return [_shown(command, piece) for piece in _parts(command, whole, width, indent)]


def _shown(line: str, piece: Piece) -> str:
    return " " * piece.indent + line[piece.start : piece.end] + ON * piece.on


def pieces(line: str, width: int) -> Iterator[Piece]:
    """Yield the pieces of a line: as much as fits on each, a command on one of its own before it is broken."""
    current: Piece | None = None
    for piece in _words(line):
        if current is None or not line[current.start : current.end].strip():
            current = piece._replace(start=current.start if current else piece.start)
        elif _columns(line[current.start : piece.end]) <= width:
            current = Piece(current.start, piece.end)
        else:
            yield from _parts(line, current, width)
            current = piece
    if current:
        yield from _parts(line, current, width)


def _parts(line: str, piece: Piece, width: int, indent: int = 0) -> Iterator[Piece]:
    """Break a command that is too long at blanks. What stands in quotes stays whole, whatever its length."""
    said = line[piece.start : piece.end]
    spare = width - _columns(said)
    if spare >= 0 or not piece.command:
        yield piece._replace(indent=max(0, min(indent, spare)))
        return
    first, *words = [(piece.start + found.start(), piece.start + found.end()) for found in _WORD.finditer(said)]
    current = Piece(*first, command=True, indent=indent)
    for start, end in words:
        if current.indent + _columns(line[current.start : end]) <= width - len(ON):
            current = current._replace(end=end)
        else:
            yield current._replace(on=SAID not in f"{line[piece.start : end]} ")
            current = Piece(start, end, command=True, indent=indent + DEEPER)
    yield current


def _columns(text: str) -> int:
    return cell_len(_COLOR.sub("", text))


def _words(line: str) -> Iterator[Piece]:
    """Yield the words of a line, those of a command together."""
    command: Piece | None = None
    for word in _between_blanks(line):
        bare = _bare(line, word)
        if command and bare in NEXT and _complete(line, command):
            yield command
            command = None
        if not command and bare != COMMAND:
            yield word
            continue
        command = Piece(command.start if command else word.start, word.end, command=True)
        if bare.endswith(ENDS) and _complete(line, command):
            yield command
            command = None
    if command:
        yield command


def _between_blanks(line: str) -> Iterator[Piece]:
    """Yield what stands between blanks; those at the beginning of a line stay with its first word."""
    first = len(line) - len(line.lstrip(" "))
    place = first
    for number, word in enumerate(line[first:].split(" ")):
        yield Piece(place if number else 0, place + len(word))
        place += len(word) + 1


def _bare(line: str, word: Piece) -> str:
    return _COLOR.sub("", line[word.start : word.end]).lstrip(" ")


def _complete(line: str, command: Piece) -> bool:
    """Tell whether each quote of a command has its other one."""
    return line[command.start : command.end].count('"') % 2 == 0
