"""JSON: one UTF-8 document in which no character can act on a terminal."""

import json
import re
from collections.abc import Mapping, Sequence

Json = Mapping[str, object] | Sequence[object]

_ACTING = "[\ud800-\udfff\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"

_MARGIN = "  "

_on_one_line = json.JSONEncoder(ensure_ascii=False).encode


def dumps(document: Json) -> str:
    """Write a document; numbers in full precision, text readable, each thing in a list on a line of its own."""
    return _laid_out(document, "\n", deep=2)


def _laid_out(part: object, begin: str, *, deep: int) -> str:
    """Write a part over several lines, each with the same beginning.

    By hand: Python's encoder that is written in C knows no indent, and the other one takes several times as long.
    """
    inner = begin + _MARGIN
    if deep and isinstance(part, Mapping) and part:
        pairs = (f"{_safe(name)}: {_laid_out(value, inner, deep=deep - 1)}" for name, value in part.items())
        return f"{{{inner}{f',{inner}'.join(pairs)}{begin}}}"
    if isinstance(part, list) and any(isinstance(thing, Mapping) for thing in part):
        return f"[{inner}{f',{inner}'.join(map(_safe, part))}{begin}]"
    return _safe(part)


def _safe(part: object) -> str:
    # Nothing printable acts, so that hardly any line needs the pattern.
    text = _on_one_line(part)
    return text if text.isprintable() else re.sub(_ACTING, lambda found: f"\\u{ord(found.group()):04x}", text)
