"""Pain points: friction you noticed. A signal, neither work nor value."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from valuelog.model.entry import EMPTY_TEXT_ERROR, MAX_TEXT_LENGTH, clean_text, normalize_names, people_in
from valuelog.model.errors import BadText, EndBeforeStart, NotTwoPains, PainClosed
from valuelog.model.period import format_day, format_full_day
from valuelog.model.text import first_line, format_times, truncate_line


class PainState(StrEnum):
    """The state of a pain point: planned means a step is promised."""

    OPEN = "open"
    PLANNED = "planned"
    FIXED = "fixed"
    DROPPED = "dropped"


CLOSED_STATES = frozenset({PainState.FIXED, PainState.DROPPED})

MAX_QUOTE_LENGTH = 60
"""How many characters of a step are quoted."""

JOINED_ANSWERS = ("shared", "better", "hit", "how", "raised_outcome")
"""The answers that a merge joins; a step is joined unless it is a promise."""

PRESSURE_WINDOW = timedelta(weeks=12)
"""Pain points with more sightings within this time are more pressing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """A day on which a pain point was felt, with its own text."""

    id: str
    day: date
    text: str
    created: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class PainPoint:
    """Friction, with a sighting for each time it was felt; the first one is when it was logged.

    Answers to the four questions: does it affect others (`shared`), what would be `better`, which small `step` could
    help, who else would be glad to see it gone (`hit`). A step with a due day (`step_by`) is a Promise, and makes the
    state planned; `tried` is the last step that was kept, on the day `tried_on`. `how` is the fix or the reason for
    dropping it; `fix` is the id of the entry that is the fix. `raised_on` is the day on which it was last raised with
    others, `raised_outcome` what came of it.
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
    tried: str | None = None
    tried_on: date | None = None
    closed_on: date | None = None
    how: str | None = None
    fix: str | None = None
    raised_on: date | None = None
    raised_outcome: str | None = None
    deleted: datetime | None = None

    def __post_init__(self) -> None:
        """Reject an empty text and a pain point without sightings."""
        if not self.text:
            raise BadText(*EMPTY_TEXT_ERROR)
        if not self.sightings:
            message = "a pain point needs at least one sighting"
            raise ValueError(message)

    @property
    def headline(self) -> str:
        """The first line of the text."""
        return first_line(self.text)

    @property
    def first_seen(self) -> date:
        """The day of the first sighting."""
        return min(sighting.day for sighting in self.sightings)

    @property
    def last_seen(self) -> date:
        """The day of the last sighting."""
        return max(sighting.day for sighting in self.sightings)

    @property
    def days_seen(self) -> int:
        """The number of different days with sightings."""
        return len({sighting.day for sighting in self.sightings})

    @property
    def times_seen(self) -> str:
        """The number of days as words: once, twice, 3 times."""
        return format_times(self.days_seen)

    @property
    def is_still_felt(self) -> bool:
        """Whether it was felt again after its last step was kept, or no step was."""
        return self.tried_on is None or self.last_seen > self.tried_on

    @property
    def days_since_tried(self) -> int:
        """The number of days on which it was felt after its last step was kept, unless another one is planned."""
        if self.tried_on is None or self.step or not self.is_open:
            return 0
        return len({sighting.day for sighting in self.sightings if sighting.day > self.tried_on})

    def describe_tried_step(self, today: date) -> str:
        """Return how often it was felt since its last step was kept; an empty text if there is nothing to say."""
        if not self.days_since_tried or self.tried_on is None:
            return ""
        step = truncate_line(self.tried or "", MAX_QUOTE_LENGTH)
        return (
            f"Felt again {format_times(self.days_since_tried)} since “{step}” (kept {format_day(self.tried_on, today)})"
        )

    @property
    def people(self) -> tuple[str, ...]:
        """The people that its text and its sightings mention as @name."""
        texts = (self.text, *(sighting.text for sighting in self.sightings))
        return normalize_names(name for text in texts for name in people_in(text))

    @property
    def is_open(self) -> bool:
        """Whether it is neither fixed nor dropped."""
        return self.state not in CLOSED_STATES

    def as_of(self, day: date) -> "PainPoint":
        """Return its past state on a day since its first sighting; its step at that time is unknown."""
        sightings = tuple(sighting for sighting in self.sightings if sighting.day <= day)
        if self.closed_on and self.closed_on <= day:
            return replace(self, sightings=sightings)
        return replace(
            self, sightings=sightings, state=PainState.OPEN, closed_on=None, how=None, fix=None, step=None, step_by=None
        )

    def add_sighting(self, sighting: Sighting) -> "PainPoint":
        """Add a sighting. Raises PainClosed."""
        self.require_open()
        return replace(self, sightings=(*self.sightings, sighting))

    def merge(self, other: "PainPoint") -> "PainPoint":
        """Take over the sightings and answers of another one; different answers are joined, so that no word is lost.

        A text that no sighting repeats is put before that of the first one, like a step in words that a promise would
        hide. The promises are not part of it. Raises PainClosed if either is closed, NotTwoPains, or BadText if an
        answer gets too long.
        """
        self.require_open()
        other.require_open()
        if self.id == other.id:
            raise NotTwoPains(self.text)
        answers: dict[str, Any] = {
            name: join_answers(getattr(self, name), getattr(other, name)) for name in JOINED_ANSWERS
        }
        if not (self.step_by or other.step_by):  # steps in words only
            answers["step"] = join_answers(self.step, other.step)
        hidden_step = other.step if self.step_by and not other.step_by else None
        return replace(
            self,
            sightings=(*self.sightings, *other.sightings_to_move(hidden_step)),
            raised_on=self.raised_on or other.raised_on,
            **answers,
        )

    def sightings_to_move(self, step: str | None) -> tuple[Sighting, ...]:
        """Return the sightings by day; the first one has the text that none of them repeats, and a step in words."""
        first, *later = sorted(self.sightings, key=lambda sighting: (sighting.day, sighting.created))
        is_repeated = any(self.text == sighting.text for sighting in self.sightings)
        text = "\n".join(filter(None, ("" if is_repeated else self.text, first.text, step)))
        return (replace(first, text=text) if len(text) <= MAX_TEXT_LENGTH else first, *later)

    def plan(self, step: str, due: date) -> "PainPoint":
        """Plan a step due on a day. Raises PainClosed."""
        self.require_open()
        return replace(self, state=PainState.PLANNED, step=step, step_by=due)

    def mark_fixed(self, on: date, how: str, entry_id: str) -> "PainPoint":
        """Mark it as fixed by an entry, given by its id. Raises PainClosed or EndBeforeStart."""
        self.require_closable(on)
        return replace(self, state=PainState.FIXED, closed_on=on, how=how, fix=entry_id)

    def mark_dropped(self, on: date, reason: str) -> "PainPoint":
        """Mark it as dropped for a reason. Raises PainClosed or EndBeforeStart."""
        self.require_closable(on)
        return replace(self, state=PainState.DROPPED, closed_on=on, how=reason)

    def require_closable(self, on: date) -> None:
        """Raise PainClosed, or EndBeforeStart if it was seen after a day."""
        self.require_open()
        if on < self.last_seen:
            event = "last seen" if self.days_seen > 1 else "first seen"
            raise EndBeforeStart(format_full_day(on), event, format_full_day(self.last_seen))

    def require_open(self) -> None:
        """Raise PainClosed if it is fixed or dropped."""
        if not self.is_open:
            raise PainClosed(self.text)


def join_answers(own: str | None, other: str | None) -> str | None:
    """Return two answers, each on its own lines; the same answer only once. Raises BadText if that is too long."""
    if not own or not other:
        return own or other
    return own if other in (own, *own.split("\n")) else clean_text(f"{own}\n{other}")
