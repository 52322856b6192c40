"""Load a Brag from the journal, and ask for what it is missing."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from valuelog.analysis.brag import Audience, Brag, BragInput, Gap, ProjectSection, build_brag
from valuelog.analysis.expectations import Expectation
from valuelog.analysis.habit import compute_coverage
from valuelog.analysis.projects import EndedProject
from valuelog.journal import days, entries, pains, projects, promises, tallies
from valuelog.journal.store import Journal
from valuelog.model.entry import NEITHER_KINDS, VALUE_KINDS
from valuelog.model.period import Period, week_of
from valuelog.model.project import Project
from valuelog.model.promise import LEVEL_QUESTION, PromiseKind, Reflection
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Effort
from valuelog.workflows.evidence import EVIDENCE_EXPLANATION, HOW_KNOWN, ask_on, continue_evidence, write_answer
from valuelog.workflows.projects import CLOSE_QUESTIONS, START_QUESTIONS
from valuelog.workflows.prompter import Prompter
from valuelog.workflows.session import Session

FILL_ACT = "fill"
"""The act of `brag --fill` in the log."""

_PROJECT_QUESTIONS = dict((*START_QUESTIONS, *CLOSE_QUESTIONS))


class BragOptions(NamedTuple):
    """What a Brag shows: for whom, whose it is, whether with the score, and the expectations to meet."""

    audience: Audience = Audience.MANAGER
    name: str | None = None
    shows_score: bool = False
    expectations: tuple[Expectation, ...] | None = None


def load_brag(
    journal: Journal,
    period: Period,
    today: date,
    schedule: Schedule,
    options: BragOptions = BragOptions(),  # noqa: B008  immutable
) -> Brag:
    """Load the Brag of a period."""
    brag = build_brag(
        BragInput(
            period=period,
            today=today,
            entries=entries.select(journal, entries.Selection(period=period, kinds=(*VALUE_KINDS, *NEITHER_KINDS))),
            tally=tallies.tally_period(journal, period),
            coverage=compute_coverage(
                period,
                days.list_logged_days(journal, period),
                days.load_workdays(journal, schedule.weekdays, since=period.start),
                today,
                days.first_logged_day(journal),
            ),
            schedule=schedule,
            projects=projects.list_projects(journal, only_open=False),
            pains=pains.list_fixed_pains(journal, period),
            ended=_load_ended_projects(journal, period),
            stops=tuple(stop for stop in promises.list_kept_promises(journal, period) if stop.kind is PromiseKind.STOP),
            level_answers=_load_level_answers(journal, period),
            **options._asdict(),
        ),
    )
    return replace(
        brag,
        project_sections=tuple(_with_first_entry(journal, section) for section in brag.project_sections),
        prefix_lengths=journal.prefix_lengths(gap.entry_id for gap in brag.gaps if gap.entry_id),
    )


def _load_level_answers(journal: Journal, period: Period) -> tuple[Reflection, ...]:
    """Return what the weekly talks of a period said about the next level."""
    weeks = dict.fromkeys(week_of(day).name for day in period.days())
    return tuple(
        reflection for reflection in promises.list_reflections(journal, weeks) if reflection.question == LEVEL_QUESTION
    )


def _load_ended_projects(journal: Journal, period: Period) -> tuple[EndedProject, ...]:
    """Return the projects that were closed or dropped in a Period, with what they took."""
    ended = projects.list_ended_projects(journal, period)
    effort = tallies.effort_by_project(journal, (project.id for project in ended))
    return tuple(EndedProject(project, effort.get(project.id, Effort())) for project in ended)


def _with_first_entry(journal: Journal, section: ProjectSection) -> ProjectSection:
    """Move the start of a section back to the first entry of its project, if that is earlier."""
    return replace(
        section, began_on=min([section.began_on, *tallies.tally_project_by_day(journal, section.project.id)])
    )


class BragFill(Session):
    """Asks for what a Brag is missing, one gap after the other; all answers are one batch."""

    def __init__(
        self, journal: Journal, prompter: Prompter, clock: Callable[[], datetime], *, today: date, resume: str
    ) -> None:
        """Start with nothing saved; `resume` is the command to continue with."""
        super().__init__(journal, prompter, clock, act=FILL_ACT, session_key="")
        self._today = today
        self._resume = resume

    def ask_all(self, brag: Brag) -> None:
        """Ask about each gap. Raises Stopped."""
        sections = {section.project.slug: section for section in brag.project_sections}
        with self.convert_interrupt("", self._resume):
            for gap in brag.gaps:
                self._prompter.show_heading(gap.text)
                if gap.project:
                    self._ask_about_project(sections[gap.project])
                else:
                    self._ask_about_entry(gap)

    def _ask_about_entry(self, gap: Gap) -> None:
        """Ask how a result is known, and once more if the answer doesn't count."""
        entry = entries.get(self._journal, gap.entry_id)
        if text := self._ask_text(HOW_KNOWN, explanation=EVIDENCE_EXPLANATION):
            fields = continue_evidence(entry, text, self._today)
            new = write_answer(self._journal, entry, fields, self._writer.batch, act=FILL_ACT)
            self.saved_count += 1
            if more := ask_on(self._prompter, new, self._today, self._completions):
                write_answer(self._journal, new, more, self._writer.batch, act=FILL_ACT)

    def _ask_about_project(self, section: ProjectSection) -> None:
        """Ask for each missing answer; a result needs evidence next."""
        project, asked = section.project, set[str]()
        while missing := _unasked(project, asked, has_evidence=section.has_evidence):
            asked.add(missing[0])
            if text := self._ask_text(_PROJECT_QUESTIONS[missing[0]]):
                project = self._save_project(project, missing[0], text)

    def _save_project(self, project: Project, field: str, text: str) -> Project:
        answer: dict[str, Any] = {field: text}
        new = replace(project, **answer)
        self._journal.write(FILL_ACT, [projects.update_change(project, new)], batch=self._writer.batch)
        self.saved_count += 1
        return new


def _unasked(project: Project, asked: set[str], *, has_evidence: bool) -> Sequence[str]:
    return [name for name in project.missing_fields(has_evidence=has_evidence) if name not in asked]
