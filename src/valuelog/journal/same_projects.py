"""Joins projects that were started under the same name on several machines."""

import json
from collections.abc import Iterable, Iterator

from valuelog.journal.log import Change
from valuelog.journal.store import Journal


def join_same_projects(journal: Journal, new_projects: Iterable[str]) -> tuple[str, ...]:
    """Join open projects of the same name into the oldest one, as one batch. Return their slugs.

    Only those of which one has just arrived: after you undo the joining, you have two projects again, and they stay.
    """
    sql = (
        "SELECT slug FROM project WHERE state = 'open' AND deleted IS NULL"
        " GROUP BY slug HAVING count(*) > 1 AND sum(id IN (SELECT value FROM json_each(?)))"
    )
    slugs = sorted(slug for (slug,) in journal.rows(sql, (json.dumps([*new_projects]),)))
    with journal.transaction():
        changes = [change for slug in slugs for change in _joining_changes(journal, slug)]
        if changes:
            journal.write("merge", changes)
    return tuple(slugs)


def _joining_changes(journal: Journal, slug: str) -> Iterator[Change]:
    """Yield the changes that join the open projects of a slug: they move all that refers to the younger ones."""
    sql = "SELECT id FROM project WHERE slug = ? AND state = 'open' AND deleted IS NULL ORDER BY created, id"
    (kept,), *others = journal.rows(sql, (slug,))
    known = {"problem", "measure", "aim"} - set(_answers(journal, kept))
    for (other,) in others:
        for entity in ("entry", "measurement"):
            for (entity_id,) in journal.rows(f"SELECT id FROM {entity} WHERE project = ? ORDER BY id", (other,)):
                yield Change(entity, entity_id, {"project": kept})
        answers = {name: text for name, text in _answers(journal, other).items() if name in known}
        if answers:
            known -= answers.keys()
            yield Change("project", kept, answers)
        yield Change("project", other, {"deleted": journal.timestamp_fields()["created"]})


def _answers(journal: Journal, project: str) -> dict[str, str]:
    """Return what a project says about its problem, its measure and its aim."""
    names = ("problem", "measure", "aim")
    (row,) = journal.rows(f"SELECT {', '.join(names)} FROM project WHERE id = ?", (project,))
    return {name: text for name, text in zip(names, row, strict=True) if text is not None}
