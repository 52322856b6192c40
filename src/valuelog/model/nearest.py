"""What somebody meant who mistyped a word: the nearest one of a list. Only a mistake pays for the import."""

from collections.abc import Iterable

LONGEST = 100
"""Nobody mistypes a longer word; comparing it would take its time."""


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that a word was meant to be, or none if none is near.

    Among the three nearest, one with the same letters in another order wins: fingers swap letters more often than
    they choose wrong ones.
    """
    from difflib import get_close_matches  # noqa: PLC0415  only a mistake pays for it

    said = word.casefold()[:LONGEST]
    found = get_close_matches(said, tuple(choices), n=3)
    return min(found, key=lambda choice: sorted(choice) != sorted(said), default=None)


def guess(word: str, choices: Iterable[str]) -> str:
    """Ask whether the nearest choice was meant; say nothing if there is none."""
    near = nearest(word, choices)
    return f"Did you mean {near}? " if near else ""
