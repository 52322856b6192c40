"""Owning projects: starting, looking at, changing and ending them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from valuelog.analysis.findings import OF_PROJECTS, Facts, Finding, findings
from valuelog.analysis.habit import Coverage
from valuelog.analysis.owning import LATELY, Life, Listed, Owned, life
from valuelog.analysis.trend import Verdict
from valuelog.journal import entries, projects, tallies
from valuelog.journal.ids import new_id
from valuelog.journal.store import Journal
from valuelog.model.entry import clean
from valuelog.model.errors import ProjectExists, TooEarly
from valuelog.model.period import Period, spelled, week_of
from valuelog.model.project import Project, slug_of
from valuelog.model.tally import Tally, total
from valuelog.workflows.asking import Ask
from valuelog.workflows.telling import Changed, NothingChanged, told
from valuelog.workflows.writing import project_name

AT_THE_START = (
    ("problem", "Which problem is it about, and whose?"),
    ("measure", "By what will you know that it worked? A number, if there is one"),
    ("aim", "What shall be true at the end?"),
)
AT_THE_END = (
    ("result", "What came of it, by the measure you chose?"),
    ("evidence", "How do you know? A number, a link"),
    ("lesson", "What did you learn?"),
)
"""What is asked of a project: the field that an answer fills, and the question. Each may be skipped."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Projects:
    """Some projects, and how many letters of each id are enough."""

    projects: tuple[Listed, ...]
    letters: Mapping[str, int]
    today: date


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """One project with its life and what is worth acting on."""

    life: Life
    findings: tuple[Finding, ...]
    letters: Mapping[str, int]

    @property
    def project(self) -> Project:
        """The project itself."""
        return self.life.project


def lately(today: date) -> Period:
    """Return the days that tell whether a project still yields anything."""
    return Period(start=today - timedelta(days=LATELY - 1), end=today)


def listing(journal: Journal, today: date, *, ended: bool) -> Projects:
    """Return the projects that go on, or all of them, each with what it adds up to."""
    found = projects.every(journal, going_on=not ended)
    whole, recent = projects.tallies(journal), tallies.by_project(journal, lately(today))
    listed = (
        Listed(project=one, tally=whole.get(one.id, Tally()), lately=recent.get(one.id, Tally())) for one in found
    )
    return Projects(
        projects=tuple(sorted(listed, key=lambda one: (one.project.state != "open", -one.lately.n, one.project.slug))),
        letters=journal.letters(one.id for one in found),
        today=today,
    )


def find(journal: Journal, name: str) -> Project:
    """Return the project that a name, a slug or an id means. Raises UnknownProject or AmbiguousId."""
    return projects.get(journal, projects.find(journal, name))


def show(journal: Journal, name: str, today: date) -> Shown:
    """Return a project with its life and its findings. Raises UnknownProject or AmbiguousId."""
    project = find(journal, name)
    found = entries.select(journal, entries.Selection(project=project.id))
    days = tallies.daily_of(journal, project.id)
    told_of = life(project, days, found, today)
    return Shown(
        life=told_of,
        findings=_findings(Owned(project=project, lately=_lately(days, today)), today),
        letters=journal.letters([project.id, *(entry.id for entry in told_of.value)]),
    )


def _lately(days: Mapping[date, Tally], today: date) -> Tally:
    return total(tally for day, tally in days.items() if day in lately(today))


def _findings(owned: Owned, today: date) -> tuple[Finding, ...]:
    """Return what is worth acting on in one project, whatever else there is."""
    facts = Facts(
        period=week_of(today),
        today=today,
        tally=Tally(),
        days=(),
        weeks=(),
        coverage=Coverage(workdays=0, written=0),
        verdict=Verdict.TOO_FEW,
        usual={},
        projects=(owned,),
    )
    return findings(facts, only=OF_PROJECTS)


def new_name(journal: Journal, name: str) -> str:
    """Return a name that no project has yet, as it is kept. Raises ProjectExists or BadText."""
    said = _on_one_line(project_name(name))
    if known := projects.by_name(journal, said):
        project = projects.get(journal, known)
        raise ProjectExists(project.name, project.slug, str(project.state))
    return said


def _on_one_line(name: str) -> str:
    return " ".join(name.split())


def start(journal: Journal, name: str, answers: Mapping[str, str | None], day: date, now: datetime) -> Changed:
    """Start a project. Raises ProjectExists or BadText."""
    with journal.transaction():
        said = new_name(journal, name)
        project = Project(id=new_id(), slug=slug_of(said), name=said, started_on=day, created=now)
        project = replace(project, **_cleaned(answers))
        journal.write("start", [projects.birth(project)])
    return told(journal, "Started", project, day)


def _cleaned(answers: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the fields that answers fill, those that were given; an empty one empties it."""
    return {field: clean(words) if words else None for field, words in answers.items() if words is not None}


def edit(journal: Journal, project: Project, wanted: Mapping[str, str | None], day: date) -> Changed:
    """Change what is said of a project; an empty text takes an answer away. Raises NothingChanged or ProjectExists."""
    said = _cleaned(wanted)
    if name := said.pop("name", None):
        said |= {"name": _on_one_line(project_name(name)), "slug": slug_of(name)}
        if said["slug"] != project.slug:
            new_name(journal, name)
    new = replace(project, **said)
    if new == project:
        message = "valuelog project edit"
        raise NothingChanged(message)
    journal.write("edit", [projects.changed(project, new)])
    return told(journal, "Changed", new, day)


def close(journal: Journal, project: Project, answers: Mapping[str, str | None], day: date) -> Changed:
    """End a project with what came of it. Raises ProjectClosed or TooEarly."""
    with journal.transaction():
        project = projects.current(journal, project)
        given = {field: answers.get(field) for field, _ in AT_THE_END}
        said = {field: clean(words) if words else getattr(project, field) for field, words in given.items()}
        done = _begun_by(project.closed(day, **said), day)
        journal.write("close", [projects.changed(project, done)])
    return told(journal, "Closed", done, day, then="" if done.result else _unmeasured(done))


def _begun_by(project: Project, day: date) -> Project:
    """Return a project that was started by a day. Raises TooEarly."""
    if day < project.started_on:
        raise TooEarly(spelled(day), "started", spelled(project.started_on))
    return project


def _unmeasured(project: Project) -> str:
    return f'valuelog project edit {project.slug} --result "…"'


def drop(journal: Journal, project: Project, why: str, day: date) -> Changed:
    """Give a project up, with what that taught. Raises ProjectClosed or TooEarly."""
    with journal.transaction():
        project = projects.current(journal, project)
        done = _begun_by(project.dropped(day, clean(why)), day)
        journal.write("drop", [projects.changed(project, done)])
    return told(journal, "Gave up", done, day)


def asked(ask: Ask, questions: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """Ask the questions of a beginning or an end, each to be skipped; returns the answers by the fields they fill."""
    answers = {}
    for field, question in questions:
        ask.title(question)
        answers[field] = ask.line(check=clean)
    return answers
