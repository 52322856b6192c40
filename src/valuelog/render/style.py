"""Colors by meaning. Each works on dark and on light, and each is doubled by a word or a sign where it stands."""

VALUE = "green"
WORK = "cyan"
ATTENTION = "bold magenta"
STRONG = "bold"
DIM = "dim"

_CODES = {VALUE: "32", WORK: "36", ATTENTION: "1;35", STRONG: "1", DIM: "2"}


def paint(text: str, style: str, *, color: bool) -> str:
    """Color a piece of a line without Rich, for the lines that must be there at once."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if color and text else text


def split_id(entity_id: str, prefix_length: int) -> tuple[str, str]:
    """Return the beginning of an id that must be typed, and what is shown dim after it."""
    return entity_id[:prefix_length], entity_id[prefix_length : max(prefix_length, 4)]
