"""Erase the text of one entity for good, wherever valuelog keeps it."""

import re
from collections.abc import Callable
from typing import NamedTuple

from valuelog.journal import dump
from valuelog.journal.backups import own_copies
from valuelog.journal.purge import ClearFiles
from valuelog.journal.store import ADDRESSABLE_ENTITIES, Journal
from valuelog.model.errors import UnknownId, ValuelogError

PURGEABLE_ENTITIES = (*ADDRESSABLE_ENTITIES, "reflection", "sighting", "measurement")
"""Entity types with a random id whose text can be purged; days off have their day as id."""

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class NotErasedEverywhere(ValuelogError):
    """Some files may still have the text."""

    def __init__(self, shown_id: str, unreached: tuple[str, ...]) -> None:
        """Name the files."""
        super().__init__(
            f"{shown_id} is erased from the journal, but these may still have it: {', '.join(unreached)}.",
            f"Make them writable, or delete them; then repeat: valuelog delete --purge {shown_id}",
        )


def resolve_purgeable(journal: Journal, words: str) -> tuple[str, str, str]:
    """Return the type and id of what to purge, even if it is deleted, and what to type for it.

    That is the shortest unique beginning of an id, or the day of a day off. Raises UnknownId or AmbiguousId.
    """
    if _DAY.fullmatch(words):
        if dump.find_entity_type(journal, words) != "day_off":
            raise UnknownId(words, ("day_off",))
        return "day_off", words, words
    entity, entity_id = journal.resolve_id(words, *PURGEABLE_ENTITIES, include_deleted=True)
    return entity, entity_id, entity_id[: journal.prefix_lengths([entity_id])[entity_id]]


class Erasure(NamedTuple):
    """What a purge did; see `journal.purge.PurgeResult`. `repeats` are ids as people type them."""

    shown_id: str
    copy_count: int
    unreached: tuple[str, ...]
    repeats: tuple[str, ...]
    is_guessable: bool


def purge(
    journal: Journal,
    entity: str,
    entity_id: str,
    shown_id: str,
    clear_files: ClearFiles,
    report: Callable[[int], None],
) -> Erasure:
    """Purge an entity. Raises PurgeIncomplete."""
    result = journal.purge(entity, entity_id, clear_files=clear_files, report=report)
    lengths = journal.prefix_lengths(name for name in result.repeats if not _DAY.fullmatch(name))
    repeats = tuple(name[: lengths.get(name)] for name in result.repeats)
    return Erasure(shown_id, result.copy_count, result.unreached, repeats, result.is_guessable)


def count_copies(journal: Journal) -> int:
    """Return how many copies a purge has to go through."""
    return len(own_copies(journal.path))
