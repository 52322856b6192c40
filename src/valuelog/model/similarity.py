"""Rank known lines about friction by how likely a new line repeats one of them in other words.

1. Split lines into words; case, accents and apostrophes do not count. Chinese, Japanese and Korean text, which has no
   spaces between words, becomes pairs of letters.
2. Look words up in `valuelog.model.wording`. Two words match if they have the same stem or are synonyms. A word that no
   known line has also matches those that look alike by their trigrams (typos), and is joined or split (time sheet).
3. Score each known line that has a matching word, and offer the best from `MIN_SCORE` on:

       score = TOPIC  × matching words, each by its rarity (COMMON × for words of every workplace)
             + ASPECT   if both lines say that the same is wrong: slow, missing, twice
             + THEME    if words that do not match are of the same field of work
             - OTHER  × words that do not match, in both lines
             - BOTH   × words that do not match, in the line that has fewer of them

   The rarity of a word that f of n lines have is 1 - log(f / FREE_FREQUENCY) / log(n + SMALL_JOURNAL), at most 1.

The weights are close to those of a logistic regression on the pairs under "tune" in tests/model/friction_pairs.toml,
such that one rare topic without other ones scores 1.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from heapq import nlargest
from itertools import chain, pairwise
from math import inf, log
from typing import NamedTuple

from valuelog.model.wording import ASPECTS, COMMON_WORDS, FUNCTION_WORDS, PHRASES, SYNONYMS, THEMES

MAX_LENGTH = 300
"""Only the first letters of a text are compared: what it is about comes early."""

TOPIC, COMMON, ASPECT, THEME, OTHER, BOTH = 1.0, 0.6, 0.4, 0.15, 0.05, 0.35
MIN_SCORE = 0.98

FREE_FREQUENCY = 2
"""A word loses weight when more known lines than this have it."""

SMALL_JOURNAL = 10
"""Added to the number of known lines, so that a topic that half of five lines have still counts."""

MIN_LIKENESS, CONTAINED_LIKENESS = 0.5, 0.8
"""The Dice coefficient of trigrams from which on two stems match, to that extent, and how alike a compound is to the
word it begins or ends with."""

_APOSTROPHE = re.compile(r"\b([cdjlmnst]|qu)['’](?=\w{3})|['’]")
_ACCENT = re.compile("[\u0300-\u036f]+")
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_UNSPACED_FUNCTION = re.compile(
    "[\u3041-\u309f的了是在又太很也都不没有我你他她它们这那今天日一个和就要]|(?<=..)[이가은는을를만도에의로와과]$"
)
"""Hiragana, and the most frequent Chinese and Korean function words: they separate the words around them."""

_ENDING = re.compile("(?<=...)(?<!s)(?:ing|ly|ed|en|es|e|s)$")
_MIN_STEM, _MAX_COMPOUND, _MIN_COMPOUND_END = 3, 40, 6
"""Fewer letters at the end prove nothing: form, platform."""

_Groups = frozenset[int]
_NO_GROUPS: _Groups = frozenset()


class Meaning(NamedTuple):
    """What a word says. A word that is no topic, like “again”, has no stem."""

    stem: str = ""
    is_common: bool = False
    synonyms: _Groups = _NO_GROUPS
    aspects: _Groups = _NO_GROUPS
    themes: _Groups = _NO_GROUPS


class Comparison(NamedTuple):
    """What the score of a known line is made of."""

    topics: float
    common: float
    same_aspect: bool
    same_theme: bool
    other: int
    both: int

    @property
    def score(self) -> float:
        """Return the weighted sum."""
        gain = TOPIC * self.topics + COMMON * self.common + ASPECT * self.same_aspect + THEME * self.same_theme
        return gain - OTHER * self.other - BOTH * self.both


def rank_similar(text: str, known: Sequence[str], limit: int = 2) -> tuple[int, ...]:
    """Return the positions of the known lines that a text probably repeats, most similar first."""
    words, *lines = _split([text, *known])
    query = _Query(words, lines)
    folded = text.casefold()
    scores = [
        (inf, 0) if line.casefold() == folded else query.score(set(words))
        for line, words in zip(known, lines, strict=True)
    ]
    best = nlargest(limit, range(len(known)), key=scores.__getitem__)
    return tuple(position for position in best if scores[position] >= (MIN_SCORE,))


class _Query:
    """A line to compare with known ones."""

    def __init__(self, words: Sequence[str], lines: Collection[Sequence[str]]) -> None:
        frequencies = Counter(chain.from_iterable(map(set, lines)))
        self._words = set(words)
        self._log_size = log(len(lines) + SMALL_JOURNAL)
        self._likeness = _match_words(words, frequencies)
        self._all_matches = set(chain.from_iterable(self._likeness.values()))
        self._rarity = {word: self._rate(matches, frequencies) for word, matches in self._likeness.items()}

    def _rate(self, matches: Collection[str], frequencies: Mapping[str, int]) -> float:
        frequency = sum(frequencies[word] for word in matches)
        return 1 - log(max(frequency / FREE_FREQUENCY, 1)) / self._log_size

    def score(self, line: set[str]) -> tuple[float, int]:
        """Return the score of a known line, 0 if no words match, and how many words are literally the same."""
        return (0, 0) if self._all_matches.isdisjoint(line) else (self.compare(line).score, len(self._words & line))

    def compare(self, line: set[str]) -> Comparison:
        """Compare with a known line."""
        likeness = {
            word: self._rarity[word] * max(matches[match] for match in shared)
            for word, matches in self._likeness.items()
            if (shared := matches.keys() & line)
        }
        common = sum(value for word, value in likeness.items() if _meaning(word).is_common)
        rest, other_rest = self._words - likeness.keys(), line - self._all_matches
        counts = [sum(map(_is_topic, words)) for words in (rest, other_rest)]
        return Comparison(
            topics=sum(likeness.values()) - common,
            common=common,
            same_aspect=bool(_aspects(self._words) & _aspects(line)),
            same_theme=bool(_themes(rest) & _themes(other_rest)),
            other=sum(counts),
            both=min(counts),
        )


def _aspects(words: Collection[str]) -> _Groups:
    return _NO_GROUPS.union(*(_meaning(word).aspects for word in words))


def _themes(words: Collection[str]) -> _Groups:
    return _NO_GROUPS.union(*(_meaning(word).themes for word in words))


def _is_topic(word: str) -> bool:
    meaning = _meaning(word)
    return bool(meaning.stem) and not meaning.is_common


def _match_words(words: Sequence[str], known: Collection[str]) -> dict[str, dict[str, float]]:
    """Return, by words, the known words that match, each with its likeness."""
    rejoined = _rejoin(words, known)
    found = {word: _same(word, known) | rejoined.get(word, {}) for word in dict.fromkeys(words) if _meaning(word).stem}
    return {word: matches for word in found if (matches := found[word] or _alike(word, known))}


def _same(word: str, known: Collection[str]) -> dict[str, float]:
    meaning = _meaning(word)
    return {
        other: 1.0
        for other in known
        if (match := _meaning(other)).stem == meaning.stem or not meaning.synonyms.isdisjoint(match.synonyms)
    }


def _rejoin(words: Sequence[str], known: Collection[str]) -> dict[str, dict[str, float]]:
    """Return, by words, known ones that are written together or apart: lock file, lockfile."""
    stems = {stem: word for word in known if (stem := _meaning(word).stem)}
    joined = {first: {match: 1.0} for first, second in pairwise(words) if (match := stems.get(_stem(first + second)))}
    new = [word for word in words if len(word) <= _MAX_COMPOUND and word not in known]
    halves = ((word, _stem(word[:i]), _stem(word[i:])) for word in new for i in range(_MIN_STEM, len(word) - 2))
    split = {
        word: {stems[first]: 1.0, stems[second]: 1.0}
        for word, first, second in halves
        if first in stems and second in stems
    }
    return joined | split


def _alike(word: str, known: Collection[str]) -> dict[str, float]:
    """Return the known words whose stems look like that of a word."""
    meaning = _meaning(word)
    if len(meaning.stem) <= _MIN_STEM or meaning.is_common:
        return {}
    likeness = {other: _likeness(meaning.stem, match) for other in known if (match := _meaning(other).stem)}
    return {other: value for other, value in likeness.items() if value >= MIN_LIKENESS}


def _likeness(one: str, other: str) -> float:
    """Return the Dice coefficient of the trigrams of two stems that begin or end alike."""
    if one[:2] != other[:2] and one[-3:] != other[-3:]:
        return 0
    short, long = sorted((one, other), key=len)
    if len(short) > _MIN_STEM and (
        long.startswith(short) or (len(short) >= _MIN_COMPOUND_END and long.endswith(short))
    ):
        return CONTAINED_LIKENESS
    first, second = _trigrams(one), _trigrams(other)
    return 2 * len(first & second) / (len(first) + len(second))


def _trigrams(word: str) -> set[str]:
    padded = f" {word} "
    return {padded[i : i + 3] for i in range(len(padded) - 2)}


def _split(texts: Iterable[str]) -> list[list[str]]:
    """Return the words of each text; all texts are normalized at once, which is faster."""
    text = _normalize("\n".join(text[:MAX_LENGTH].replace("\n", " ") for text in texts))
    return [_words(line) for line in text.split("\n")]


def _normalize(text: str) -> str:
    text = _APOSTROPHE.sub(lambda match: " " if match[1] else "", text.casefold().replace("-", " "))
    for phrase, word in PHRASES.items():
        text = text.replace(phrase, word)
    if text.isascii():
        return text
    return unicodedata.normalize("NFC", _ACCENT.sub("", unicodedata.normalize("NFKD", text)))


def _words(line: str) -> list[str]:
    """Return words, and pairs of letters where no spaces separate words."""
    if line.isascii():
        return _WORD.findall(line)
    pairs = chain.from_iterable(map(_pairs, _UNSPACED.findall(line)))
    return [*_WORD.findall(_UNSPACED.sub(" ", line)), *pairs]


def _pairs(run: str) -> list[str]:
    return [f"{first}{second}" for part in _UNSPACED_FUNCTION.sub(" ", run).split() for first, second in pairwise(part)]


@cache
def _meaning(word: str) -> Meaning:
    """Look a word up as it is, then by its stem."""
    if len(word) == 1 or word.isdigit():
        return Meaning()
    stem = _stem(word)
    function, common, synonyms, aspects, themes = (
        table.get(word) or table.get(stem) or _NO_GROUPS for table in _tables()
    )
    is_topic = word not in _tables()[0] and (bool(synonyms or themes) or not (function or aspects))
    return Meaning(stem if is_topic else "", bool(common), synonyms, aspects, themes if is_topic else _NO_GROUPS)


def _stem(word: str) -> str:
    """Return a word without endings for plural, past and adverb, the same for all forms of most words."""
    while word.isalpha() and (ending := _ENDING.search(word)):
        word = word[: ending.start()]
    word = f"{word[:-1]}y" if word.endswith("i") else word
    return word[:-1] if len(word) > _MIN_STEM and word[-1] == word[-2] else word


@cache
def _tables() -> tuple[dict[str, _Groups], ...]:
    """Return the group numbers of words and of their stems, by table."""
    lists = [[FUNCTION_WORDS.split()], [COMMON_WORDS.split()], _slashed(SYNONYMS), _lines(ASPECTS), _lines(THEMES)]
    return tuple(map(_number_groups, lists))


def _slashed(table: str) -> list[list[str]]:
    return [group.split("/") for group in table.split()]


def _lines(table: str) -> list[list[str]]:
    return [line.split() for line in table.replace("\n ", " ").strip().splitlines()]


def _number_groups(groups: Sequence[Sequence[str]]) -> dict[str, _Groups]:
    table: dict[str, _Groups] = {}
    for number, words in enumerate(groups):
        for form in {*words, *map(_stem, words)}:
            table[form] = table.get(form, _NO_GROUPS) | {number}
    return table
