"""Kinds as people write them: those of entries, and a pain point, which is none."""

from valuelog.model.entry import Kind, one_of
from valuelog.model.errors import UnknownWord
from valuelog.model.question import PAIN

KINDS = (*map(str, Kind), PAIN)
"""What can be added."""


def kind_of(word: str) -> Kind | None:
    """Read a kind; none is a pain point. Raises UnknownWord."""
    wanted = word.strip().casefold()
    if wanted not in KINDS:
        raise UnknownWord("kind", word, KINDS)
    return None if wanted == PAIN else Kind(wanted)


def entry_kind(word: str) -> Kind:
    """Read the kind of an entry. Raises UnknownWord."""
    return one_of(Kind, "kind", word)
