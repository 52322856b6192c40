"""Projects and the readings of their measures: create, update, find and select."""

from collections.abc import Collection, Mapping
from datetime import date

from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.rows import EntityTable
from valuelog.journal.store import Journal
from valuelog.model.errors import BadText, UnknownId, UnknownProject
from valuelog.model.period import Period
from valuelog.model.project import Measurement, Project, slugify

ANSWER_FIELDS = ("problem", "measure", "aim", "result", "evidence", "lesson")
"""The fields that the questions at the start and the end of a project fill."""

_TABLE = EntityTable(Project, "project", "project", order_by="started_on DESC, slug, created, id")

_MEASUREMENTS = EntityTable(Measurement, "measurement", "m", order_by="m.day, m.created, m.id")

measurement_change = _MEASUREMENTS.creation_change

get, reload, update = _TABLE.get, _TABLE.reload, _TABLE.update
creation_change, update_change = _TABLE.creation_change, _TABLE.update_change


def resolve_id(journal: Journal, reference: str) -> str:
    """Return the id of a project, given its slug, its current or an earlier name, or an id prefix.

    Raises UnknownProject.
    """
    if project_id := find_id_by_any_name(journal, reference):
        return project_id
    try:
        return journal.resolve_id(reference, "project")[1]
    except UnknownId:
        raise UnknownProject(reference, list_slugs(journal)) from None


def find_or_start(
    journal: Journal, name: str | None, day: date, started_projects: dict[str, str]
) -> tuple[str | None, list[Change]]:
    """Return the id of the project that an entry belongs to, and the change that creates it if it is new.

    `started_projects` maps slugs to ids of projects that earlier changes of the same batch create; it is updated.
    """
    if name is None:
        return None, []
    slug = slugify(name)
    if project_id := started_projects.get(slug) or find_id_by_any_name(journal, name):
        return project_id, []
    started_projects[slug] = new_id()
    fields = {"slug": slug, "name": " ".join(name.split()), "started_on": day.isoformat(), **journal.timestamp_fields()}
    return started_projects[slug], [Change(entity="project", id=started_projects[slug], fields=fields)]


def find_id_by_name(journal: Journal, name: str) -> str | None:
    """Return the id of the project with this name or slug, an open one if there is one."""
    try:
        slug = slugify(name)
    except BadText:
        return None
    sql = "SELECT id FROM project WHERE slug = ? AND deleted IS NULL ORDER BY state <> 'open', created DESC, id LIMIT 1"
    rows = journal.rows(sql, (slug,))
    return str(rows[0][0]) if rows else None


def missing_answers(journal: Journal, project_id: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Return the answers that the project lacks."""
    project = get(journal, project_id)
    return {field: answers[field] for field in ANSWER_FIELDS if answers.get(field) and getattr(project, field) is None}


def find_id_by_any_name(journal: Journal, name: str) -> str | None:
    """Return the id of the project with this name or slug, else of the last one that had it."""
    if project_id := find_id_by_name(journal, name):
        return project_id
    try:
        slug = slugify(name)
    except BadText:
        return None
    rows = journal.rows(
        "SELECT p.id FROM project p CROSS JOIN change c ON c.entity_id = p.id JOIN batch b ON b.id = c.batch"
        " WHERE p.deleted IS NULL AND json_extract(c.fields, '$.slug') = ? AND NOT b.undone AND c.undoes IS NULL"
        " ORDER BY p.state <> 'open', c.wall DESC, c.tick DESC, c.id DESC LIMIT 1",
        (slug,),
    )
    return str(rows[0][0]) if rows else None


def list_slugs(journal: Journal) -> tuple[str, ...]:
    """Return the slugs of all projects, open ones first."""
    rows = journal.rows(
        "SELECT slug FROM project WHERE deleted IS NULL GROUP BY slug ORDER BY min(state <> 'open'), slug LIMIT 1000"
    )
    return tuple(row[0] for row in rows)


def list_projects(journal: Journal, *, only_open: bool) -> tuple[Project, ...]:
    """Return all projects, or the open ones, the latest started first."""
    return _TABLE.select(journal, "deleted IS NULL" + " AND state = 'open'" * only_open)


def list_unmeasured_projects(journal: Journal, until: date) -> tuple[Project, ...]:
    """Return the projects that were closed by a day and have no result."""
    condition = "deleted IS NULL AND state = 'closed' AND result IS NULL AND closed_on <= ?"
    return _TABLE.select(journal, condition, (until.isoformat(),))


def list_ended_projects(journal: Journal, period: Period) -> tuple[Project, ...]:
    """Return the projects that were closed or dropped within a Period, in that order."""
    rows = _TABLE.select(
        journal,
        "deleted IS NULL AND state <> 'open' AND closed_on BETWEEN ? AND ?",
        (period.start.isoformat(), period.end.isoformat()),
    )
    return tuple(sorted(rows, key=lambda project: (project.closed_on, project.slug)))


def list_measurements(journal: Journal, project_id: str) -> tuple[Measurement, ...]:
    """Return the readings of the measure of a project, the oldest first."""
    return _MEASUREMENTS.select(journal, "m.project = ? AND m.deleted IS NULL", (project_id,))


def get_many(journal: Journal, project_ids: Collection[str]) -> tuple[Project, ...]:
    """Return the projects with these ids that are not deleted, by slug."""
    rows = _TABLE.select(journal, f"id IN ({', '.join('?' * len(project_ids))}) AND deleted IS NULL", [*project_ids])
    return tuple(sorted(rows, key=lambda project: project.slug))
