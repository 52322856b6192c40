"""Which questions an evening asks: the fixed ones in their order, one that rotates, and a person's own."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from valuelog.model.entry import Kind
from valuelog.model.promise import PromiseKind
from valuelog.model.question import PAIN_POINT, Idea, Question

PROMISES = frozenset(map(str, PromiseKind))
"""What an answer becomes that is a promise."""

ROTATING = "rotating"
"""The place of the question that takes turns, in the list of an evening's questions."""

WORKDAYS_OF_A_WEEK = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What a person wants changed about the questions.

    `questions` are the ids to ask (none: all), `off` ids to leave out, `wording` new words by id, `own` further ones.
    """

    questions: tuple[str, ...] | None = None
    off: frozenset[str] = frozenset()
    wording: Mapping[str, str] = field(default_factory=dict)
    own: tuple[Question, ...] = ()


@cache
def catalogue() -> tuple[Question, ...]:
    """Return every question that valuelog knows."""
    return tuple(_prompt(raw) for raw in _read()["question"])


@cache
def friday() -> tuple[Question, ...]:
    """Return the questions of the Friday talk, in their order; what they become is a kind of promise, or nothing."""
    return tuple(
        Question(id=raw["id"], idea=Idea(raw["idea"]), text=raw["ask"], becomes=raw.get("becomes"))
        for raw in _read()["friday"]
    )


def _read() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("questions.toml").read_text(encoding="utf-8"))


def _prompt(raw: Mapping[str, Any]) -> Question:
    becomes = raw.get("becomes")
    return Question(
        id=raw["id"],
        idea=Idea(raw["idea"]),
        text=raw["ask"],
        becomes=becomes if becomes is None or becomes in {PAIN_POINT, *PROMISES} else Kind(becomes),
        rotates=raw.get("rotates", False),
    )


def fixed_ids() -> tuple[str, ...]:
    """Return the ids of the steps of every evening, in their order."""
    return (*(prompt.id for prompt in catalogue() if not prompt.rotates), ROTATING)


def evening(day: date, wishes: Wishes) -> tuple[Question, ...]:
    """Return the questions for the evening of a day, in the order in which they are asked."""
    known = [replace(prompt, text=wishes.wording.get(prompt.id, prompt.text)) for prompt in (*catalogue(), *wishes.own)]
    turns = [prompt for prompt in known if prompt.rotates and prompt.id not in wishes.off]
    asked = [prompt for prompt in known if not prompt.rotates and _wanted(prompt.id, wishes)]
    if turns and _wanted(ROTATING, wishes):
        own = {prompt.id for prompt in wishes.own}
        place = sum(prompt.id not in own for prompt in asked)
        asked.insert(place, whose_turn(day, turns))
    return tuple(asked)


def _wanted(name: str, wishes: Wishes) -> bool:
    if name in wishes.off:
        return False
    own = any(prompt.id == name for prompt in wishes.own)
    return own or wishes.questions is None or name in wishes.questions


def whose_turn(day: date, turns: Sequence[Question]) -> Question:
    """Return the question whose turn it is: each workday the next one, so that all come round on any workweek.

    Where whole weeks fill a round, each round begins one later: else a question would keep to its weekday for ever.
    """
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    place = weeks * WORKDAYS_OF_A_WEEK + weekday
    late = 0 if len(turns) % WORKDAYS_OF_A_WEEK else place // len(turns)
    return turns[(place + late) % len(turns)]
