"""The list of projects, the busiest lately first; stalled ones are marked."""

from collections.abc import Iterator
from datetime import date

from rich.console import Group
from rich.table import Table
from rich.text import Text

from valuelog.analysis.follow_up_rules import is_stalled
from valuelog.analysis.projects import ProjectActivity, ProjectSummary
from valuelog.model.period import format_day
from valuelog.model.project import Project, ProjectState
from valuelog.model.text import truncate_line
from valuelog.render.style import ATTENTION, DIM, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import render_id
from valuelog.render.terminal.tables import (
    MAX_DETAIL_LENGTH,
    cell,
    create_table,
    fixed_column,
    number_column,
    text_column,
    wrapped_cell,
)
from valuelog.render.words import format_balance, format_count, format_effort_beside_value
from valuelog.workflows.projects import ProjectList

SIDES = ("value", "work")

MIN_WIDTH_FOR_COUNTS = 36
"""Width at which the counts get columns of their own."""


def lines(project_list: ProjectList, width: int) -> Iterator[Text | Table]:
    """Yield a row for each project, and how many are open."""
    if not project_list.projects:
        yield Text.assemble(("No open projects. Start one with: ", DIM), ('valuelog project start "…"', STRONG))
        return
    yield _project_table(project_list, width)
    count = sum(_is_open(summary.project) for summary in project_list.projects)
    yield Text(f"\n{format_count(count, 'open project')}", DIM)


def _project_table(project_list: ProjectList, width: int) -> Table:
    """Return a table with value and work in columns, or below the name if the terminal is narrow."""
    is_wide = width >= MIN_WIDTH_FOR_COUNTS
    sides = [number_column(name) for name in SIDES] if is_wide else []
    table = create_table(fixed_column(), text_column("project"), *sides)
    for summary in project_list.projects:
        project, tally = summary.project, summary.tally
        counts = [cell(tally.value, VALUE), cell(tally.work, WORK)]
        below = [] if is_wide else [Text(format_balance(tally))]
        text = Group(
            cell(project.name, "" if _is_open(project) else DIM), *below, *_details(summary, project_list.today)
        )
        table.add_row(render_id(project.id, project_list.prefix_lengths[project.id]), text, *counts[: len(sides)])
    return table


def _is_open(project: Project) -> bool:
    return project.state is ProjectState.OPEN


def _details(summary: ProjectSummary, today: date) -> Iterator[Text]:
    """Yield since when the project has stalled, what it took, and its result, aim or problem."""
    activity = ProjectActivity(project=summary.project, work_since_value=summary.work_since_value)
    stalled = is_stalled(activity, today)
    if stalled:
        yield wrapped_cell(activity.summary(today), ATTENTION)
    effort = format_effort_beside_value(summary.effort, summary.tally, is_open=_is_open(summary.project))
    if effort and (summary.effort.timed or not stalled):  # a stalled project shows its number of activities already
        yield wrapped_cell(effort, DIM)
    yield wrapped_cell(_latest(summary.project, today), DIM)


def _latest(project: Project, today: date) -> str:
    if not project.closed_on:
        return _aim_or_problem(project) or f"since {format_day(project.started_on, today)}"
    result = project.result or project.lesson
    closed = f"{project.state} {format_day(project.closed_on, today)}"
    return f"{closed}: {truncate_line(result, MAX_DETAIL_LENGTH)}" if result else f"{closed}, no result"


def _aim_or_problem(project: Project) -> str:
    label, text = ("aim", project.aim) if project.aim else ("problem", project.problem)
    return f"{label}: {truncate_line(text, MAX_DETAIL_LENGTH)}" if text else ""
