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
from valuelog.questions.catalogue import PROMISES
from valuelog.workflows import pains as following
from valuelog.workflows import promises as promising
from valuelog.workflows import reviews
from valuelog.workflows.joining import entered, joining
from valuelog.workflows.noting import pain_of
from valuelog.workflows.prompter import Ask, option, ways, whom
from valuelog.workflows.sitting import Sitting
from valuelog.workflows.writing import Note, project_name

WITH_MORE = frozenset({PAIN_POINT, Kind.IMPROVEMENT, Kind.OUTCOME})
"""What further questions follow on, so that the next line has to say what it is for."""

CATCH_UP = 7
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
    left: tuple[Question, ...]
    due: date
    drafts: tuple[Draft, ...] = ()

    @property
    def command(self) -> str:
        """How one comes back to it."""
        return "valuelog today" if self.day == self.today else f"valuelog today --date {self.day}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Close:
    """The evening of one day after it: how much was saved, what it adds up to, and one thing worth acting on."""

    day: date
    today: date
    saved: int
    review_due: bool
    tally: Tally
    week: Review
    finding: Finding | None


def begin(
    journal: Journal,
    day: date,
    today: date,
    prompts: Sequence[Question],
    customs: Schedule,
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
        week=reviews.review(journal, week_of(day), day, customs),
        left=_left([prompt for prompt in prompts if prompt.id not in known], there, drafts),
        due=customs.next_review_day(today),
        drafts=drafts,
    )


def _left(prompts: Sequence[Question], there: Sequence[Entry], drafts: Sequence[Draft]) -> tuple[Question, ...]:
    """Leave out promoting where there is no activity, and none will be asked for."""
    work = (
        drafts
        or any(entry.kind is Kind.ACTIVITY for entry in there)
        or any(prompt.becomes == Kind.ACTIVITY for prompt in prompts)
    )
    return tuple(prompt for prompt in prompts if prompt.becomes is not None or work)


def close(journal: Journal, day: date, today: date, saved: int, customs: Schedule) -> Close:
    """Sum the evening up."""
    week = reviews.review(journal, week_of(day), day, customs)
    return Close(
        day=day,
        today=today,
        saved=saved,
        review_due=day.weekday() == customs.review_day,
        tally=tallies.tally_period(journal, Period(start=day, end=day)),
        week=week,
        finding=next(iter(week.findings), None),
    )


def hold(journal: Journal, ask: Ask, evening: Evening, clock: Callable[[], datetime]) -> int:
    """Ask what is left to ask. Returns how many answers were saved; Raises Stopped when a person breaks off."""
    sitting = _Sitting(journal, ask, evening, clock)
    with sitting.going_on(format_full_day(evening.day), evening.command):
        sitting.take(evening.drafts)
        for place, prompt in enumerate(evening.left):
            sitting.put(prompt, hint="" if place else "Enter alone goes on")
    return sitting.saved


def unwritten(journal: Journal, today: date, customs: Schedule) -> tuple[date, ...]:
    """Return the workdays of the last week, before today, that have no entry; the oldest first."""
    week = Period(start=today, end=today).previous_periods(CATCH_UP)
    done = tallies.list_logged_days(journal, Period(start=week[0].start, end=today))
    worked = days.load_workdays(journal, customs.weekdays, since=week[0].start)
    return tuple(each.start for each in week if each.start in worked and each.start not in done)


class _Sitting(Sitting):
    """The questions of an evening, and what follows from their answers."""

    def __init__(self, journal: Journal, ask: Ask, evening: Evening, clock: Callable[[], datetime]) -> None:
        super().__init__(journal, ask, clock, act="today", about=str(evening.day))
        self._day = evening.day
        self._due = evening.due

    def take(self, drafts: Sequence[Draft]) -> None:
        """Ask which drafts belong in the journal: all, unless somebody says no."""
        if not drafts:
            return
        from valuelog.workflows.gather import taken  # noqa: PLC0415  most evenings have no source

        self._ask.title("Your tools saw this. What belongs in your journal?")
        chosen = self._ask.several("", [draft.label for draft in drafts], chosen=True)
        changes = self._write(said=lambda: taken(self._journal, drafts, chosen, self._clock())[0])
        self.saved += sum(change.entity == "entry" for change in changes)

    def put(self, prompt: Question, *, hint: str) -> None:
        """Ask one question, with what follows from its answers."""
        if prompt.becomes is None:
            self._promote(prompt)
            return
        self._ask.title(prompt.text, hint)
        more = ""
        while answer := self._ask.line(more, words=self._words, check=clean_text):
            more = "anything else?" if prompt.becomes in WITH_MORE else ""
            if prompt.becomes == PAIN_POINT:
                self._pain(prompt, answer)
            elif prompt.becomes in PROMISES:
                self._promise(prompt, PromiseKind(prompt.becomes), answer)
            else:
                self._entry(prompt, Kind(prompt.becomes), answer)
        self._write(prompt.id)

    def _entry(self, prompt: Question, kind: Kind, text: str) -> None:
        entry = entered(self._journal, Note(kind=kind, text=text, day=self._day), kind, self._clock())
        changes = self._write(prompt.id, said=lambda: entries.creation_changes(self._journal, [entry]))
        self.saved += 1
        if said := joining(self._journal, entry, changes):
            self._ask.title(f"This {said}{'' if '?' in said or ':' in said else '.'}")
        if kind is Kind.IMPROVEMENT:
            self._moved(entry)
        elif kind is Kind.OUTCOME:
            self._owned(entry)

    def _amend(self, old: Entry, **differs: Any) -> Entry:  # noqa: ANN401  fields of an Entry, checked by replace
        """Write down what a follow-up added to an entry."""
        new = replace(old, **differs)
        entries.update(self._journal, old, new, act=self._act, batch=self._batch)
        return new

    def _moved(self, entry: Entry) -> None:
        """Ask in which way something works better, and for whom."""
        entry = self._amend(entry, effects=ways(self._ask))
        self._amend(entry, beneficiaries=whom(self._ask))

    def _owned(self, entry: Entry) -> None:
        """Ask to which project a result belongs, and how one knows."""
        if project := "" if entry.project else self._project():
            entry = self._amend(entry, project=project)
        if evidence := self._ask.line("how do you know?", self._words, check=clean_text):
            self._amend(entry, evidence=evidence)

    def _project(self) -> str:
        """Ask for a project; one that this starts is named, so that nobody starts one without noticing."""
        name = self._ask.line("which project?", projects.list_slugs(self._journal), check=project_name)
        if name and not projects.find_id_by_any_name(self._journal, name):
            self._ask.title(f"This starts the project {slugify(name)}.")
        return name

    def _promote(self, prompt: Question) -> None:
        """Ask which of the day's activities left something behind, of what kind it is and what moved."""
        today = entries.Selection(period=Period(start=self._day, end=self._day), kinds=(Kind.ACTIVITY,))
        candidates = entries.select(self._journal, today)
        if not candidates:
            return
        self._ask.title(prompt.text)
        chosen = self._ask.several("", [option(entry.headline) for entry in candidates])
        for place in chosen:
            self._promoted(candidates[place])
        self._write(prompt.id)

    def _promoted(self, entry: Entry) -> None:
        self._ask.title(entry.headline)
        usual = VALUE_KINDS.index(Kind.IMPROVEMENT)
        kind = VALUE_KINDS[self._ask.one("what is it?", [str(kind) for kind in VALUE_KINDS], usual)]
        entry = self._amend(entry, kind=kind)
        self.saved += 1
        if moved := self._ask.line("what moved?", self._words, check=clean_text):
            self._amend(entry, evidence=moved)

    def _promise(self, prompt: Question, kind: PromiseKind, text: str) -> None:
        """Write a promise down; it is due on the next day that looks back."""
        made = promising.promised(kind, text, self._due, self._day, self._clock())
        self._write(prompt.id, said=lambda: [promises.creation_change(made)])
        self.saved += 1

    def _pain(self, prompt: Question, text: str) -> None:
        """Write friction down at once: as seen again where it is like some that is known, until somebody says no."""
        pain = pain_of(Note(kind=None, text=text, day=self._day), self._clock())
        known = pains.find_similar_pain(self._journal, text)
        first = [pains.sighting_change(known.id, pain.sightings[0])] if known else pains.creation_changes([pain])
        self._write(prompt.id, said=lambda: first)
        self.saved += 1
        if known and self._ask.yes(following.same_as(known)):
            return
        if known:
            self._another(prompt, pain)
        for field, question in following.QUESTIONS:
            if answer := self._ask.line(question, self._words, check=clean_text):
                self._write(said=partial(self._answered, pain, field, answer))

    def _another(self, prompt: Question, pain: PainPoint) -> None:
        """Write friction down as new that was taken for some that is known: with a sighting of its own."""
        first = pain.sightings[0]
        own = replace(pain, sightings=(replace(first, id=new_id()),))
        back = partial(pains.sighting_removal_changes, self._journal, first, pain.id, self._clock())
        self._write(prompt.id, said=lambda: [*pains.creation_changes([own]), *back()])

    def _answered(self, pain: PainPoint, field: str, answer: str) -> Iterator[Change]:
        """Yield the change that an answer to one of the four questions makes; a small step is promised."""
        if field == "step":
            yield promises.creation_change(following.step_for(pain.id, answer, self._due, self._day, self._clock()))
        else:
            yield pains.answer_change(pain.id, field, answer)


def wanted(ask: Ask, day: date) -> bool:
    """Ask whether a day should be written now. Raises Stopped."""
    try:
        return ask.yes(f"{format_full_day(day)}: nothing written yet. Write it now?")
    except (KeyboardInterrupt, EOFError):
        raise Stopped("Stopped.", "Go on with: valuelog today --catch-up") from None
