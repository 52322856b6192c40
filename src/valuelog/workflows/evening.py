"""The evening: which questions are left for a day, the session that asks them, and answers given without asking."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from valuelog.analysis.findings import Finding
from valuelog.analysis.freshness import NEVER_SHOWN, Showings, evening_place
from valuelog.analysis.review import Review
from valuelog.journal import days, entries, pains, projects, promises, tallies
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.draft import Draft
from valuelog.model.entry import VALUE_KINDS, Entry, Kind, Side, clean_answer, format_minutes
from valuelog.model.errors import Stopped, UnknownId, ValuelogError
from valuelog.model.pain import PRESSURE_WINDOW, PainPoint, Sighting
from valuelog.model.period import Period, format_day, format_full_day, period_containing, week_of
from valuelog.model.project import slugify
from valuelog.model.promise import Promise, PromiseKind
from valuelog.model.question import EVIDENCE, FOLLOW_UP_ID, PAIN_POINT, PROMOTE_ID, Frequency, Question
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally
from valuelog.model.text import first_line, is_no_answer
from valuelog.questions.catalogue import PROMISE_KINDS, load_evening_questions
from valuelog.workflows.answers import Answer, AnswerWriter
from valuelog.workflows.earlier_answers import EarlierAnswer
from valuelog.workflows.entries import (
    clean_project_name,
    create_entry,
    describe_project_change,
)
from valuelog.workflows.evidence import (
    EVIDENCE_EXPLANATION,
    HOW_KNOWN,
    LATER,
    FollowUpSession,
    append_evidence,
    ask_held,
    ask_on,
    evidence_changes,
    find_follow_up,
    format_follow_up,
)
from valuelog.workflows.followed import short_id
from valuelog.workflows.pains import (
    FOLLOW_UP_QUESTIONS,
    ask_same_pain,
    build_pain,
    build_step,
    format_pain_option,
    is_same_text,
    pain_changes,
)
from valuelog.workflows.people import ask_people
from valuelog.workflows.promises import build_promise
from valuelog.workflows.prompter import Prompter, ask_beneficiaries, ask_effects, ask_impact, format_option
from valuelog.workflows.reviews import load_review
from valuelog.workflows.unsaved import STILL_KEPT, TargetGone, UnsavedAnswers, keep_if_unsaved

ACT = "today"
"""The act of an evening in the log."""

KINDS_WITH_FOLLOW_UPS = frozenset({PAIN_POINT, Kind.IMPROVEMENT, Kind.OUTCOME})
"""The kinds of answers with follow-up questions; the line for the next answer has a label then."""

MAX_PAINS_TO_TICK = 5
"""How many open pain points the evening offers to tick."""

MAX_PAINS_COMPARED = 50
"""How many open pain points are looked at for that: those already felt that day, or first felt later, are left out."""

KINDS_TO_BALANCE = (Kind.ACTIVITY, Kind.IMPROVEMENT, Kind.OUTCOME, Kind.HELPED)
"""The kinds that a short evening chooses from: it asks for the one that the week has the fewest of."""

ONE_ANSWER, SEVERAL_ANSWERS = "one answer", "several"
"""What a paste of several lines may be."""

UNKNOWN_QUESTION = Question(id="", idea=None, text="An earlier answer", becomes=None)
"""The question of an answer that could not be saved, if it is not in the catalogue."""

MINUTES_OFFERED = (15, 30, 60, 120)
"""How long a value entry may have taken, to choose in one key."""

PROOF_DAYS = 28
"""How many days before an evening its question about proof looks back."""

MAX_RESULTS_OFFERED = 7
"""How many results without evidence are offered; with the two other options, each has a digit."""

CATCH_UP_DAYS = 7
"""How many days before today `--catch-up` looks at."""


# Before: what is left to ask


@dataclass(frozen=True, kw_only=True, slots=True)
class Evening:
    """One day before its questions are asked.

    `due` is the next review day: promises made tonight are due then. `follow_up` is the result of last week to ask
    about, which only the evening of today does. `known_names` are the people in the settings. A short evening
    (`is_short`) asks at most one of the questions; if the one about pain points is still open, it is `felt_again`, and
    only those felt before are offered.
    """

    day: date
    today: date
    entries: tuple[Entry, ...]
    pains: tuple[PainPoint, ...]
    week: Review
    remaining_questions: tuple[Question, ...]
    due: date
    drafts: tuple[Draft, ...] = ()
    follow_up: Entry | None = None
    known_names: frozenset[str] = frozenset()
    is_short: bool = False
    felt_again: Question | None = None

    @property
    def command(self) -> str:
        """The command that asks the questions of this day."""
        short = " --short" * self.is_short
        return f"valuelog today{short}" if self.day == self.today else f"valuelog today{short} --date {self.day}"


def prepare_evening(
    journal: Journal,
    day: date,
    today: date,
    questions: Sequence[Question],
    schedule: Schedule,
    *,
    include_asked: bool,
    drafts: tuple[Draft, ...] = (),
) -> Evening:
    """Load the entries and pain points of a day, and find the questions that were not asked yet."""
    asked_ids = frozenset[str]() if include_asked else days.list_asked_questions(journal, day)
    asked_ids |= _find_not_due(journal, day, questions)
    period = Period(start=day, end=day)
    logged = entries.select(journal, entries.Selection(period=period))
    remaining = [question for question in questions if question.id not in asked_ids]
    follow_up = find_follow_up(journal, today) if day == today else None
    return Evening(
        day=day,
        today=today,
        entries=logged,
        pains=pains.list_seen_pains(journal, period),
        week=load_review(journal, week_of(day), day, schedule),
        remaining_questions=_drop_needless_questions(remaining, logged, drafts, follow_up),
        due=schedule.next_review_day(today),
        drafts=drafts,
        follow_up=follow_up,
        known_names=schedule.known_names,
    )


def _find_not_due(journal: Journal, day: date, questions: Sequence[Question]) -> frozenset[str]:
    """Return the ids of weekly and monthly questions that another evening of that week or month has asked."""
    not_due: set[str] = set()
    for frequency in {question.every for question in questions} - {Frequency.DAILY}:
        asked_ids = days.list_questions_asked_in(journal, period_containing(day, frequency.unit), without=day)
        not_due |= {question.id for question in questions if question.every is frequency and question.id in asked_ids}
    return frozenset(not_due)


def _drop_needless_questions(
    questions: Sequence[Question], logged: Sequence[Entry], drafts: Sequence[Draft], follow_up: Entry | None
) -> tuple[Question, ...]:
    """Drop the one about promoting if there is no activity and none will be asked for, and an empty follow-up."""
    has_activities = (
        drafts
        or any(entry.kind is Kind.ACTIVITY for entry in logged)
        or any(question.becomes == Kind.ACTIVITY for question in questions)
    )
    is_needed = {PROMOTE_ID: has_activities, FOLLOW_UP_ID: follow_up is not None}
    return tuple(question for question in questions if is_needed.get(question.id, True))


def shorten(evening: Evening) -> Evening:
    """Return an evening with one question: about the kind that its week has the fewest of."""
    questions = {question.id: question for question in evening.remaining_questions}
    counts = evening.week.tally.counts
    fixed = [
        question for question in questions.values() if question.becomes in KINDS_TO_BALANCE and not question.rotates
    ]
    lacking = sorted(fixed, key=lambda question: counts.get(Kind(question.becomes or ""), 0))
    chosen = [question for question in lacking if not (evening.drafts and question.becomes == Kind.ACTIVITY)]
    rotating = [question for question in questions.values() if question.rotates]
    return replace(
        evening,
        remaining_questions=tuple([*chosen, *rotating][:1]),
        is_short=True,
        felt_again=questions.get(PAIN_POINT),
    )


def find_missing_days(journal: Journal, today: date, schedule: Schedule) -> tuple[date, ...]:
    """Return the workdays before today, within CATCH_UP_DAYS, that have no entry; the oldest first."""
    recent = Period(start=today, end=today).previous_periods(CATCH_UP_DAYS)
    logged_days = days.list_logged_days(journal, Period(start=recent[0].start, end=today))
    workdays = days.load_workdays(journal, schedule.weekdays, since=recent[0].start)
    return tuple(each.start for each in recent if each.start in workdays and each.start not in logged_days)


# After: what the day adds up to


@dataclass(frozen=True, kw_only=True, slots=True)
class EveningSummary:
    """One day after its questions: what was saved, the tally of the day, its week, and one finding.

    `is_first` is whether nothing was logged before this day; then there is no finding.
    """

    day: date
    today: date
    saved_count: int
    is_review_due: bool
    tally: Tally
    week: Review
    finding: Finding | None
    is_first: bool

    @property
    def is_empty(self) -> bool:
        """Whether nothing is logged in the week, and nothing else was saved."""
        return not self.week.score.n and not self.saved_count


def summarize_evening(
    journal: Journal,
    day: date,
    today: date,
    saved_count: int,
    schedule: Schedule,
    showings: Showings = NEVER_SHOWN,
) -> EveningSummary:
    """Load the numbers that an evening ends with; `showings` tell which findings were shown before."""
    week = load_review(journal, week_of(day), day, schedule, showings)
    is_first = week.first_day == day
    chosen = () if is_first else week.choose_findings(week.candidates, evening_place(day), 1)
    return EveningSummary(
        day=day,
        today=today,
        saved_count=saved_count,
        is_review_due=day.weekday() == schedule.review_day,
        tally=tallies.tally_period(journal, Period(start=day, end=day)),
        week=week,
        finding=next(iter(chosen), None),
        is_first=is_first,
    )


# Without asking


def answer_changes(
    journal: Journal,
    answers: Iterable[Answer],
    now: datetime,
    due: date | None = None,
    known_names: Collection[str] = (),
) -> list[Change]:
    """Return the changes that log entries, pain points and promises (until `due`), and add evidence, without asking.

    Raises SimilarPainExists, UnknownId, AmbiguousId, PainClosed or NotAValueEntry.
    """
    changes: list[Change] = []
    started_projects: dict[str, str] = {}
    evidence: dict[str, list[str]] = {}
    for answer in answers:
        if answer.kind == PAIN_POINT:
            changes += pain_changes(journal, answer, now)
        elif answer.kind == EVIDENCE:
            evidence.setdefault(answer.target_id or "", []).append(answer.text)
        elif answer.kind in PROMISE_KINDS:
            promise = build_promise(PromiseKind(answer.kind), answer.text, due or answer.day, answer.day, now)
            changes.append(promises.creation_change(promise))
        else:
            changes += create_entry(journal, answer, now, started_projects, known_names)[1]
    return [*changes, *evidence_changes(journal, evidence)]


def save_answers(
    journal: Journal,
    day: date,
    answers: Sequence[Answer],
    now: datetime,
    due: date,
    known_names: Collection[str] = (),
) -> int:
    """Save answers from flags or a file, all or none, and mark their questions as asked, even if they are skipped.

    Returns how many were saved. Promises are due on the next review day.
    Raises SimilarPainExists, UnknownId, AmbiguousId, PainClosed or NotAValueEntry.
    """
    fixed_ids = {question.id for question in load_evening_questions()}
    given = [
        replace(answer, question=answer.question_id) if answer.question_id in fixed_ids else answer
        for answer in answers
        if not answer.is_skipped
    ]
    AnswerWriter(journal, ACT, str(day)).save(
        *sorted({answer.question_id for answer in answers}),
        build_changes=lambda: answer_changes(journal, given, now, due, known_names),
    )
    return len(given)


# On a terminal


def run_evening(
    journal: Journal,
    prompter: Prompter,
    evening: Evening,
    clock: Callable[[], datetime],
    unsaved: UnsavedAnswers | None = None,
) -> int:
    """Ask the remaining questions and save each answer at once. Return how many were saved.

    Answers that cannot be saved are kept in `unsaved`, and those from earlier are asked about first.
    Raises Stopped or JournalError.
    """
    session = _EveningSession(journal, prompter, evening, clock, unsaved)
    hint = f"Enter on an empty line moves on, {'Up edits, ' * prompter.can_go_back}? explains"
    with session.convert_interrupt(format_full_day(evening.day), evening.command):
        session.ask_unsaved()
        session.ask_drafts(evening.drafts)
        if evening.felt_again:
            session.ask_felt_again(evening.felt_again)
        for index, question in enumerate(evening.remaining_questions):
            session.ask_question(question, hint="" if index else hint)
    return session.saved_count


def confirm_day(prompter: Prompter, day: date) -> bool:
    """Ask whether to log a day now. Raises Stopped."""
    try:
        return prompter.confirm(f"{format_full_day(day)}: nothing logged yet. Log it now?")
    except (KeyboardInterrupt, EOFError):
        raise Stopped("Stopped.", "Continue with: valuelog today --catch-up") from None


def find_pains_to_tick(journal: Journal, day: date) -> tuple[PainPoint, ...]:
    """Return the open pain points that may have been felt again on a day, at most MAX_PAINS_TO_TICK, by pressure."""
    pressing = pains.list_open_pains(journal, since=day - PRESSURE_WINDOW, limit=MAX_PAINS_COMPARED)
    return tuple(
        pain for pain in pressing if pain.first_seen < day and all(seen.day != day for seen in pain.sightings)
    )[:MAX_PAINS_TO_TICK]


def _explain_kinds() -> str:
    """Return what each kind of value is, each on a line."""
    reasons = {question.becomes: question.why for question in load_evening_questions() if not question.rotates}
    return "\n".join(f"{kind}: {reasons[kind]}" for kind in VALUE_KINDS)


def _validate_project(name: str) -> None:
    """Raise BadText for a name that no project can have, unless it is no answer."""
    if not is_no_answer(name):
        clean_project_name(name)


class _EveningSession(FollowUpSession):
    """Asks the questions of an evening and their follow-up questions."""

    def __init__(
        self,
        journal: Journal,
        prompter: Prompter,
        evening: Evening,
        clock: Callable[[], datetime],
        unsaved: UnsavedAnswers | None,
    ) -> None:
        super().__init__(journal, prompter, clock, act=ACT, session_key=str(evening.day), today=evening.today)
        self._day = evening.day
        self._due = evening.due
        self._follow_up = evening.follow_up
        self._known_names = evening.known_names
        self._entries_of_day = entries.Selection(period=Period(start=evening.day, end=evening.day))
        self._unsaved = unsaved
        self._question: Question | None = None
        self._earlier: list[EarlierAnswer] = []

    def ask_unsaved(self) -> None:
        """Offer the answers that could not be saved before."""
        if not self._unsaved:
            return
        known = {question.id: question for question in load_evening_questions()}
        for answer in self._unsaved.load():
            question = known.get(answer.question or "", UNKNOWN_QUESTION)
            self._prompter.show_heading(f"“{first_line(answer.text)}”", f"for {format_day(answer.day, self._today)}")
            if self._prompter.confirm("This answer could not be saved. Save it now?"):
                self._save_unsaved(self._unsaved, question, answer)
            else:
                self._unsaved.discard(answer)

    def _save_unsaved(self, unsaved: UnsavedAnswers, question: Question, answer: Answer) -> None:
        """Save an answer and discard the copy, also if a follow-up question fails; keep it if saving fails."""
        count_before = self.saved_count
        try:
            self._save(question, answer)
        except Stopped:
            raise
        except ValuelogError as error:
            is_kept = self.saved_count == count_before
            self._prompter.show_note(f"{error.message} {STILL_KEPT}" if is_kept else error.message)
        finally:
            if self.saved_count > count_before:
                unsaved.discard(answer)

    def ask_drafts(self, drafts: Sequence[Draft]) -> None:
        """Ask which drafts to accept; all are preselected."""
        if not drafts:
            return
        from valuelog.workflows.gather import build_draft_changes  # noqa: PLC0415  most evenings have no source

        self._prompter.show_heading("Which of these should go into your journal?")
        chosen = self._prompter.select_many("", [draft.label for draft in drafts], preselected=True)
        changes = self._writer.save(
            build_changes=lambda: build_draft_changes(self._journal, drafts, chosen, self._clock())[0]
        )
        self.saved_count += sum(change.entity == "entry" for change in changes)

    def ask_question(self, question: Question, *, hint: str) -> None:
        """Ask one question until an empty line, with the follow-up questions of each answer."""
        self._question = question
        if question.id == PROMOTE_ID:
            self._ask_promotions(question)
        elif question.id == FOLLOW_UP_ID:
            self._ask_follow_up(question)
        else:
            self._ask_answers(question, hint)

    def ask_felt_again(self, question: Question) -> None:
        """Ask which open pain points were felt again, without a line for a new one."""
        if find_pains_to_tick(self._journal, self._day):
            self._prompter.show_heading("What did you feel again today?")
            self._ask_seen_again(question, "")

    def _ask_answers(self, question: Question, hint: str) -> None:
        self._prompter.show_heading(question.text, hint)
        kind = question.becomes or Kind.INSIGHT
        if kind == EVIDENCE:
            if self._ask_proven_entry(question):
                return
            kind = Kind.INSIGHT
        label = "anything else?" if question.id == PAIN_POINT and self._ask_seen_again(question) else ""
        has_follow_ups = kind in KINDS_WITH_FOLLOW_UPS or self._asks_minutes(kind)
        while text := self._ask_text(label, explanation=question.explanation):
            label = "anything else?" if has_follow_ups else ""
            answers = self._split_paste(text)
            for each in answers:
                if has_follow_ups and len(answers) > 1:
                    self._prompter.show_heading(each)
                self._save(question, Answer(kind=kind, text=each, day=self._day, question=question.id), question.id)
        self._writer.save(question.id)

    def _split_paste(self, text: str) -> tuple[str, ...]:
        """Ask whether several pasted lines are one answer or several; return the answers."""
        lines = [line.strip() for line in text.split("\n") if line.strip()]
        if len(lines) == 1:
            return (text,)
        chosen = self._prompter.choose(f"Paste of {len(lines)} lines:", (ONE_ANSWER, SEVERAL_ANSWERS), ONE_ANSWER)
        return (text,) if chosen == ONE_ANSWER else tuple(line for line in lines if not is_no_answer(line))

    def _save(self, question: Question, answer: Answer, *question_ids: str) -> None:
        """Save an answer, mark questions as asked, and ask its follow-up questions."""
        if answer.target_id:
            self._require_target(answer)
            self._save_detail(answer)
            self.saved_count += 1
        elif answer.kind == PAIN_POINT:
            self._save_pain(question, answer, *question_ids)
        elif answer.kind in PROMISE_KINDS:
            promise = build_promise(PromiseKind(answer.kind), answer.text, self._due, answer.day, self._clock())
            with keep_if_unsaved(self._unsaved, answer):
                self._save_answer(*question_ids, build_changes=lambda: [promises.creation_change(promise)])
            self._remember(question, promise.text, promise)
            self._show_promise(promise.id)
        else:
            self._save_entry(question, answer, *question_ids)

    def _require_target(self, answer: Answer) -> None:
        """Raise TargetGone if the entry or pain point that an answer is about was deleted since."""
        try:
            _, found_id = self._journal.resolve_id(
                answer.target_id or "", "entry" if answer.kind == EVIDENCE else "pain"
            )
        except UnknownId:
            found_id = ""
        if found_id != answer.target_id:  # a prefix would be written as an id
            raise TargetGone(answer)

    def _show_promise(self, promise_id: str) -> None:
        """Say that an answer became a promise."""
        due = format_day(self._due, self._today)
        self._prompter.show_note(f"→ promise, due {due} ({short_id(self._journal, promise_id)})")

    # The answers before

    def _remember(self, question: Question, text: str, saved: Entry | PainPoint | Sighting | Promise) -> None:
        self._earlier.append(EarlierAnswer(question=question, text=text, saved=saved))

    def _find_way_back(self) -> Callable[[], None] | None:
        """Return what Up on an empty line does: it asks for another text of the last answer."""
        return partial(self._edit_earlier, len(self._earlier) - 1, self._question) if self._earlier else None

    def _edit_earlier(self, place: int, asked: Question | None) -> None:
        """Ask for another text of an earlier answer; the heading of its question is shown if that isn't asked now."""
        earlier = self._earlier[place]
        is_other_question = asked is not None and earlier.question.id != asked.id
        if is_other_question:
            self._prompter.show_heading(earlier.question.text)
        go_back = partial(self._edit_earlier, place - 1, earlier.question) if place else None
        text = self._prompter.ask_text(
            "edit:", self._completions, validate=clean_answer, default=earlier.text, go_back=go_back
        )
        if text and text != earlier.text:
            self._earlier[place] = earlier.edit(self._journal, text, self._writer)
        elif not text:
            command = earlier.describe_deletion(self._journal)
            self._prompter.show_note("not changed" + (f"; to delete it: {command}" if command else ""))
        if is_other_question and asked:
            self._prompter.show_heading(asked.text)

    # Entries

    def _save_entry(self, question: Question, answer: Answer, *question_ids: str) -> None:
        with keep_if_unsaved(self._unsaved, answer), self._journal.transaction():
            entry, changes = create_entry(self._journal, answer, self._clock(), known_names=self._known_names)
            self._save_answer(*question_ids, build_changes=lambda: changes)
        self._remember(question, entry.text, entry)
        if entry.side is Side.NEITHER:
            self._prompter.show_note(f"→ {entry.kind}, moves no score ({short_id(self._journal, entry.id)})")
        self._show_project_note(describe_project_change(self._journal, entry, changes))
        if entry.kind is Kind.HELPED:
            entry = self._ask_people(entry)
        if entry.kind is Kind.IMPROVEMENT:
            entry = self._amend(entry, effects=ask_effects(self._prompter))
            entry = self._amend(entry, beneficiaries=ask_beneficiaries(self._prompter))
            entry = self._ask_evidence(entry)
        elif entry.kind is Kind.OUTCOME:
            entry = self._ask_outcome_details(entry)
        self._ask_minutes(entry)

    def _amend(self, entry: Entry, **fields: Any) -> Entry:  # noqa: ANN401  fields of an Entry, checked by replace
        """Save what a follow-up question added to an entry."""
        new = replace(entry, **fields)
        entries.update(self._journal, entry, new, act=self._writer.act, batch=self._writer.batch)
        return new

    def _ask_people(self, entry: Entry) -> Entry:
        """Ask whether unknown names are people, unless the entry names a person already."""
        names, marks = ask_people(self._journal, lambda: self._prompter, entry.text, entry.people)
        self._writer.save(build_changes=lambda: marks)
        return self._amend(entry, people=names) if names else entry

    def _ask_outcome_details(self, entry: Entry) -> Entry:
        if project := "" if entry.project else self._ask_project():
            entry = self._amend(entry, project=project)
        return self._ask_evidence(entry)

    def _ask_evidence(self, entry: Entry, label: str = HOW_KNOWN) -> Entry:
        """Ask how a result is known, and how big it is."""
        if evidence := self._ask_text(label, explanation=EVIDENCE_EXPLANATION):
            answer = Answer(kind=EVIDENCE, target_id=entry.id, text=evidence, day=self._day)
            with keep_if_unsaved(self._unsaved, answer):
                entry = self._amend(entry, evidence=evidence)
            entry = self._amend(entry, **ask_on(self._prompter, entry, self._today, self._completions))
        if impact := ask_impact(self._prompter):
            entry = self._amend(entry, impact=impact)
        return entry

    def _ask_project(self) -> str:
        """Ask for a project, and say so if the answer starts a new one."""
        name = self._ask_text("which project?", projects.list_slugs(self._journal), validate=_validate_project)
        if name and not projects.find_id_by_any_name(self._journal, name):
            self._prompter.show_heading(f"This starts the project {slugify(name)}.")
        return name

    def _asks_minutes(self, kind: Kind | str) -> bool:
        """Return True for a kind of value if a tool timed other entries of the day, so that both sides have minutes."""
        return kind in VALUE_KINDS and any(
            entry.source and entry.minutes for entry in entries.select(self._journal, self._entries_of_day)
        )

    def _ask_minutes(self, entry: Entry) -> None:
        if entry.minutes is None and self._asks_minutes(entry.kind):
            minutes = {format_minutes(each): each for each in MINUTES_OFFERED}
            if chosen := self._prompter.choose("how long did it take?", tuple(minutes)):
                self._amend(entry, minutes=minutes[chosen])

    # Evidence for earlier results

    def _ask_proven_entry(self, question: Question) -> bool:
        """Offer recent results without evidence that counts, and ask how you know. Return False for another one."""
        recent = Period(start=self._day - timedelta(days=PROOF_DAYS), end=self._day - timedelta(days=1))
        unproven = entries.Selection(period=recent, side=Side.VALUE, is_proven=False)
        results = entries.select(self._journal, unproven)[::-1]
        offered = [entry for entry in results if entry.ask_again][:MAX_RESULTS_OFFERED]
        if not offered:
            return False
        options = [f"{format_option(entry.headline)}\t{format_day(entry.day, self._day)}" for entry in offered]
        options += ["another one", "none"]
        index = self._prompter.select_one("which one?", options, len(offered) + 1, explanation=question.explanation)
        if index == len(offered):
            return False
        if index < len(offered) and (text := self._ask_text("how do you know?")):
            self._amend(offered[index], evidence=append_evidence(offered[index].evidence, text))
            self.saved_count += 1
        self._writer.save(question.id)
        return True

    # Promotions

    def _ask_promotions(self, question: Question) -> None:
        """Ask which activities of the day made something better, and the new kind and evidence of each."""
        candidates = entries.select(self._journal, self._entries_of_day._replace(kinds=(Kind.ACTIVITY,)))
        if not candidates:
            return
        self._prompter.show_heading(question.text)
        options = [format_option(entry.headline) for entry in candidates]
        for index in self._prompter.select_many("", options, explanation=question.explanation):
            self._promote_entry(candidates[index])
        self._writer.save(question.id)

    def _promote_entry(self, entry: Entry) -> None:
        self._prompter.show_heading(entry.headline)
        kinds = tuple(map(str, VALUE_KINDS))
        chosen = self._prompter.choose("what is it?", kinds, str(Kind.IMPROVEMENT), explanation=_explain_kinds())
        entry = self._amend(entry, kind=Kind(chosen))
        self.saved_count += 1
        self._ask_minutes(self._ask_evidence(entry, "what changed?"))

    # A result of last week

    def _ask_follow_up(self, question: Question) -> None:
        """Ask whether a result held, and remember that it was asked about."""
        entry = self._follow_up
        if entry is None:
            return
        self._prompter.show_heading(format_follow_up(question.text, entry))
        answer = ask_held(self._prompter, question.explanation)
        if answer not in {"", LATER}:
            self._save_follow_up(entry, answer)
        self._writer.save(
            question.id,
            build_changes=lambda: (
                () if answer == LATER else days.asked_change_if_new(self._journal, FOLLOW_UP_ID, entry.id)
            ),
        )

    def _save_follow_up(self, entry: Entry, answer: str) -> None:
        new = self._settle(entry, answer)
        if new.evidence and new.side is Side.VALUE and not new.impact and (impact := ask_impact(self._prompter)):
            self._amend(new, impact=impact)

    # Pain points

    def _ask_seen_again(self, question: Question, label: str = "felt again?") -> bool:
        """Ask which open pain points were felt again, the most pressing ones; return whether there was one to ask."""
        offered = find_pains_to_tick(self._journal, self._day)
        if offered:
            options = [format_pain_option(pain) for pain in offered]
            chosen = self._prompter.select_many(label, options, explanation=question.explanation)
            felt = [offered[index].id for index in chosen]
            saved = self._writer.save(build_changes=lambda: self._seen_again_changes(felt))
            self.saved_count += len(saved)
        return bool(offered)

    def _seen_again_changes(self, pain_ids: Sequence[str]) -> list[Change]:
        """Return the changes that add a sighting to those pain points that are still open."""
        return [
            pains.sighting_change(pain.id, Sighting(id=new_id(), day=self._day, text=pain.text, created=self._clock()))
            for pain in pains.get_many(self._journal, pain_ids)
            if pain.is_open
        ]

    def _save_pain(self, question: Question, answer: Answer, *question_ids: str) -> None:
        """Save a pain point at once, as a sighting if it looks like a known one; only then ask whether it is one.

        So the answer is kept even if the session ends at the next question.
        """
        pain = build_pain(answer, self._clock())
        candidates = pains.find_similar_pains(self._journal, answer.text)
        with keep_if_unsaved(self._unsaved, answer):
            self._save_answer(
                *question_ids,
                build_changes=lambda: (
                    [pains.sighting_change(candidates[0].id, pain.sightings[0])]
                    if candidates
                    else pains.creation_changes([pain])
                ),
            )
        saved = self._identify(pain, candidates) if candidates else pain
        self._remember(question, pain.text, saved)
        if isinstance(saved, Sighting):
            return
        for field, label in FOLLOW_UP_QUESTIONS:
            # “no” is an answer to whether others are affected; it skips all other questions.
            if text := self._ask_text(label, skips_no_answer=field != "shared"):
                self._save_detail(Answer(kind=field, target_id=pain.id, text=text, day=self._day))

    def _save_detail(self, answer: Answer) -> None:
        """Save the answer to a follow-up question about the entry or pain point that it names."""
        with keep_if_unsaved(self._unsaved, answer):
            for change in self._writer.save(build_changes=lambda: self._detail_changes(answer)):
                if change.entity == "promise":
                    self._show_promise(change.id)

    def _identify(self, pain: PainPoint, candidates: Sequence[PainPoint]) -> PainPoint | Sighting:
        """Return the sighting of a candidate or the new pain point, and move the saved sighting to where that says.

        A session that ends at the question leaves a new pain point, which is the default.
        """
        seen = pain.sightings[0]
        if is_same_text(candidates[0], pain.text):
            return seen
        moved = replace(seen, id=new_id())
        known: PainPoint | None = None
        try:
            known = ask_same_pain(self._prompter, candidates)
        finally:
            if known != candidates[0]:
                self._writer.save(build_changes=lambda: self._detach_changes(pain, known, moved))
        if known is None:
            return replace(pain, sightings=(moved,))
        return seen if known == candidates[0] else moved

    def _detach_changes(self, pain: PainPoint, known: PainPoint | None, sighting: Sighting) -> list[Change]:
        """Return the changes that turn a saved sighting into one of another known pain point, or into a new one."""
        saved = pain.sightings[0]
        removal = pains.sighting_removal_changes(self._journal, saved, (known or pain).id, self._clock())
        if known:
            return [pains.sighting_change(known.id, sighting), *removal]
        return [*pains.creation_changes([replace(pain, sightings=(sighting,))]), *removal]

    def _detail_changes(self, answer: Answer) -> list[Change]:
        """Return the change that saves an answer about an entry or a new pain point; a step becomes a promise."""
        target, text = answer.target_id or "", answer.text
        if answer.kind == EVIDENCE:
            entry = entries.get(self._journal, target)  # it may have got other evidence since the question
            return [entries.evidence_change(entry, append_evidence(entry.evidence, text))]
        if answer.kind == "step":
            step = build_step(target, text, self._due, answer.day, self._clock())
            return [promises.creation_change(step)]
        return [pains.answer_change(target, answer.kind, text)]
