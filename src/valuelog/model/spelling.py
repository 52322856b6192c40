"""The words with which days and periods are named, and what somebody meant who mistyped them: only a mistake asks."""

from collections.abc import Callable

from valuelog.model.errors import BadInput
from valuelog.model.nearest import nearest
from valuelog.model.period import MONTH_NAMES, WEEKDAY_NAMES

_MONTH_NAMES = tuple(name.casefold() for name in MONTH_NAMES)
_UNIT_NAMES = ("day", "week", "month", "quarter", "year")

_DATE_WORDS = (
    "today", "yesterday", "tomorrow", "ago", "this", "last", "next", "in",
    *_UNIT_NAMES, *(f"{unit}s" for unit in _UNIT_NAMES), *WEEKDAY_NAMES, *_MONTH_NAMES,
    *(name[:3] for name in (*WEEKDAY_NAMES, *_MONTH_NAMES)),
)  # fmt: skip


def correct_spelling(text: str, parse: Callable[[str], object]) -> str | None:
    """Return words as they were meant, if they can be `read` then; none if nothing was mistyped."""
    words = text.casefold().split()[:10]
    meant = " ".join(word if word in _DATE_WORDS else nearest(word, _DATE_WORDS) or word for word in words)
    if meant == text:
        return None
    try:
        parse(meant)
    except BadInput:
        return None
    return meant
