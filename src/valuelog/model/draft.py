"""Draft: an activity that a source proposes for a day. It becomes an entry only if the user accepts it."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING

from valuelog.model.entry import EMPTY_TEXT_ERROR, MAX_MINUTES, format_minutes
from valuelog.model.errors import BadMinutes, BadText

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MAX_PEOPLE_SHOWN = 3
"""The number of people named in a line; the others are counted."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """An activity that a source proposes.

    `origin` is the name of the source, a colon and a stable key, so that each draft is proposed once. `at` is when it
    began. `people` and `tags` are in lower case, without @ and #.

    A draft that can grow during its day (commits of a repository) lists its `parts`, each with an origin. If some of
    them were proposed before, `remainder` builds the draft of the other ones, with its own origin, or returns None.
    `known_as` are origins under which other sources propose such parts; they are looked up like parts.
    """

    origin: str
    day: date
    text: str
    at: time | None = None
    minutes: int | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    known_as: tuple[str, ...] = ()
    remainder: "Callable[[Collection[str]], Draft | None] | None" = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Raise BadText or BadMinutes for what an Entry would refuse."""
        if not self.text:
            raise BadText(*EMPTY_TEXT_ERROR)
        if self.minutes is not None and not 0 < self.minutes <= MAX_MINUTES:
            raise BadMinutes(str(self.minutes))

    @property
    def source(self) -> str:
        """The name of the source."""
        return self.origin.partition(":")[0]

    @property
    def label(self) -> str:
        """The draft in one line, then a tab and its source."""
        return f"{self.headline}{self.details}".replace("\t", " ") + f"\t{self.source}"

    @property
    def headline(self) -> str:
        """The time and the text."""
        return f"{self.at:%H:%M} {self.text}" if self.at else self.text

    @property
    def details(self) -> str:
        """The duration and the people, each after a middle dot."""
        length = format_minutes(self.minutes) if self.minutes else ""
        more = len(self.people) - MAX_PEOPLE_SHOWN
        people = " ".join(
            (*(f"@{name}" for name in self.people[:MAX_PEOPLE_SHOWN]), *([f"+{more}"] if more > 0 else []))
        )
        return "".join(f" · {fact}" for fact in (length, people) if fact)
