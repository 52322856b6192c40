"""What other people and programs wrote, as one line of which everything can be seen and nothing acts."""

import re

from valuelog.model.signs import escape_control_characters

MAX_LINE_LENGTH = 200
"""So many characters the text of a draft may have."""

MAX_MESSAGE_LENGTH = 500
"""So many characters a failure may have."""

_BIDI_MARKS = "[\u061c\u200e\u200f]"
"""What turns the writing around for as little as a space; the rest of it `mended` knows."""

_INVISIBLE = "[\x00-\x20\x7f-\xa0\u200b\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
"""White space, and what nobody sees."""


def sanitize_line(text: str, max_length: int = MAX_LINE_LENGTH) -> str:
    """Return the first line of a text: what acts in it is a visible sign, and what is too long is cut.

    It can be empty.
    """
    first = next(iter(text.strip().splitlines()), "")
    plain = re.sub(_INVISIBLE, " ", re.sub(_BIDI_MARKS, "�", escape_control_characters(first))).strip()
    return plain if len(plain) <= max_length else plain[: max_length - 1].rstrip(" ,;:") + "…"


def sanitize_text(text: str, max_length: int = MAX_MESSAGE_LENGTH) -> str:
    """Return all lines of a text as one."""
    return sanitize_line(" ".join(text.split()), max_length)
