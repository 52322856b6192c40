"""Ids: random, ordered by nothing, typed by their shortest unique beginning."""

import os
from collections.abc import Iterable
from itertools import takewhile

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32: no i, l, o or u, so that nothing looks like anything else."""

ID_LENGTH = 10
"""50 random bits: among a million things, two share an id once in about two thousand journals."""

MIN_PREFIX_LENGTH = 2
"""At least so many letters of an id are shown."""

_LOOKALIKES = str.maketrans("ilou", "110v")


def new_id() -> str:
    """Make up an id."""
    number = int.from_bytes(os.urandom(7))
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(ID_LENGTH))


def is_id_prefix(prefix: str) -> bool:
    """Tell whether any id could begin like this."""
    return bool(prefix) and not set(prefix) - set(ALPHABET)


def normalize_id(text: str) -> str:
    """Read an id as a person typed it: any case, look-alikes forgiven."""
    return text.strip().lower().translate(_LOOKALIKES)


def unique_prefix_length(entity_id: str, other_ids: Iterable[str]) -> int:
    """Return how many letters tell an id from others."""
    return max(MIN_PREFIX_LENGTH, 1 + max((_common_prefix_length(entity_id, other) for other in other_ids), default=0))


def _common_prefix_length(first: str, second: str) -> int:
    """Return how many letters two ids have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
