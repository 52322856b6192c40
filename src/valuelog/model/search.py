"""Search queries: words, phrases and exclusions, and where a text matches them."""

import re
import unicodedata
from collections.abc import Iterator
from typing import NamedTuple

_SYNTAX = r'(-?)(?:"([^"]*)"?|([^\s"]+))'

_UNSPACED_SCRIPTS = (
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)
"""Thai, Lao, Burmese, Khmer, Chinese, Japanese and Korean: a word is rarely bounded by spaces."""


class Term(NamedTuple):
    """A word or phrase of a query.

    A word matches the beginnings of words unless it `is_exact`. With `is_substring` it matches anywhere: in scripts
    without spaces between words, and for signs such as an emoji.
    """

    text: str
    is_exact: bool = False
    is_excluded: bool = False
    is_substring: bool = False


class SearchQuery(NamedTuple):
    """What a text must contain, and what it must not."""

    included: tuple[Term, ...] = ()
    excluded: tuple[Term, ...] = ()


def parse_query(words: str) -> SearchQuery:
    """Parse a query in which only quotes, a leading minus and a trailing asterisk are syntax."""
    terms = [
        _term(phrase or word.rstrip("*"), is_phrase=bool(phrase), is_excluded=bool(minus))
        for minus, phrase, word in re.findall(_SYNTAX, words)
        if is_searchable(phrase or word)
    ]
    return SearchQuery(
        included=tuple(term for term in terms if not term.is_excluded),
        excluded=tuple(term for term in terms if term.is_excluded),
    )


def is_searchable(text: str) -> bool:
    """Return True if a text has a letter, a digit or a sign such as an emoji."""
    return any(map(str.isalnum, text)) or any(unicodedata.category(sign) == "So" for sign in text)


def _term(text: str, *, is_phrase: bool, is_excluded: bool) -> Term:
    has_word = any(map(str.isalnum, text))
    return Term(
        text=text,
        is_exact=is_phrase or not text[-1:].isalnum(),  # C++ is no beginning of every word with a C
        is_excluded=is_excluded,
        is_substring=not has_word or bool(re.search(_UNSPACED_SCRIPTS, text)),
    )


def find_hits(text: str, query: SearchQuery) -> list[tuple[int, int]]:
    """Return where a text matches the words of a query, as (start, end), in order and without overlaps."""
    folded, positions = _fold(text)
    spans = sorted(
        (positions[match.start()], positions[match.end() - 1] + 1)
        for term in query.included
        for match in re.finditer(_pattern(term), folded)
    )
    return list(_merge(spans))


def _fold(text: str) -> tuple[str, list[int]]:
    """Return a text without case and accents, and the position of each of its characters in the original."""
    folded: list[str] = []
    positions: list[int] = []
    for position, character in enumerate(text):
        for letter in unicodedata.normalize("NFD", character).casefold():
            if not unicodedata.combining(letter):
                folded.append(letter)
                positions.append(position)
    return "".join(folded), positions


def _pattern(term: Term) -> str:
    """Return the regular expression that matches a term in a folded text."""
    folded = _fold(term.text)[0]
    if term.is_substring:
        return re.escape(folded)
    words = re.findall(r"[^\W_]+", folded)
    end = r"(?![^\W_])" if term.is_exact else r"[^\W_]*"
    return r"(?<![^\W_])" + r"[\W_]+".join(words) + end if words else r"(?!)"


def _merge(spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield sorted spans, overlapping ones as one."""
    start = end = -1
    for first, last in spans:
        if first > end:
            if end > start:
                yield start, end
            start, end = first, last
        end = max(end, last)
    if end > start:
        yield start, end
