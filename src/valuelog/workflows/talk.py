"""The Friday talk: what became of the promises, and what the week that is over asks of the next one.

Each answer is written down the moment it is confirmed; all of one sitting is one thing to undo.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from valuelog.journal import days, pains, promises
from valuelog.journal.changes import Change
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.customs import Customs
from valuelog.model.entry import Kind, clean
from valuelog.model.errors import BadInput, Stopped, UnknownWord
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, Unit, short, title
from valuelog.model.promise import LEVEL, Promise, PromiseKind, PromiseState
from valuelog.model.prompt import Prompt
from valuelog.workflows import pains as following
from valuelog.workflows import promises as promising
from valuelog.workflows.asking import Ask
from valuelog.workflows.evening import known_words
from valuelog.workflows.writing import Note

MOST_PAINS = 5
"""So many pain points are offered for a small step, those that press most."""

ACT = "reflect"

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
        return len(self.promises) + len(self.left)


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


def begin(journal: Journal, week: Period, today: date, customs: Customs, prompts: Sequence[Prompt]) -> Talk:
    """Look at what is due and at what nobody has answered or passed over yet. Raises WrongWeek."""
    if not about(week, today):
        raise WrongWeek
    known = days.asked(journal, week.name)
    friday = week.start + timedelta(days=customs.review_day)
    hurting = pains.unplanned(journal, least=1, most=MOST_PAINS)
    return Talk(
        week=week,
        today=today,
        due=customs.review_after(max(today, friday)),
        promises=tuple(
            one for one in promises.to_keep(journal, until=max(week.end, today)) if _named(one) not in known
        ),
        pains=hurting,
        left=tuple(one for one in prompts if one.id not in known and (hurting or one.becomes != STEP)),
        ripe=today >= friday,
    )


def _named(promise: Promise) -> str:
    """Name the question what became of a promise."""
    return f"promise-{promise.id}"


def hold(journal: Journal, ask: Ask, talk: Talk, clock: Callable[[], datetime]) -> int:
    """Ask what is left to ask. Returns how many answers were saved. Raises Stopped when a person breaks off."""
    sitting = _Sitting(journal, ask, talk, clock)
    try:
        for promise in talk.promises:
            sitting.settle(promise)
        for place, prompt in enumerate(talk.left):
            sitting.put(prompt, hint="" if place else "Enter alone goes on")
    except (KeyboardInterrupt, EOFError):
        again = f"valuelog review --week {talk.week.name}" if talk.today not in talk.week else "valuelog review --week"
        raise Stopped(_kept(sitting.saved, talk.week), f"Go on where you stopped: {again}") from None
    return sitting.saved


def _kept(saved: int, week: Period) -> str:
    said = {0: "Nothing was confirmed", 1: "1 answer is saved"}.get(saved, f"{saved} answers are saved")
    return f"Stopped. {said} for {title(week)}."


class _Sitting:
    """One sitting: all that it writes is one batch."""

    def __init__(self, journal: Journal, ask: Ask, talk: Talk, clock: Callable[[], datetime]) -> None:
        self._journal = journal
        self._ask = ask
        self._talk = talk
        self._clock = clock
        self._batch = new_id()
        self._words = tuple(known_words(journal))
        self.saved = 0

    def _write(self, question: str, changes: Sequence[Change]) -> None:
        """Write an answer down, and that its question was asked."""
        self.saved += bool(changes)
        with self._journal.transaction():
            mark = days.ask_once(self._journal, self._talk.week.name, question)
            if changes or mark:
                self._journal.write(ACT, [*changes, *mark], batch=self._batch)

    def settle(self, promise: Promise) -> None:
        """Ask what became of a promise; one that is a step for a pain point may have ended it."""
        due = self._talk.due
        done = {"kept": "keep", "not kept": "break", f"carry it over to {short(due)}": "carry", "say it later": ""}
        to = "" if promise.kind is PromiseKind.STEP else f" to {promise.kind}"
        said = promise.text.partition("\n")[0]
        self._ask.title(f"You promised{to}: {said}", f"until {short(promise.due, self._talk.today)}")
        became = tuple(done.values())[self._ask.one("what became of it?", tuple(done), len(done) - 1)]
        self._write(_named(promise), [_settled(promise, became, self._talk)] if became else [])
        if became == "keep" and promise.pain:
            self._fixed(pains.get(self._journal, promise.pain))

    def _fixed(self, pain: PainPoint) -> None:
        """Ask whether a pain point is gone; how that came about is an improvement."""
        if pain.open and self._ask.yes(f"Is “{pain.text}” gone now?", default=False):
            empty = Note(kind=Kind.IMPROVEMENT, text="", day=self._talk.today)
            said = following.asked_how(self._ask, pain, empty, self._words)
            if said.text:
                _, _, changes = following.fixed(self._journal, pain, said, self._clock())
                self._journal.write(ACT, changes, batch=self._batch)

    def put(self, prompt: Prompt, *, hint: str) -> None:
        """Ask one question."""
        self._ask.title(prompt.ask, hint)
        if prompt.becomes == STEP:
            self._write(prompt.id, self._step())
            return
        answer = self._ask.line(words=self._words, check=clean)
        said = Answer(question=prompt.becomes or prompt.id, text=answer)
        self._write(prompt.id, [*_said(self._talk, said, self._clock())] if answer else [])

    def _step(self) -> list[Change]:
        """Ask which pain point gets a small step, and which one."""
        offered = [pain.text.partition("\n")[0] for pain in self._talk.pains]
        place = self._ask.one("which one?", [*offered, "none of them"], len(offered))
        if place == len(offered):
            return []
        step = self._ask.line(f"which small step until {short(self._talk.due)}?", self._words, check=clean)
        if not step:
            return []
        pain = pains.get(self._journal, self._talk.pains[place].id)
        return _planned(self._journal, self._talk, pain, step, self._clock())


def _settled(promise: Promise, said: str, talk: Talk) -> Change:
    state = SETTLING[said]
    after = promise.carry(talk.due) if state is PromiseState.OPEN else promise.settled(state, talk.today)
    return promises.changed(promise, after)


def _said(talk: Talk, answer: Answer, now: datetime) -> Iterator[Change]:
    """Return the changes that an answer in words makes: it is kept with the week, a promise as such."""
    text = clean(answer.text)
    if answer.question == LEVEL:
        yield promises.reflected(talk.week.name, LEVEL, now, answer=text)
        return
    made = promising.promised(PromiseKind(answer.question), text, talk.due, talk.today, now)
    yield promises.birth(made)
    yield promises.reflected(talk.week.name, answer.question, now, promise=made.id)


def _planned(journal: Journal, talk: Talk, pain: PainPoint, step: str, now: datetime) -> list[Change]:
    """Return the changes that promise a small step for a pain point in the talk. Raises PainClosed."""
    changes = following.planned(journal, pain, step, talk.due, talk.today, now)
    promise = next(change.id for change in changes if change.entity == "promise")
    return [*changes, promises.reflected(talk.week.name, STEP, now, promise=promise)]


def write_all(journal: Journal, talk: Talk, answers: Sequence[Answer], now: datetime) -> None:
    """Write answers down that nobody had to be asked for, all or none.

    Raises UnknownWord, UnknownId, AmbiguousId, PromiseClosed or PainClosed.
    """
    batch = new_id()
    with journal.transaction():
        for answer in answers:
            question, changes = _answered(journal, talk, answer, now)
            mark = days.ask_once(journal, talk.week.name, question)
            journal.write(ACT, [*changes, *mark], batch=batch)


def _answered(journal: Journal, talk: Talk, answer: Answer, now: datetime) -> tuple[str, list[Change]]:
    """Return which question an answer answers, and the changes that it makes."""
    if answer.question not in ANSWERABLE:
        raise UnknownWord("question", answer.question, ANSWERABLE)
    if answer.question in SETTLING:
        promise = promising.find(journal, answer.of)
        return _named(promise), [_settled(promise, answer.question, talk)]
    if answer.question == STEP and answer.of:
        return STEP, _planned(journal, talk, following.find(journal, answer.of), answer.text, now)
    return answer.question, list(_said(talk, answer, now))


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
