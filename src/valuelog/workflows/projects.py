"""Projects: start, list, show, edit, measure, close, drop and reopen them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from valuelog.analysis.findings import PROJECT_RULES, Finding, evaluate_rules
from valuelog.analysis.habit import Coverage
from valuelog.analysis.projects import (
    ProjectActivity,
    ProjectHistory,
    ProjectSummary,
    build_project_history,
    compute_work_since_value,
    recent_period,
)
from valuelog.analysis.rule_input import RuleInput
from valuelog.analysis.timeline import Event, build_project_timeline
from valuelog.analysis.trend import compare_with_baseline
from valuelog.journal import entries, projects, tallies
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.errors import ProjectExists, Stopped
from valuelog.model.period import week_of
from valuelog.model.project import Measurement, Project, ProjectState, slugify
from valuelog.model.tally import Effort, Tally, WorkSinceValue
from valuelog.model.text import truncate_line
from valuelog.workflows.confirmation import Confirmation, NothingChanged, build_confirmation
from valuelog.workflows.entries import clean_project_name
from valuelog.workflows.followed import clean_answers, stopped_while_open
from valuelog.workflows.prompter import Prompter

START_QUESTIONS = (
    ("problem", "What problem does it solve, and for whom?"),
    ("measure", "How will you know that it worked? A number, if there is one"),
    ("aim", "What will be true when it's done?"),
)
CLOSE_QUESTIONS = (
    ("result", "What was the result, by the measure you chose?"),
    ("evidence", "How do you know? A number, a link"),
    ("lesson", "What did you learn?"),
)
"""Pairs of the field that an answer fills and the question; each can be skipped."""

MAX_READING_LENGTH = 60
"""Maximum length of a reading in its confirmation, in characters."""

TAUGHT_QUESTION = "What did it teach you?"
"""Asked when a project is dropped."""

FieldQuestions = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectList:
    """Projects with their tallies, and the unique prefix lengths of their ids."""

    projects: tuple[ProjectSummary, ...]
    prefix_lengths: Mapping[str, int]
    today: date


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectDetails:
    """One project with its history, and the findings about it."""

    history: ProjectHistory
    findings: tuple[Finding, ...]
    prefix_lengths: Mapping[str, int]

    @property
    def project(self) -> Project:
        """The project itself."""
        return self.history.project

    @property
    def story(self) -> tuple[Event, ...]:
        """Its events, the oldest first."""
        return build_project_timeline(self.project, self.history.measurements, self.history.value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Readings:
    """The readings of the measure of a project, the oldest first."""

    project: Project
    measurements: tuple[Measurement, ...]
    today: date


def list_projects(journal: Journal, today: date, *, include_ended: bool) -> ProjectList:
    """Return the open projects, or all of them; those with the most recent entries first, closed ones last."""
    listed = projects.list_projects(journal, only_open=not include_ended)
    total, recent = tallies.tally_by_project(journal, None), tallies.tally_by_project(journal, recent_period(today))
    work_since_value = tallies.work_since_value_by_project(journal, today)
    effort = tallies.effort_by_project(journal, (project.id for project in listed))
    summaries = (
        ProjectSummary(
            project=project,
            tally=total.get(project.id, Tally()),
            recent=recent.get(project.id, Tally()),
            work_since_value=work_since_value.get(project.id, WorkSinceValue()),
            effort=effort.get(project.id, Effort()),
        )
        for project in listed
    )
    return ProjectList(
        projects=tuple(
            sorted(summaries, key=lambda item: (item.project.state != "open", -item.recent.n, item.project.slug))
        ),
        prefix_lengths=journal.prefix_lengths(project.id for project in listed),
        today=today,
    )


def find(journal: Journal, reference: str) -> Project:
    """Return the project with a name, slug or id. Raises UnknownProject or AmbiguousId."""
    return projects.get(journal, projects.resolve_id(journal, reference))


def load_project_details(journal: Journal, reference: str, today: date) -> ProjectDetails:
    """Return a project with its history and findings. Raises UnknownProject or AmbiguousId."""
    project = find(journal, reference)
    selected = entries.select(journal, entries.Selection(project=project.id))
    days = tallies.tally_project_by_day(journal, project.id)
    history = build_project_history(project, days, selected, today, projects.list_measurements(journal, project.id))
    activity = ProjectActivity(project=project, work_since_value=compute_work_since_value(days, today))
    return ProjectDetails(
        history=history,
        findings=_project_findings(activity, today),
        prefix_lengths=journal.prefix_lengths([project.id, *(entry.id for entry in history.value)]),
    )


def _project_findings(activity: ProjectActivity, today: date) -> tuple[Finding, ...]:
    """Evaluate the rules about projects for one project alone."""
    facts = RuleInput(
        period=week_of(today),
        today=today,
        tally=Tally(),
        days=(),
        weeks=(),
        coverage=Coverage(workdays=0, logged=0),
        comparison=compare_with_baseline((), ()),
        usual={},
        projects=(activity,),
    )
    findings = evaluate_rules(facts, rule_ids=PROJECT_RULES)
    this_command = f"valuelog project show {activity.project.slug}"  # the command that shows these findings
    drop_command = f'valuelog project drop {activity.project.slug} "…"'
    return tuple(
        finding._replace(command=drop_command) if finding.command == this_command else finding for finding in findings
    )


def require_new_name(journal: Journal, name: str) -> str:
    """Return the normalized name of a new project. Raises ProjectExists or BadText."""
    normalized = _collapse_whitespace(clean_project_name(name))
    if project_id := projects.find_id_by_name(journal, normalized):
        project = projects.get(journal, project_id)
        raise ProjectExists(project.name, project.slug, str(project.state))
    return normalized


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
        name = require_new_name(journal, name)
        project = Project(id=new_id(), slug=slugify(name), name=name, started_on=day, created=now)
        project = replace(project, **clean_answers(answers))
        journal.write("start", [projects.creation_change(project)], batch=batch)
    return project


def ask_and_start(journal: Journal, prompter: Prompter, name: str, day: date, now: datetime) -> Project:
    """Ask START_QUESTIONS and start a project with the first answer. Raises ProjectExists, BadText or Stopped."""
    batch = new_id()
    project: Project | None = None

    def save(answer: Mapping[str, str]) -> None:
        nonlocal project
        if project:
            project = _save_answer(journal, project, answer, ("start", batch))
        else:
            project = start_project(journal, name, answer, day, now, batch=batch)

    try:
        _ask_questions(prompter, START_QUESTIONS, save)
    except (KeyboardInterrupt, EOFError):
        if not project:
            raise
        message = f"Stopped. “{project.name}” is started; your answers are saved."
        raise Stopped(message, f"Add the rest with: valuelog project edit {project.slug} --help") from None
    return project or start_project(journal, name, {}, day, now, batch=batch)


def _ask_questions(prompter: Prompter, questions: FieldQuestions, save: Callable[[Mapping[str, str]], None]) -> None:
    """Ask questions that can be skipped; save each answer when it is confirmed."""
    for field, question in questions:
        prompter.show_heading(question)
        if answer := prompter.ask_text(validate=clean_text):
            save({field: answer})


def _save_answer(
    journal: Journal, project: Project, answer: Mapping[str, str], act_and_batch: tuple[str, str]
) -> Project:
    """Write an answer to a question about a project."""
    act, batch = act_and_batch
    return projects.update(
        journal, project, act, lambda current: replace(current, **clean_answers(answer)), batch=batch
    )


def edit_project(journal: Journal, project: Project, answers: Mapping[str, str | None], day: date) -> Confirmation:
    """Edit a project; an empty text clears an answer, but not the name.

    Raises NothingChanged, ProjectExists or BadText.
    """
    fields = clean_answers(answers)
    with journal.transaction():
        project = projects.reload(journal, project)
        if "name" in fields:
            fields |= _rename_fields(journal, project, fields["name"] or "")
        changed = replace(project, **fields)
        if changed == project:
            raise NothingChanged(command="valuelog project edit")
        journal.write("edit", [projects.update_change(project, changed)])
    note = f"its slug is now {changed.slug}" if changed.slug != project.slug else ""
    return build_confirmation(journal, "Changed", changed, day, note=note)


def _rename_fields(journal: Journal, project: Project, name: str) -> dict[str, str]:
    """Return the name and slug of a renamed project. Raises ProjectExists or BadText."""
    normalized, slug = _collapse_whitespace(clean_project_name(name)), slugify(name)
    if slug != project.slug:
        require_new_name(journal, name)
    return {"name": normalized, "slug": slug}


def close_project(
    journal: Journal, project: Project, answers: Mapping[str, str | None], day: date, *, batch: str | None = None
) -> Project:
    """Close a project with its result. Raises ProjectClosed or EndBeforeStart."""

    def close(current: Project) -> Project:
        texts = {field: answers.get(field) for field, _ in CLOSE_QUESTIONS}
        fields = {field: clean_text(text) if text else getattr(current, field) for field, text in texts.items()}
        return current.mark_closed(day, **fields)

    return projects.update(journal, project, "close", close, batch=batch)


def ask_and_close(journal: Journal, prompter: Prompter, project: Project, day: date) -> Project:
    """Ask CLOSE_QUESTIONS and close a project. Raises ProjectClosed, EndBeforeStart or Stopped."""
    project.require_closable(day)
    batch = new_id()
    has_answers = False

    def save(answer: Mapping[str, str]) -> None:
        nonlocal has_answers
        _save_answer(journal, project, answer, ("close", batch))
        has_answers = True

    try:
        _ask_questions(prompter, CLOSE_QUESTIONS, save)
    except (KeyboardInterrupt, EOFError):
        hint = f"Close it with: valuelog project close {project.slug}"
        raise stopped_while_open(project.name, hint, has_answers=has_answers) from None
    return close_project(journal, project, {}, day, batch=batch)


def build_project_confirmation(journal: Journal, verb: str, project: Project, day: date) -> Confirmation:
    """Confirm that a project was started, closed, dropped or reopened; after closing ask for a missing result."""
    lacks_result = project.state is ProjectState.CLOSED and not project.result
    next_command = f'valuelog project edit {project.slug} --result "…"' if lacks_result else ""
    return build_confirmation(journal, f"{verb} {project.slug}", project, day, next_command=next_command)


def measure_project(
    journal: Journal, reference: str, value: str, day: date, now: datetime
) -> tuple[Confirmation, Readings]:
    """Note a reading of the measure of a project. Raises UnknownProject, AmbiguousId or BadText."""
    value = clean_text(value)
    with journal.transaction():
        project = find(journal, reference)
        reading = Measurement(id=new_id(), project=project.id, day=day, value=value, created=now)
        journal.write("measure", [projects.measurement_change(reading)])
    note = truncate_line(value, MAX_READING_LENGTH)
    confirmation = build_confirmation(journal, f"Measured {project.slug}", project, day, note=note)
    return confirmation, Readings(project=project, measurements=(reading,), today=day)


def load_readings(journal: Journal, reference: str, today: date) -> Readings:
    """Return the readings of the measure of a project. Raises UnknownProject or AmbiguousId."""
    project = find(journal, reference)
    return Readings(project=project, measurements=projects.list_measurements(journal, project.id), today=today)


def drop_project(
    journal: Journal, project: Project, reason: str, day: date, *, lesson: str | None = None, batch: str | None = None
) -> Project:
    """Drop a project with the reason and what it taught. Raises ProjectClosed, EndBeforeStart or BadText."""
    reason, lesson = clean_text(reason), clean_text(lesson) if lesson else None
    return projects.update(
        journal, project, "drop", lambda current: current.mark_dropped(day, reason, lesson=lesson), batch=batch
    )


def drop_and_ask_lesson(journal: Journal, prompter: Prompter, project: Project, reason: str, day: date) -> Project:
    """Drop a project, then ask what it taught. Raises ProjectClosed, EndBeforeStart or Stopped."""
    batch = new_id()
    dropped = drop_project(journal, project, reason, day, batch=batch)
    prompter.show_heading(TAUGHT_QUESTION)
    try:
        lesson = prompter.ask_text(validate=clean_text)
    except (KeyboardInterrupt, EOFError):
        hint = f'Add what it taught you with: valuelog project edit {project.slug} --lesson "…"'
        raise Stopped(f"Stopped. “{project.name}” is dropped; the reason is saved.", hint) from None
    return _save_answer(journal, dropped, {"lesson": lesson}, ("drop", batch)) if lesson else dropped


def reopen_project(journal: Journal, project: Project) -> Project:
    """Reopen a closed or dropped project. Raises ProjectOpen."""
    return projects.update(journal, project, "reopen", Project.reopen)
