"""The list of projects, the busiest lately first; stalled ones are marked."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.analysis.findings import is_stalled
from valuelog.analysis.projects import ProjectActivity, ProjectSummary
from valuelog.model.period import format_day
from valuelog.model.project import Project, ProjectState
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import id_padding, join_line, render_id, render_with_facts, truncate
from valuelog.render.words import format_count
from valuelog.workflows.projects import ProjectList

INDENT = 6
NUMBERS_WIDTH = 14


def lines(project_list: ProjectList, width: int) -> Iterator[Text]:
    """Show each project with its value and work, and its aim or result below."""
    if not project_list.projects:
        yield join_line(("No open projects. Start one with: ", DIM), ('valuelog project start "…"', STRONG))
        return
    yield join_line((f"{'value':>{max(INDENT, width - NUMBERS_WIDTH) + 7}}{'work':>7}", DIM))
    for summary in project_list.projects:
        yield from _head(summary, project_list, width)
        yield from _below(summary, project_list, width)
    count = sum(_is_open(summary.project) for summary in project_list.projects)
    yield Text(f"\n{format_count(count, 'open project')}", DIM)


def _head(summary: ProjectSummary, project_list: ProjectList, width: int) -> Iterator[Text]:
    """Show the name of a project, with value and work in the columns of the header."""
    shown = render_id(summary.project.id, project_list.prefix_lengths[summary.project.id])
    sides = join_line((f"{summary.tally.value:>5}", VALUE), (f"{summary.tally.work:>7}", WORK))
    style = "" if _is_open(summary.project) else DIM
    return render_with_facts(
        join_line(shown, id_padding(shown, INDENT)), summary.project.name, sides, width, style=style
    )


def _is_open(project: Project) -> bool:
    return project.state is ProjectState.OPEN


def _below(summary: ProjectSummary, project_list: ProjectList, width: int) -> Iterator[Text]:
    project, room = summary.project, max(12, width - INDENT)
    activity = ProjectActivity(project=project, work_since_value=summary.work_since_value)
    if is_stalled(activity, project_list.today):
        yield join_line(" " * INDENT, (truncate(activity.summary(project_list.today), room), ATTENTION))
    if project.closed_on:
        result = project.result or project.lesson
        closed = f"{project.state} {format_day(project.closed_on, project_list.today)}"
        text = f"{closed}: {result}" if result else f"{closed}, no result"
    else:
        text = _aim_or_problem(project) or f"since {format_day(project.started_on, project_list.today)}"
    yield join_line(" " * INDENT, (truncate(text, room), DIM))


def _aim_or_problem(project: Project) -> str:
    return f"aim: {project.aim}" if project.aim else f"problem: {project.problem}" if project.problem else ""
