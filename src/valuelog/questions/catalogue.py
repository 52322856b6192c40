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

PROMISE_KINDS = frozenset(map(str, PromiseKind))
"""What an answer becomes that is a promise."""

ROTATING_ID = "rotating"
"""The place of the question that takes turns, in the list of an evening's questions."""

WORKDAYS_PER_WEEK = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionSettings:
    """What a person wants changed about the questions.

    `questions` are the ids to ask (none: all), `off` ids to leave out, `wording` new words by id, `own` further ones.
    """

    question_ids: tuple[str, ...] | None = None
    disabled_ids: frozenset[str] = frozenset()
    wording: Mapping[str, str] = field(default_factory=dict)
    custom_questions: tuple[Question, ...] = ()


@cache
def load_evening_questions() -> tuple[Question, ...]:
    """Return every question that valuelog knows."""
    return tuple(_parse_question(raw) for raw in _read_catalogue()["question"])


@cache
def load_weekly_talk_questions() -> tuple[Question, ...]:
    """Return the questions of the Friday talk, in their order; what they become is a kind of promise, or nothing."""
    return tuple(
        Question(id=raw["id"], idea=Idea(raw["idea"]), text=raw["ask"], becomes=raw.get("becomes"))
        for raw in _read_catalogue()["friday"]
    )


def _read_catalogue() -> Mapping[str, Any]:
    return tomllib.loads(Path(__file__).with_name("questions.toml").read_text(encoding="utf-8"))


def _parse_question(raw: Mapping[str, Any]) -> Question:
    becomes = raw.get("becomes")
    return Question(
        id=raw["id"],
        idea=Idea(raw["idea"]),
        text=raw["ask"],
        becomes=becomes if becomes is None or becomes in {PAIN_POINT, *PROMISE_KINDS} else Kind(becomes),
        rotates=raw.get("rotates", False),
    )


def fixed_question_ids() -> tuple[str, ...]:
    """Return the ids of the steps of every evening, in their order."""
    return (*(prompt.id for prompt in load_evening_questions() if not prompt.rotates), ROTATING_ID)


def select_evening_questions(day: date, settings: QuestionSettings) -> tuple[Question, ...]:
    """Return the questions for the evening of a day, in the order in which they are asked."""
    known = [
        replace(prompt, text=settings.wording.get(prompt.id, prompt.text))
        for prompt in (*load_evening_questions(), *settings.custom_questions)
    ]
    turns = [prompt for prompt in known if prompt.rotates and prompt.id not in settings.disabled_ids]
    asked = [prompt for prompt in known if not prompt.rotates and _is_enabled(prompt.id, settings)]
    if turns and _is_enabled(ROTATING_ID, settings):
        own = {prompt.id for prompt in settings.custom_questions}
        place = sum(prompt.id not in own for prompt in asked)
        asked.insert(place, rotating_question(day, turns))
    return tuple(asked)


def _is_enabled(question_id: str, settings: QuestionSettings) -> bool:
    if question_id in settings.disabled_ids:
        return False
    own = any(prompt.id == question_id for prompt in settings.custom_questions)
    return own or settings.question_ids is None or question_id in settings.question_ids


def rotating_question(day: date, rotating: Sequence[Question]) -> Question:
    """Return the question whose turn it is: each workday the next one, so that all come round on any workweek.

    Where whole weeks fill a round, each round begins one later: else a question would keep to its weekday for ever.
    """
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    place = weeks * WORKDAYS_PER_WEEK + weekday
    late = 0 if len(rotating) % WORKDAYS_PER_WEEK else place // len(rotating)
    return rotating[(place + late) % len(rotating)]
