"""Kinds as people write them: those of entries, and a pain point, which is none."""

from valuelog.model.entry import Kind, parse_choice
from valuelog.model.errors import UnknownChoice
from valuelog.model.question import PAIN_POINT

KINDS = (*map(str, Kind), PAIN_POINT)
"""What can be added."""


def parse_kind(word: str) -> Kind | str:
    """Parse a kind of entry, or PAIN_POINT. Raises UnknownChoice."""
    wanted = word.strip().casefold()
    if wanted not in KINDS:
        raise UnknownChoice("kind", word, KINDS)
    return PAIN_POINT if wanted == PAIN_POINT else Kind(wanted)


def parse_entry_kind(word: str) -> Kind:
    """Read the kind of an entry. Raises UnknownWord."""
    return parse_choice(Kind, "kind", word)
