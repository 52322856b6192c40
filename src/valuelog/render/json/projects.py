"""Projects, one alone or several with what they add up to."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from valuelog.model.project import Project
from valuelog.model.tally import Tally

if TYPE_CHECKING:
    from valuelog.workflows.projects import ProjectList


def project_document(project: Project) -> dict[str, object]:
    """Return a Project as JSON has it."""
    return {
        "id": project.id,
        "slug": project.slug,
        "name": project.name,
        "state": str(project.state),
        "started_on": project.started_on.isoformat(),
        "problem": project.problem,
        "measure": project.measure,
        "aim": project.aim,
        "closed_on": project.closed_on.isoformat() if project.closed_on else None,
        "result": project.result,
        "evidence": project.evidence,
        "lesson": project.lesson,
    }


def side_counts(tally: Tally) -> dict[str, int]:
    """Return both sides of a Tally."""
    return {"value": tally.value, "work": tally.work}


def document(project_list: "ProjectList") -> list[object]:
    """Return the projects as JSON has them; `lately` is what they came to in the last three weeks."""
    return [
        {**project_document(each.project), **side_counts(each.tally), "lately": side_counts(each.recent)}
        for each in project_list.projects
    ]


def records(project_list: "ProjectList") -> Iterator[tuple[object, ...]]:
    """Return a record a project: id, slug, state, when it began, value, work, both of the last three weeks, name."""
    for each in project_list.projects:
        project, tally, lately = each.project, each.tally, each.recent
        yield (
            project.id,
            project.slug,
            str(project.state),
            project.started_on,
            tally.value,
            tally.work,
            lately.value,
            lately.work,
            project.name,
        )
