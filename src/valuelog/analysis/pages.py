"""Pages: how many lines a Brag takes where it is printed, and how much of each thing is told to make it fit on two."""

from collections.abc import Iterable
from typing import NamedTuple

from valuelog.analysis.brag import Audience, Brag, Chapter, Person
from valuelog.analysis.grouping import Deed, Group

COLUMNS = 100
LINES = 96
"""So many lines of so many columns fill two pages, and leave some for what is still to fill below."""

GIST = 160
"""So much of somebody's words stands on a line of a document; `list` and `show` have the rest."""

PROOFS = 2
"""So many pieces of evidence stand beside one deed."""

HEAD = 3
"""A heading and the empty lines around it take so many."""

MARKS = 20
"""So many letters say how often and since when, and as many that there is evidence."""


class Room(NamedTuple):
    """How much is told at most of each thing.

    Outcomes with evidence are told up to `proven` of each project, and as many that belong to none; those without fill
    up to `of_project` and to `outcomes`.
    """

    projects: int
    in_full: int
    proven: int
    of_project: int
    outcomes: int
    people: int
    of_person: int
    improved: int
    seen: int


ROOMS = (
    Room(40, 8, LINES, 4, 12, 8, 2, 16, 8),
    Room(40, 6, LINES, 3, 10, 6, 2, 14, 6),
    Room(40, 5, LINES, 3, 8, 6, 2, 12, 6),
    Room(40, 4, LINES, 3, 8, 5, 2, 12, 5),
    Room(40, 3, LINES, 2, 6, 5, 2, 10, 4),
    Room(40, 3, LINES, 2, 5, 5, 1, 8, 4),
    Room(40, 3, LINES, 1, 4, 4, 1, 8, 3),
    Room(40, 2, LINES, 1, 4, 4, 1, 6, 3),
    Room(40, 1, LINES, 1, 3, 4, 1, 6, 3),
    Room(40, 1, LINES, 1, 2, 3, 1, 4, 2),
    Room(40, 1, LINES, 0, 0, 3, 1, 4, 2),
    Room(40, 0, LINES, 0, 0, 2, 1, 3, 1),
    Room(40, 0, LINES, 0, 0, 1, 1, 1, 1),
    Room(40, 0, 8, 0, 0, 1, 1, 1, 1),
    Room(40, 0, 4, 0, 0, 1, 1, 1, 1),
    Room(40, 0, 2, 0, 0, 1, 1, 1, 1),
    Room(30, 0, 1, 0, 0, 1, 1, 1, 1),
    Room(20, 0, 1, 0, 0, 1, 1, 1, 1),
    Room(12, 0, 1, 0, 0, 1, 1, 1, 1),
)
"""From roomy to tight: outcomes without evidence, people, improvements and insights give way first, then what more is
known of a project, and outcomes with evidence only when nothing else is left to cut."""


def fits(brag: Brag) -> bool:
    """Tell whether a Brag fills two pages at most."""
    return printed(brag) <= LINES


def printed(brag: Brag) -> int:
    """Return about how many lines a Brag takes, without what is still to fill."""
    parts = (
        sum(map(_chapter, brag.chapters)) + HEAD * any(not chapter.full for chapter in brag.chapters),
        _group(brag.outcomes),
        sum(map(_person, brag.people)) + _group(brag.unnamed) + 2 * bool(brag.also),
        sum(map(_audience, brag.improved)),
        _group(brag.seen) + sum(_rows([pain.text, pain.how], MARKS) for pain in brag.gone),
    )
    return 2 * HEAD + sum(HEAD + part for part in parts if part)


def _rows(texts: Iterable[str | None], more: int = 0) -> int:
    """Return how many lines some words take that stand one after the other, with so many letters more."""
    return -(-(more + sum(min(len(text), GIST) for text in texts if text)) // COLUMNS)


def _deed(deed: Deed) -> int:
    return _rows([deed.text, *deed.evidence[:PROOFS]], MARKS + MARKS * (deed.times > 1))


def _group(group: Group) -> int:
    return sum(map(_deed, group.deeds)) + bool(group.more)


def _chapter(chapter: Chapter) -> int:
    project = chapter.project
    if not chapter.full:
        said = [project.name, project.measure, project.result, project.evidence]
        return _rows(said, 3 * MARKS) + _group(chapter.outcomes)
    told = [project.problem, project.measure, project.aim, project.result, project.evidence, project.lesson]
    return HEAD + sum(_rows([text], 10) for text in told if text) + len(chapter.wants) + _group(chapter.outcomes)


def _person(person: Person) -> int:
    texts = [text for deed in person.told.deeds for text in (deed.text, *deed.evidence[:PROOFS])]
    return _rows([person.name, *texts], 2 * MARKS * len(person.told.deeds))


def _audience(audience: Audience) -> int:
    return HEAD + _group(audience.told)
