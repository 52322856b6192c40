"""Helpers for short texts: first lines, truncation, quotes and counts in words."""

MAX_WORD_LENGTH = 60
"""The maximum length of a quoted word, in characters."""


NO_ANSWERS = frozenset(
    {
        *(
            "nothing",
            "nothing today",
            "nothing really",
            "nothing much",
            "none",
            "no",
            "no one",
            "nobody",
            "nope",
            "nah",
        ),
        *("n/a", "na", "n.a", "nil", "not today", "not applicable", "nichts", "nein", "keine", "keiner", "niemand"),
        *("rien", "nada"),
    }
)
"""What people type instead of leaving a question empty, in lower case and without a final dot."""

EMPTY_SIGNS = " .,…-‐–—−/?"
"""A text of these characters alone says nothing."""


def is_no_answer(text: str) -> bool:
    """Return True for a text that says nothing: “none”, “n/a” or “-” alone, in any case, with or without a dot."""
    words = " ".join(text.casefold().split())
    return words.rstrip(" .!") in NO_ANSWERS or not words.strip(EMPTY_SIGNS)


def first_line(text: str) -> str:
    """Return the first line of a text."""
    return text.partition("\n")[0]


def truncate_line(text: str, max_length: int) -> str:
    """Truncate the first line of a text to `max_length` characters, with … at the end."""
    line = first_line(text)
    return line if len(line) <= max_length else f"{line[: max_length - 1].rstrip()}…"


def truncate_word(word: str) -> str:
    """Truncate a word to MAX_WORD_LENGTH characters, with … at the end."""
    return word if len(word) <= MAX_WORD_LENGTH else f"{word[: MAX_WORD_LENGTH - 1]}…"


def quote(word: str) -> str:
    """Return a word, truncated, in quotation marks."""
    return f"“{truncate_word(word)}”"


def format_times(times: int) -> str:
    """Return how often something happened: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


_NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def spell_out(number: int) -> str:
    """Return a number as a word up to ten, otherwise as digits."""
    return _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else str(number)
