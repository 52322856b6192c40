"""The weekly talk on a terminal. Each answer is saved once it is confirmed; all of a session is one batch to undo."""

from collections.abc import Callable, Sequence
from datetime import datetime

from valuelog.journal import pains, promises
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Kind
from valuelog.model.errors import PainClosed
from valuelog.model.pain import PainPoint
from valuelog.model.period import format_day, format_period
from valuelog.model.promise import Promise, PromiseKind
from valuelog.model.question import Question
from valuelog.model.text import first_line
from valuelog.workflows.answers import Answer
from valuelog.workflows.pains import ask_fix_details
from valuelog.workflows.prompter import Prompter, format_option
from valuelog.workflows.session import Session
from valuelog.workflows.weekly_talk import (
    ACT,
    FIXED_QUESTION_PREFIX,
    MAX_PROMISES_ONE_BY_ONE,
    STEP_QUESTION,
    WeeklyTalk,
    build_outcome_changes,
    build_step_changes,
    build_text_answer_changes,
    find_pains_for_step,
    promise_question_id,
)

LATER_LABEL = "later"


def run_weekly_talk(journal: Journal, prompter: Prompter, talk: WeeklyTalk, clock: Callable[[], datetime]) -> int:
    """Ask the remaining questions. Return how many answers were saved. Raises Stopped."""
    session = _WeeklyTalkSession(journal, prompter, talk, clock)
    resume = "valuelog review --week" if talk.today in talk.week else f"valuelog review --week {talk.week.name}"
    with session.convert_interrupt(format_period(talk.week), resume):
        for pain in talk.pains_to_follow_up:
            session.ask_whether_fixed(pain.id)
        if len(talk.promises) > MAX_PROMISES_ONE_BY_ONE:
            session.ask_kept_promises(talk.promises)
        else:
            for promise in talk.promises:
                session.ask_promise(promise)
        for index, question in enumerate(talk.remaining_questions):
            session.ask_question(question, hint="" if index else "Enter on an empty line moves on, ? explains")
    return session.saved_count


class _WeeklyTalkSession(Session):
    """Asks the questions of a talk and their follow-up questions."""

    def __init__(self, journal: Journal, prompter: Prompter, talk: WeeklyTalk, clock: Callable[[], datetime]) -> None:
        super().__init__(journal, prompter, clock, act=ACT, session_key=talk.week.name)
        self._talk = talk

    # Promises that are due

    def ask_promise(self, promise: Promise) -> None:
        """Ask how a promise went; if a step for a pain point was kept, whether that fixed it."""
        due = format_day(self._talk.due)
        outcomes = {"kept": "keep", "not kept": "break", f"carry over to {due}": "carry", LATER_LABEL: ""}
        separator = ":" if promise.kind is PromiseKind.STEP else " to"
        self._prompter.show_heading(
            f"You promised{separator} {_describe_promise(promise)}",
            f"by {format_day(promise.due, self._talk.today)}",
        )
        outcome = self._select_outcome("how did it go?", outcomes)
        self._save_outcome([promise], outcome)
        if outcome == "keep" and promise.pain:
            self.ask_whether_fixed(promise.pain)

    def ask_kept_promises(self, due: Sequence[Promise]) -> None:
        """Ask which of many promises were kept, and about the others together: one question, counted as one answer."""
        saved_before = self.saved_count
        self._prompter.show_heading("Which of these did you keep?")
        options = [
            format_option(f"{_describe_promise(promise)}, by {format_day(promise.due, self._talk.today)}")
            for promise in due
        ]
        kept_promises = [due[index] for index in self._prompter.select_many("", options)]
        if kept_promises:
            self._save_outcome(kept_promises, "keep")
        if remaining := [promise for promise in due if promise not in kept_promises]:
            self._ask_remaining_promises(remaining)
        self.saved_count = min(self.saved_count, saved_before + 1)
        for pain_id in dict.fromkeys(promise.pain for promise in kept_promises if promise.pain):
            self.ask_whether_fixed(pain_id)

    def _ask_remaining_promises(self, remaining: Sequence[Promise]) -> None:
        """Ask about the promises that were not kept; after “later”, show their ids and the command."""
        outcome = self._select_outcome(
            "What about the rest?",
            {
                f"carry all over to {format_day(self._talk.due)}": "carry",
                "not kept": "break",
                LATER_LABEL: "",
            },
        )
        self._save_outcome(remaining, outcome)
        if not outcome:
            lengths = self._journal.prefix_lengths(promise.id for promise in remaining)
            short_ids = [promise.id[: lengths[promise.id]] for promise in remaining]
            listed = ", ".join(
                f"{short_id} {_describe_promise(promise)}"
                for short_id, promise in zip(short_ids, remaining, strict=True)
            )
            self._prompter.show_heading(f"Still open: {listed}", f"valuelog promise carry {short_ids[0]}")

    def _select_outcome(self, label: str, outcomes: dict[str, str]) -> str:
        """Return the outcome whose label is chosen; the last one is the default."""
        labels = tuple(outcomes)
        return outcomes[self._prompter.choose(label, labels, labels[-1])]

    def _save_outcome(self, promised: Sequence[Promise], outcome: str) -> None:
        """Save the outcome of some promises; an empty one only marks the question as asked."""
        self._save_answer(
            *map(promise_question_id, promised),
            build_changes=lambda: [
                change for promise in promised for change in self._outcome_changes(promise, outcome)
            ],
        )

    def _outcome_changes(self, promise: Promise, outcome: str) -> list[Change]:
        """Return the changes to a promise, or none if another terminal settled it meanwhile."""
        current = promises.reload(self._journal, promise)
        if not outcome or not current.is_open:
            return []
        return build_outcome_changes(current, outcome, self._talk, self._clock())

    # Pain points

    def ask_whether_fixed(self, pain_id: str) -> None:
        """Ask whether a pain point is fixed, and if so, how: that is an improvement."""
        for pain in pains.get_many(self._journal, [pain_id]):
            if pain.is_open and self._prompter.confirm(f"Is “{pain.text}” fixed now?", default=False):
                self._ask_fix(pain)
            self._writer.save(f"{FIXED_QUESTION_PREFIX}{pain_id}")

    def _ask_fix(self, pain: PainPoint) -> None:
        answer = Answer(kind=Kind.IMPROVEMENT, day=self._talk.today)
        batch = (self._writer.act, self._writer.batch)
        fix = ask_fix_details(self._journal, self._prompter, [pain], answer, self._clock(), batch)
        self.saved_count += fix is not None
        if fix:
            self._show_project_note(fix.project_note)

    # Questions of the catalogue

    def ask_question(self, question: Question, *, hint: str) -> None:
        """Ask one question; the one about a small step only if there is a pain point without one."""
        offered = find_pains_for_step(self._journal, self._talk.week) if question.becomes == STEP_QUESTION else ()
        if question.becomes == STEP_QUESTION and not offered:
            return
        self._prompter.show_heading(self._talk.name_weeks(question.text), hint)
        if offered:
            self._ask_step(question, offered)
            return
        text = self._ask_text(explanation=question.explanation)
        kind = question.becomes or question.id
        self._save_answer(question.id, build_changes=lambda: self._text_changes(kind, text) if text else ())

    def _text_changes(self, kind: str, text: str) -> list[Change]:
        answer = Answer(kind=kind, text=text, day=self._talk.today)
        return list(build_text_answer_changes(self._talk, answer, self._clock()))

    def _ask_step(self, question: Question, offered: Sequence[PainPoint]) -> None:
        """Ask which pain point gets a small step, and what it is."""
        options = [*(format_option(pain.headline) for pain in offered), "none of them"]
        index = self._prompter.select_one("which one?", options, len(offered), explanation=question.explanation)
        step = self._ask_step_text(offered[index]) if index < len(offered) else ""
        self._save_answer(question.id, build_changes=lambda: self._step_changes(offered[index], step) if step else ())

    def _ask_step_text(self, pain: PainPoint) -> str:
        """Ask what the small step is; after one that was kept and didn't help, what comes next."""
        due = format_day(self._talk.due)
        question = f"what small step, by {due}?"
        if tried := pain.describe_tried_step(self._talk.today):
            self._prompter.show_heading(f"{tried}.")
            question = f"what next, by {due}?"
        return self._ask_text(question)

    def _step_changes(self, pain: PainPoint, step: str) -> list[Change]:
        """Return the changes that promise a step for a pain point, or without one if it was closed meanwhile."""
        try:
            return build_step_changes(self._journal, self._talk, pains.reload(self._journal, pain), step, self._clock())
        except PainClosed:
            return self._text_changes(STEP_QUESTION, step)


def _describe_promise(promise: Promise) -> str:
    """Return the first line of a promise, after its kind unless it is a step."""
    prefix = "" if promise.kind is PromiseKind.STEP else f"{promise.kind} "
    return f"{prefix}{first_line(promise.text)}"
