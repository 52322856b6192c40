"""JSON as UTF-8 text, with control and bidi characters escaped so that it is safe to show on a terminal."""

import json
import re
from collections.abc import Mapping, Sequence

Json = Mapping[str, object] | Sequence[object]

_UNSAFE_CHARACTERS = "[\ud800-\udfff\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]"

_INDENT = "  "

_encode = json.JSONEncoder(ensure_ascii=False).encode


def dumps(document: Json) -> str:
    """Return a document as text: full precision, readable text, one line per object of a list."""
    return _format_node(document, "\n", depth=2)


def _format_node(node: object, line_start: str, *, depth: int) -> str:
    """Return a node as lines that all begin with `line_start`.

    By hand: the C encoder of Python can't indent, and the Python encoder takes several times as long.
    """
    inner = line_start + _INDENT
    if depth and isinstance(node, Mapping) and node:
        pairs = (
            f"{_encode_safely(name)}: {_format_node(value, inner, depth=depth - 1)}" for name, value in node.items()
        )
        return f"{{{inner}{f',{inner}'.join(pairs)}{line_start}}}"
    if isinstance(node, list) and any(isinstance(item, Mapping) for item in node):
        return f"[{inner}{f',{inner}'.join(map(_encode_safely, node))}{line_start}]"
    return _encode_safely(node)


def _encode_safely(node: object) -> str:
    # Printable text is safe, and hardly any line needs the pattern.
    text = _encode(node)
    return (
        text if text.isprintable() else re.sub(_UNSAFE_CHARACTERS, lambda match: f"\\u{ord(match.group()):04x}", text)
    )
