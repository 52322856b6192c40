"""Entries: build, add, edit and promote them; delete entities of any type."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from valuelog.journal import entries, projects
from valuelog.journal.ids import new_id
from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.entry import (
    Entry,
    EntryDetails,
    Kind,
    Side,
    clean_answer,
    clean_text,
    name_words,
    normalize_names,
    people_in,
    tags_in,
)
from valuelog.model.errors import BadInput, ValuelogError
from valuelog.model.project import Project, ProjectState, project_in, single_letter_in, slugify
from valuelog.workflows.answers import Answer
from valuelog.workflows.confirmation import Confirmation, NothingChanged, build_confirmation

if TYPE_CHECKING:
    from valuelog.workflows.confirmation import Entity
    from valuelog.workflows.prompter import Prompter

SIMILARITY_CUTOFF = 0.8
"""difflib ratio from which the name of a new project is reported as similar to that of an open one."""


def build_entry(answer: Answer, now: datetime) -> Entry:
    """Build an Entry. @names and #tags in the text are added to those given; +name is its project unless one is given.

    Raises BadText, NoAnswer or BadMinutes.
    """
    text = clean_answer(answer.text)
    details = {name: _clean_detail(getattr(answer, name)) for name in _DETAIL_NAMES}
    details["people"] = normalize_names((*answer.people, *people_in(text)))
    details["tags"] = normalize_names((*answer.tags, *tags_in(text)))
    details["project"] = clean_project_name(answer.project) if answer.project is not None else project_in(text)
    return Entry(id=new_id(), day=answer.day, kind=Kind(answer.kind), text=text, created=now, **details)


_DETAIL_NAMES = tuple(field.name for field in fields(EntryDetails))


def _clean_detail(value: Any) -> Any:  # noqa: ANN401  a field of EntryDetails
    """Clean a text, which is None if it is empty, and remove duplicates from a tuple. Raises BadText."""
    if isinstance(value, tuple):
        return tuple(dict.fromkeys(value))
    return (clean_text(value) if value else None) if isinstance(value, str) else value


def clean_project_name(name: str) -> str:
    """Return the name of a project as it is stored. Raises BadText."""
    slugify(name)
    return clean_text(name)


def create_entry(
    journal: Journal,
    answer: Answer,
    now: datetime,
    started_projects: dict[str, str] | None = None,
    known_names: Collection[str] = (),
) -> tuple[Entry, list[Change]]:
    """Return a new Entry and the changes that create it, and its project if that is new.

    `started_projects` maps slugs to ids of projects started earlier in the same batch; it is updated. `known_names` are
    names of people that the journal need not have; helping recognizes them without @.
    """
    entry = build_entry(answer, now)
    if entry.kind is Kind.HELPED:
        entry = replace(entry, people=recognize_people(journal, entry.text, entry.people, known_names))
    # +x is too short to start a project (it may be a grade or a blood group), but it can join an open one.
    letter = None if entry.project else single_letter_in(entry.text)
    known_id = projects.find_id_by_any_name(journal, letter) if letter else None
    if known_id and _is_open(projects.get(journal, known_id)):
        entry = replace(entry, project=letter)
    return entry, entries.creation_changes(journal, [entry], started_projects)


def recognize_people(
    journal: Journal, text: str, people: Sequence[str] = (), known_names: Collection[str] = ()
) -> tuple[str, ...]:
    """Return people, and those whom a text names without @ and whom the journal or `known_names` know.

    A name of two words goes before its parts; one that is also a plain word, such as Will, needs the @.
    """
    words = [name for word in name_words(text) for name in normalize_names([word])]
    candidates = {*words, *map("-".join, pairwise(words))} - set(people)
    known = entries.filter_known_people(journal, candidates) | (candidates & set(known_names)) if candidates else ()
    if not known:
        return tuple(people)
    from valuelog.model.people import PLAIN_WORDS  # noqa: PLC0415  rarely needed

    parts = {part for pair in pairwise(words) if "-".join(pair) in known for part in pair}
    return normalize_names((*people, *(known - PLAIN_WORDS - parts)))


def add(
    journal: Journal,
    answer: Answer,
    now: datetime,
    known_names: Collection[str] = (),
    find_prompter: "Callable[[], Prompter | None] | None" = None,
) -> Confirmation:
    """Add an entry. With `find_prompter`, ask about unknown names in an answer about helping first."""
    marks: list[Change] = []
    if find_prompter and answer.kind == Kind.HELPED:
        answer, marks = _ask_people(journal, answer, known_names, find_prompter)
    with journal.transaction():
        entry, changes = create_entry(journal, answer, now, known_names=known_names)
        journal.write("add", [*changes, *marks])
        project_note = describe_project_change(journal, entry, changes)
    return build_confirmation(
        journal, f"Added {entry.kind}", entries.get(journal, entry.id), answer.day, note=project_note
    )


def _ask_people(
    journal: Journal, answer: Answer, known_names: Collection[str], find_prompter: "Callable[[], Prompter | None]"
) -> tuple[Answer, list[Change]]:
    """Return an answer with the unknown names that are people, and the changes that remember what was asked."""
    from valuelog.workflows.people import ask_people  # noqa: PLC0415  only on a terminal

    known = recognize_people(journal, answer.text, (*answer.people, *people_in(answer.text)), known_names)
    names, marks = ask_people(journal, find_prompter, answer.text, known)
    return replace(answer, people=(*answer.people, *names)), marks


class NotAnEntry(BadInput):
    """An id belongs to something other than an entry."""

    def __init__(self, id_prefix: str, entity: str) -> None:
        """Say what it is, and how to change that."""
        name = {"pain": "pain point"}.get(entity, entity)
        super().__init__(f"{id_prefix} is a {name}, not an entry.", f"Change it with: valuelog {entity} --help")


def find(journal: Journal, id_prefix: str) -> Entry:
    """Return the entry with this id or prefix. Raises UnknownId, AmbiguousId or NotAnEntry."""
    entity, entity_id = journal.resolve_id(id_prefix)
    if entity != "entry":
        raise NotAnEntry(id_prefix, entity)
    return entries.get(journal, entity_id)


# The project of an entry


def describe_project_change(journal: Journal, entry: Entry, changes: Sequence[Change]) -> str:
    """Describe what a new entry did to its project if that may surprise; otherwise return an empty text.

    It may have started one, or joined a closed or renamed one.
    """
    if not entry.project:
        return ""
    slug = slugify(entry.project)
    if any(change.entity == "project" for change in changes):
        return f"starts the project {slug}{_similar_project_hint(journal, slug)}"
    project = projects.get(journal, projects.resolve_id(journal, slug))
    if warnings := ", ".join(_project_warnings(project, slug)):
        return f"joins {project.slug}, {warnings}"
    letter = single_letter_in(entry.text)
    return f"joins the project {slug}" if letter and slugify(letter) == slug else ""


def _is_open(project: Project) -> bool:
    return project.state is ProjectState.OPEN


def _project_warnings(project: Project, slug: str) -> Iterator[str]:
    """Yield warnings about a project that matches a slug: that it was renamed, or that it is closed."""
    if project.slug != slug:
        yield f"formerly {slug}"
    if not _is_open(project):
        yield f"which is {project.state}: valuelog project reopen {project.slug}"


def _similar_project_hint(journal: Journal, slug: str) -> str:
    """Return a hint that names an open project with a similar slug, or an empty text."""
    from difflib import get_close_matches  # noqa: PLC0415  only needed for a new project

    others = [project.slug for project in projects.list_projects(journal, only_open=True) if project.slug != slug]
    matches = get_close_matches(slug, others, n=1, cutoff=SIMILARITY_CUTOFF)
    return f"; did you mean {matches[0]}?" if matches else ""


# Edit and promote


Edits = Mapping[str, Any]
"""New values for some fields of an entry, by name. An empty text, such as a project or evidence, clears a field."""


def apply_edits(entry: Entry, edits: Edits) -> Entry:
    """Return the edited entry. Raises BadText."""
    new = _replace_text(entry, edits["text"]) if "text" in edits else entry
    values = {
        name: _clean_detail(value) if name in _DETAIL_NAMES else value
        for name, value in edits.items()
        if name not in {"text", "project"}
    }
    if "project" in edits:
        values["project"] = _edited_project(entry, edits["project"])
    return replace(new, **values)


def _edited_project(entry: Entry, project: str) -> str | None:
    """Return the new project, or the current slug if the name is another spelling of it."""
    name = clean_project_name(project) if project else None
    return entry.project if name and slugify(name) == entry.project else name


def _replace_text(entry: Entry, text: str) -> Entry:
    """Return an Entry with another text. People and tags that only the old text mentioned are dropped.

    Raises BadText or NoAnswer.
    """
    text = clean_answer(text)
    people = (*(set(entry.people) - set(people_in(entry.text))), *people_in(text))
    tags = (*(set(entry.tags) - set(tags_in(entry.text))), *tags_in(text))
    return replace(
        entry,
        text=text,
        people=normalize_names(people),
        tags=normalize_names(tags),
        project=_project_after_edit(entry, text),
    )


def _project_after_edit(entry: Entry, text: str) -> str | None:
    """Return the project after the text changed: a new +name replaces it, a removed +name clears it."""
    before, after = project_in(entry.text), project_in(text)
    if (before and slugify(before)) == (after and slugify(after)):
        return entry.project
    was_removed = before is not None and slugify(before) == entry.project
    return after or (None if was_removed else entry.project)


def edit(journal: Journal, entry: Entry, edits: Edits) -> Confirmation:
    """Edit an entry. Raises NothingChanged."""
    new = apply_edits(entry, edits)
    if not entries.update(journal, entry, new):
        raise NothingChanged
    return build_confirmation(journal, "Changed", new, new.day)


class NotAValueKind(BadInput):
    """`promote` was given the kind activity."""

    def __init__(self) -> None:
        """Name the command that changes a kind."""
        super().__init__(
            "You promote an activity to a kind of value, and activity isn't one.",
            "Choose improvement, outcome, helped or insight. To change the kind: valuelog edit ID --kind activity",
        )


def promote(journal: Journal, entry: Entry, kind: Kind, edits: Edits) -> Confirmation:
    """Turn an entry into a value entry. Raises NotAValueKind or NothingChanged."""
    if kind.side is Side.WORK:
        raise NotAValueKind
    new = apply_edits(entry, {**edits, "kind": kind})
    if not entries.update(journal, entry, new, act="promote"):
        raise NothingChanged
    return build_confirmation(journal, f"Promoted to {kind}", new, new.day)


def ask_promotion_details(prompter: "Prompter") -> Edits:
    """Ask what changed, how it is better and who benefits; each question can be skipped."""
    from valuelog.workflows.prompter import ask_beneficiaries, ask_effects  # noqa: PLC0415  `add` starts without it

    answers = {
        "evidence": prompter.ask_text("what changed?", validate=clean_text),
        "effects": ask_effects(prompter),
        "beneficiaries": ask_beneficiaries(prompter),
    }
    return {name: answer for name, answer in answers.items() if answer}


# Delete entities of any type


class ProjectNotEmpty(ValuelogError):
    """A project with entries cannot be deleted."""

    def __init__(self, slug: str) -> None:
        """Suggest to drop the project."""
        super().__init__(
            f"{slug} still has entries. Nothing was deleted.",
            f'Drop it with: valuelog project drop {slug} "…"; see its entries with: valuelog list --project {slug}',
        )


def delete(journal: Journal, id_prefixes: Sequence[str]) -> tuple[Confirmation, ...]:
    """Delete entries, pain points with their open steps, promises and empty projects: all or none.

    Raises UnknownId, AmbiguousId or ProjectNotEmpty.
    """
    from valuelog.journal import promises  # noqa: PLC0415  `add` starts without it

    named = tuple(dict.fromkeys(journal.resolve_id(prefix) for prefix in id_prefixes))
    confirmations = [
        build_confirmation(journal, "Deleted", *_load_deletable(journal, *reference)) for reference in named
    ]
    steps = [
        ("promise", promise.id)
        for entity, entity_id in named
        if entity == "pain"
        for promise in promises.list_promises_for_pain(journal, entity_id)
        if promise.is_open
    ]
    entries.delete_entities(journal, dict.fromkeys((*named, *steps)))
    return tuple(confirmations)


def _load_deletable(journal: Journal, entity: str, entity_id: str) -> "tuple[Entity, date]":
    """Return an entity and the day that its confirmation shows. Raises ProjectNotEmpty."""
    from valuelog.journal import pains, promises  # noqa: PLC0415  `add` starts without them

    match entity:
        case "pain":
            pain = pains.get(journal, entity_id)
            return pain, pain.last_seen
        case "promise":
            promise = promises.get(journal, entity_id)
            return promise, promise.made_on
        case "project":
            project = projects.get(journal, entity_id)
            if entries.select(journal, entries.Selection(project=entity_id), limit=1):
                raise ProjectNotEmpty(project.slug)
            return project, project.started_on
        case _:
            entry = entries.get(journal, entity_id)
            return entry, entry.day
