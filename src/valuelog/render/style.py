"""Colours by meaning. Each works on dark and on light, and each is doubled by a word or a sign where it stands."""

VALUE = "green"
WORK = "cyan"
NEEDS = "bold magenta"
STRONG = "bold"
DIM = "dim"

_CODES = {VALUE: "32", WORK: "36", NEEDS: "1;35", STRONG: "1", DIM: "2"}


def paint(text: str, style: str, *, color: bool) -> str:
    """Colour a piece of a line without Rich, for the lines that must be there at once."""
    return f"\x1b[{_CODES[style]}m{text}\x1b[0m" if color and text else text


def short_id(name: str, letters: int) -> tuple[str, str]:
    """Return the beginning of an id that must be typed, and what is shown dim after it."""
    return name[:letters], name[letters : max(letters, 4)]
