"""Question: one question of the evening or the weekly talk, the idea behind it, and what its answers become."""

from enum import StrEnum
from typing import NamedTuple

from valuelog.model.entry import Kind
from valuelog.model.period import Unit

PAIN_POINT = "pain"
"""What an answer becomes if it is a pain point instead of an entry."""

PROMOTE_ID = "promote"
"""The id of the question that turns activities into value."""

FOLLOW_UP_ID = "follow-up"
"""The id of the question whether a result of last week held."""

EVIDENCE = "evidence"
"""What an answer becomes if it is about an earlier result: evidence for that one, or an insight if it names none."""

KINDS = (*map(str, Kind), PAIN_POINT)
"""The kinds that a user can add: those of entries, and pain points."""


class Idea(StrEnum):
    """The eight ideas behind valuelog; every question in the catalogue is based on one."""

    VALUE = "work-and-value-differ"
    FRICTION = "friction-is-a-signal"
    PURPOSE = "hours-can-go-nowhere"
    OUTCOMES = "own-outcomes"
    OTHERS = "make-others-effective"
    THINKING = "be-visible-for-thinking"
    SUBTRACT = "subtract"
    NEXT_LEVEL = "show-the-next-level"


class Frequency(StrEnum):
    """How often an evening asks a question: every day, or on the first evening of a week or month."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"

    @property
    def unit(self) -> Unit:
        """The unit of the periods in which it is asked once."""
        return {Frequency.DAILY: Unit.DAY, Frequency.WEEKLY: Unit.WEEK, Frequency.MONTHLY: Unit.MONTH}[self]


class Question(NamedTuple):
    """One question.

    `becomes` is a kind of entry, `pain`, `evidence` or a kind of promise; None for `promote`, `follow-up` and `level`.
    """

    id: str
    idea: Idea | None
    text: str
    becomes: Kind | str | None
    rotates: bool = False
    why: str = ""
    examples: tuple[str, ...] = ()
    every: Frequency = Frequency.DAILY

    @property
    def explanation(self) -> str:
        """Why it is asked, with examples of answers, each on a line; an empty text for a question of the user."""
        return "\n".join((self.why, *(f"  such as: {example}" for example in self.examples))) if self.why else ""
