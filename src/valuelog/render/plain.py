"""Plain text for other programs: one record a line, fields separated by tabs, no colour, no wrapping."""

from collections.abc import Sequence
from datetime import date, datetime

from valuelog.render.escape import visible


def record(fields: Sequence[object]) -> str:
    """Write one record."""
    return "\t".join(map(_field, fields))


def _field(value: object) -> str:
    match value:
        case None:
            return ""
        case date() | datetime():
            return value.isoformat()
        case float():
            return f"{value:.4f}"
        case tuple():
            return ",".join(map(_field, value))
        case _:
            return visible(str(value))
