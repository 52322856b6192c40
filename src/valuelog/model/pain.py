"""A PainPoint: friction that somebody noticed. A signal, neither work nor value."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from valuelog.model.entry import EMPTY_TEXT_ERROR
from valuelog.model.errors import BadText, EndBeforeStart, PainClosed
from valuelog.model.period import format_full_day
from valuelog.model.text import first_line, format_times


class PainState(StrEnum):
    """Where a pain point stands between being noticed and being gone."""

    OPEN = "open"
    PLANNED = "planned"
    FIXED = "fixed"
    DROPPED = "dropped"


CLOSED_STATES = frozenset({PainState.FIXED, PainState.DROPPED})

PRESSURE_WINDOW = timedelta(weeks=12)
"""Friction presses the more the more often it was felt within this time."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A day on which a pain point was felt, in the words of that day."""

    id: str
    day: date
    text: str
    created: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PainPoint:
    """Friction and every day it was seen on. `shared`, `better`, `step` and `hit` answer the four questions.

    `shared` says whether others see it, `better` what better would look like, `step` the small thing to do, `hit` who
    else is hit. A step with a day (`step_by`) is a Promise, and what is promised is planned; `tried_on` is when the
    last one was taken. The first sighting is the
    day it was noted. `how` says how it was fixed or why it was let go; `fix` is the entry that the fix is.
    """

    id: str
    text: str
    created: datetime
    sightings: tuple[Sighting, ...]
    state: PainState = PainState.OPEN
    shared: str | None = None
    better: str | None = None
    step: str | None = None
    step_by: date | None = None
    hit: str | None = None
    tried_on: date | None = None
    closed_on: date | None = None
    how: str | None = None
    fix: str | None = None
    deleted: datetime | None = None

    def __post_init__(self) -> None:
        """Refuse what makes no sense."""
        if not self.text:
            raise BadText(*EMPTY_TEXT_ERROR)
        if not self.sightings:
            message = "a pain point was seen at least once"
            raise ValueError(message)

    @property
    def headline(self) -> str:
        """The first line of the text."""
        return first_line(self.text)

    @property
    def first_seen(self) -> date:
        """The day on which it was first felt."""
        return min(sighting.day for sighting in self.sightings)

    @property
    def last_seen(self) -> date:
        """The day on which it was last felt."""
        return max(sighting.day for sighting in self.sightings)

    @property
    def days_seen(self) -> int:
        """On how many different days it was felt."""
        return len({sighting.day for sighting in self.sightings})

    @property
    def times_seen(self) -> str:
        """Say on how many days it was felt: once, twice, 3 times."""
        return format_times(self.days_seen)

    @property
    def is_still_felt(self) -> bool:
        """Whether it was felt since a step for it was taken, if one was."""
        return self.tried_on is None or self.last_seen > self.tried_on

    @property
    def is_open(self) -> bool:
        """Whether it still hurts, planned or not."""
        return self.state not in CLOSED_STATES

    def as_of(self, day: date) -> "PainPoint":
        """Return it as it was on a day that is over, by which it had been seen; of its step then it knows nothing."""
        known = tuple(sighting for sighting in self.sightings if sighting.day <= day)
        if self.closed_on and self.closed_on <= day:
            return replace(self, sightings=known)
        return replace(
            self, sightings=known, state=PainState.OPEN, closed_on=None, how=None, fix=None, step=None, step_by=None
        )

    def add_sighting(self, sighting: Sighting) -> "PainPoint":
        """Return it with one more sighting. Raises PainClosed."""
        self.require_open()
        return replace(self, sightings=(*self.sightings, sighting))

    def plan(self, step: str, by: date) -> "PainPoint":
        """Return it with a small step until a day. Raises PainClosed."""
        self.require_open()
        return replace(self, state=PainState.PLANNED, step=step, step_by=by)

    def mark_fixed(self, on: date, how: str, entry: str) -> "PainPoint":
        """Return it as gone, and the entry that says how. Raises PainClosed or TooEarly."""
        self.require_closable(on)
        return replace(self, state=PainState.FIXED, closed_on=on, how=how, fix=entry)

    def mark_dropped(self, on: date, why: str) -> "PainPoint":
        """Return it as let go. Raises PainClosed or TooEarly."""
        self.require_closable(on)
        return replace(self, state=PainState.DROPPED, closed_on=on, how=why)

    def require_closable(self, on: date) -> None:
        """Go on only if it can end on a day. Raises PainClosed or TooEarly."""
        self.require_open()
        if on < self.last_seen:
            which = "last seen" if self.days_seen > 1 else "first seen"
            raise EndBeforeStart(format_full_day(on), which, format_full_day(self.last_seen))

    def require_open(self) -> None:
        """Go on only while it hurts. Raises PainClosed."""
        if not self.is_open:
            raise PainClosed(self.text)
