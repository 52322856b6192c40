"""Promises to stop, start or do something by a day, and Reflections: answers of the weekly talk."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from valuelog.model.errors import DueDateNotLater, EndBeforeStart, PromiseClosed
from valuelog.model.period import format_full_day
from valuelog.model.recurrence import Recurrence
from valuelog.model.text import first_line

LEVEL_QUESTION = "level"
"""The id of the question about what someone one level up would have done differently."""


class PromiseKind(StrEnum):
    """What is promised: to stop or start something, or a small step."""

    STOP = "stop"
    START = "start"
    STEP = "step"


class PromiseState(StrEnum):
    """The state of a promise; a step is dropped if another one replaced it or its pain point was dropped."""

    OPEN = "open"
    KEPT = "kept"
    BROKEN = "broken"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Promise:
    """A promise with a due day. `carried` counts how often it was carried over; `pain` is the id of its pain point.

    One of a series repeats `every` so often since its first due day; `planned` is its due day before it was carried
    over, because the series continues as planned.
    """

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
    every: Recurrence | None = None
    since: date | None = None
    planned: date | None = None
    deleted: datetime | None = None

    @property
    def headline(self) -> str:
        """The first line of the text."""
        return first_line(self.text)

    @property
    def is_open(self) -> bool:
        """Whether it is neither kept, broken nor dropped."""
        return self.state is PromiseState.OPEN

    def settle(self, state: PromiseState, on: date) -> "Promise":
        """Mark it as kept, broken or dropped. Raises PromiseClosed or EndBeforeStart."""
        self._require_open()
        if on < self.made_on:
            raise EndBeforeStart(format_full_day(on), "promised", format_full_day(self.made_on))
        return replace(self, state=state, closed_on=on)

    def carry_over(self, due: date) -> "Promise":
        """Carry it over to a later day. Raises PromiseClosed or DueDateNotLater."""
        self._require_open()
        if due <= self.due:
            raise DueDateNotLater(format_full_day(self.due))
        planned = self.planned or (self.due if self.every else None)
        return replace(self, due=due, carried=self.carried + 1, planned=planned)

    def next_in_series(self, today: date, new_id: str, now: datetime) -> "Promise | None":
        """Return the next one of its series, made today and due later; None without a series."""
        if self.every is None:
            return None
        planned = self.planned or self.due
        due = self.every.next_after(max(planned, today), self.since or planned)
        if due is None:
            return None
        return replace(
            self,
            id=new_id,
            made_on=today,
            due=due,
            created=now,
            state=PromiseState.OPEN,
            carried=0,
            closed_on=None,
            planned=None,
        )

    def _require_open(self) -> None:
        if not self.is_open:
            raise PromiseClosed(self.text, str(self.state))


@dataclass(frozen=True, kw_only=True, slots=True)
class Reflection:
    """An answer to a question of the weekly talk about a week such as 2026-W47.

    `promise` is the id of the promise that the answer became, if any.
    """

    id: str
    period: str
    question: str
    answer: str
    created: datetime
    promise: str | None = None
