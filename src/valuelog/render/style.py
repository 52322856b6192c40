"""Colors by meaning. Each is readable on dark and light backgrounds, and never the only sign of its meaning."""

VALUE = "green"
WORK = "cyan"
ATTENTION = "bold magenta"
STRONG = "bold"
DIM = "dim"
HIT = "not dim bold underline"
"""A word that was searched for."""

_CODES = {VALUE: "32", WORK: "36", ATTENTION: "1;35", STRONG: "1", DIM: "2"}


def paint(text: str, style: str, *, color: bool) -> str:
    """Color a part of a line without Rich, which takes too long to import for one-line answers."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if color and text else text


def split_id(entity_id: str, prefix_length: int) -> tuple[str, str]:
    """Return the prefix of an id that must be typed, and the rest of the four characters shown, in dim."""
    return entity_id[:prefix_length], entity_id[prefix_length : max(prefix_length, 4)]
