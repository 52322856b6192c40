"""Which questions the evening asks, as the settings want it."""

from datetime import date

from valuelog.cli.settings import BadSetting, Settings
from valuelog.model.errors import UnknownChoice
from valuelog.model.question import Question
from valuelog.model.text import quote
from valuelog.questions.catalogue import (
    ROTATING_ID,
    QuestionSettings,
    fixed_question_ids,
    load_evening_questions,
    select_evening_questions,
)


def questions_for(day: date, settings: Settings) -> tuple[Question, ...]:
    """Return the questions of an evening. Raises BadSetting for a question that does not exist."""
    wishes = QuestionSettings(
        question_ids=settings["evening.questions"],
        disabled_ids=frozenset(settings["evening.off"]),
        wording=settings["evening.ask"],
        custom_questions=settings["evening.own"],
    )
    _validate(settings, wishes)
    return select_evening_questions(day, wishes)


def enabled_question_ids(settings: Settings) -> tuple[str, ...]:
    """Return the ids of the questions that evenings ask: all, unless some were chosen."""
    chosen: tuple[str, ...] | None = settings["evening.questions"]
    return fixed_question_ids() if chosen is None else chosen


def _validate(settings: Settings, wishes: QuestionSettings) -> None:
    own = tuple(prompt.id for prompt in wishes.custom_questions)
    every = (*(prompt.id for prompt in load_evening_questions()), *own)
    for name, said, known in (
        ("evening.questions", wishes.question_ids or (), (*fixed_question_ids(), *own)),
        ("evening.off", wishes.disabled_ids, tuple(dict.fromkeys((*fixed_question_ids(), *every)))),
        ("evening.ask", wishes.wording, every),
    ):
        for word in said:
            if word not in known:
                unknown = UnknownChoice("question", word, known)
                raise BadSetting(settings.resolved[name].origin, f"{name}: {unknown.message} {unknown.hint}")
    for word in own:
        if own.count(word) > 1 or word in {ROTATING_ID, *(prompt.id for prompt in load_evening_questions())}:
            where = settings.resolved["evening.own"].origin
            raise BadSetting(where, f"evening.own: there is a question {quote(word)} already; choose another id")
