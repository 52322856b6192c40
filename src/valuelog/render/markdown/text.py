"""Writing people's words into Markdown so that none of them acts."""

import re

from valuelog.render.escape import escape_line

_SPECIAL_CHARACTERS = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_BLOCK_MARKER = re.compile(r"^(\d{0,9})([-+.)=])")
"""What begins a list, or makes a heading of the line before it."""


def escape_markdown(text: str) -> str:
    """Return a text of one line that Markdown shows as it stands, but for blanks at its beginning: those would act."""
    return _BLOCK_MARKER.sub(r"\1\\\2", _SPECIAL_CHARACTERS.sub(r"\\\1", escape_line(text).lstrip()))


def format_table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Return a table; every column but the first is a number and stands to the right."""
    rule = ("---", *("---:" for _ in head[1:]))
    lines = [head, rule, *[tuple(map(str, row)) for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
