"""Plain text for other programs: one record a line, fields separated by tabs, no color, no wrapping."""

from collections.abc import Sequence
from datetime import date, datetime

from valuelog.render.escape import escape_line


def format_record(fields: Sequence[object]) -> str:
    """Return the fields as one tab-separated line."""
    return "\t".join(map(_format_field, fields))


def _format_field(value: object) -> str:
    match value:
        case None:
            return ""
        case date() | datetime():
            return value.isoformat()
        case float():
            return f"{value:.4f}"
        case tuple():
            return ",".join(map(_format_field, value))
        case _:
            return escape_line(str(value))
