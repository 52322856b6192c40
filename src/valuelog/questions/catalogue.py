"""The questions of an evening: the fixed ones in their order, one that rotates, and custom ones."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from valuelog.model.entry import Kind
from valuelog.model.promise import PromiseKind
from valuelog.model.question import EVIDENCE, PAIN_POINT, Idea, Question

PROMISE_KINDS = frozenset(map(str, PromiseKind))
"""The values of Question.becomes that make a promise."""

ROTATING_ID = "rotating"
"""Stands for the rotating question in `evening.questions` and `evening.off`."""

WORKDAYS_PER_WEEK = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class QuestionSettings:
    """How the user changed the questions.

    `question_ids` are the fixed questions to ask (None: all), `wording` new texts by id.
    """

    question_ids: tuple[str, ...] | None = None
    disabled_ids: frozenset[str] = frozenset()
    wording: Mapping[str, str] = field(default_factory=dict)
    custom_questions: tuple[Question, ...] = ()


@cache
def load_evening_questions() -> tuple[Question, ...]:
    """Return every question of the evening."""
    return tuple(_parse_question(raw) for raw in _read_catalogue()["question"])


@cache
def load_weekly_talk_questions() -> tuple[Question, ...]:
    """Return the questions of the weekly talk in their order."""
    return tuple(
        Question(
            id=raw["id"],
            idea=Idea(raw["idea"]),
            text=raw["ask"],
            becomes=raw.get("becomes"),
            why=raw["why"],
            examples=tuple(raw["examples"]),
        )
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
        becomes=becomes if becomes is None or becomes in {PAIN_POINT, EVIDENCE, *PROMISE_KINDS} else Kind(becomes),
        rotates=raw.get("rotates", False),
        why=raw["why"],
        examples=tuple(raw["examples"]),
    )


def fixed_question_ids() -> tuple[str, ...]:
    """Return the ids of the questions of every evening, in their order."""
    return (*(question.id for question in load_evening_questions() if not question.rotates), ROTATING_ID)


def select_evening_questions(day: date, settings: QuestionSettings) -> tuple[Question, ...]:
    """Return the questions of one evening, in the order in which they are asked."""
    questions = [
        question._replace(text=settings.wording.get(question.id, question.text))
        for question in (*load_evening_questions(), *settings.custom_questions)
    ]
    rotating = [question for question in questions if question.rotates and question.id not in settings.disabled_ids]
    selected = [question for question in questions if not question.rotates and _is_enabled(question.id, settings)]
    if rotating and _is_enabled(ROTATING_ID, settings):
        custom_ids = {question.id for question in settings.custom_questions}
        fixed_count = sum(question.id not in custom_ids for question in selected)
        selected.insert(fixed_count, rotating_question(day, rotating))
    return tuple(selected)


def _is_enabled(question_id: str, settings: QuestionSettings) -> bool:
    if question_id in settings.disabled_ids:
        return False
    is_custom = any(question.id == question_id for question in settings.custom_questions)
    return is_custom or settings.question_ids is None or question_id in settings.question_ids


def rotating_question(day: date, rotating: Sequence[Question]) -> Question:
    """Return the rotating question of a day: the next one each weekday, so that all of them get their turn.

    If their number is a multiple of the days of a work week, each round starts one question later; otherwise, each
    question would always fall on the same weekday.
    """
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    index = weeks * WORKDAYS_PER_WEEK + weekday
    shift = 0 if len(rotating) % WORKDAYS_PER_WEEK else index // len(rotating)
    return rotating[(index + shift) % len(rotating)]
