"""Find entities by words of their text, for those who don't know an id."""

import re
import unicodedata
from typing import Any

from valuelog.journal.store import ADDRESSABLE_ENTITIES, MAX_CANDIDATES, Journal
from valuelog.model.errors import AmbiguousId, ValuelogError
from valuelog.model.text import first_line, quote

MIN_BEGINNING = 4
"""A word of fewer letters matches whole words only, so that a mistyped id rarely names another thing."""

MAX_ENTRIES_COMPARED = 200
"""How many of the latest entries that contain the words are looked at."""


class AmbiguousWords(ValuelogError):
    """Several texts contain these words."""

    def __init__(self, words: str, candidates: list[tuple[str, str]]) -> None:
        """List the first candidates, each an id and its text."""
        listed = "\n".join(f"  {short_id}  {text}" for short_id, text in candidates[:MAX_CANDIDATES])
        more = "\n  …" if len(candidates) > MAX_CANDIDATES else ""
        super().__init__(
            f"{quote(words)} matches {len(candidates)} texts.", f"Use an id, or more words:\n{listed}{more}"
        )


def is_known_id(journal: Journal, id_prefix: str) -> bool:
    """Return whether an id has this prefix, even if several have it."""
    try:
        journal.resolve_id(id_prefix)
    except AmbiguousId:
        return True
    except ValuelogError:
        return False
    return True


def find_by_words(journal: Journal, words: str, *entities: str) -> str | None:
    """Return the id of the one entity whose text contains all words, or None if there is none. Raises AmbiguousWords.

    Open pain points, promises and projects are preferred to those that ended.
    """
    wanted = _split_words(words)
    if len("".join(wanted)) < 2:  # noqa: PLR2004  a single letter says nothing
        return None
    found = {
        entity_id: first_line(text)
        for entity in entities or ADDRESSABLE_ENTITIES
        for entity_id, text in _match_words(journal, entity, wanted)
    }
    if len(found) > 1:
        lengths = journal.prefix_lengths(found)
        raise AmbiguousWords(words, [(each[: lengths[each]], text) for each, text in found.items()])
    return next(iter(found), None)


def _match_words(journal: Journal, entity: str, wanted: list[str]) -> list[tuple[str, str]]:
    """Return the ids and texts of one type that contain all words; only the open ones if there are any."""
    rows = _select_entries(journal, wanted) if entity == "entry" else _select_others(journal, entity)
    matching = [row for row in rows if _contains_all(row[1], wanted)]
    open_ones = [row for row in matching if row[2]]
    return [(entity_id, text) for entity_id, text, _ in open_ones or matching]


def _select_entries(journal: Journal, wanted: list[str]) -> list[tuple[Any, ...]]:
    """Return the id, text and 1 of the latest entries that the full text index knows under these words."""
    query = " AND ".join(f'"{word}"{" *" if len(word) >= MIN_BEGINNING else ""}' for word in wanted)
    sql = (
        "SELECT e.id, e.text, 1 FROM search_fts f JOIN entry e ON e.place = f.rowid WHERE search_fts MATCH ?"
        f" AND e.deleted IS NULL ORDER BY e.day DESC, e.created DESC, e.id DESC LIMIT {MAX_ENTRIES_COMPARED}"
    )
    return journal.rows(sql, (f"{{text}} : ({query})",))


def _select_others(journal: Journal, entity: str) -> list[tuple[Any, ...]]:
    """Return the id, the text and whether it is open, of everything of a type."""
    text = "name" if entity == "project" else "text"
    sql = (
        f"SELECT id, {text}, state IN ('open', 'planned') FROM {entity} WHERE deleted IS NULL ORDER BY created DESC, id"
    )
    return journal.rows(sql)


def _contains_all(text: str, wanted: list[str]) -> bool:
    words = _split_words(text)
    return all(
        any(word == each or (len(each) >= MIN_BEGINNING and word.startswith(each)) for word in words) for each in wanted
    )


def _split_words(text: str) -> list[str]:
    """Return the words of a text in lower case and without diacritics, as the full text index has them."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return re.findall(r"[^\W_]+", "".join(sign for sign in decomposed if not unicodedata.combining(sign)))
