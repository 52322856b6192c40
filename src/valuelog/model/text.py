"""Saying much in few words: the beginning of a text, a word that was typed, and how often something happened."""

MAX_WORD_LENGTH = 60
"""As much of a word is repeated as tells which one it is."""


def first_line(text: str) -> str:
    """Return the first line of a text."""
    return text.partition("\n")[0]


def truncate_line(text: str, max_length: int) -> str:
    """Return the beginning of a text, as much as so many characters hold, with … where more follows on the line."""
    line = first_line(text)
    return line if len(line) <= max_length else f"{line[: max_length - 1].rstrip()}…"


def truncate_word(word: str) -> str:
    """Return what was typed, or so much of it that it is known again."""
    return word if len(word) <= MAX_WORD_LENGTH else f"{word[: MAX_WORD_LENGTH - 1]}…"


def quote(word: str) -> str:
    """Return what was typed as it stands in a sentence about it."""
    return f"“{truncate_word(word)}”"


def format_times(times: int) -> str:
    """Say how often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


_NUMBER_WORDS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def spell_out(number: int) -> str:
    """Return a number as a word up to ten, as digits beyond."""
    return _NUMBER_WORDS[number] if number < len(_NUMBER_WORDS) else str(number)
