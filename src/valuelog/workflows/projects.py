"""Owning projects: starting, looking at, changing and ending them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from valuelog.analysis.findings import PROJECT_RULES, Finding, RuleInput, evaluate_rules
from valuelog.analysis.habit import Coverage
from valuelog.analysis.projects import (
    ProjectActivity,
    ProjectHistory,
    ProjectSummary,
    build_project_history,
    compute_work_since_value,
    recent_period,
)
from valuelog.analysis.trend import Verdict
from valuelog.journal import entries, projects, tallies
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import ProjectExists, Stopped
from valuelog.model.period import week_of
from valuelog.model.project import Project, ProjectState, slugify
from valuelog.model.tally import Tally, WorkSinceValue
from valuelog.workflows.confirmation import Confirmation, NothingChanged, build_confirmation
from valuelog.workflows.entries import clean_project_name
from valuelog.workflows.prompter import Prompter

START_QUESTIONS = (
    ("problem", "Which problem is it about, and whose?"),
    ("measure", "By what will you know that it worked? A number, if there is one"),
    ("aim", "What shall be true at the end?"),
)
CLOSE_QUESTIONS = (
    ("result", "What came of it, by the measure you chose?"),
    ("evidence", "How do you know? A number, a link"),
    ("lesson", "What did you learn?"),
)
"""What is asked of a project: the field that an answer fills, and the question. Each may be skipped."""

FieldQuestions = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectList:
    """Some projects, and how many letters of each id are enough."""

    projects: tuple[ProjectSummary, ...]
    prefix_lengths: Mapping[str, int]
    today: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectDetails:
    """One project with its life and what is worth acting on."""

    history: ProjectHistory
    findings: tuple[Finding, ...]
    prefix_lengths: Mapping[str, int]

    @property
    def project(self) -> Project:
        """The project itself."""
        return self.history.project


def list_projects(journal: Journal, today: date, *, include_ended: bool) -> ProjectList:
    """Return the projects that go on, or all of them, each with what it adds up to."""
    found = projects.list_projects(journal, only_open=not include_ended)
    whole, recent = tallies.tally_by_project(journal, None), tallies.tally_by_project(journal, recent_period(today))
    dry = tallies.work_since_value_by_project(journal, today)
    listed = (
        ProjectSummary(
            project=one,
            tally=whole.get(one.id, Tally()),
            recent=recent.get(one.id, Tally()),
            work_since_value=dry.get(one.id, WorkSinceValue()),
        )
        for one in found
    )
    return ProjectList(
        projects=tuple(sorted(listed, key=lambda one: (one.project.state != "open", -one.recent.n, one.project.slug))),
        prefix_lengths=journal.prefix_lengths(one.id for one in found),
        today=today,
    )


def find(journal: Journal, reference: str) -> Project:
    """Return the project that a name, a slug or an id means. Raises UnknownProject or AmbiguousId."""
    return projects.get(journal, projects.resolve_id(journal, reference))


def load_project_details(journal: Journal, reference: str, today: date) -> ProjectDetails:
    """Return a project with its life and its findings. Raises UnknownProject or AmbiguousId."""
    project = find(journal, reference)
    found = entries.select(journal, entries.Selection(project=project.id))
    days = tallies.tally_project_by_day(journal, project.id)
    told_of = build_project_history(project, days, found, today)
    return ProjectDetails(
        history=told_of,
        findings=_project_findings(
            ProjectActivity(project=project, work_since_value=compute_work_since_value(days, today)), today
        ),
        prefix_lengths=journal.prefix_lengths([project.id, *(entry.id for entry in told_of.value)]),
    )


def _project_findings(activity: ProjectActivity, today: date) -> tuple[Finding, ...]:
    """Return what is worth acting on in one project, whatever else there is."""
    facts = RuleInput(
        period=week_of(today),
        today=today,
        tally=Tally(),
        days=(),
        weeks=(),
        coverage=Coverage(workdays=0, logged=0),
        verdict=Verdict.TOO_FEW,
        usual={},
        projects=(activity,),
    )
    found = evaluate_rules(facts, rule_ids=PROJECT_RULES)
    here = f"valuelog project show {activity.project.slug}"  # where one is already
    ending = f'valuelog project drop {activity.project.slug} "…"'
    return tuple(one._replace(command=ending) if one.command == here else one for one in found)


def require_new_name(journal: Journal, name: str) -> str:
    """Return a name that no project has yet, as it is kept. Raises ProjectExists or BadText."""
    said = _collapse_whitespace(clean_project_name(name))
    if known := projects.find_id_by_name(journal, said):
        project = projects.get(journal, known)
        raise ProjectExists(project.name, project.slug, str(project.state))
    return said


def _collapse_whitespace(name: str) -> str:
    return " ".join(name.split())


def start_project(
    journal: Journal,
    name: str,
    answers: Mapping[str, str | None],
    day: date,
    now: datetime,
    *,
    batch: str | None = None,
) -> Project:
    """Start a project. Raises ProjectExists or BadText."""
    with journal.transaction():
        said = require_new_name(journal, name)
        project = Project(id=new_id(), slug=slugify(said), name=said, started_on=day, created=now)
        project = replace(project, **_clean_answers(answers))
        journal.write("start", [projects.creation_change(project)], batch=batch)
    return project


def ask_and_start(journal: Journal, prompter: Prompter, name: str, day: date, now: datetime) -> Project:
    """Start a project and ask the questions of a beginning. Raises ProjectExists, BadText or Stopped."""
    batch = new_id()
    begun: list[Project] = []

    def keep(answer: Mapping[str, str]) -> None:
        if begun:
            begun[0] = _save_answer(journal, begun[0], answer, ("start", batch))
        else:
            begun.append(start_project(journal, name, answer, day, now, batch=batch))

    try:
        _ask_questions(prompter, START_QUESTIONS, keep)
    except (KeyboardInterrupt, EOFError):
        if not begun:
            raise
        message = f"Stopped. “{begun[0].name}” is started, with what you answered."
        raise Stopped(message, f"Say the rest with: valuelog project edit {begun[0].slug} --help") from None
    return begun[0] if begun else start_project(journal, name, {}, day, now, batch=batch)


def _ask_questions(prompter: Prompter, questions: FieldQuestions, save: Callable[[Mapping[str, str]], None]) -> None:
    """Ask questions, each to be skipped, and keep each answer when it is confirmed."""
    for field, question in questions:
        prompter.show_heading(question)
        if answer := prompter.ask_text(validate=clean_text):
            save({field: answer})


def _save_answer(
    journal: Journal, project: Project, answer: Mapping[str, str], act_and_batch: tuple[str, str]
) -> Project:
    """Write an answer about a project down, as part of an act and its batch."""
    act, batch = act_and_batch
    new = replace(projects.reload(journal, project), **_clean_answers(answer))
    journal.write(act, [projects.update_change(project, new)], batch=batch)
    return new


def _clean_answers(answers: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the fields that answers fill, those that were given; an empty one empties it."""
    return {field: clean_text(words) if words else None for field, words in answers.items() if words is not None}


def edit_project(journal: Journal, project: Project, answers: Mapping[str, str | None], day: date) -> Confirmation:
    """Change what is said of a project; an empty text takes an answer away, but no name.

    Raises NothingChanged, ProjectExists or BadText.
    """
    said = _clean_answers(answers)
    with journal.transaction():
        project = projects.reload(journal, project)
        if "name" in said:
            said |= _rename_fields(journal, project, said["name"] or "")
        new = replace(project, **said)
        if new == project:
            message = "valuelog project edit"
            raise NothingChanged(message)
        journal.write("edit", [projects.update_change(project, new)])
    more = f"its slug is {new.slug} now" if new.slug != project.slug else ""
    return build_confirmation(journal, "Changed", new, day, more=more)


def _rename_fields(journal: Journal, project: Project, name: str) -> dict[str, str]:
    """Return what another name changes about a project. Raises ProjectExists or BadText."""
    said, slug = _collapse_whitespace(clean_project_name(name)), slugify(name)
    if slug != project.slug:
        require_new_name(journal, name)
    return {"name": said, "slug": slug}


def close_project(
    journal: Journal, project: Project, answers: Mapping[str, str | None], day: date, *, batch: str | None = None
) -> Project:
    """End a project with what came of it. Raises ProjectClosed or TooEarly."""
    with journal.transaction():
        project = projects.reload(journal, project)
        given = {field: answers.get(field) for field, _ in CLOSE_QUESTIONS}
        said = {field: clean_text(words) if words else getattr(project, field) for field, words in given.items()}
        done = project.mark_closed(day, **said)
        journal.write("close", [projects.update_change(project, done)], batch=batch)
    return done


def ask_and_close(journal: Journal, prompter: Prompter, project: Project, day: date) -> Project:
    """Ask the questions of an end, and end a project. Raises ProjectClosed, TooEarly or Stopped."""
    project.require_closable(day)
    batch = new_id()
    said: list[Mapping[str, str]] = []

    def keep(answer: Mapping[str, str]) -> None:
        _save_answer(journal, project, answer, ("close", batch))
        said.append(answer)

    try:
        _ask_questions(prompter, CLOSE_QUESTIONS, keep)
    except (KeyboardInterrupt, EOFError):
        so_far = ", with what you answered" if said else ""
        message = f"Stopped. “{project.name}” goes on{so_far}."
        raise Stopped(message, f"End it with: valuelog project close {project.slug}") from None
    return close_project(journal, project, {}, day, batch=batch)


def build_project_confirmation(journal: Journal, verb: str, project: Project, day: date) -> Confirmation:
    """Return what to tell of a project that was started, closed or given up."""
    unmeasured = project.state is ProjectState.CLOSED and not project.result
    return build_confirmation(
        journal, f"{verb} {project.slug}", project, day, next_command=_add_result_command(project) if unmeasured else ""
    )


def _add_result_command(project: Project) -> str:
    return f'valuelog project edit {project.slug} --result "…"'


def ask_drop_reason(prompter: Prompter, project: Project) -> str:
    """Ask why a project is given up. Raises Stopped."""
    try:
        return prompter.ask_text("why give it up?", validate=clean_text)
    except (KeyboardInterrupt, EOFError):
        again = f'Give it up with: valuelog project drop {project.slug} "…"'
        raise Stopped(f"Stopped. “{project.name}” goes on.", again) from None


def drop_project(journal: Journal, project: Project, why: str, day: date) -> Project:
    """Give a project up, with what that taught. Raises ProjectClosed or TooEarly."""
    with journal.transaction():
        project = projects.reload(journal, project)
        done = project.mark_dropped(day, clean_text(why))
        journal.write("drop", [projects.update_change(project, done)])
    return done


def reopen_project(journal: Journal, project: Project) -> Project:
    """Let a project go on that was closed or given up. Raises ProjectOpen."""
    with journal.transaction():
        project = projects.reload(journal, project)
        again = project.reopen()
        journal.write("reopen", [projects.update_change(project, again)])
    return again
