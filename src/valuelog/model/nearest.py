"""Suggestions for mistyped words, by difflib. Imported only on error."""

from collections.abc import Iterable

MAX_WORD_LENGTH = 100
"""Longer words are truncated before they are compared, which takes quadratic time."""

LONG_WORD_LENGTH = 7
"""Words of this length have room for two typing mistakes."""

SHORT_WORD_LENGTH = 4
"""Words up to this length match unrelated long words too easily."""


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that is most similar to a word, or None if none is similar.

    Among the three most similar ones, an anagram wins: swapped letters are the most common typing mistake.
    """
    from difflib import get_close_matches  # noqa: PLC0415  only on error

    typed = word.casefold()[:MAX_WORD_LENGTH]
    similar = get_close_matches(typed, [choice for choice in choices if _is_similar_length(typed, choice)], n=3)
    return min(similar, key=lambda choice: sorted(choice) != sorted(typed), default=None)


def nearest_typo(word: str, choices: Iterable[str]) -> str | None:
    """Return the choice that a word is a typing mistake of, or None: a wrong suggestion is worse than none.

    One letter may be missing, added, wrong or swapped with the next; in a word of seven letters, two.
    """
    typed = word.casefold()[:MAX_WORD_LENGTH]
    allowed = 1 + (len(typed) >= LONG_WORD_LENGTH)
    distances = {choice: _count_typos(typed, choice) for choice in choices}
    near = min(distances, key=lambda choice: distances[choice], default=None)
    return near if near and distances[near] <= allowed and near[0] in typed[:2] else None


def _count_typos(word: str, choice: str) -> int:
    """Return the optimal string alignment distance, which counts two swapped letters as one mistake."""
    before: list[int] = []
    row = [*range(len(choice) + 1)]
    for i, letter in enumerate(word, 1):
        two_before, before, row = before, row, [i]
        for j, other in enumerate(choice, 1):
            row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (letter != other)))
            if i > 1 and j > 1 and letter == choice[j - 2] and word[i - 2] == other:
                row[j] = min(row[j], two_before[j - 2] + 1)
    return int(row[-1])


def _is_similar_length(word: str, choice: str) -> bool:
    """Return whether a short word differs by at most one letter in length from a choice, or is a prefix of it."""
    return len(word) > SHORT_WORD_LENGTH or abs(len(choice) - len(word)) <= 1 or choice.startswith(word)


def nearest_option(name: str, options: Iterable[str]) -> str | None:
    """Return the most similar option, or None; the dashes at the start don't count as similar."""
    by_name = {option.lstrip("-"): option for option in options}
    near = nearest(name.lstrip("-"), by_name)
    return by_name[near] if near else None


def did_you_mean(word: str, choices: Iterable[str]) -> str:
    """Return “Did you mean …? ” for the most similar choice, or an empty text."""
    near = nearest(word, choices)
    return f"Did you mean {near}? " if near else ""
