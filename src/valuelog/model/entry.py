"""An Entry: one thing said of one day, and the words that describe it.

Knows the kinds, sides, effects and beneficiaries, and how people and tags are written in a text.
Does not know where entries are kept or how they are counted.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import lru_cache
from itertools import takewhile
from typing import TypeVar

from valuelog.model.errors import BadMinutes, BadText, UnknownChoice
from valuelog.model.text import first_line

MAX_TEXT_LENGTH = 100_000
"""How many characters a text may have."""

MAX_NAME_LENGTH = 200
"""So many characters a person or a tag may have; what is longer is no name, but a mistake."""

EMPTY_TEXT_ERROR = ("The text is empty.", "Write a few words, or leave it out.")

MAX_MINUTES = 24 * 60
"""How many minutes an entry may take: it belongs to one day."""


class Side(StrEnum):
    """What a kind counts as."""

    WORK = "work"
    VALUE = "value"


class Kind(StrEnum):
    """What an entry is: work, or one of four ways to leave something better behind."""

    ACTIVITY = "activity"
    IMPROVEMENT = "improvement"
    OUTCOME = "outcome"
    HELPED = "helped"
    INSIGHT = "insight"

    @property
    def side(self) -> Side:
        """Everything but activity is value."""
        return Side.WORK if self is Kind.ACTIVITY else Side.VALUE


VALUE_KINDS = (Kind.OUTCOME, Kind.HELPED, Kind.IMPROVEMENT, Kind.INSIGHT)
"""The kinds of value, the rarest first: the order in which reviews show them."""


class Effect(StrEnum):
    """In which way something works better."""

    EASIER = "easier"
    FASTER = "faster"
    SAFER = "safer"
    CLEARER = "clearer"
    MORE_RELIABLE = "more-reliable"

    @property
    def label(self) -> str:
        """How it is said: more reliable."""
        return self.replace("-", " ")


class Beneficiary(StrEnum):
    """For whom something works better."""

    COWORKERS = "coworkers"
    CUSTOMERS = "customers"
    COMPANY = "company"


@dataclass(frozen=True, kw_only=True, slots=True)
class EntryDetails:
    """The optional fields of an entry, which an answer has too before it becomes one."""

    minutes: int | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    project: str | None = None
    effects: tuple[Effect, ...] = ()
    beneficiaries: tuple[Beneficiary, ...] = ()
    evidence: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry(EntryDetails):
    """One thing said of one day. `people` and `tags` are sorted, in lower case and without @ and #."""

    id: str
    day: date
    kind: Kind
    text: str
    created: datetime
    origin: str | None = None
    deleted: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense. `clean_text` checks what is typed; old texts must stay readable."""
        if not self.text:
            raise BadText(*EMPTY_TEXT_ERROR)
        if self.minutes is not None and not 0 < self.minutes <= MAX_MINUTES:
            raise BadMinutes(str(self.minutes))

    @property
    def side(self) -> Side:
        """What this entry counts as."""
        return self.kind.side

    @property
    def source(self) -> str | None:
        """The tool that proposed this entry; none if a person wrote it."""
        return self.origin.partition(":")[0] if self.origin else None

    @property
    def headline(self) -> str:
        """The first line of the text."""
        return first_line(self.text)


_FORBIDDEN_CHARACTERS = "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]"
_MENTION = r"://\S+|(?<![\w@#/&.+-])%s(\w[^\s@#]*)"  # what stands in an address mentions nobody
_PERSON_MENTION = re.compile(_MENTION % "@")
_TAG_MENTION = re.compile(_MENTION % "#")


def clean_text(text: str) -> str:
    r"""Give back a text that can be kept and shown, without white space around it.

    Line ends become `\n`. Raises BadText for a text that is empty or longer than LONGEST_TEXT, and for one with
    characters that act on a terminal, turn the direction of writing around or cannot be stored.
    """
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise BadText(*EMPTY_TEXT_ERROR)
    if len(text) > MAX_TEXT_LENGTH:
        raise BadText(
            f"The text has {len(text):,} characters; at most {MAX_TEXT_LENGTH:,} fit.",
            "Keep the gist here and the rest in a file of its own.",
        )
    # What is printable can be kept, so that hardly any text needs the pattern, which takes a while to compile.
    if not text.isprintable() and (found := re.search(_FORBIDDEN_CHARACTERS, text)):
        code = f"U+{ord(found.group()):04X}"
        raise BadText(
            f"The text has a character that cannot be kept: {code}, after {found.start()} others.",
            "Take the control characters out; if the text came from a program, switch its colours off.",
        )
    return text


def people_in(text: str) -> tuple[str, ...]:
    """Everyone whom a text mentions as @name."""
    return _drop_long_names(normalize_names(_find_mentions(_PERSON_MENTION, text)))


def tags_in(text: str) -> tuple[str, ...]:
    """Every #tag in a text; a number alone (#123) is none."""
    return _drop_long_names(
        normalize_names(tag for tag in _find_mentions(_TAG_MENTION, text) if not tag.rstrip(".-").isdecimal())
    )


def _drop_long_names(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name for name in names if len(name) <= MAX_NAME_LENGTH)


def _find_mentions(mention: re.Pattern[str], text: str) -> Iterator[str]:
    """Yield each name up to the first character that none has; nothing for an address."""
    for word in mention.findall(unicodedata.normalize("NFC", text)):
        yield "".join(takewhile(_is_name_character, word))


def _is_name_character(character: str) -> bool:
    """Whether a character may stand in a name: letters with their marks, digits, _ . and -."""
    return character in "_.-" or unicodedata.category(character)[0] in "LMN"


def normalize_names(words: Iterable[str]) -> tuple[str, ...]:
    """People or tags as they are kept: lower case, without @ and #, sorted, each once.

    Only letters, digits, _ . and - are kept, so that a name is one word everywhere: Sam Smith is sam-smith.
    """
    return tuple(sorted({name for name in map(_normalize_name, words) if name}))


@lru_cache(maxsize=4096)
def _normalize_name(word: str) -> str:
    """Return one name as it is kept; the same few come again and again where many entries are read."""
    letters = unicodedata.normalize("NFC", word.lower())
    parts = "".join(letter if _is_name_character(letter) else " " for letter in letters).split()
    return "-".join(parts).strip(".-")


def parse_minutes(words: str) -> int:
    """Read `90`, `90m`, `2h` or `1h30m` as minutes. Raises BadMinutes."""
    found = re.fullmatch(r"(?:(\d{1,2})h)?(?:(\d{1,4})m?)?", words.strip().lower())
    if not found or not any(found.groups()):
        raise BadMinutes(words)
    hours, rest = found.groups(default="0")
    total = int(hours) * 60 + int(rest)
    if not 0 < total <= MAX_MINUTES or (found[1] and int(rest) >= 60):  # noqa: PLR2004  minutes of an hour
        raise BadMinutes(words)
    return total


def format_minutes(minutes: int) -> str:
    """Write minutes as people do: 45m, 2h, 1h30m."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h" * bool(hours) + f"{rest}m" * bool(rest or not hours)


_Word = TypeVar("_Word", bound=str)


def parse_choice(choices: Iterable[_Word], what: str, word: str) -> _Word:
    """Read a word out of a closed list, whatever its case. Raises UnknownWord."""
    wanted = word.strip().casefold().replace(" ", "-")
    for known in choices:
        if known == wanted:
            return known
    raise UnknownChoice(what, word, [str(known) for known in choices])
