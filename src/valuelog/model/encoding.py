"""The encoding of a text file: by its byte order mark, by the NULs of UTF-16, or else UTF-8."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from typing import Final

_ENCODINGS: Final = (
    (BOM_UTF8, "utf-8-sig"),
    (BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (BOM_UTF32_BE, "utf-32"),
    (BOM_UTF16_LE, "utf-16"),
    (BOM_UTF16_BE, "utf-16"),
)


def detect_encoding(head: bytes) -> str:
    """Return the codec for a text that begins with these bytes; the codec skips the byte order mark."""
    if re.match(rb"[^\0]\0[^\0]\0", head):
        return "utf-16-le"
    if re.match(rb"\0[^\0]\0[^\0]", head):
        return "utf-16-be"
    return next((encoding for mark, encoding in _ENCODINGS if head.startswith(mark)), "utf-8")


def decode_text(raw: bytes, errors: str = "strict") -> str:
    """Decode a whole text without its byte order mark. Raises UnicodeDecodeError if `errors` is strict."""
    return raw.decode(detect_encoding(raw), errors)
