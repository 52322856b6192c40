"""A Friday talk whose answers come by flags or from a file: all are written down at once, or none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from valuelog.journal import days, promises
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput, UnknownChoice
from valuelog.model.period import Period
from valuelog.model.promise import Promise
from valuelog.workflows import pains as following
from valuelog.workflows import promises as promising
from valuelog.workflows.weekly_talk import (
    ACT,
    ANSWERABLE_QUESTIONS,
    GONE_QUESTION_PREFIX,
    STATE_BY_OUTCOME,
    STEP_QUESTION,
    Answer,
    WeeklyTalk,
    build_outcome_change,
    build_step_changes,
    build_text_answer_changes,
    promise_question_id,
)


class ConflictingOutcomes(BadInput):
    """Of one promise two things were said that exclude each other."""

    def __init__(self, one: str, other: str, text: str) -> None:
        """Name both, and the promise."""
        super().__init__(f"--{one} and --{other} exclude each other, and both are said of “{text}”.", "Choose one.")


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedAnswers:
    """What became of answers: how many were saved about which week, and how many said the same once more.

    `promise` is the one that a single answer made or settled; `prefix_length` characters of its id are enough.
    """

    week: Period
    saved_count: int
    repeated_count: int
    promise: Promise | None = None
    prefix_length: int = 0


def save_weekly_talk_answers(
    journal: Journal, talk: WeeklyTalk, answers: Sequence[Answer], now: datetime
) -> SavedAnswers:
    """Write answers down that nobody had to be asked for, all or none; the same words once.

    Raises UnknownWord, UnknownId, AmbiguousId, TwoFates, PromiseClosed or PainClosed.
    """
    batch, touched = new_id(), []
    with journal.transaction():
        _require_one_outcome(journal, answers)
        once = _drop_repeats(answers)
        for answer in once:
            questions, changes = _answer_changes(journal, talk, answer, now)
            marks = [mark for one in questions for mark in days.asked_change_if_new(journal, talk.week.name, one)]
            journal.write(ACT, [*changes, *marks], batch=batch)
            touched += [change.id for change in changes if change.entity == "promise"]
    name = touched[-1] if touched and len(once) == 1 else None
    return SavedAnswers(
        week=talk.week,
        saved_count=len(once),
        repeated_count=len(answers) - len(once),
        promise=promises.get(journal, name) if name else None,
        prefix_length=journal.prefix_lengths([name])[name] if name else 0,
    )


def _drop_repeats(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Leave out words that were said before to the same question; what became of a promise is another matter."""
    said = [one if one.question in STATE_BY_OUTCOME else replace(one, text=clean_text(one.text)) for one in answers]
    first = [one.question in STATE_BY_OUTCOME or one not in said[:place] for place, one in enumerate(said)]
    return tuple(one for one, wanted in zip(said, first, strict=True) if wanted)


def _require_one_outcome(journal: Journal, answers: Sequence[Answer]) -> None:
    """Go on only if nothing is said of a promise that excludes what else is said of it. Raises TwoFates."""
    said: dict[str, str] = {}
    for answer in answers:
        if answer.question in STATE_BY_OUTCOME:
            promise = promising.find(journal, answer.target_id)
            before = said.setdefault(promise.id, answer.question)
            if before != answer.question:
                raise ConflictingOutcomes(before, answer.question, promise.text)


def _answer_changes(
    journal: Journal, talk: WeeklyTalk, answer: Answer, now: datetime
) -> tuple[list[str], list[Change]]:
    """Return which questions an answer answers, and the changes that it makes.

    Whoever says by flags that a step was taken is not asked whether its pain point is gone.
    """
    if answer.question not in ANSWERABLE_QUESTIONS:
        raise UnknownChoice("question", answer.question, ANSWERABLE_QUESTIONS)
    if answer.question in STATE_BY_OUTCOME:
        promise = promising.find(journal, answer.target_id)
        after = [f"{GONE_QUESTION_PREFIX}{promise.pain}"] if promise.pain and answer.question == "keep" else []
        return [promise_question_id(promise), *after], [build_outcome_change(promise, answer.question, talk)]
    if answer.question == STEP_QUESTION and answer.target_id:
        return [STEP_QUESTION], build_step_changes(
            journal, talk, following.find(journal, answer.target_id), answer.text, now
        )
    return [answer.question], list(build_text_answer_changes(talk, answer, now))
