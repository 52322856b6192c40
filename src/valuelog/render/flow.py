"""Breaking what is said on a terminal into lines, so that no word is cut and a command stays whole, to be copied."""

import re
from collections.abc import Iterator

from rich.cells import cell_len

_COLOR = re.compile(r"\x1b\[[0-9;]*m")

COMMAND = "valuelog"
"""The word that a command begins with."""

ON = " \\"
"""Tells a shell that a command goes on on the next line."""

ENDS = (",", ";", ".", "?", "!")
"""What ends a command where more is said behind it."""


def flowed(text: str, width: int) -> str:
    """Return a text with its lines broken at blanks; what is longer than a line stands on one of its own."""
    return "\n".join(piece for line in text.split("\n") for piece in _broken(line, width))


def _broken(line: str, width: int) -> Iterator[str]:
    current = ""
    for piece in _pieces(line):
        joined = f"{current} {piece}" if current else piece
        if current.strip() and _columns(joined) > width:
            yield current
            joined = piece
        current = joined
    yield current


def continued(command: str, width: int, indent: int = 0) -> list[str]:
    """Return the lines of a command; one that is too long goes on behind a backslash, so that it can still be copied.

    A piece in quotes stays whole: a blank in it would count.
    """
    spare = width - _columns(command)
    if spare >= 0:
        return [" " * min(indent, spare) + command]
    shown = [" " * indent]
    for piece in _unquoted(command):
        joined = f"{shown[-1]} {piece}" if shown[-1].strip() else shown[-1] + piece
        if shown[-1].strip() and _columns(joined) > width - len(ON):
            shown[-1] += ON
            shown.append("")
            joined = " " * (indent + 2) + piece
        shown[-1] = joined
    return shown


def _unquoted(command: str) -> list[str]:
    """Return the pieces of a command between the blanks that stand in no quotes."""
    return re.findall(r"""(?:[^\s"']|"[^"]*"?|'[^']*'?)+""", command)


def _columns(text: str) -> int:
    return cell_len(_COLOR.sub("", text))


def _pieces(line: str) -> Iterator[str]:
    """Yield the words of a line, those of a command together; blanks at its beginning stay with the first."""
    indent = line[: len(line) - len(line.lstrip(" "))]
    command: list[str] = []
    for place, word in enumerate(line[len(indent) :].split(" ")):
        said = word if place else indent + word
        bare = _COLOR.sub("", word)
        quoted = " ".join(command).count('"') % 2
        if command and not quoted and bare in {"·", COMMAND}:
            yield " ".join(command)
            command = []
        if not command and bare != COMMAND:
            yield said
            continue
        command.append(said)
        if bare.endswith(ENDS) and not " ".join(command).count('"') % 2:
            yield " ".join(command)
            command = []
    if command:
        yield " ".join(command)
