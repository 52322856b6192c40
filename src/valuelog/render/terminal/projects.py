"""A list of projects: the busiest lately first, and which of them yields nothing."""

from collections.abc import Iterator

from rich.text import Text

from valuelog.analysis.findings import stalled
from valuelog.analysis.owning import Listed, Owned
from valuelog.model.period import short
from valuelog.model.project import Project, ProjectState
from valuelog.render.style import DIM, NEEDS, STRONG, VALUE, WORK
from valuelog.render.terminal.layout import beside, column, fit, identifier, line
from valuelog.render.words import plural
from valuelog.workflows.projects import Projects

INDENT = 6
NUMBERS = 14


def lines(found: Projects, width: int) -> Iterator[Text]:
    """Show each project with its value and its work, and what is missing below."""
    if not found.projects:
        yield line(("No project goes on. Start one with ", DIM), ('valuelog project start "…"', STRONG))
        return
    room = max(12, width - INDENT - NUMBERS)
    yield line((" " * (INDENT + room) + f"{'value':>7}{'work':>7}", DIM))
    for each in found.projects:
        shown = identifier(each.project.id, found.letters[each.project.id])
        name = column(each.project.name, room)
        sides = ((f"{each.tally.value:>7}", VALUE), (f"{each.tally.work:>7}", WORK))
        yield line(shown, beside(shown, INDENT), (name, "" if _open(each.project) else DIM), *sides)
        yield from _below(each, found, width)
    count = sum(_open(each.project) for each in found.projects)
    yield Text(f"\n{plural(count, 'project')} going on", DIM)


def _open(project: Project) -> bool:
    return project.state is ProjectState.OPEN


def _below(each: Listed, found: Projects, width: int) -> Iterator[Text]:
    project, room = each.project, max(12, width - INDENT)
    owned = Owned(project=project, drought=each.drought)
    if stalled(owned, found.today):
        yield line(" " * INDENT, (fit(owned.told(found.today), room), NEEDS))
    if project.closed_on:
        result = project.result or project.lesson
        said = f"{project.state} {short(project.closed_on, found.today)}" + (f": {result}" if result else ", no result")
    else:
        said = project.aim or project.problem or f"since {short(project.started_on, found.today)}"
    yield line(" " * INDENT, (fit(said, room), DIM))
