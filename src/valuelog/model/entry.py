"""Entry, its kinds, sides, effects and beneficiaries, and how @people and #tags are parsed from its text."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile
from typing import TypeVar

from valuelog.model.errors import BadMinutes, BadText, NoAnswer, UnknownChoice
from valuelog.model.signs import CONTROL_CHARACTERS
from valuelog.model.text import first_line, is_no_answer, quote

MAX_TEXT_LENGTH = 100_000
"""Maximum length of a text, in characters."""

MAX_NAME_LENGTH = 200
"""Maximum length of the name of a person or a tag, in characters."""

EMPTY_TEXT_ERROR = ("The text is empty.", "Write a few words, or leave it out.")

MAX_KEY_LENGTH = 40
"""Maximum length of the key of an effect or a beneficiary, in characters."""

MAX_MINUTES = 24 * 60
"""Maximum duration of an entry: one day."""


class Side(StrEnum):
    """What a kind counts as."""

    WORK = "work"
    VALUE = "value"
    NEITHER = "neither"


class Kind(StrEnum):
    """What an entry is: work, one of three kinds of value, or one of two kinds that count as neither."""

    ACTIVITY = "activity"
    IMPROVEMENT = "improvement"
    OUTCOME = "outcome"
    HELPED = "helped"
    INSIGHT = "insight"
    LEARNED = "learned"

    @property
    def side(self) -> Side:
        """What entries of this kind count as."""
        if self in VALUE_KINDS:
            return Side.VALUE
        return Side.WORK if self is Kind.ACTIVITY else Side.NEITHER


VALUE_KINDS = (Kind.OUTCOME, Kind.HELPED, Kind.IMPROVEMENT)
"""The kinds of value in the order in which reviews show them, the rarest first."""

NEITHER_KINDS = (Kind.LEARNED, Kind.INSIGHT)
"""Thinking and learning: shown apart, because they cost nothing to claim and must not move the score."""


class Effect(StrEnum):
    """How something works better: the keys of valuelog, besides which the settings may have others."""

    EASIER = "easier"
    FASTER = "faster"
    SAFER = "safer"
    CLEARER = "clearer"
    MORE_RELIABLE = "more-reliable"


class Beneficiary(StrEnum):
    """Who benefits: the keys of valuelog, besides which the settings may have others."""

    COWORKERS = "coworkers"
    CUSTOMERS = "customers"
    COMPANY = "company"


class Impact(StrEnum):
    """How large a result is. It orders what reviews and evidence show and never counts."""

    SMALL = "small"
    CLEAR = "clear"
    LARGE = "large"

    @property
    def rank(self) -> int:
        """A sort key: 1 to 3, the largest last."""
        return tuple(Impact).index(self) + 1


class Held(StrEnum):
    """Whether a result proved to last."""

    YES = "yes"
    NO = "no"


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDetails:
    """The optional fields of an entry; an answer has them before it becomes an entry."""

    minutes: int | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    project: str | None = None
    effects: tuple[str, ...] = ()
    beneficiaries: tuple[str, ...] = ()
    evidence: str | None = None
    impact: Impact | None = None
    question: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(EntryDetails):
    """One activity or result of a day. `people` and `tags` are sorted, in lower case and without @ and #.

    `question` is the id of the question that it answers. `held` tells whether the result proved to last, as of
    `held_on`; with `ask_again` 0 the evening no longer asks for its evidence. `raised_on` is the day on which
    an insight was last raised with others, `raised_outcome` what came of it.
    """

    id: str
    day: date
    kind: Kind
    text: str
    created: datetime
    held: Held | None = None
    held_on: date | None = None
    ask_again: int = 1
    raised_on: date | None = None
    raised_outcome: str | None = None
    origin: str | None = None
    deleted: datetime | None = None

    def __post_init__(self) -> None:
        """Raise BadText or BadMinutes. Only `clean_text` checks characters, so that old texts stay readable."""
        if not self.text:
            raise BadText(*EMPTY_TEXT_ERROR)
        if self.minutes is not None and not 0 < self.minutes <= MAX_MINUTES:
            raise BadMinutes(str(self.minutes))

    @property
    def side(self) -> Side:
        """The side of its kind; neither for a result that didn't hold."""
        side = self.kind.side
        return Side.NEITHER if side is Side.VALUE and self.held is Held.NO else side

    @property
    def is_proven(self) -> bool:
        """Whether its evidence counts."""
        return is_evidence(self.evidence)

    @property
    def impact_rank(self) -> int:
        """A sort key: 0 without an impact, 3 for a large one."""
        return self.impact.rank if self.impact else 0

    @property
    def source(self) -> str | None:
        """The source that proposed this entry, or None if it was typed."""
        return self.origin.partition(":")[0] if self.origin else None

    @property
    def headline(self) -> str:
        """The first line of the text."""
        return first_line(self.text)


def largest_first(entries: Iterable[Entry]) -> list[Entry]:
    """Return entries with the largest impact first; those of the same impact stay in order."""
    return sorted(entries, key=lambda entry: -entry.impact_rank)


_MENTION = r"://\S+|(?<![\w@#/&.+-])%s(\w[^\s@#]*)"  # an @ or # in a URL is no mention


def clean_text(text: str) -> str:
    r"""Return a text that is safe to store and show: stripped, with `\n` as line ends.

    Raises BadText if it is empty, longer than MAX_TEXT_LENGTH, or contains control characters, bidirectional overrides
    or surrogates.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise BadText(*EMPTY_TEXT_ERROR)
    if len(text) > MAX_TEXT_LENGTH:
        raise BadText(
            f"The text has {len(text):,} characters; the limit is {MAX_TEXT_LENGTH:,}.",
            "Keep a summary here and the rest in a file.",
        )
    # A printable text has none of them, so the pattern, which is slow to compile, is rarely needed.
    if not text.isprintable() and (match := re.search(CONTROL_CHARACTERS, text)):
        code = f"U+{ord(match.group()):04X}"
        raise BadText(
            f"The text has a character that can't be saved: {code}, at position {match.start() + 1}.",
            "Remove control characters. If the text came from a program, turn its colors off.",
        )
    return text


def clean_answer(text: str) -> str:
    """Return a clean text that says something. Raises BadText, and NoAnswer for “none”, “n/a” or “-” alone."""
    text = clean_text(text)
    if is_no_answer(text):
        raise NoAnswer(text)
    return text


def people_in(text: str) -> tuple[str, ...]:
    """Return the people that a text mentions as @name."""
    return _drop_long_names(normalize_names(_find_mentions("@", text)))


def tags_in(text: str) -> tuple[str, ...]:
    """Return the #tags of a text; a bare number (#123) is not a tag."""
    return _drop_long_names(
        normalize_names(tag for tag in _find_mentions("#", text) if not tag.rstrip(".-").isdecimal())
    )


MAX_WORDS_COMPARED = 200
"""How many words of a text are compared with the names of known people."""


def name_words(text: str) -> list[str]:
    """Return the words of a text that could be names written without @; none of a URL or an address."""
    words: list[str] = []
    for word in unicodedata.normalize("NFC", text).split()[:MAX_WORDS_COMPARED]:
        if not any(sign in word for sign in ("@", "#", "+", "://")):
            parts = "".join(letter if _is_name_character(letter) else " " for letter in word).split()
            words += filter(None, (part.strip(".-") for part in parts))
    return words


MIN_EVIDENCE_WORDS = 4


def is_evidence(text: str | None) -> bool:
    """Return whether a text says how a result is known: with a number, a link, an @name or at least four words."""
    if not text:
        return False
    return "://" in text or "@" in text or any(map(str.isdigit, text)) or len(text.split()) >= MIN_EVIDENCE_WORDS


def plain_words(text: str) -> str:
    """Return the letters and digits of a text, without case, punctuation and spaces; all of a text without any."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(filter(str.isalnum, folded)) or text


def words_key(text: str) -> int:
    """Return a key of the words of a text, without case, punctuation and spaces: 63 bits of their SHA-256."""
    from hashlib import sha256  # noqa: PLC0415  loads OpenSSL, which reading does not need

    return int.from_bytes(sha256(plain_words(text).encode()).digest()[:8]) >> 1


def _drop_long_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if len(name) <= MAX_NAME_LENGTH)


def _find_mentions(sign: str, text: str) -> Iterator[str]:
    """Yield each name up to the first character that a name cannot have; an empty text for a URL."""
    if sign not in text:  # nothing to find, so the pattern need not be compiled
        return
    for word in re.findall(_MENTION % sign, unicodedata.normalize("NFC", text)):
        yield "".join(takewhile(_is_name_character, word))


def _is_name_character(character: str) -> bool:
    """Return True for the characters of names: letters with their marks, digits, _ . and -."""
    return character in "_.-" or unicodedata.category(character)[0] in "LMN"


def normalize_names(words: Iterable[str]) -> tuple[str, ...]:
    """Return names of people or tags as they are stored: lower case, without @ and #, sorted, unique.

    Other characters than letters, digits, _ . and - become hyphens, so that a name is one word: Sam Smith is sam-smith.
    """
    return tuple(sorted({name for name in map(_normalize_name, words) if name}))


@lru_cache(maxsize=4096)
def _normalize_name(word: str) -> str:
    """Return one name as it is stored. Cached, because imports repeat the same few names."""
    letters = unicodedata.normalize("NFC", word.lower())
    parts = "".join(letter if _is_name_character(letter) else " " for letter in letters).split()
    return "-".join(parts).strip(".-")


def parse_key(what: str, word: str) -> str:
    """Return the key of an effect or a beneficiary: letters and digits in lower case, joined by hyphens.

    `what` names it in the error. Raises BadText.
    """
    key = "-".join(unicodedata.normalize("NFC", word).lower().split())
    if len(key) > MAX_KEY_LENGTH or not re.fullmatch(r"[^\W_]+(?:-[^\W_]+)*", key):
        raise BadText(
            f"{quote(word)} can't be {what}.", f"Use letters, digits and hyphens, at most {MAX_KEY_LENGTH} characters."
        )
    return key


def parse_minutes(words: str) -> int:
    """Parse `90`, `90m`, `2h` or `1h30m`, and what other programs write, as minutes. Raises BadMinutes.

    They write 1:30, an hour, 0:45:00, 90.0, 1.5h, 1h 30m, 90 min and PT1H30M. Less than a minute counts as one.
    """
    text = _UNIT.sub(r"\1", re.sub(r"\ban?(?= ?h)", "1", words.strip().lower()))
    match = _CLOCK_LENGTH.fullmatch(text) or _UNIT_LENGTH.fullmatch(text)
    if not match or not any(match.groups()):
        raise BadMinutes(words)
    hours, rest, seconds = (float((part or "0").replace(",", ".")) for part in match.groups())
    total = hours * 60 + rest + seconds / 60
    if not 0 < total <= MAX_MINUTES or _is_ambiguous(hours, rest, seconds):
        raise BadMinutes(words)
    return max(1, int(total + 0.5))


def _is_ambiguous(hours: float, minutes: float, seconds: float) -> bool:
    """Return True for 1.5h30, 1h90 and 0:10:90: a larger unit is a fraction, or a smaller one overflows."""
    return bool(
        (minutes and not hours.is_integer()) or (hours and minutes >= 60) or (minutes and seconds >= 60)  # noqa: PLR2004  a unit
    )


_UNIT = re.compile(r"\s*(h|m|s)(?:rs?|ours?|ins?|inutes?|ecs?|econds?)?(?![a-z])\.?(?:,|\s*and\b)?\s*")
_CLOCK_LENGTH = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d)(?:\.\d*)?)?h?", re.ASCII)
_UNIT_LENGTH = re.compile(
    r"(?:pt)?(?:(\d{1,2}(?:[.,]\d{1,9})?)h)?(?:(\d{1,4}(?:[.,]\d{1,9}(?=m)|[.,]0{1,9})?)(?:m|$))?(?:(\d{1,5})s)?",
    re.ASCII,
)
"""Hours, minutes and seconds. A number without a unit is minutes, and whole: 1.5 may be meant as hours."""


def format_minutes(minutes: int) -> str:
    """Format minutes as 45m, 2h or 1h30m."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h" * bool(hours) + f"{rest}m" * bool(rest or not hours)


_Word = TypeVar("_Word", bound=str)


def parse_choice(choices: Iterable[_Word], what: str, word: str) -> _Word:
    """Return the choice that a word names, ignoring case; `what` names it in the error. Raises UnknownChoice."""
    normalized = word.strip().casefold().replace(" ", "-")
    for choice in choices:
        if choice == normalized:
            return choice
    raise UnknownChoice(what, word, [str(choice) for choice in choices])
