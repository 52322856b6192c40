"""Ids: random, ordered by nothing, typed by their shortest unique beginning."""

import os
from collections.abc import Iterable
from itertools import takewhile
from sqlite3 import Connection

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


def typed(words: str) -> str:
    """Read an id as a person typed it: any case, look-alikes forgiven."""
    return words.strip().lower().translate(_LOOKALIKES)


def shortest(connection: Connection, ids: Iterable[str]) -> dict[str, int]:
    """Return, for each id, how many letters tell it from every other that was ever given."""
    return {name: _letters(connection, name) for name in ids}


def _letters(connection: Connection, name: str) -> int:
    neighbours = connection.execute(
        "SELECT (SELECT max(entity_id) FROM change WHERE entity_id < ?1), "
        "(SELECT min(entity_id) FROM change WHERE entity_id > ?1)",
        (name,),
    ).fetchone()
    shared = max(_shared(name, near) for near in (*filter(None, neighbours), ""))
    return max(SHOWN, shared + 1)


def _shared(one: str, other: str) -> int:
    """Return how many letters two ids have in common at their beginning."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))
