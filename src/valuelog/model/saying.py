"""Saying much in few words: the beginning of a text, and how often something happened."""


def first_line(text: str) -> str:
    """Return the first line of a text."""
    return text.partition("\n")[0]


def gist(text: str, most: int) -> str:
    """Return the beginning of a text, as much as so many characters hold, with … where more follows on the line."""
    line = first_line(text)
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def often(times: int) -> str:
    """Say how often: once, twice, 3 times."""
    return {1: "once", 2: "twice"}.get(times, f"{times} times")
