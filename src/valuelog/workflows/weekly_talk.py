"""The Friday talk: what there is to ask about a week, and what its answers become. It asks nobody itself."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from valuelog.journal import days, pains, promises
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import BadInput
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit
from valuelog.model.promise import LEVEL_QUESTION, Promise, PromiseKind, PromiseState
from valuelog.model.question import Question
from valuelog.model.schedule import Schedule
from valuelog.workflows import pains as following
from valuelog.workflows import promises as promising

MAX_QUESTIONS = 5
"""So many questions a talk has at most."""

MAX_PROMISES_ONE_BY_ONE = 2
"""So many promises that are due are asked about one by one; of more, one question asks which ones were kept."""

OPTIONAL_QUESTION = str(PromiseKind.START)
"""What is not asked for where there would be too many questions."""

MAX_PAINS_OFFERED = 5
"""So many pain points are offered for a small step, those that press most."""

ACT = "reflect"

PROMISE_QUESTION_PREFIX = "promise-"
"""How the question what became of a promise begins, before its id."""

GONE_QUESTION_PREFIX = "gone-"
"""How the question begins that follows a step which was taken: whether its pain point is gone, before that one's id."""

STEP_QUESTION = str(PromiseKind.STEP)
STATE_BY_OUTCOME = {"keep": PromiseState.KEPT, "break": PromiseState.BROKEN, "carry": PromiseState.OPEN}
"""What can be said of a promise that is due; one that is carried over stays open."""

ANSWERABLE_QUESTIONS = (*STATE_BY_OUTCOME, *map(str, PromiseKind), LEVEL_QUESTION)
"""What can be answered without being asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeklyTalk:
    """The talk about one week before anything is asked: what is left to ask, and until when promises will be due.

    Of the pain points in `tried` a step was taken, and nobody said yet whether they are gone.
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
        """How many questions there are."""
        return (
            _count_promise_questions(len(self.promises)) + bool(self.pains_to_follow_up) + len(self.remaining_questions)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer that nobody had to be asked for: to which question, its words, and the id of what it is about."""

    question: str
    text: str = ""
    target_id: str = ""


class NoTalkForPeriod(BadInput):
    """A talk about a week that is long over, or about something that is no week."""

    def __init__(self) -> None:
        """Say which weeks can be talked about."""
        super().__init__(
            "The Friday talk looks back on this week or on the last one.",
            "Write: valuelog review --week, or: valuelog review --week last",
        )


def has_weekly_talk(period: Period, today: date) -> bool:
    """Tell whether a Period can be talked about: this week, or the last one."""
    return period.unit is Unit.WEEK and (today in period or today in period.previous(-1))


def prepare_weekly_talk(
    journal: Journal,
    week: Period,
    today: date,
    schedule: Schedule,
    questions: Sequence[Question],
    *,
    again: bool = False,
) -> WeeklyTalk:
    """Look at what is due and at what nobody has answered yet, or `again` passed over. Raises WrongWeek."""
    if not has_weekly_talk(week, today):
        raise NoTalkForPeriod
    marks = days.list_asked_questions(journal, week.name)
    answered = (one.question for one in promises.list_reflections(journal, (week.name,)))
    known = frozenset(answered) if again else marks
    friday = week.start + timedelta(days=schedule.review_day)
    due = tuple(
        one
        for one in promises.list_open_promises(journal, until=max(week.end, today))
        if promise_question_id(one) not in known
    )
    tried = _find_pains_to_follow_up(journal, Period(start=week.start, end=max(week.end, today)), marks)
    may_hurt = tried or any(one.pain for one in due) or find_pains_for_step(journal, week)
    left = tuple(one for one in questions if one.id not in known and (may_hurt or one.becomes != STEP_QUESTION))
    return WeeklyTalk(
        week=week,
        today=today,
        due=schedule.next_review_day(max(today, friday)),
        promises=due,
        pains_to_follow_up=tried,
        remaining_questions=_drop_optional(
            left, MAX_QUESTIONS - _count_asked(known) - _count_promise_questions(len(due))
        ),
        is_due=today >= friday,
    )


def _find_pains_to_follow_up(journal: Journal, period: Period, asked_ids: frozenset[str]) -> tuple[PainPoint, ...]:
    """Return the pain points of which the talk heard that a step was taken, and not yet whether they are gone."""
    kept = (
        one
        for one in promises.list_promises_in(journal, period)
        if one.state is PromiseState.KEPT and promise_question_id(one) in asked_ids
    )
    names = dict.fromkeys(one.pain for one in kept if one.pain and f"{GONE_QUESTION_PREFIX}{one.pain}" not in asked_ids)
    return tuple(pain for pain in pains.get_many(journal, [*names]) if pain.is_open)


def find_pains_for_step(journal: Journal, week: Period) -> tuple[PainPoint, ...]:
    """Return what a small step is offered for: what is not gone although a step was taken, then what presses most."""
    marks = days.list_asked_questions(journal, week.name)
    names = sorted(one.removeprefix(GONE_QUESTION_PREFIX) for one in marks if one.startswith(GONE_QUESTION_PREFIX))
    still = (pain for pain in pains.get_many(journal, names) if pain.is_open and not pain.step)
    found = {
        pain.id: pain for pain in (*still, *pains.list_unplanned_pains(journal, min_days=1, limit=MAX_PAINS_OFFERED))
    }
    return tuple(found.values())[:MAX_PAINS_OFFERED]


def _count_promise_questions(promise_count: int) -> int:
    """Return how many questions ask what became of some promises."""
    return promise_count if promise_count <= MAX_PROMISES_ONE_BY_ONE else 1


def _count_asked(question_ids: frozenset[str]) -> int:
    """Return how many questions were asked before; which ones of many promises were kept is one."""
    settled = sum(one.startswith(PROMISE_QUESTION_PREFIX) for one in question_ids)
    return sum(
        not one.startswith((PROMISE_QUESTION_PREFIX, GONE_QUESTION_PREFIX)) for one in question_ids
    ) + _count_promise_questions(settled)


def _drop_optional(questions: tuple[Question, ...], limit: int) -> tuple[Question, ...]:
    """Leave out what can wait, if there is no room for all."""
    return questions if len(questions) <= limit else tuple(one for one in questions if one.becomes != OPTIONAL_QUESTION)


def promise_question_id(promise: Promise) -> str:
    """Name the question what became of a promise."""
    return f"{PROMISE_QUESTION_PREFIX}{promise.id}"


def build_outcome_change(promise: Promise, outcome: str, talk: WeeklyTalk) -> Change:
    """Return the change that settles a promise, or carries it over to the next talk. Raises PromiseClosed."""
    state = STATE_BY_OUTCOME[outcome]
    after = promise.carry_over(talk.due) if state is PromiseState.OPEN else promise.settle(state, talk.today)
    return promises.update_change(promise, after)


def build_text_answer_changes(talk: WeeklyTalk, answer: Answer, now: datetime) -> Iterator[Change]:
    """Return the changes that an answer in words makes: it is kept with the week, a promise as such."""
    text = clean_text(answer.text)
    if answer.question == LEVEL_QUESTION:
        yield promises.reflection_change(talk.week.name, LEVEL_QUESTION, now, answer=text)
        return
    made = promising.build_promise(PromiseKind(answer.question), text, talk.due, talk.today, now)
    yield promises.creation_change(made)
    yield promises.reflection_change(talk.week.name, answer.question, now, promise_id=made.id)


def build_step_changes(journal: Journal, talk: WeeklyTalk, pain: PainPoint, step: str, now: datetime) -> list[Change]:
    """Return the changes that promise a small step for a pain point in the talk. Raises PainClosed."""
    promise, changes = following.plan_step_changes(journal, pain, step, talk.due, talk.today, now)
    return [*changes, promises.reflection_change(talk.week.name, STEP_QUESTION, now, promise_id=promise.id)]


@dataclass(frozen=True, kw_only=True, slots=True)
class WeeklyTalkSummary:
    """What a talk came to: the promises to keep now, the next first."""

    saved_count: int
    promises: promising.PromiseList
    due: date


def summarize_weekly_talk(journal: Journal, talk: WeeklyTalk, saved_count: int) -> WeeklyTalkSummary:
    """Sum a talk up."""
    found = promising.list_promises(journal, talk.today, include_settled=False)
    later = tuple(one for one in found.promises if one.due <= talk.due)
    return WeeklyTalkSummary(saved_count=saved_count, promises=replace(found, promises=later), due=talk.due)
