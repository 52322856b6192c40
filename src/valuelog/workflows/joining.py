"""Which project an entry joins, and what to say where nobody may have meant that."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from valuelog.journal import projects
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import Entry, Kind
from valuelog.model.project import Project, ProjectState, single_letter_in, slugify
from valuelog.workflows.writing import Note, build_entry

SIMILARITY_CUTOFF = 0.8
"""So alike are the names of two projects when one may be meant for the other."""


def build_entry_with_project(journal: Journal, note: Note, kind: Kind, now: datetime) -> Entry:
    """Make an Entry; one letter as +x is its project too, where one of that name goes on."""
    entry = build_entry(note, kind, now)
    letter = None if entry.project else single_letter_in(entry.text)
    known = projects.find_id_by_any_name(journal, letter) if letter else None
    return replace(entry, project=letter) if known and _is_open(projects.get(journal, known)) else entry


def _is_open(project: Project) -> bool:
    return project.state is ProjectState.OPEN


def describe_project_change(journal: Journal, entry: Entry, changes: Sequence[Change]) -> str:
    """Say what an entry that was written down does to its project, if nobody may have meant that; else nothing."""
    if not entry.project:
        return ""
    slug = slugify(entry.project)
    if any(change.entity == "project" for change in changes):
        return f"starts the project {slug}{_similar_project_hint(journal, slug)}"
    project = projects.get(journal, projects.resolve_id(journal, slug))
    if told := ", ".join(_project_warnings(project, slug)):
        return f"joins {project.slug}, {told}"
    return f"joins the project {slug}" if slugify(single_letter_in(entry.text) or "no letter") == slug else ""


def _project_warnings(project: Project, slug: str) -> Iterator[str]:
    """Say what one may not expect of a project that was named by a slug: that it has another one now, or has ended."""
    if project.slug != slug:
        yield f"which was {slug} before"
    if not _is_open(project):
        yield f"which is {project.state}: valuelog project reopen {project.slug}"


def _similar_project_hint(journal: Journal, slug: str) -> str:
    """Ask whether a project that goes on was meant, if its name is nearly that of the new one."""
    from difflib import get_close_matches  # noqa: PLC0415  only a new project pays for it

    others = [one.slug for one in projects.list_projects(journal, only_open=True) if one.slug != slug]
    near = get_close_matches(slug, others, n=1, cutoff=SIMILARITY_CUTOFF)
    return f"; did you mean {near[0]}?" if near else ""
