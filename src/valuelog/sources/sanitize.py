"""What other people and programs wrote, as one line of which everything can be seen and nothing acts."""

import re

from valuelog.model.signs import escape_control_characters

LONGEST_LINE = 200
"""So many characters the text of a draft may have."""

LONGEST_WHY = 500
"""So many characters a failure may have."""

_TURNING = "[\u061c\u200e\u200f]"
"""What turns the writing around for as little as a space; the rest of it `mended` knows."""

_UNSEEN = "[\x00-\x20\x7f-\xa0\u200b\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
"""White space, and what nobody sees."""


def line(text: str, longest: int = LONGEST_LINE) -> str:
    """Return the first line of a text: what acts in it is a visible sign, and what is too long is cut.

    It can be empty.
    """
    first = next(iter(text.strip().splitlines()), "")
    plain = re.sub(_UNSEEN, " ", re.sub(_TURNING, "�", escape_control_characters(first))).strip()
    return plain if len(plain) <= longest else plain[: longest - 1].rstrip(" ,;:") + "…"


def joined(text: str, longest: int = LONGEST_WHY) -> str:
    """Return all lines of a text as one."""
    return line(" ".join(text.split()), longest)
