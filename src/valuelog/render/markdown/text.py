"""Text that people wrote, escaped for Markdown, and tables."""

import re

from valuelog.render.escape import escape_line

_SPECIAL_CHARACTERS = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BLOCK_MARKER = re.compile(r"^(\d{0,9})([-+.)=])")
"""Starts a list, or turns the line before it into a heading."""


def escape_markdown(text: str) -> str:
    """Escape one line so that Markdown shows it literally. It drops leading blanks: they could start a code block."""
    return _BLOCK_MARKER.sub(r"\1\\\2", _SPECIAL_CHARACTERS.sub(r"\\\1", escape_line(text).lstrip()))


def format_table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Return a table; every column but the first is a number and aligned to the right."""
    rule = ("---", *("---:" for _ in head[1:]))
    lines = [head, rule, *[tuple(map(str, row)) for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
