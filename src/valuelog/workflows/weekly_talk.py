"""The weekly talk: which questions are left for a week, what their answers change, and answers given without asking."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from valuelog.journal import days, pains, promises
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_answer, clean_text
from valuelog.model.errors import BadInput, UnknownChoice
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit
from valuelog.model.promise import LEVEL_QUESTION, Promise, PromiseKind, PromiseState
from valuelog.model.question import Question
from valuelog.model.schedule import Schedule
from valuelog.workflows.answers import Answer, AnswerWriter
from valuelog.workflows.pains import find as find_pain
from valuelog.workflows.pains import plan_step_changes
from valuelog.workflows.promises import PromiseList, build_promise, list_promises, settle_changes
from valuelog.workflows.promises import find as find_promise

ACT = "reflect"
"""The act of a weekly talk in the log."""

MAX_QUESTIONS = 5
"""The largest number of questions in a talk."""

MAX_PROMISES_ONE_BY_ONE = 2
"""The largest number of due promises that are asked about one by one; about more, one question asks which were kept."""

MAX_PAINS_OFFERED = 5
"""How many pain points are offered for a small step; the most pressing ones."""

OPTIONAL_QUESTION = str(PromiseKind.START)
"""The question that is dropped if there are too many."""

STEP_QUESTION = str(PromiseKind.STEP)

PROMISE_QUESTION_PREFIX = "promise-"
"""With the id of a promise: the id of the question about how it went."""

FIXED_QUESTION_PREFIX = "gone-"
"""With the id of a pain point: the id of the question of whether a kept step fixed it. Stored in journals: keep it."""

STATE_BY_OUTCOME = {"keep": PromiseState.KEPT, "break": PromiseState.BROKEN, "carry": PromiseState.OPEN}
"""The state of a due promise after each answer; one that is carried over stays open."""

ANSWERABLE_QUESTIONS = (*STATE_BY_OUTCOME, *map(str, PromiseKind), LEVEL_QUESTION)
"""The kinds of Answer that the weekly talk accepts from flags and files."""


# Before: what is left to ask


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeklyTalk:
    """The talk about one week before its questions are asked. Promises made in it will be `due` on the next review day.

    For each of `pains_to_follow_up` a step was kept, and it is not known yet whether that fixed it.
    """

    week: Period
    today: date
    due: date
    promises: tuple[Promise, ...]
    pains_to_follow_up: tuple[PainPoint, ...]
    remaining_questions: tuple[Question, ...]
    is_due: bool

    @property
    def question_count(self) -> int:
        """How many questions are left."""
        return (
            _count_promise_questions(len(self.promises)) + bool(self.pains_to_follow_up) + len(self.remaining_questions)
        )

    def name_weeks(self, text: str) -> str:
        """Return a question of a Friday as it is asked later: this week is then last week, and next week this one."""
        if self.today in self.week:
            return text
        return text.replace("this week", "last week").replace("next week", "this week")


class NoTalkForPeriod(BadInput):
    """The period is not this week or the last one."""

    def __init__(self) -> None:
        """Say for which weeks there is a talk."""
        super().__init__(
            "You can only reflect on this week or last week.",
            "Try: valuelog review --week, or: valuelog review --week last",
        )


def has_weekly_talk(period: Period, today: date) -> bool:
    """Return True for this week and the last one."""
    return period.unit is Unit.WEEK and (today in period or today in period.previous(-1))


def prepare_weekly_talk(
    journal: Journal,
    week: Period,
    today: date,
    schedule: Schedule,
    questions: Sequence[Question],
    *,
    include_skipped: bool = False,
) -> WeeklyTalk:
    """Load the due promises, and find the questions that are not answered yet.

    Skipped questions are left out too, unless `include_skipped`. Raises NoTalkForPeriod.
    """
    if not has_weekly_talk(week, today):
        raise NoTalkForPeriod
    asked_ids = days.list_asked_questions(journal, week.name)
    reflections = promises.list_reflections(journal, (week.name,))
    closed_ids = frozenset(reflection.question for reflection in reflections) if include_skipped else asked_ids
    review_day = week.start + timedelta(days=schedule.review_day)
    end = max(week.end, today)
    due_promises = tuple(
        promise
        for promise in promises.list_open_promises(journal, until=end)
        if promise_question_id(promise) not in closed_ids and not _has_just_begun(promise, today)
    )
    followed_up = _find_pains_to_follow_up(journal, Period(start=week.start, end=end), asked_ids)
    step_is_possible = (
        followed_up or any(promise.pain for promise in due_promises) or find_pains_for_step(journal, week)
    )
    remaining = tuple(
        question
        for question in questions
        if question.id not in closed_ids and (step_is_possible or question.becomes != STEP_QUESTION)
    )
    limit = MAX_QUESTIONS - _count_asked(closed_ids) - _count_promise_questions(len(due_promises))
    return WeeklyTalk(
        week=week,
        today=today,
        due=schedule.next_review_day(max(today, review_day)),
        promises=due_promises,
        pains_to_follow_up=followed_up,
        remaining_questions=_drop_optional(remaining, limit),
        is_due=today >= review_day,
    )


def _has_just_begun(promise: Promise, today: date) -> bool:
    """Return True for one of a series that was made today, when the one before it was settled."""
    return promise.every is not None and promise.made_on == today < promise.due


def _find_pains_to_follow_up(journal: Journal, period: Period, asked_ids: frozenset[str]) -> tuple[PainPoint, ...]:
    """Return the open pain points whose step was kept in a talk, if it was not asked yet whether that fixed them."""
    kept_steps = (
        promise
        for promise in promises.list_promises_in(journal, period)
        if promise.state is PromiseState.KEPT and promise_question_id(promise) in asked_ids
    )
    pain_ids = dict.fromkeys(
        step.pain for step in kept_steps if step.pain and f"{FIXED_QUESTION_PREFIX}{step.pain}" not in asked_ids
    )
    return tuple(pain for pain in pains.get_many(journal, [*pain_ids]) if pain.is_open)


def find_pains_for_step(journal: Journal, week: Period) -> tuple[PainPoint, ...]:
    """Return the pain points to offer for a small step: those that a step did not fix, then the most pressing ones."""
    asked_ids = days.list_asked_questions(journal, week.name)
    pain_ids = sorted(
        question_id.removeprefix(FIXED_QUESTION_PREFIX)
        for question_id in asked_ids
        if question_id.startswith(FIXED_QUESTION_PREFIX)
    )
    not_fixed = (pain for pain in pains.get_many(journal, pain_ids) if pain.is_open and not pain.step)
    pressing = pains.list_unplanned_pains(journal, min_days=1, limit=MAX_PAINS_OFFERED)
    offered = {pain.id: pain for pain in (*not_fixed, *pressing)}
    return tuple(offered.values())[:MAX_PAINS_OFFERED]


def _count_promise_questions(promise_count: int) -> int:
    """Return the number of questions that ask about due promises."""
    return promise_count if promise_count <= MAX_PROMISES_ONE_BY_ONE else 1


def _count_asked(question_ids: frozenset[str]) -> int:
    """Return the number of questions already asked, without follow-up questions."""
    promise_count = sum(question_id.startswith(PROMISE_QUESTION_PREFIX) for question_id in question_ids)
    others = sum(
        not question_id.startswith((PROMISE_QUESTION_PREFIX, FIXED_QUESTION_PREFIX)) for question_id in question_ids
    )
    return others + _count_promise_questions(promise_count)


def _drop_optional(questions: tuple[Question, ...], limit: int) -> tuple[Question, ...]:
    """Drop the optional question if there are more than `limit`."""
    if len(questions) <= limit:
        return questions
    return tuple(question for question in questions if question.becomes != OPTIONAL_QUESTION)


def promise_question_id(promise: Promise) -> str:
    """Return the id of the question about how a promise went."""
    return f"{PROMISE_QUESTION_PREFIX}{promise.id}"


# What answers change


def build_outcome_changes(promise: Promise, outcome: str, talk: WeeklyTalk, now: datetime) -> list[Change]:
    """Return the changes that settle a promise and make the next one of its series, or carry it over.

    It is carried over to the next review day. The change of the promise itself comes first. Raises PromiseClosed.
    """
    state = STATE_BY_OUTCOME[outcome]
    if state is PromiseState.OPEN:
        return [promises.update_change(promise, promise.carry_over(talk.due))]
    settling, _, making = settle_changes(promise, state, talk.today, talk.today, now)
    return [settling, *making]


def build_text_answer_changes(talk: WeeklyTalk, answer: Answer, now: datetime) -> Iterator[Change]:
    """Yield the changes of an answer that is a text: they create a promise, or a reflection about the week.

    Raises BadText or NoAnswer.
    """
    text = clean_answer(answer.text)
    if answer.kind == LEVEL_QUESTION:
        yield promises.reflection_change(talk.week.name, LEVEL_QUESTION, now, answer=text)
        return
    promise = build_promise(PromiseKind(answer.kind), text, talk.due, talk.today, now)
    yield promises.creation_change(promise)
    yield promises.reflection_change(talk.week.name, str(answer.kind), now, promise_id=promise.id)


def build_step_changes(journal: Journal, talk: WeeklyTalk, pain: PainPoint, step: str, now: datetime) -> list[Change]:
    """Return the changes that promise a small step for a pain point. Raises PainClosed."""
    promise, changes = plan_step_changes(journal, pain, step, talk.due, talk.today, now)
    return [*changes, promises.reflection_change(talk.week.name, STEP_QUESTION, now, promise_id=promise.id)]


# Without asking


class ConflictingOutcomes(BadInput):
    """Two answers about one promise exclude each other."""

    def __init__(self, first: str, second: str, text: str) -> None:
        """Name both, and the promise."""
        super().__init__(f"--{first} and --{second} can't both apply to “{text}”.", "Choose one.")


@dataclass(frozen=True, kw_only=True, slots=True)
class SavedAnswers:
    """How many answers were saved for a week, and how many were skipped because they repeat another one.

    `promise` is set if a single answer created or settled it, with the length of its shortest unique id prefix.
    """

    week: Period
    saved_count: int
    repeated_count: int
    promise: Promise | None = None
    prefix_length: int = 0


def save_answers(journal: Journal, talk: WeeklyTalk, answers: Sequence[Answer], now: datetime) -> SavedAnswers:
    """Save answers from flags or a file, all or none; repeated ones once.

    Raises UnknownChoice, UnknownId, AmbiguousId, ConflictingOutcomes, PromiseClosed or PainClosed.
    """
    writer = AnswerWriter(journal, ACT, talk.week.name)
    promise_ids: list[str] = []
    with journal.transaction():
        _require_one_outcome(journal, answers)
        unique = _drop_repeated(answers)
        for answer in unique:
            question_ids, changes = _answer_changes(journal, talk, answer, now)
            writer.save(*question_ids, build_changes=partial(tuple, changes))
            promise_ids += [change.id for change in changes if change.entity == "promise"][:1]
    promise_id = promise_ids[-1] if promise_ids and len(unique) == 1 else None
    return SavedAnswers(
        week=talk.week,
        saved_count=sum(not answer.is_skipped for answer in unique),
        repeated_count=len(answers) - len(unique),
        promise=promises.get(journal, promise_id) if promise_id else None,
        prefix_length=journal.prefix_lengths([promise_id])[promise_id] if promise_id else 0,
    )


def _drop_repeated(answers: Sequence[Answer]) -> tuple[Answer, ...]:
    """Return the answers without those that repeat another one; outcomes of promises are all kept."""
    unique: list[Answer] = []
    for answer in answers:
        cleaned = answer if answer.kind in STATE_BY_OUTCOME else replace(answer, text=clean_text(answer.text))
        if cleaned.kind in STATE_BY_OUTCOME or cleaned not in unique:
            unique.append(cleaned)
    return tuple(unique)


def _require_one_outcome(journal: Journal, answers: Sequence[Answer]) -> None:
    """Raise ConflictingOutcomes if two answers settle one promise differently."""
    outcomes: dict[str, str] = {}
    for answer in answers:
        if answer.kind in STATE_BY_OUTCOME:
            promise = find_promise(journal, answer.target_id or "")
            first = outcomes.setdefault(promise.id, answer.kind)
            if first != answer.kind:
                raise ConflictingOutcomes(first, answer.kind, promise.text)


def _answer_changes(
    journal: Journal, talk: WeeklyTalk, answer: Answer, now: datetime
) -> tuple[list[str], list[Change]]:
    """Return the ids of the questions that an answer answers, and its changes.

    For a kept step, the question of whether its pain point is fixed counts as asked too.
    """
    if answer.kind not in ANSWERABLE_QUESTIONS:
        raise UnknownChoice("question", answer.kind, ANSWERABLE_QUESTIONS)
    if answer.is_skipped:
        return [answer.kind], []
    if answer.kind in STATE_BY_OUTCOME:
        promise = find_promise(journal, answer.target_id or "")
        question_ids = [promise_question_id(promise)]
        if promise.pain and answer.kind == "keep":
            question_ids.append(f"{FIXED_QUESTION_PREFIX}{promise.pain}")
        return question_ids, build_outcome_changes(promise, answer.kind, talk, now)
    if answer.kind == STEP_QUESTION and answer.target_id:
        pain = find_pain(journal, answer.target_id)
        return [STEP_QUESTION], build_step_changes(journal, talk, pain, clean_answer(answer.text), now)
    return [answer.kind], list(build_text_answer_changes(talk, answer, now))


# After: the promises for the next review


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeklyTalkSummary:
    """The end of a talk: the promises that the next review starts with, the next due first."""

    saved_count: int
    promises: PromiseList
    due: date


def summarize_weekly_talk(journal: Journal, talk: WeeklyTalk, saved_count: int) -> WeeklyTalkSummary:
    """Load the open promises up to the next review day."""
    listed = list_promises(journal, talk.today, include_settled=False)
    due = tuple(promise for promise in listed.promises if promise.due <= talk.due)
    return WeeklyTalkSummary(saved_count=saved_count, promises=replace(listed, promises=due), due=talk.due)
