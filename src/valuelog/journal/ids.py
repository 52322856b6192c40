"""50-bit ids in Crockford base32, abbreviated to their shortest unique prefix.

They are random, except those of entries with an origin: the same draft accepted on two machines is one entry.
"""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from itertools import takewhile

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford base32 in lower case: no i, l, o or u, which look like other characters."""

ID_LENGTH = 10
"""50 random bits: with a million entities, one journal in about two thousand has a collision."""

MIN_PREFIX_LENGTH = 2
"""The fewest characters of an id that are shown."""

_LOOKALIKES = str.maketrans("ilou", "110v")


_random_bytes: ContextVar[Callable[[int], bytes] | None] = ContextVar("random_bytes", default=None)
"""What ids are made of instead of `os.urandom`."""


@contextmanager
def fixed_random_bytes(source: Callable[[int], bytes]) -> Iterator[None]:
    """Make new ids of the bytes of a source within the block, so that a made-up journal has the same ids each time."""
    token = _random_bytes.set(source)
    try:
        yield
    finally:
        _random_bytes.reset(token)


def new_id() -> str:
    """Return a new random id."""
    number = int.from_bytes((_random_bytes.get() or os.urandom)(7))
    return "".join(ALPHABET[number >> 5 * place & 31] for place in range(ID_LENGTH))


def id_from_origin(origin: str) -> str:
    """Return the id that follows from an origin, the same on every machine: base32 of its SHA-256, cut to length."""
    from hashlib import sha256  # noqa: PLC0415  loads OpenSSL, which reading does not need

    number = int.from_bytes(sha256(origin.encode()).digest()) >> 256 - 5 * ID_LENGTH
    return "".join(ALPHABET[number >> 5 * place & 31] for place in reversed(range(ID_LENGTH)))


def is_id_prefix(prefix: str) -> bool:
    """Return True if a text could be the start of an id."""
    return bool(prefix) and not set(prefix) - set(ALPHABET)


def is_id(text: str) -> bool:
    """Return True if a text could be a whole id."""
    return len(text) == ID_LENGTH and is_id_prefix(text)


def normalize_id(text: str) -> str:
    """Return an id as typed in lower case, with look-alikes replaced (Crockford)."""
    return text.strip().lower().translate(_LOOKALIKES)


def unique_prefix_length(entity_id: str, other_ids: Iterable[str]) -> int:
    """Return the length of the shortest prefix that tells an id from others."""
    return max(MIN_PREFIX_LENGTH, 1 + max((_common_prefix_length(entity_id, other) for other in other_ids), default=0))


def _common_prefix_length(first: str, second: str) -> int:
    """Return the length of the longest common prefix."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(first, second, strict=False)))
