"""Which words of a text may be the name of a person. Imported only if there is a name to check."""

import re

from valuelog.model.entry import name_words
from valuelog.model.period import WEEKDAY_NAMES

PLAIN_WORDS = frozenset(
    {
        # Names that are words, too
        *("abby", "al", "amber", "angel", "april", "archer", "art", "ash", "august", "basil", "bill", "bob", "brook"),
        *(
            "buck",
            "carol",
            "carter",
            "chase",
            "chip",
            "christian",
            "cliff",
            "cooper",
            "coral",
            "crystal",
            "daisy",
            "dale",
        ),
        *("dawn", "dean", "dick", "don", "drew", "duke", "earl", "earnest", "eve", "ernst", "faith", "flora", "forest"),
        *("frank", "gene", "ginger", "glen", "grace", "grant", "guy", "harmony", "heath", "heather", "holly", "hope"),
        *(
            "hunter",
            "iris",
            "ivy",
            "jack",
            "jade",
            "jay",
            "jean",
            "jewel",
            "john",
            "joy",
            "june",
            "king",
            "lance",
            "lane",
        ),
        *("lily", "long", "mark", "mason", "matt", "max", "may", "melody", "miles", "misty", "nick", "norm", "olive"),
        *("page", "pat", "pearl", "peg", "penny", "pierce", "porter", "prince", "ray", "read", "reed", "rich", "rob"),
        *("robin", "rod", "rose", "ruby", "rusty", "sage", "sandy", "sky", "skip", "star", "sterling", "sue", "summer"),
        *("sunny", "trip", "tanner", "van", "victor", "violet", "wade", "ward", "will", "willow", "wren", "young"),
        # Groups and things that people write as @name
        *(
            "all",
            "boss",
            "client",
            "clients",
            "customer",
            "customers",
            "design",
            "dev",
            "everyone",
            "finance",
            "hr",
            "it",
        ),
        *(
            "legal",
            "manager",
            "marketing",
            "ops",
            "qa",
            "sales",
            "security",
            "staff",
            "support",
            "team",
            "teams",
            "them",
        ),
        # Words that begin a sentence
        *(
            "a",
            "after",
            "an",
            "and",
            "as",
            "at",
            "because",
            "by",
            "each",
            "every",
            "everybody",
            "for",
            "from",
            "he",
            "her",
        ),
        *(
            "his",
            "i",
            "in",
            "is",
            "me",
            "more",
            "my",
            "no",
            "not",
            "now",
            "on",
            "one",
            "our",
            "she",
            "so",
            "some",
            "the",
        ),
        *("their", "then", "they", "this", "three", "to", "today", "two", "we", "when", "with", "you", "your"),
        *(
            "built",
            "did",
            "found",
            "gave",
            "got",
            "kept",
            "led",
            "let",
            "made",
            "met",
            "ran",
            "sat",
            "set",
            "shown",
            "spoke",
        ),
        *("taught", "thank", "took", "went", "wrote", "new", "old", "first", "second", "third", "next", "last"),
        # Days and months
        *WEEKDAY_NAMES,
        *("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march"),
        *(
            "july",
            "september",
            "october",
            "november",
            "december",
            "jan",
            "feb",
            "mar",
            "apr",
            "jun",
            "jul",
            "aug",
            "sep",
        ),
        *("oct", "nov", "dec"),
    }
)
"""Words that need the @ even if they are the name of someone you know."""

_VERB_ENDINGS = ("ed", "ing", "s")
"""How a capitalized word that begins a text often ends if it is no name."""


def find_capitalized_names(text: str) -> tuple[str, ...]:
    """Return the capitalized words of a text that may be names, as typed; two in a row are one name."""
    names: list[str] = []
    is_joined = False
    for index, word in enumerate(name_words(text)):
        is_name = _looks_like_name(word) and not (index == 0 and word.casefold().endswith(_VERB_ENDINGS))
        if is_name and is_joined:
            names[-1] += f" {word}"
        elif is_name:
            names.append(word)
        is_joined = is_name and not is_joined
    return tuple(dict.fromkeys(names))


def _looks_like_name(word: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_]+(-[^\W\d_]+)*", word)) and word.istitle() and word.casefold() not in PLAIN_WORDS
