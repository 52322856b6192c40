"""The Friday talk: what became of the promises, and what the week that is over asks of the next one.

Each answer is written down the moment it is confirmed; all of one sitting is one thing to undo.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from valuelog.journal import days, pains, promises
from valuelog.journal.changes import Change
from valuelog.journal.store import Journal
from valuelog.model.customs import Customs
from valuelog.model.entry import Kind, clean
from valuelog.model.errors import BadInput, PainClosed
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit, short, title
from valuelog.model.promise import LEVEL, Promise, PromiseKind, PromiseState
from valuelog.model.prompt import Prompt
from valuelog.workflows import pains as following
from valuelog.workflows import promises as promising
from valuelog.workflows.asking import Ask
from valuelog.workflows.sitting import Sitting
from valuelog.workflows.writing import Note

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

STEP = str(PromiseKind.STEP)
SETTLING = {"keep": PromiseState.KEPT, "break": PromiseState.BROKEN, "carry": PromiseState.OPEN}
"""What can be said of a promise that is due; one that is carried over stays open."""

ANSWERABLE = (*SETTLING, *map(str, PromiseKind), LEVEL)
"""What can be answered without being asked."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Talk:
    """The talk about one week before anything is asked: what is left to ask, and until when promises will be due."""

    week: Period
    today: date
    due: date
    promises: tuple[Promise, ...]
    pains: tuple[PainPoint, ...]
    left: tuple[Prompt, ...]
    ripe: bool

    @property
    def questions(self) -> int:
        """How many questions there are."""
        return _at_once(len(self.promises)) + len(self.left)


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
    return week.unit is Unit.WEEK and (today in week or today in week.before(-1))


def begin(
    journal: Journal, week: Period, today: date, customs: Customs, prompts: Sequence[Prompt], *, again: bool = False
) -> Talk:
    """Look at what is due and at what nobody has answered yet, or `again` passed over. Raises WrongWeek."""
    if not about(week, today):
        raise WrongWeek
    answered = (one.question for one in promises.reflections(journal, (week.name,)))
    known = frozenset(answered) if again else days.asked(journal, week.name)
    friday = week.start + timedelta(days=customs.review_day)
    hurting = pains.unplanned(journal, least=1, most=MOST_PAINS)
    due = tuple(one for one in promises.to_keep(journal, until=max(week.end, today)) if named(one) not in known)
    left = tuple(one for one in prompts if one.id not in known and (hurting or one.becomes != STEP))
    return Talk(
        week=week,
        today=today,
        due=customs.review_after(max(today, friday)),
        promises=due,
        pains=hurting,
        left=_fitting(left, MOST - _asked(known) - _at_once(len(due))),
        ripe=today >= friday,
    )


def _at_once(promises: int) -> int:
    """Return how many questions ask what became of some promises."""
    return promises if promises <= ONE_BY_ONE else 1


def _asked(known: frozenset[str]) -> int:
    """Return how many questions were asked before; which ones of many promises were kept is one."""
    settled = sum(one.startswith(PROMISED) for one in known)
    return len(known) - settled + _at_once(settled)


def _fitting(left: tuple[Prompt, ...], room: int) -> tuple[Prompt, ...]:
    """Leave out what can wait, if there is no room for all."""
    return left if len(left) <= room else tuple(one for one in left if one.becomes != SPARE)


def named(promise: Promise) -> str:
    """Name the question what became of a promise."""
    return f"{PROMISED}{promise.id}"


def _called(promise: Promise) -> str:
    """Say in one line what was promised."""
    to = "" if promise.kind is PromiseKind.STEP else f"{promise.kind} "
    return f"{to}{promise.text.partition(chr(10))[0]}"


def hold(journal: Journal, ask: Ask, talk: Talk, clock: Callable[[], datetime]) -> int:
    """Ask what is left to ask. Returns how many answers were saved. Raises Stopped when a person breaks off."""
    sitting = _Sitting(journal, ask, talk, clock)
    again = f"valuelog review --week {talk.week.name}" if talk.today not in talk.week else "valuelog review --week"
    with sitting.going_on(title(talk.week), again):
        if len(talk.promises) > ONE_BY_ONE:
            sitting.sort_out(talk.promises)
        else:
            for promise in talk.promises:
                sitting.settle(promise)
        for place, prompt in enumerate(talk.left):
            sitting.put(prompt, hint="" if place else "Enter alone goes on")
    return sitting.saved


class _Sitting(Sitting):
    """The questions of a talk, and what follows from their answers."""

    def __init__(self, journal: Journal, ask: Ask, talk: Talk, clock: Callable[[], datetime]) -> None:
        super().__init__(journal, ask, clock, act=ACT, about=talk.week.name)
        self._talk = talk

    def _answer(self, *questions: str, said: Callable[[], Iterable[Change]] = tuple) -> None:
        """Write an answer down, which counts if it changes anything."""
        self.saved += bool(self._write(*questions, said=said))

    def sort_out(self, due: Sequence[Promise]) -> None:
        """Ask which ones of many promises were kept; the others stay open, and how to settle them is said."""
        self._ask.title("Which of these did you keep?")
        options = [f"{_called(one)}, until {short(one.due, self._talk.today)}" for one in due]
        kept_ones = [due[place] for place in self._ask.several("", options)]
        self._answer(
            *map(named, due), said=lambda: [change for one in kept_ones for change in self._settled(one, "keep")]
        )
        self._still_open([one for one in due if one not in kept_ones])
        for name in dict.fromkeys(one.pain for one in kept_ones if one.pain):
            self._fixed(name)

    def _still_open(self, rest: Sequence[Promise]) -> None:
        letters = self._journal.letters(one.id for one in rest)
        if listed := ", ".join(f"{one.id[: letters[one.id]]} {_called(one)}" for one in rest):
            self._ask.title(f"Still open: {listed}", "valuelog promise carry|break ID")

    def settle(self, promise: Promise) -> None:
        """Ask what became of a promise; one that is a step for a pain point may have ended it."""
        due = self._talk.due
        done = {"kept": "keep", "not kept": "break", f"carry it over to {short(due)}": "carry", "say it later": ""}
        how = ":" if promise.kind is PromiseKind.STEP else " to"
        self._ask.title(f"You promised{how} {_called(promise)}", f"until {short(promise.due, self._talk.today)}")
        became = tuple(done.values())[self._ask.one("what became of it?", tuple(done), len(done) - 1)]
        self._answer(named(promise), said=lambda: self._settled(promise, became))
        if became == "keep" and promise.pain:
            self._fixed(promise.pain)

    def _settled(self, promise: Promise, became: str) -> list[Change]:
        """Return what an answer changes about a promise, unless another terminal settled it meanwhile."""
        now = promises.current(self._journal, promise)
        return [settled(now, became, self._talk)] if became and now.open else []

    def _fixed(self, name: str) -> None:
        """Ask whether a pain point is gone; how that came about is an improvement."""
        for pain in pains.some(self._journal, [name]):
            if pain.open and self._ask.yes(f"Is “{pain.text}” gone now?", default=False):
                empty = Note(kind=Kind.IMPROVEMENT, text="", day=self._talk.today)
                done = following.fix_asked(self._journal, self._ask, pain, empty, self._clock(), (ACT, self._batch))
                self.saved += done is not None

    def put(self, prompt: Prompt, *, hint: str) -> None:
        """Ask one question."""
        self._ask.title(prompt.ask, hint)
        if prompt.becomes == STEP:
            self._step(prompt)
        elif answer := self._ask.line(words=self._words, check=clean):
            told = Answer(question=prompt.becomes or prompt.id, text=answer)
            self._answer(prompt.id, said=lambda: tuple(said_in_words(self._talk, told, self._clock())))
        else:
            self._answer(prompt.id)

    def _step(self, prompt: Prompt) -> None:
        """Ask which pain point gets a small step, and which one."""
        offered = [pain.headline for pain in self._talk.pains]
        place = self._ask.one("which one?", [*offered, "none of them"], len(offered))
        until = f"which small step until {short(self._talk.due)}?"
        step = self._ask.line(until, self._words, check=clean) if place < len(offered) else ""
        self._answer(prompt.id, said=lambda: self._planned(self._talk.pains[place], step) if step else ())

    def _planned(self, pain: PainPoint, step: str) -> list[Change]:
        """Return the changes that promise a step for a pain point; just so, if another terminal closed it meanwhile."""
        try:
            return planned(self._journal, self._talk, pains.current(self._journal, pain), step, self._clock())
        except PainClosed:
            return list(said_in_words(self._talk, Answer(question=STEP, text=step), self._clock()))


def settled(promise: Promise, said: str, talk: Talk) -> Change:
    """Return the change that settles a promise, or carries it over to the next talk. Raises PromiseClosed."""
    state = SETTLING[said]
    after = promise.carry(talk.due) if state is PromiseState.OPEN else promise.settled(state, talk.today)
    return promises.changed(promise, after)


def said_in_words(talk: Talk, answer: Answer, now: datetime) -> Iterator[Change]:
    """Return the changes that an answer in words makes: it is kept with the week, a promise as such."""
    text = clean(answer.text)
    if answer.question == LEVEL:
        yield promises.reflected(talk.week.name, LEVEL, now, answer=text)
        return
    made = promising.promised(PromiseKind(answer.question), text, talk.due, talk.today, now)
    yield promises.birth(made)
    yield promises.reflected(talk.week.name, answer.question, now, promise=made.id)


def planned(journal: Journal, talk: Talk, pain: PainPoint, step: str, now: datetime) -> list[Change]:
    """Return the changes that promise a small step for a pain point in the talk. Raises PainClosed."""
    promise, changes = following.planned(journal, pain, step, talk.due, talk.today, now)
    return [*changes, promises.reflected(talk.week.name, STEP, now, promise=promise.id)]


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
