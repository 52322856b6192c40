"""Signs that act, on a terminal or on the direction of writing, made visible in what other tools wrote."""

import re

_ACTING = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"


def mended(text: str) -> str:
    r"""Return a text with a visible sign for each character that acts, and with `\n` for each line end."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isprintable() else re.sub(_ACTING, _sign, text)


def _sign(found: re.Match[str]) -> str:
    """Return what is shown for a character that acts, or that nothing can store: ␛ for ESC, as Unicode draws it."""
    code = ord(found.group())
    return chr(0x2400 + code) if code < ord(" ") else "␡" if code == 0x7F else "�"  # noqa: PLR2004
