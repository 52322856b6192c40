"""A Draft: an activity that a tool proposes for a day; it enters the journal only when a person accepts it."""

from dataclasses import dataclass, field
from datetime import date, time
from typing import TYPE_CHECKING

from valuelog.model.entry import EMPTY_TEXT_ERROR, MAX_MINUTES, format_minutes
from valuelog.model.errors import BadMinutes, BadText

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

MAX_PEOPLE_SHOWN = 3
"""So many people are named in a line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Something that a tool saw somebody do.

    `origin` begins with the name of the source and a colon, and is the same each time the same thing is seen: a draft
    is proposed once. `at` is the time of day at which it began. `people` and `tags` are in lower case, without @ and #.

    What can grow within its day names its `parts`, each like an origin. When some of them were proposed before, `rest`
    says what is left without those, under an origin of its own; none if that is nothing.
    """

    origin: str
    day: date
    text: str
    at: time | None = None
    minutes: int | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    remainder: "Callable[[Collection[str]], Draft | None] | None" = field(default=None, compare=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse what no journal would take."""
        if not self.text:
            raise BadText(*EMPTY_TEXT_ERROR)
        if self.minutes is not None and not 0 < self.minutes <= MAX_MINUTES:
            raise BadMinutes(str(self.minutes))

    @property
    def source(self) -> str:
        """The tool that saw it."""
        return self.origin.partition(":")[0]

    @property
    def label(self) -> str:
        """It in one line, and behind a tab the source."""
        return f"{self.headline}{self.details}".replace("\t", " ") + f"\t{self.source}"

    @property
    def headline(self) -> str:
        """What it was, and when."""
        return f"{self.at:%H:%M} {self.text}" if self.at else self.text

    @property
    def details(self) -> str:
        """How long it took, and who was there."""
        length = format_minutes(self.minutes) if self.minutes else ""
        more = len(self.people) - MAX_PEOPLE_SHOWN
        people = " ".join(
            (*(f"@{name}" for name in self.people[:MAX_PEOPLE_SHOWN]), *([f"+{more}"] if more > 0 else []))
        )
        return "".join(f" · {fact}" for fact in (length, people) if fact)
