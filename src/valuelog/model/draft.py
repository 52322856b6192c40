"""A Draft: an activity that a tool proposes for a day; it enters the journal only when a person accepts it."""

from dataclasses import dataclass
from datetime import date

from valuelog.model.entry import LONGEST_MINUTES, NO_TEXT, duration
from valuelog.model.errors import BadMinutes, BadText


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """Something that a tool saw somebody do.

    `origin` begins with the name of the source and a colon, and is the same each time the same thing is seen: a draft
    is proposed once. `people` and `tags` are in lower case, without @ and #.
    """

    origin: str
    day: date
    text: str
    minutes: int | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what no journal would take."""
        if not self.text:
            raise BadText(*NO_TEXT)
        if self.minutes is not None and not 0 < self.minutes <= LONGEST_MINUTES:
            raise BadMinutes(str(self.minutes))

    @property
    def source(self) -> str:
        """The tool that saw it."""
        return self.origin.partition(":")[0]

    @property
    def told(self) -> str:
        """It in one line: by whom, what, and how long."""
        return f"{self.source}: {self.text}" + (f" ({duration(self.minutes)})" if self.minutes else "")
