"""One Project with what it came to."""

from collections.abc import Iterator

from valuelog.render.json import entry, score
from valuelog.render.json.projects import project_document, side_counts
from valuelog.workflows.projects import ProjectDetails


def document(details: ProjectDetails) -> dict[str, object]:
    """Return it as JSON has it; `value` are its value entries, `parts` its weeks or months."""
    life = details.history
    return {
        **project_document(details.project),
        "score": score.document(life.score),
        "evidenced": life.with_evidence,
        "parts": [{"name": period.name, **side_counts(tally)} for period, tally in life.parts],
        "findings": [{"id": found.id, "text": found.text, "command": found.command} for found in details.findings],
        "value": [entry.document(each) for each in life.value],
    }


def records(details: ProjectDetails) -> Iterator[tuple[object, ...]]:
    """Return named figures, then a record a week or month and a finding."""
    project, life = details.project, details.history
    yield "project", project.id, project.slug, str(project.state), project.name
    yield "score", life.score.value, life.score.work, life.score.share, life.score.interval
    for period, tally in life.parts:
        yield "part", period.name, tally.value, tally.work
    for found in details.findings:
        yield "finding", found.id, found.text, found.command
