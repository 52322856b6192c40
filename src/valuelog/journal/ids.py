"""Ids: random, ordered by nothing, typed by their shortest unique beginning."""

import os
from collections.abc import Iterable
from itertools import takewhile

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32: no i, l, o or u, so that nothing looks like anything else."""

LENGTH = 10
"""50 random bits: among a million things, two share an id once in about two thousand journals."""

SHOWN = 2
"""At least so many letters of an id are shown."""

_LOOKALIKES = str.maketrans("ilou", "110v")


def new_id() -> str:
    """Make up an id."""
    number = int.from_bytes(os.urandom(7))
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(LENGTH))


def possible(beginning: str) -> bool:
    """Tell whether any id could begin like this."""
    return bool(beginning) and not set(beginning) - set(ALPHABET)


def typed(words: str) -> str:
    """Read an id as a person typed it: any case, look-alikes forgiven."""
    return words.strip().lower().translate(_LOOKALIKES)


def shortest(name: str, others: Iterable[str]) -> int:
    """Return how many letters tell an id from others."""
    return max(SHOWN, 1 + max((_shared(name, other) for other in others), default=0))


def _shared(one: str, other: str) -> int:
    """Return how many letters two ids have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
