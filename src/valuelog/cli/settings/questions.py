"""The questions that an evening asks, according to the settings."""

from dataclasses import replace
from datetime import date

from valuelog.cli.settings.read import BadSetting, OnProblem, ResolvedSetting, Settings
from valuelog.cli.settings.spec import SETTINGS
from valuelog.model.entry import Kind
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
    """Return the questions of an evening. Raises BadSetting for an unknown or a duplicate id."""
    chosen = QuestionSettings(
        question_ids=settings["evening.questions"],
        disabled_ids=frozenset(settings["evening.off"]),
        wording=settings["evening.ask"],
        custom_questions=settings["evening.own"],
    )
    _require_known_ids(settings, chosen)
    _require_unique_ids(settings, chosen)
    return select_evening_questions(day, chosen)


def usable_questions_for(day: date, settings: Settings, on_problem: OnProblem) -> tuple[Question, ...]:
    """Return the questions of an evening; a setting that can't be used is a problem, and its default holds."""
    try:
        return questions_for(day, settings)
    except BadSetting as problem:
        on_problem(problem)
        name = problem.reason.partition(":")[0]
        default = next(setting.default for setting in SETTINGS if setting.name == name)
        resolved = {**settings.resolved, name: ResolvedSetting(value=default, origin="default")}
        return usable_questions_for(day, replace(settings, resolved=resolved), on_problem)


def kinds_by_question(settings: Settings) -> dict[str, Kind | str]:
    """Return what an answer to each question becomes, by id; without the one that has no answer of its own."""
    questions = (*load_evening_questions(), *settings["evening.own"])
    return {question.id: question.becomes for question in questions if question.becomes is not None}


def enabled_question_ids(settings: Settings) -> tuple[str, ...]:
    """Return the ids in `evening.questions`, or of all fixed questions if it is unset."""
    ids: tuple[str, ...] | None = settings["evening.questions"]
    return fixed_question_ids() if ids is None else ids


def known_question_ids(settings: Settings) -> tuple[str, ...]:
    """Return the ids of all questions that an evening can ask, custom ones included."""
    return tuple(question.id for question in (*load_evening_questions(), *settings["evening.own"]))


def _require_known_ids(settings: Settings, chosen: QuestionSettings) -> None:
    fixed, custom = fixed_question_ids(), tuple(question.id for question in chosen.custom_questions)
    with_text = (*(question.id for question in load_evening_questions()), *custom)
    for name, ids, known in (
        ("evening.questions", chosen.question_ids or (), (*fixed, *custom)),
        ("evening.off", chosen.disabled_ids, tuple(dict.fromkeys((*fixed, *with_text)))),
        ("evening.ask", chosen.wording, with_text),
    ):
        if strange := next((one for one in ids if one not in known), None):
            unknown = UnknownChoice("question", strange, known)
            raise BadSetting(settings.resolved[name].origin, f"{name}: {unknown.message} {unknown.hint}")


def _require_unique_ids(settings: Settings, chosen: QuestionSettings) -> None:
    taken = {ROTATING_ID, *(question.id for question in load_evening_questions())}
    for question in chosen.custom_questions:
        if question.id in taken:
            reason = f"evening.own: the id {quote(question.id)} is already taken; choose another"
            raise BadSetting(settings.resolved["evening.own"].origin, reason)
        taken.add(question.id)
