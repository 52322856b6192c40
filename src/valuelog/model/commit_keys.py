"""Keys of one commit, by which it is recognized whichever source, clone or file it comes from."""

from collections.abc import Iterator
from datetime import date

ABBREVIATION_LENGTH = 7
"""The digits of a hash that count: the fewest that git prints. Within a day they are unique."""

_MARK = ":commit:"


def commit_key(day: date, commit_hash: str) -> str:
    """Return the key of a commit, the same for a whole hash and its abbreviation."""
    return f"commit:{day}:{commit_hash[:ABBREVIATION_LENGTH].lower()}"


def commit_origin(source: str, day: date, commit_hash: str) -> str:
    """Return the origin of a source's draft whose first commit is this one."""
    return f"{source}:{commit_key(day, commit_hash)}"


def other_origins(origin: str, sources: tuple[str, ...] = ("git", "did")) -> Iterator[str]:
    """Yield the other origins and the key under which the commit of an origin may be known."""
    _, mark, key = origin.partition(_MARK)
    if mark:
        yield f"commit:{key}"
        yield from (other for source in sources if (other := f"{source}{mark}{key}") != origin)
