"""Holding the Friday talk: it asks what is left to ask about a week, and writes the answers down.

Each answer is written down the moment it is confirmed; all of one sitting is one thing to undo.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from valuelog.journal import pains, promises
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Kind, clean_text
from valuelog.model.errors import PainClosed
from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day, format_period
from valuelog.model.promise import Promise, PromiseKind
from valuelog.model.question import Question
from valuelog.workflows import pains as following
from valuelog.workflows.prompter import Ask, option
from valuelog.workflows.sitting import Sitting
from valuelog.workflows.weekly_talk import (
    ACT,
    GONE,
    ONE_BY_ONE,
    STEP,
    Answer,
    Talk,
    hurting,
    named,
    planned,
    said_in_words,
    settled,
)
from valuelog.workflows.writing import Note

LATER = "say it later"


def _called(promise: Promise) -> str:
    """Say in one line what was promised."""
    to = "" if promise.kind is PromiseKind.STEP else f"{promise.kind} "
    return f"{to}{promise.text.partition(chr(10))[0]}"


def hold(journal: Journal, ask: Ask, talk: Talk, clock: Callable[[], datetime]) -> int:
    """Ask what is left to ask. Returns how many answers were saved. Raises Stopped when a person breaks off."""
    sitting = _Sitting(journal, ask, talk, clock)
    again = f"valuelog review --week {talk.week.name}" if talk.today not in talk.week else "valuelog review --week"
    with sitting.going_on(format_period(talk.week), again):
        for pain in talk.tried:
            sitting.follow_up(pain.id)
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
        """Ask which ones of many promises were kept, and what of the others: that is one question, and one answer."""
        before = self.saved
        self._ask.title("Which of these did you keep?")
        options = [option(f"{_called(one)}, until {format_day(one.due, self._talk.today)}") for one in due]
        kept = [due[place] for place in self._ask.several("", options)]
        if kept:
            self._became(kept, "keep")
        if rest := [one for one in due if one not in kept]:
            self._sort_out_rest(rest)
        self.saved = min(self.saved, before + 1)
        for name in dict.fromkeys(one.pain for one in kept if one.pain):
            self.follow_up(name)

    def _became(self, some: Sequence[Promise], became: str) -> None:
        """Write down what became of some promises; nothing yet where that is not said."""
        self._answer(*map(named, some), said=lambda: [each for one in some for each in self._settled(one, became)])

    def _sort_out_rest(self, rest: Sequence[Promise]) -> None:
        """Ask what of the promises that were not kept; where somebody says it later, say how."""
        fates = {
            f"carry all over to {format_day(self._talk.due)}": "carry",
            "none of them was kept": "break",
            LATER: "",
        }
        became = tuple(fates.values())[self._ask.one("What of the rest?", tuple(fates), len(fates) - 1)]
        self._became(rest, became)
        if not became:
            letters = self._journal.prefix_lengths(one.id for one in rest)
            typed = [one.id[: letters[one.id]] for one in rest]
            listed = ", ".join(f"{name} {_called(one)}" for name, one in zip(typed, rest, strict=True))
            self._ask.title(f"Still open: {listed}", f"valuelog promise carry {typed[0]}")

    def settle(self, promise: Promise) -> None:
        """Ask what became of a promise; one that is a step for a pain point may have ended it."""
        due = self._talk.due
        done = {"kept": "keep", "not kept": "break", f"carry it over to {format_day(due)}": "carry", LATER: ""}
        how = ":" if promise.kind is PromiseKind.STEP else " to"
        self._ask.title(f"You promised{how} {_called(promise)}", f"until {format_day(promise.due, self._talk.today)}")
        became = tuple(done.values())[self._ask.one("what became of it?", tuple(done), len(done) - 1)]
        self._became([promise], became)
        if became == "keep" and promise.pain:
            self.follow_up(promise.pain)

    def _settled(self, promise: Promise, became: str) -> list[Change]:
        """Return what an answer changes about a promise, unless another terminal settled it meanwhile."""
        now = promises.reload(self._journal, promise)
        return [settled(now, became, self._talk)] if became and now.is_open else []

    def follow_up(self, name: str) -> None:
        """Ask whether a pain point is gone, until that is answered; how it came about is an improvement."""
        for pain in pains.get_many(self._journal, [name]):
            if pain.is_open and self._ask.yes(f"Is “{pain.text}” gone now?", default=False):
                self._fixed(pain)
            self._write(f"{GONE}{name}")

    def _fixed(self, pain: PainPoint) -> None:
        """Ask how a pain point was fixed."""
        empty = Note(kind=Kind.IMPROVEMENT, text="", day=self._talk.today)
        done = following.fix_asked(self._journal, self._ask, pain, empty, self._clock(), (ACT, self._batch))
        self.saved += done is not None
        if done and done.joining:
            self._ask.title(f"What is better {done.joining}")

    def put(self, prompt: Question, *, hint: str) -> None:
        """Ask one question; for a small step only where something hurts that has none."""
        some = hurting(self._journal, self._talk.week) if prompt.becomes == STEP else ()
        if prompt.becomes == STEP and not some:
            return
        self._ask.title(prompt.text, hint)
        if some:
            self._step(prompt, some)
        elif answer := self._ask.line(words=self._words, check=clean_text):
            told = Answer(question=prompt.becomes or prompt.id, text=answer)
            self._answer(prompt.id, said=lambda: tuple(said_in_words(self._talk, told, self._clock())))
        else:
            self._answer(prompt.id)

    def _step(self, prompt: Question, some: Sequence[PainPoint]) -> None:
        """Ask which pain point gets a small step, and which one."""
        offered = [option(pain.headline) for pain in some]
        place = self._ask.one("which one?", [*offered, "none of them"], len(offered))
        until = f"which small step until {format_day(self._talk.due)}?"
        step = self._ask.line(until, self._words, check=clean_text) if place < len(offered) else ""
        self._answer(prompt.id, said=lambda: self._planned(some[place], step) if step else ())

    def _planned(self, pain: PainPoint, step: str) -> list[Change]:
        """Return the changes that promise a step for a pain point; just so, if another terminal closed it meanwhile."""
        try:
            return planned(self._journal, self._talk, pains.reload(self._journal, pain), step, self._clock())
        except PainClosed:
            return list(said_in_words(self._talk, Answer(question=STEP, text=step), self._clock()))
