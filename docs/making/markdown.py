"""Markdown: tables, code, and text from the code with everything escaped that Markdown would interpret."""

import re
from collections.abc import Iterable, Sequence

FLAG = re.compile(r"(?<![\w`-])--?[a-z][\w-]*")
"""A flag in a sentence."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(text: str) -> str:
    """Return a code span."""
    return f"`{text}`"


def code_block(language: str, text: str) -> str:
    """Return a fenced code block."""
    return f"```{language}\n{text}\n```"


def prose(text: str) -> str:
    """Return text with Markdown escaped and flags as code."""
    escaped = re.sub(r"([\\*<\[])", r"\\\1", text)
    return FLAG.sub(lambda match: code(match[0]), escaped)
