"""What somebody meant who mistyped a word: the nearest one of a list. Only a mistake pays for the import."""

from collections.abc import Iterable

MAX_WORD_LENGTH = 100
"""Nobody mistypes a longer word; comparing it would take its time."""

SHORT_WORD_LENGTH = 4
"""So few letters are soon found in a word that has nothing to do with them."""


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that a word was meant to be, or none if none is near.

    Among the three nearest, one with the same letters in another order wins: fingers swap letters more often than
    they choose wrong ones.
    """
    from difflib import get_close_matches  # noqa: PLC0415  only a mistake pays for it

    said = word.casefold()[:MAX_WORD_LENGTH]
    found = get_close_matches(said, [choice for choice in choices if _is_similar_length(said, choice)], n=3)
    return min(found, key=lambda choice: sorted(choice) != sorted(said), default=None)


def _is_similar_length(word: str, choice: str) -> bool:
    """Tell whether a choice is no longer or shorter than a short word than by a letter, unless it begins like that."""
    return len(word) > SHORT_WORD_LENGTH or abs(len(choice) - len(word)) <= 1 or choice.startswith(word)


def nearest_option(name: str, options: Iterable[str]) -> str | None:
    """Return the option that was meant: all begin with dashes, which make none of them any nearer."""
    named = {option.lstrip("-"): option for option in options}
    near = nearest(name.lstrip("-"), named)
    return named[near] if near else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Ask whether the nearest choice was meant; say nothing if there is none."""
    near = nearest(word, choices)
    return f"Did you mean {near}? " if near else ""
