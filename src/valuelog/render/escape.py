"""Escapes untrusted text: control, bidi and invisible characters become visible signs."""

import re

_CONTROLS = "\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff"

_INVISIBLE = (
    "\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200d\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0"
    "\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What Unicode calls default ignorable: characters without a width or a shape of their own."""

_PRINTABLE_BUT_INVISIBLE = frozenset(
    map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, *range(0x180B, 0x1810), 0x3164, *range(0xFE00, 0xFE10), 0xFFA0))
) | frozenset(map(chr, range(0xE0100, 0xE01F0)))
"""Those for which Python's `isprintable` is true."""

_EMOJI = (
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff][\ufe0e\ufe0f]?[\U0001f3fb-\U0001f3ff]?"
)
_SUBDIVISION_FLAG = (
    "\U0001f3f4\U000e0067\U000e0062"
    "(?:\U000e0065\U000e006e\U000e0067|\U000e0073\U000e0063\U000e0074|\U000e0077\U000e006c\U000e0073)\U000e007f"
)
"""The flags of England, Scotland and Wales, the only ones that are spelled in invisible letters."""

_IDEOGRAPH = "[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_MONGOLIAN = "[\u1820-\u18aa]"
_JOINING = (
    "[\u0620-\u0dff\u1000-\u109f\u1780-\u17b3\u17b6-\u17ff\u1820-\u18af\u1a20-\u1aaf\u1b00-\u1bff\ua840-\ua87f"
    "\ua8e0-\ua8ff\ua930-\ua95f\ua980-\ua9ff\uaa60-\uaa7f\ufb50-\ufdff\ufe70-\ufefc\U00010a00-\U00011fff"
    "\U0001e900-\U0001e95f]"
)
"""Letters and marks of scripts in which joiners change the shape of a word: Arabic, Devanagari, Khmer …"""

_MEANINGFUL = "|".join(
    (
        _SUBDIVISION_FLAG,
        f"{_EMOJI}(?:\u200d{_EMOJI})*",
        "[0-9#*]\ufe0f?\u20e3",
        "[\u2200-\u22ff\u2a00-\u2aff]\ufe00",  # another form of a mathematical sign
        f"{_IDEOGRAPH}[\ufe00-\ufe02\U000e0100-\U000e01ef]",  # another form of a character, as in Japanese names
        f"{_MONGOLIAN}[\u180b-\u180d\u180f]",
        f"{_MONGOLIAN}\u180e(?={_MONGOLIAN})",
        f"(?<={_JOINING})\u200c(?={_JOINING})",
        f"(?<={_JOINING})\u200d",
    )
)
"""Invisible characters where they are a part of how a text is spelled."""

_PATTERN = f"({_MEANINGFUL})|[{_CONTROLS}{_INVISIBLE}]"


def escape_line(text: str) -> str:
    """Return a text as one safe line; line breaks and tabs become spaces."""
    # Most text is safe as it is; the pattern takes a while to compile, and hardly any text needs it.
    return text if _is_safe(text) else re.sub(_PATTERN, _replacement, text)


def escape_lines(text: str) -> list[str]:
    """Return the lines of a text, each escaped."""
    return [escape_line(line) for line in text.split("\n")]


def _is_safe(text: str) -> bool:
    return text.isprintable() and (text.isascii() or _PRINTABLE_BUT_INVISIBLE.isdisjoint(text))


def _replacement(match: re.Match[str]) -> str:
    if match[1]:
        return match[1]
    code = ord(match.group())
    if match.group() in "\n\t":
        return " "
    if code < 0x20:  # noqa: PLR2004  the C0 controls have pictures
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else f"⟨U+{code:04X}⟩"  # noqa: PLR2004  DEL
