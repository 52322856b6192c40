"""Escape control and bidi characters in untrusted text, so that they cannot affect a terminal."""

import re

CONTROL_CHARACTERS = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
"""A pattern for control characters (C0 but tab and newline, C1), surrogates and bidi overrides and isolates."""


def escape_control_characters(text: str) -> str:
    r"""Replace each control character by a visible one, and each line end by `\n`."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else re.sub(CONTROL_CHARACTERS, _visible_character, text)


def _visible_character(match: re.Match[str]) -> str:
    """Return a character's Unicode control picture (␛ for ESC), or � if it has none."""
    code = ord(match.group())
    return chr(0x2400 + code) if code < ord(" ") else "␡" if code == 0x7F else "�"  # noqa: PLR2004
