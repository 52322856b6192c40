"""A Promise: what somebody will stop, start or do until a day; and a Reflection: an answer to a Friday question."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from valuelog.model.errors import DueDateNotLater, EndBeforeStart, PromiseClosed
from valuelog.model.period import format_full_day
from valuelog.model.text import first_line

LEVEL_QUESTION = "level"
"""The question of the Friday talk whose answer is only kept: what somebody one level up would have done."""


class PromiseKind(StrEnum):
    """What is promised: to stop something, to start something, or one small step."""

    STOP = "stop"
    START = "start"
    STEP = "step"


class PromiseState(StrEnum):
    """What became of a promise; a step is dropped where another one took its place, or its pain point was let go."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """Something promised on one day and due on another. `carried` is how often it was put off, `pain` what it helps."""

    id: str
    kind: PromiseKind
    text: str
    made_on: date
    due: date
    created: datetime
    state: PromiseState = PromiseState.OPEN
    carried: int = 0
    pain: str | None = None
    closed_on: date | None = None
    deleted: datetime | None = None

    @property
    def headline(self) -> str:
        """The first line of the text."""
        return first_line(self.text)

    @property
    def is_open(self) -> bool:
        """Whether it is still to be kept."""
        return self.state is PromiseState.OPEN

    def settle(self, state: PromiseState, on: date) -> "Promise":
        """Return it as kept, broken or dropped. Raises PromiseClosed or TooEarly."""
        self._require_open()
        if on < self.made_on:
            raise EndBeforeStart(format_full_day(on), "promised", format_full_day(self.made_on))
        return replace(self, state=state, closed_on=on)

    def carry_over(self, due: date) -> "Promise":
        """Return it as put off to a later day, once more. Raises PromiseClosed or NotLater."""
        self._require_open()
        if due <= self.due:
            raise DueDateNotLater(format_full_day(self.due))
        return replace(self, due=due, carried=self.carried + 1)

    def _require_open(self) -> None:
        if not self.is_open:
            raise PromiseClosed(self.text, str(self.state))


@dataclass(frozen=True, kw_only=True, slots=True)
class Reflection:
    """An answer to a question of the Friday talk, kept with the week that it looks back on: 2026-W47.

    `promise` is the id of the promise that the answer is, if it is one.
    """

    id: str
    period: str
    question: str
    answer: str
    created: datetime
    promise: str | None = None
