"""How the generated pages write Markdown: tables, code, and the words of the code as text."""

import re
from collections.abc import Iterable, Sequence

FLAG = re.compile(r"(?<![\w`-])--?[a-z][\w-]*")
"""A flag within a sentence, which would be hard to tell from a dash."""


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table; a bar within a cell is no border."""
    lines = (head, ["---"] * len(head), *rows)
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def code(said: str) -> str:
    """Return words as code within a line."""
    return f"`{said}`"


def block(language: str, said: str) -> str:
    """Return lines as a block of code."""
    return f"```{language}\n{said}\n```"


def text(said: str) -> str:
    """Return a sentence of the code, its flags as code, and nothing in it taken for Markdown."""
    plain = re.sub(r"([\\*<\[])", r"\\\1", said)
    return FLAG.sub(lambda found: code(found.group()), plain)
