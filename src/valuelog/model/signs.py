"""Signs that act, on a terminal or on the direction of writing, made visible in what other tools wrote."""

import re

_CONTROL_CHARACTERS = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"


def escape_control_characters(text: str) -> str:
    r"""Return a text with a visible sign for each character that acts, and with `\n` for each line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else re.sub(_CONTROL_CHARACTERS, _visible_character, text)


def _visible_character(match: re.Match[str]) -> str:
    """Return what is shown for a character that acts, or that nothing can store: ␛ for ESC, as Unicode draws it."""
    code = ord(match.group())
    return chr(0x2400 + code) if code < ord(" ") else "␡" if code == 0x7F else "�"  # noqa: PLR2004
