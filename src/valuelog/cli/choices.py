"""The keys of a choice, and the filter of a list.

Each option of a choice has a key, the first letter or its number, and its number always works too.
"""

from collections.abc import Sequence


def find_keys(options: Sequence[str]) -> tuple[str, ...]:
    """Return a key for each option: its first letter, or its number if that is no letter or another option has it."""
    keys: list[str] = []
    for number, option in enumerate(options, 1):
        letter = option[:1].casefold()
        keys.append(letter if len(letter) == 1 and letter.isalpha() and letter not in keys else str(number))
    return tuple(keys)


def format_options(options: Sequence[str]) -> tuple[str, ...]:
    """Return each option with its key in parentheses: (s)mall, or (2) 30m."""
    return tuple(
        f"({key}){option[1:]}" if key.isalpha() else f"({key}) {option}"
        for key, option in zip(find_keys(options), options, strict=True)
    )


def format_enter(option: str) -> str:
    """Return what Enter does: it takes an option, or skips the question if there is none."""
    return f"Enter: {option}" if option else "Enter skips"


def find_option(answer: str, options: Sequence[str]) -> str:
    """Return the option that a key, a number or a beginning names; an empty text if there is no such option."""
    word = answer.strip().casefold()
    numbers = tuple(str(number) for number, _ in enumerate(options, 1))
    for names in (find_keys(options), numbers):
        if word in names:
            return options[names.index(word)]
    return next((option for option in options if word and option.casefold().startswith(word)), "")


def filter_options(options: Sequence[str], typed: str) -> list[int]:
    """Return the indexes of the options that contain every word that was typed, ignoring case."""
    words = typed.casefold().split()
    return [index for index, option in enumerate(options) if all(word in option.casefold() for word in words)]
