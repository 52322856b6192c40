"""The evening: asks a handful of questions and writes each answer down the moment it is confirmed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from valuelog.analysis.findings import Finding
from valuelog.analysis.review import Review
from valuelog.journal import days, entries, pains, projects, promises, tallies
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.draft import Draft
from valuelog.model.entry import VALUE_KINDS, Entry, Kind, clean_text
from valuelog.model.errors import Stopped
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, format_full_day, week_of
from valuelog.model.project import slugify
from valuelog.model.promise import PromiseKind
from valuelog.model.question import PAIN_POINT, Question
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally
from valuelog.questions.catalogue import PROMISE_KINDS
from valuelog.workflows import pains as following
from valuelog.workflows import promises as promising
from valuelog.workflows import reviews
from valuelog.workflows.joining import build_entry_with_project, describe_project_change
from valuelog.workflows.noting import build_pain
from valuelog.workflows.prompter import Prompter, ask_beneficiaries, ask_effects, format_option
from valuelog.workflows.sitting import Session
from valuelog.workflows.writing import Note, clean_project_name

HAS_FOLLOW_UPS = frozenset({PAIN_POINT, Kind.IMPROVEMENT, Kind.OUTCOME})
"""What further questions follow on, so that the next line has to say what it is for."""

CATCH_UP_DAYS = 7
"""How many days back unwritten workdays are caught up with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Evening:
    """The evening of one day before anything is asked: what is there, and what is left to ask.

    A small step that somebody wants to try is `due` on the next day that looks back. `drafts` are what tools saw.
    """

    day: date
    today: date
    entries: tuple[Entry, ...]
    pains: tuple[PainPoint, ...]
    week: Review
    remaining_questions: tuple[Question, ...]
    due: date
    drafts: tuple[Draft, ...] = ()

    @property
    def command(self) -> str:
        """How one comes back to it."""
        return "valuelog today" if self.day == self.today else f"valuelog today --date {self.day}"


@dataclass(frozen=True, kw_only=True, slots=True)
class EveningSummary:
    """The evening of one day after it: how much was saved, what it adds up to, and one thing worth acting on."""

    day: date
    today: date
    saved_count: int
    is_review_due: bool
    tally: Tally
    week: Review
    finding: Finding | None


def prepare_evening(
    journal: Journal,
    day: date,
    today: date,
    questions: Sequence[Question],
    schedule: Schedule,
    *,
    again: bool,
    drafts: tuple[Draft, ...] = (),
) -> Evening:
    """Look at what a day already holds, and which questions nobody has answered or passed over yet."""
    known = frozenset[str]() if again else days.list_asked_questions(journal, day)
    there = entries.select(journal, entries.Selection(period=Period(start=day, end=day)))
    return Evening(
        day=day,
        today=today,
        entries=there,
        pains=pains.list_seen_pains(journal, Period(start=day, end=day)),
        week=reviews.load_review(journal, week_of(day), day, schedule),
        remaining_questions=_drop_needless_promotion(
            [prompt for prompt in questions if prompt.id not in known], there, drafts
        ),
        due=schedule.next_review_day(today),
        drafts=drafts,
    )


def _drop_needless_promotion(
    questions: Sequence[Question], logged: Sequence[Entry], drafts: Sequence[Draft]
) -> tuple[Question, ...]:
    """Leave out promoting where there is no activity, and none will be asked for."""
    work = (
        drafts
        or any(entry.kind is Kind.ACTIVITY for entry in logged)
        or any(prompt.becomes == Kind.ACTIVITY for prompt in questions)
    )
    return tuple(prompt for prompt in questions if prompt.becomes is not None or work)


def summarize_evening(journal: Journal, day: date, today: date, saved_count: int, schedule: Schedule) -> EveningSummary:
    """Sum the evening up."""
    week = reviews.load_review(journal, week_of(day), day, schedule)
    return EveningSummary(
        day=day,
        today=today,
        saved_count=saved_count,
        is_review_due=day.weekday() == schedule.review_day,
        tally=tallies.tally_period(journal, Period(start=day, end=day)),
        week=week,
        finding=next(iter(week.findings), None),
    )


def run_evening(journal: Journal, prompter: Prompter, evening: Evening, clock: Callable[[], datetime]) -> int:
    """Ask what is left to ask. Returns how many answers were saved; Raises Stopped when a person breaks off."""
    sitting = _EveningSession(journal, prompter, evening, clock)
    with sitting.convert_interrupt(format_full_day(evening.day), evening.command):
        sitting.ask_drafts(evening.drafts)
        for place, prompt in enumerate(evening.remaining_questions):
            sitting.ask_question(prompt, hint="" if place else "Enter alone goes on")
    return sitting.saved_count


def find_missing_days(journal: Journal, today: date, schedule: Schedule) -> tuple[date, ...]:
    """Return the workdays of the last week, before today, that have no entry; the oldest first."""
    week = Period(start=today, end=today).previous_periods(CATCH_UP_DAYS)
    done = tallies.list_logged_days(journal, Period(start=week[0].start, end=today))
    worked = days.load_workdays(journal, schedule.weekdays, since=week[0].start)
    return tuple(each.start for each in week if each.start in worked and each.start not in done)


class _EveningSession(Session):
    """The questions of an evening, and what follows from their answers."""

    def __init__(self, journal: Journal, prompter: Prompter, evening: Evening, clock: Callable[[], datetime]) -> None:
        super().__init__(journal, prompter, clock, act="today", period_name=str(evening.day))
        self._day = evening.day
        self._due = evening.due

    def ask_drafts(self, drafts: Sequence[Draft]) -> None:
        """Ask which drafts belong in the journal: all, unless somebody says no."""
        if not drafts:
            return
        from valuelog.workflows.gather import build_draft_changes  # noqa: PLC0415  most evenings have no source

        self._prompter.show_heading("Your tools saw this. What belongs in your journal?")
        chosen = self._prompter.select_many("", [draft.label for draft in drafts], chosen=True)
        changes = self._write(make_changes=lambda: build_draft_changes(self._journal, drafts, chosen, self._clock())[0])
        self.saved_count += sum(change.entity == "entry" for change in changes)

    def ask_question(self, question: Question, *, hint: str) -> None:
        """Ask one question, with what follows from its answers."""
        if question.becomes is None:
            self._ask_promotions(question)
            return
        self._prompter.show_heading(question.text, hint)
        more = ""
        while answer := self._prompter.ask_text(more, words=self._completions, check=clean_text):
            more = "anything else?" if question.becomes in HAS_FOLLOW_UPS else ""
            if question.becomes == PAIN_POINT:
                self._save_pain(question, answer)
            elif question.becomes in PROMISE_KINDS:
                self._save_promise(question, PromiseKind(question.becomes), answer)
            else:
                self._save_entry(question, Kind(question.becomes), answer)
        self._write(question.id)

    def _save_entry(self, question: Question, kind: Kind, text: str) -> None:
        entry = build_entry_with_project(self._journal, Note(kind=kind, text=text, day=self._day), kind, self._clock())
        changes = self._write(question.id, make_changes=lambda: entries.creation_changes(self._journal, [entry]))
        self.saved_count += 1
        if said := describe_project_change(self._journal, entry, changes):
            self._prompter.show_heading(f"This {said}{'' if '?' in said or ':' in said else '.'}")
        if kind is Kind.IMPROVEMENT:
            self._ask_improvement_details(entry)
        elif kind is Kind.OUTCOME:
            self._ask_outcome_details(entry)

    def _amend(self, old: Entry, **differs: Any) -> Entry:  # noqa: ANN401  fields of an Entry, checked by replace
        """Write down what a follow-up added to an entry."""
        new = replace(old, **differs)
        entries.update(self._journal, old, new, act=self._act, batch=self._batch)
        return new

    def _ask_improvement_details(self, entry: Entry) -> None:
        """Ask in which way something works better, and for whom."""
        entry = self._amend(entry, effects=ask_effects(self._prompter))
        self._amend(entry, beneficiaries=ask_beneficiaries(self._prompter))

    def _ask_outcome_details(self, entry: Entry) -> None:
        """Ask to which project a result belongs, and how one knows."""
        if project := "" if entry.project else self._ask_project():
            entry = self._amend(entry, project=project)
        if evidence := self._prompter.ask_text("how do you know?", self._completions, check=clean_text):
            self._amend(entry, evidence=evidence)

    def _ask_project(self) -> str:
        """Ask for a project; one that this starts is named, so that nobody starts one without noticing."""
        name = self._prompter.ask_text("which project?", projects.list_slugs(self._journal), check=clean_project_name)
        if name and not projects.find_id_by_any_name(self._journal, name):
            self._prompter.show_heading(f"This starts the project {slugify(name)}.")
        return name

    def _ask_promotions(self, question: Question) -> None:
        """Ask which of the day's activities left something behind, of what kind it is and what moved."""
        today = entries.Selection(period=Period(start=self._day, end=self._day), kinds=(Kind.ACTIVITY,))
        candidates = entries.select(self._journal, today)
        if not candidates:
            return
        self._prompter.show_heading(question.text)
        chosen = self._prompter.select_many("", [format_option(entry.headline) for entry in candidates])
        for place in chosen:
            self._promote_entry(candidates[place])
        self._write(question.id)

    def _promote_entry(self, entry: Entry) -> None:
        self._prompter.show_heading(entry.headline)
        usual = VALUE_KINDS.index(Kind.IMPROVEMENT)
        kind = VALUE_KINDS[self._prompter.select_one("what is it?", [str(kind) for kind in VALUE_KINDS], usual)]
        entry = self._amend(entry, kind=kind)
        self.saved_count += 1
        if moved := self._prompter.ask_text("what moved?", self._completions, check=clean_text):
            self._amend(entry, evidence=moved)

    def _save_promise(self, question: Question, kind: PromiseKind, text: str) -> None:
        """Write a promise down; it is due on the next day that looks back."""
        made = promising.build_promise(kind, text, self._due, self._day, self._clock())
        self._write(question.id, make_changes=lambda: [promises.creation_change(made)])
        self.saved_count += 1

    def _save_pain(self, pain_question: Question, text: str) -> None:
        """Write friction down at once: as seen again where it is like some that is known, until somebody says no."""
        pain = build_pain(Note(kind=None, text=text, day=self._day), self._clock())
        known = pains.find_similar_pain(self._journal, text)
        first = [pains.sighting_change(known.id, pain.sightings[0])] if known else pains.creation_changes([pain])
        self._write(pain_question.id, make_changes=lambda: first)
        self.saved_count += 1
        if known and self._prompter.confirm(following.format_same_pain_question(known)):
            return
        if known:
            self._save_as_new_pain(pain_question, pain)
        for field, question in following.FOLLOW_UP_QUESTIONS:
            if answer := self._prompter.ask_text(question, self._completions, check=clean_text):
                self._write(make_changes=partial(self._pain_answer_changes, pain, field, answer))

    def _save_as_new_pain(self, question: Question, pain: PainPoint) -> None:
        """Write friction down as new that was taken for some that is known: with a sighting of its own."""
        first = pain.sightings[0]
        own = replace(pain, sightings=(replace(first, id=new_id()),))
        back = partial(pains.sighting_removal_changes, self._journal, first, pain.id, self._clock())
        self._write(question.id, make_changes=lambda: [*pains.creation_changes([own]), *back()])

    def _pain_answer_changes(self, pain: PainPoint, field: str, answer: str) -> Iterator[Change]:
        """Yield the change that an answer to one of the four questions makes; a small step is promised."""
        if field == "step":
            yield promises.creation_change(following.build_step(pain.id, answer, self._due, self._day, self._clock()))
        else:
            yield pains.answer_change(pain.id, field, answer)


def confirm_day(prompter: Prompter, day: date) -> bool:
    """Ask whether a day should be written now. Raises Stopped."""
    try:
        return prompter.confirm(f"{format_full_day(day)}: nothing written yet. Write it now?")
    except (KeyboardInterrupt, EOFError):
        raise Stopped("Stopped.", "Go on with: valuelog today --catch-up") from None
