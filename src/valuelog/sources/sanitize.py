"""Sanitizes untrusted text from other people and programs to one visible line without control characters."""

import re

from valuelog.model.signs import escape_control_characters

MAX_LINE_LENGTH = 200
"""Length limit for the text of a draft."""

MAX_MESSAGE_LENGTH = 500
"""Length limit for an error message."""

_BIDI_MARKS = "[\u061c\u200e\u200f]"
"""Bidi marks; `escape_control_characters` replaces the other bidi characters."""

_INVISIBLE = "[\x00-\x20\x7f-\xa0\u200b\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]+"
"""White space and invisible characters."""


def sanitize_line(text: str, max_length: int = MAX_LINE_LENGTH) -> str:
    """Return the first line of a text, with control characters replaced by visible ones, truncated; it may be empty."""
    first = next(iter(text.strip().splitlines()), "")
    plain = re.sub(_INVISIBLE, " ", re.sub(_BIDI_MARKS, "�", escape_control_characters(first))).strip()
    return plain if len(plain) <= max_length else plain[: max_length - 1].rstrip(" ,;:") + "…"


def sanitize_text(text: str, max_length: int = MAX_MESSAGE_LENGTH) -> str:
    """Return a text of several lines as one sanitized line."""
    return sanitize_line(" ".join(text.split()), max_length)
