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
from valuelog.workflows.prompter import Prompter, format_option
from valuelog.workflows.sitting import Session
from valuelog.workflows.weekly_talk import (
    ACT,
    GONE_QUESTION_PREFIX,
    MAX_PROMISES_ONE_BY_ONE,
    STEP_QUESTION,
    Answer,
    WeeklyTalk,
    build_outcome_change,
    build_step_changes,
    build_text_answer_changes,
    find_pains_for_step,
    promise_question_id,
)
from valuelog.workflows.writing import Note

LATER_LABEL = "say it later"


def _describe_promise(promise: Promise) -> str:
    """Say in one line what was promised."""
    to = "" if promise.kind is PromiseKind.STEP else f"{promise.kind} "
    return f"{to}{promise.text.partition(chr(10))[0]}"


def run_weekly_talk(journal: Journal, prompter: Prompter, talk: WeeklyTalk, clock: Callable[[], datetime]) -> int:
    """Ask what is left to ask. Returns how many answers were saved. Raises Stopped when a person breaks off."""
    sitting = _WeeklyTalkSession(journal, prompter, talk, clock)
    again = f"valuelog review --week {talk.week.name}" if talk.today not in talk.week else "valuelog review --week"
    with sitting.convert_interrupt(format_period(talk.week), again):
        for pain in talk.pains_to_follow_up:
            sitting.ask_pain_gone(pain.id)
        if len(talk.promises) > MAX_PROMISES_ONE_BY_ONE:
            sitting.ask_kept_promises(talk.promises)
        else:
            for promise in talk.promises:
                sitting.ask_promise(promise)
        for place, prompt in enumerate(talk.remaining_questions):
            sitting.ask_question(prompt, hint="" if place else "Enter alone goes on")
    return sitting.saved_count


class _WeeklyTalkSession(Session):
    """The questions of a talk, and what follows from their answers."""

    def __init__(self, journal: Journal, prompter: Prompter, talk: WeeklyTalk, clock: Callable[[], datetime]) -> None:
        super().__init__(journal, prompter, clock, act=ACT, period_name=talk.week.name)
        self._talk = talk

    def _save_answer(self, *questions: str, make_changes: Callable[[], Iterable[Change]] = tuple) -> None:
        """Write an answer down, which counts if it changes anything."""
        self.saved_count += bool(self._write(*questions, make_changes=make_changes))

    def ask_kept_promises(self, due: Sequence[Promise]) -> None:
        """Ask which ones of many promises were kept, and what of the others: that is one question, and one answer."""
        before = self.saved_count
        self._prompter.show_heading("Which of these did you keep?")
        options = [
            format_option(f"{_describe_promise(one)}, until {format_day(one.due, self._talk.today)}") for one in due
        ]
        kept = [due[place] for place in self._prompter.select_many("", options)]
        if kept:
            self._save_outcome(kept, "keep")
        if rest := [one for one in due if one not in kept]:
            self._ask_remaining_promises(rest)
        self.saved_count = min(self.saved_count, before + 1)
        for name in dict.fromkeys(one.pain for one in kept if one.pain):
            self.ask_pain_gone(name)

    def _save_outcome(self, settled: Sequence[Promise], outcome: str) -> None:
        """Write down what became of some promises; nothing yet where that is not said."""
        self._save_answer(
            *map(promise_question_id, settled),
            make_changes=lambda: [each for one in settled for each in self._outcome_changes(one, outcome)],
        )

    def _ask_remaining_promises(self, remaining: Sequence[Promise]) -> None:
        """Ask what of the promises that were not kept; where somebody says it later, say how."""
        fates = {
            f"carry all over to {format_day(self._talk.due)}": "carry",
            "none of them was kept": "break",
            LATER_LABEL: "",
        }
        became = tuple(fates.values())[self._prompter.select_one("What of the rest?", tuple(fates), len(fates) - 1)]
        self._save_outcome(remaining, became)
        if not became:
            letters = self._journal.prefix_lengths(one.id for one in remaining)
            typed = [one.id[: letters[one.id]] for one in remaining]
            listed = ", ".join(f"{name} {_describe_promise(one)}" for name, one in zip(typed, remaining, strict=True))
            self._prompter.show_heading(f"Still open: {listed}", f"valuelog promise carry {typed[0]}")

    def ask_promise(self, promise: Promise) -> None:
        """Ask what became of a promise; one that is a step for a pain point may have ended it."""
        due = self._talk.due
        done = {"kept": "keep", "not kept": "break", f"carry it over to {format_day(due)}": "carry", LATER_LABEL: ""}
        how = ":" if promise.kind is PromiseKind.STEP else " to"
        self._prompter.show_heading(
            f"You promised{how} {_describe_promise(promise)}", f"until {format_day(promise.due, self._talk.today)}"
        )
        became = tuple(done.values())[self._prompter.select_one("what became of it?", tuple(done), len(done) - 1)]
        self._save_outcome([promise], became)
        if became == "keep" and promise.pain:
            self.ask_pain_gone(promise.pain)

    def _outcome_changes(self, promise: Promise, outcome: str) -> list[Change]:
        """Return what an answer changes about a promise, unless another terminal settled it meanwhile."""
        now = promises.reload(self._journal, promise)
        return [build_outcome_change(now, outcome, self._talk)] if outcome and now.is_open else []

    def ask_pain_gone(self, pain_id: str) -> None:
        """Ask whether a pain point is gone, until that is answered; how it came about is an improvement."""
        for pain in pains.get_many(self._journal, [pain_id]):
            if pain.is_open and self._prompter.confirm(f"Is “{pain.text}” gone now?", default=False):
                self._ask_fix(pain)
            self._write(f"{GONE_QUESTION_PREFIX}{pain_id}")

    def _ask_fix(self, pain: PainPoint) -> None:
        """Ask how a pain point was fixed."""
        empty = Note(kind=Kind.IMPROVEMENT, text="", day=self._talk.today)
        done = following.ask_fix_details(self._journal, self._prompter, pain, empty, self._clock(), (ACT, self._batch))
        self.saved_count += done is not None
        if done and done.project_note:
            self._prompter.show_heading(f"What is better {done.project_note}")

    def ask_question(self, question: Question, *, hint: str) -> None:
        """Ask one question; for a small step only where something hurts that has none."""
        some = find_pains_for_step(self._journal, self._talk.week) if question.becomes == STEP_QUESTION else ()
        if question.becomes == STEP_QUESTION and not some:
            return
        self._prompter.show_heading(question.text, hint)
        if some:
            self._ask_step(question, some)
        elif answer := self._prompter.ask_text(words=self._completions, check=clean_text):
            told = Answer(question=question.becomes or question.id, text=answer)
            self._save_answer(
                question.id, make_changes=lambda: tuple(build_text_answer_changes(self._talk, told, self._clock()))
            )
        else:
            self._save_answer(question.id)

    def _ask_step(self, question: Question, some: Sequence[PainPoint]) -> None:
        """Ask which pain point gets a small step, and which one."""
        offered = [format_option(pain.headline) for pain in some]
        place = self._prompter.select_one("which one?", [*offered, "none of them"], len(offered))
        until = f"which small step until {format_day(self._talk.due)}?"
        step = self._prompter.ask_text(until, self._completions, check=clean_text) if place < len(offered) else ""
        self._save_answer(question.id, make_changes=lambda: self._step_changes(some[place], step) if step else ())

    def _step_changes(self, pain: PainPoint, step: str) -> list[Change]:
        """Return the changes that promise a step for a pain point; just so, if another terminal closed it meanwhile."""
        try:
            return build_step_changes(self._journal, self._talk, pains.reload(self._journal, pain), step, self._clock())
        except PainClosed:
            return list(build_text_answer_changes(self._talk, Answer(question=STEP_QUESTION, text=step), self._clock()))
