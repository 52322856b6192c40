"""Making entries out of words: what `add`, the evening and answers from a file have in common."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from valuelog.journal.ids import new_id
from valuelog.model.entry import Beneficiary, Effect, Entry, Kind, clean_text, normalize_names, people_in, tags_in
from valuelog.model.project import project_in, slugify


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """What somebody wants to write down, before it has an id.

    A kind of none is a pain point: `again` is the id of the one that it is, `new` that it is none of those known.
    It may be `in_line`: from a line of answers, in a file or a pipe.
    """

    kind: Kind | None
    text: str
    day: date
    minutes: int | None = None
    people: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    project: str | None = None
    effects: tuple[Effect, ...] = ()
    beneficiaries: tuple[Beneficiary, ...] = ()
    evidence: str | None = None
    pain_id: str | None = None
    is_new_pain: bool = False
    from_answers_file: bool = False


def build_entry(note: Note, kind: Kind, now: datetime) -> Entry:
    """Make an Entry. @names and #tags in the text join those that were given; +name is its project unless one is."""
    text = clean_text(note.text)
    return Entry(
        id=new_id(),
        day=note.day,
        kind=kind,
        text=text,
        created=now,
        minutes=note.minutes,
        people=normalize_names((*note.people, *people_in(text))),
        tags=normalize_names((*note.tags, *tags_in(text))),
        project=clean_project_name(note.project) if note.project is not None else project_in(text),
        effects=tuple(dict.fromkeys(note.effects)),
        beneficiaries=tuple(dict.fromkeys(note.beneficiaries)),
        evidence=clean_text(note.evidence) if note.evidence else None,
    )


def clean_project_name(name: str) -> str:
    """Return the name of a project as it is kept. Raises BadText."""
    slugify(name)
    return clean_text(name)


def replace_text(entry: Entry, text: str) -> Entry:
    """Return an Entry with another text; whom and what only the old one mentioned leaves with it."""
    text = clean_text(text)
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
    """Return the project of an entry with another text: the one that this names as +name, if it names another one."""
    before, after = project_in(entry.text), project_in(text)
    if (before and slugify(before)) == (after and slugify(after)):
        return entry.project
    left = before is not None and slugify(before) == entry.project
    return after or (None if left else entry.project)
