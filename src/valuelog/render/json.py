"""JSON: one UTF-8 document in which no character can act on a terminal."""

import json
import re
from collections.abc import Mapping, Sequence

Json = Mapping[str, object] | Sequence[object]

_ACTING = re.compile("[\ud800-\udfff\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def dumps(document: Json) -> str:
    """Write a document; numbers in full precision, text readable."""
    text = json.dumps(document, ensure_ascii=False, indent=2)
    return _ACTING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)
