"""Writing people's words into Markdown so that none of them acts."""

import re

from valuelog.render.escape import visible

_ACTING = re.compile(r"([\\`*_{}\[\]<>#|~&])")
_LISTED = re.compile(r"^(\d{0,9})([-+.)=])")
"""What begins a list, or makes a heading of the line before it."""


def literal(text: str) -> str:
    """Return a text of one line that Markdown shows as it stands, but for blanks at its beginning: those would act."""
    return _LISTED.sub(r"\1\\\2", _ACTING.sub(r"\\\1", visible(text).lstrip()))


def table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    """Return a table; every column but the first is a number and stands to the right."""
    rule = ("---", *("---:" for _ in head[1:]))
    lines = [head, rule, *[tuple(map(str, row)) for row in rows]]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
