"""Escapes untrusted text: control and bidi characters become visible signs."""

import re

_UNSAFE_CHARACTERS = "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"


def escape_line(text: str) -> str:
    """Return a text as one safe line; line breaks and tabs become spaces."""
    # Printable text is safe; the pattern takes a while to compile, and hardly any text needs it.
    return text if text.isprintable() else re.sub(_UNSAFE_CHARACTERS, _replacement, text)


def escape_lines(text: str) -> list[str]:
    """Return the lines of a text, each escaped."""
    return [escape_line(line) for line in text.split("\n")]


def _replacement(match: re.Match[str]) -> str:
    code = ord(match.group())
    if match.group() in "\n\t":
        return " "
    if code < 0x20:  # noqa: PLR2004  the C0 controls have pictures
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"  # noqa: PLR2004  DEL
