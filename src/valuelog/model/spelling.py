"""The words with which days and periods are named, and what somebody meant who mistyped them: only a mistake asks."""

from collections.abc import Callable

from valuelog.model.errors import BadInput
from valuelog.model.nearest import nearest
from valuelog.model.period import DAYS_OF_WEEK, LONG_MONTHS

_MONTHS = tuple(name.casefold() for name in LONG_MONTHS)
_UNITS = ("day", "week", "month", "quarter", "year")

_WORDS = (
    "today", "yesterday", "tomorrow", "ago", "this", "last", "next", "in",
    *_UNITS, *(f"{unit}s" for unit in _UNITS), *DAYS_OF_WEEK, *_MONTHS,
    *(name[:3] for name in (*DAYS_OF_WEEK, *_MONTHS)),
)  # fmt: skip


def respelled(text: str, read: Callable[[str], object]) -> str | None:
    """Return words as they were meant, if they can be `read` then; none if nothing was mistyped."""
    words = text.casefold().split()[:10]
    meant = " ".join(word if word in _WORDS else nearest(word, _WORDS) or word for word in words)
    if meant == text:
        return None
    try:
        read(meant)
    except BadInput:
        return None
    return meant
