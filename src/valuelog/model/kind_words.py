"""The words that name a kind: synonyms and beginnings; what each kind means; and a guess from the words of a text."""

import re
from collections.abc import Collection
from itertools import pairwise

from valuelog.model.entry import Kind
from valuelog.model.question import KINDS, PAIN_POINT

KIND_NOTES: dict[str, str] = {
    Kind.ACTIVITY: "work that kept you busy",
    Kind.IMPROVEMENT: "something is better than before",
    Kind.OUTCOME: "a result that you brought about",
    Kind.HELPED: "someone got further thanks to you",
    Kind.INSIGHT: "something you noticed or propose",
    Kind.LEARNED: "something that is new to you",
    PAIN_POINT: "friction: clumsy, slow, pointless",
}
"""What each kind means, in the order of KINDS."""

_SYNONYMS = {
    Kind.ACTIVITY: ("did", "do", "done", "task", "todo", "work", "worked"),
    Kind.IMPROVEMENT: ("improved", "better", "fix", "fixed", "faster", "automated"),
    Kind.OUTCOME: ("win", "won", "result", "shipped", "delivered", "achieved", "achievement"),
    Kind.HELPED: ("paired", "mentored", "unblocked", "taught", "coached", "supported"),
    Kind.INSIGHT: ("idea", "noticed", "proposal", "proposed", "suggestion", "thought", "observation"),
    Kind.LEARNED: ("til", "learnt", "lesson"),
    PAIN_POINT: ("friction", "annoyance", "problem", "ouch", "pain-point"),
}
"""Other words for a kind."""

_BY_WORD: dict[str, Kind | str] = {word: kind for kind, words in _SYNONYMS.items() for word in words}

ORDINARY_WORDS = frozenset(
    {
        *(
            "a",
            "act",
            "did",
            "do",
            "done",
            "fix",
            "fixed",
            "help",
            "i",
            "improve",
            "improved",
            "in",
            "learn",
            "noticed",
        ),
        *("out", "paired", "problem", "proposed", "shipped", "supported", "taught", "todo", "work", "worked", "won"),
    }
)
"""Words that often begin a text: before a single word, such as in “out sick”, they are part of it."""

TYPO_SIMILARITY = 0.8
"""difflib ratio from which a word before a quoted text is a mistyped kind."""


def find_kind(word: str) -> Kind | str | None:
    """Return the kind that a word names: by its name, a synonym or an unambiguous beginning; None if there is none."""
    name = word.strip().casefold()
    if name in _BY_WORD:
        return _BY_WORD[name]
    begun = [kind for kind in KINDS if name and kind.startswith(name)]
    if len(begun) != 1:
        return None
    return PAIN_POINT if begun[0] == PAIN_POINT else Kind(begun[0])


def find_mistyped_kind(word: str) -> str | None:
    """Return the kind that a word nearly is, or None. Slow, so only for a word that is no kind."""
    from difflib import SequenceMatcher  # noqa: PLC0415  rarely needed

    typed = word.strip().casefold()[:100]
    similarity = {kind: SequenceMatcher(None, typed, kind).ratio() for kind in KINDS}
    best = max(similarity, key=lambda kind: similarity[kind])
    return best if similarity[best] >= TYPO_SIMILARITY else None


# The guess

_NO_PERSON = frozenset(
    {
        *("a", "all", "an", "and", "at", "by", "each", "every", "for", "from", "how", "in", "into", "it", "of", "on"),
        *("our", "out", "some", "that", "the", "their", "them", "this", "to", "up", "us", "what", "when", "with"),
    }
)
"""Words that are no person behind “paired with”."""

_CUES: tuple[tuple[Kind, str], ...] = (
    (Kind.LEARNED, r"^(?:i |we )?(?:til\b|learn(?:ed|t)\b|found out\b|understood\b)"),
    (Kind.HELPED, r"\b(?:helped|paired|pairing|mentored|mentoring|coached|taught|onboarded|unblocked)\b"),
    (Kind.INSIGHT, r"\b(?:noticed|what if|should|ought to|propos(?:e|ed|al)|idea|could we|why do we|why don't we)\b"),
    (Kind.OUTCOME, r"\b(?:shipped|went live|goes live|closed|launched|released|delivered|landed|signed|rolled out)\b"),
    (Kind.IMPROVEMENT, r"\b(?:now takes?|takes? .* now|instead of|faster|quicker|easier|safer|clearer|simpler)\b"),
    (Kind.IMPROVEMENT, r"\b(?:automated|fixed|improved|simplified|no longer|sped up|cut .* (?:to|by|from))\b"),
)
"""The words that tell a kind, the surest kind first."""


def guess_kind(text: str, people: Collection[str] = ()) -> Kind:
    """Return the kind that the words of a text suggest, or activity. `people` are those whom the text mentions."""
    lower = text.casefold().replace("’", "'")
    for kind, pattern in _CUES:
        if (match := re.search(pattern, lower)) and (kind is not Kind.HELPED or people or _names_person(text, match)):
            return kind
    return Kind.ACTIVITY


def _names_person(text: str, cue: re.Match[str]) -> bool:
    """Return whether a name seems to follow a cue: a capitalized word, or a word directly after it or “with”."""
    following = text[cue.end() :].split()
    direct = [*following[:1], *(word for before, word in pairwise(following) if before == "with")]
    return any(word[:1].isupper() and word[1:].islower() for word in following) or any(
        word.isalpha() and word.casefold() not in _NO_PERSON for word in direct
    )
