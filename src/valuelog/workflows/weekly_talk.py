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

MOST = 5
"""So many questions a talk has at most."""

ONE_BY_ONE = 2
"""So many promises that are due are asked about one by one; of more, one question asks which ones were kept."""

SPARE = str(PromiseKind.START)
"""What is not asked for where there would be too many questions."""

MOST_PAINS = 5
"""So many pain points are offered for a small step, those that press most."""

ACT = "reflect"

PROMISED = "promise-"
"""How the question what became of a promise begins, before its id."""

GONE = "gone-"
"""How the question begins that follows a step which was taken: whether its pain point is gone, before that one's id."""

STEP = str(PromiseKind.STEP)
SETTLING = {"keep": PromiseState.KEPT, "break": PromiseState.BROKEN, "carry": PromiseState.OPEN}
"""What can be said of a promise that is due; one that is carried over stays open."""

ANSWERABLE = (*SETTLING, *map(str, PromiseKind), LEVEL_QUESTION)
"""What can be answered without being asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """The talk about one week before anything is asked: what is left to ask, and until when promises will be due.

    Of the pain points in `tried` a step was taken, and nobody said yet whether they are gone.
    """

    week: Period
    today: date
    due: date
    promises: tuple[Promise, ...]
    tried: tuple[PainPoint, ...]
    left: tuple[Question, ...]
    ripe: bool

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return _at_once(len(self.promises)) + bool(self.tried) + len(self.left)


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer that nobody had to be asked for: to which question, its words, and the id of what it is about."""

    question: str
    text: str = ""
    of: str = ""


class WrongWeek(BadInput):
    """A talk about a week that is long over, or about something that is no week."""

    def __init__(self) -> None:
        """Say which weeks can be talked about."""
        super().__init__(
            "The Friday talk looks back on this week or on the last one.",
            "Write: valuelog review --week, or: valuelog review --week last",
        )


def about(week: Period, today: date) -> bool:
    """Tell whether a Period can be talked about: this week, or the last one."""
    return week.unit is Unit.WEEK and (today in week or today in week.previous(-1))


def begin(
    journal: Journal, week: Period, today: date, customs: Schedule, prompts: Sequence[Question], *, again: bool = False
) -> Talk:
    """Look at what is due and at what nobody has answered yet, or `again` passed over. Raises WrongWeek."""
    if not about(week, today):
        raise WrongWeek
    marks = days.list_asked_questions(journal, week.name)
    answered = (one.question for one in promises.list_reflections(journal, (week.name,)))
    known = frozenset(answered) if again else marks
    friday = week.start + timedelta(days=customs.review_day)
    due = tuple(
        one for one in promises.list_open_promises(journal, until=max(week.end, today)) if named(one) not in known
    )
    tried = _tried(journal, Period(start=week.start, end=max(week.end, today)), marks)
    may_hurt = tried or any(one.pain for one in due) or hurting(journal, week)
    left = tuple(one for one in prompts if one.id not in known and (may_hurt or one.becomes != STEP))
    return Talk(
        week=week,
        today=today,
        due=customs.next_review_day(max(today, friday)),
        promises=due,
        tried=tried,
        left=_fitting(left, MOST - _asked(known) - _at_once(len(due))),
        ripe=today >= friday,
    )


def _tried(journal: Journal, period: Period, marks: frozenset[str]) -> tuple[PainPoint, ...]:
    """Return the pain points of which the talk heard that a step was taken, and not yet whether they are gone."""
    kept = (
        one
        for one in promises.list_promises_in(journal, period)
        if one.state is PromiseState.KEPT and named(one) in marks
    )
    names = dict.fromkeys(one.pain for one in kept if one.pain and f"{GONE}{one.pain}" not in marks)
    return tuple(pain for pain in pains.get_many(journal, [*names]) if pain.is_open)


def hurting(journal: Journal, week: Period) -> tuple[PainPoint, ...]:
    """Return what a small step is offered for: what is not gone although a step was taken, then what presses most."""
    marks = days.list_asked_questions(journal, week.name)
    names = sorted(one.removeprefix(GONE) for one in marks if one.startswith(GONE))
    still = (pain for pain in pains.get_many(journal, names) if pain.is_open and not pain.step)
    found = {pain.id: pain for pain in (*still, *pains.list_unplanned_pains(journal, min_days=1, limit=MOST_PAINS))}
    return tuple(found.values())[:MOST_PAINS]


def _at_once(promises: int) -> int:
    """Return how many questions ask what became of some promises."""
    return promises if promises <= ONE_BY_ONE else 1


def _asked(known: frozenset[str]) -> int:
    """Return how many questions were asked before; which ones of many promises were kept is one."""
    settled = sum(one.startswith(PROMISED) for one in known)
    return sum(not one.startswith((PROMISED, GONE)) for one in known) + _at_once(settled)


def _fitting(left: tuple[Question, ...], room: int) -> tuple[Question, ...]:
    """Leave out what can wait, if there is no room for all."""
    return left if len(left) <= room else tuple(one for one in left if one.becomes != SPARE)


def named(promise: Promise) -> str:
    """Name the question what became of a promise."""
    return f"{PROMISED}{promise.id}"


def settled(promise: Promise, said: str, talk: Talk) -> Change:
    """Return the change that settles a promise, or carries it over to the next talk. Raises PromiseClosed."""
    state = SETTLING[said]
    after = promise.carry_over(talk.due) if state is PromiseState.OPEN else promise.settle(state, talk.today)
    return promises.update_change(promise, after)


def said_in_words(talk: Talk, answer: Answer, now: datetime) -> Iterator[Change]:
    """Return the changes that an answer in words makes: it is kept with the week, a promise as such."""
    text = clean_text(answer.text)
    if answer.question == LEVEL_QUESTION:
        yield promises.reflection_change(talk.week.name, LEVEL_QUESTION, now, answer=text)
        return
    made = promising.promised(PromiseKind(answer.question), text, talk.due, talk.today, now)
    yield promises.creation_change(made)
    yield promises.reflection_change(talk.week.name, answer.question, now, promise_id=made.id)


def planned(journal: Journal, talk: Talk, pain: PainPoint, step: str, now: datetime) -> list[Change]:
    """Return the changes that promise a small step for a pain point in the talk. Raises PainClosed."""
    promise, changes = following.planned(journal, pain, step, talk.due, talk.today, now)
    return [*changes, promises.reflection_change(talk.week.name, STEP, now, promise_id=promise.id)]


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """What a talk came to: the promises to keep now, the next first."""

    saved: int
    promises: promising.Promises
    due: date


def held(journal: Journal, talk: Talk, saved: int) -> Held:
    """Sum a talk up."""
    found = promising.listing(journal, talk.today, settled=False)
    later = tuple(one for one in found.promises if one.due <= talk.due)
    return Held(saved=saved, promises=replace(found, promises=later), due=talk.due)
