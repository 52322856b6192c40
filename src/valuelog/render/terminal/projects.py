"""A list of projects: the busiest lately first, and which of them yields nothing."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.analysis.findings import is_stalled
from valuelog.analysis.projects import ProjectActivity, ProjectSummary
from valuelog.model.period import format_day
from valuelog.model.project import Project, ProjectState
from valuelog.render.style import DIM, NEEDS, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import beside, fit, identifier, line, with_facts
from valuelog.render.words import plural
from valuelog.workflows.projects import ProjectList

INDENT = 6
NUMBERS = 14


def lines(found: ProjectList, width: int) -> Iterator[Text]:
    """Show each project with its value and its work, and what is missing below."""
    if not found.projects:
        yield line(("No project goes on. Start one with ", DIM), ('valuelog project start "…"', STRONG))
        return
    yield line((f"{'value':>{max(INDENT, width - NUMBERS) + 7}}{'work':>7}", DIM))
    for each in found.projects:
        yield from _head(each, found, width)
        yield from _below(each, found, width)
    count = sum(_open(each.project) for each in found.projects)
    yield Text(f"\n{plural(count, 'project')} going on", DIM)


def _head(each: ProjectSummary, found: ProjectList, width: int) -> Iterator[Text]:
    """Show a project's name and both its sides in the columns that the first line names."""
    shown = identifier(each.project.id, found.prefix_lengths[each.project.id])
    sides = line((f"{each.tally.value:>5}", VALUE), (f"{each.tally.work:>7}", WORK))
    style = "" if _open(each.project) else DIM
    return with_facts(line(shown, beside(shown, INDENT)), each.project.name, sides, width, style=style)


def _open(project: Project) -> bool:
    return project.state is ProjectState.OPEN


def _below(each: ProjectSummary, found: ProjectList, width: int) -> Iterator[Text]:
    project, room = each.project, max(12, width - INDENT)
    owned = ProjectActivity(project=project, work_since_value=each.work_since_value)
    if is_stalled(owned, found.today):
        yield line(" " * INDENT, (fit(owned.summary(found.today), room), NEEDS))
    if project.closed_on:
        result = project.result or project.lesson
        said = f"{project.state} {format_day(project.closed_on, found.today)}" + (
            f": {result}" if result else ", no result"
        )
    else:
        said = _about(project) or f"since {format_day(project.started_on, found.today)}"
    yield line(" " * INDENT, (fit(said, room), DIM))


def _about(project: Project) -> str:
    """Say where a project leads, or what it is about."""
    return f"aim: {project.aim}" if project.aim else f"problem: {project.problem}" if project.problem else ""
