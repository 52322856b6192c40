"""JSON: one UTF-8 document in which no character can act on a terminal."""

import json
import re
from collections.abc import Mapping, Sequence

Json = Mapping[str, object] | Sequence[object]

_UNSAFE_CHARACTERS = "[\ud800-\udfff\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"

_INDENT = "  "

_encode = json.JSONEncoder(ensure_ascii=False).encode


def dumps(document: Json) -> str:
    """Write a document; numbers in full precision, text readable, each thing in a list on a line of its own."""
    return _format_node(document, "\n", depth=2)


def _format_node(node: object, line_start: str, *, depth: int) -> str:
    """Write a part over several lines, each with the same beginning.

    By hand: Python's encoder that is written in C knows no indent, and the other one takes several times as long.
    """
    inner = line_start + _INDENT
    if depth and isinstance(node, Mapping) and node:
        pairs = (
            f"{_encode_safely(name)}: {_format_node(value, inner, depth=depth - 1)}" for name, value in node.items()
        )
        return f"{{{inner}{f',{inner}'.join(pairs)}{line_start}}}"
    if isinstance(node, list) and any(isinstance(thing, Mapping) for thing in node):
        return f"[{inner}{f',{inner}'.join(map(_encode_safely, node))}{line_start}]"
    return _encode_safely(node)


def _encode_safely(node: object) -> str:
    # Nothing printable acts, so that hardly any line needs the pattern.
    text = _encode(node)
    return (
        text if text.isprintable() else re.sub(_UNSAFE_CHARACTERS, lambda found: f"\\u{ord(found.group()):04x}", text)
    )
