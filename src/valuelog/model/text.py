"""Saying much in few words: the beginning of a text, a word that was typed, and how often something happened."""

LONGEST = 60
"""As much of a word is repeated as tells which one it is."""


def first_line(text: str) -> str:
    """Return the first line of a text."""
    return text.partition("\n")[0]


def gist(text: str, most: int) -> str:
    """Return the beginning of a text, as much as so many characters hold, with … where more follows on the line."""
    line = first_line(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def shortened(word: str) -> str:
    """Return what was typed, or so much of it that it is known again."""
    return word if len(word) <= LONGEST else f"{word[: LONGEST - 1]}…"


def quoted(word: str) -> str:
    """Return what was typed as it stands in a sentence about it."""
    return f"“{shortened(word)}”"


def often(times: int) -> str:
    """Say how often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")
