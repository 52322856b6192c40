"""Pages: how many lines a Brag takes where it is printed, and how much of each thing is told to make it fit on two."""

from collections.abc import Iterable
from typing import NamedTuple

from valuelog.analysis.brag import BeneficiaryGroup, Brag, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import Achievement, AchievementGroup

LINE_WIDTH = 100
MAX_LINES = 96
"""So many lines of so many columns fill two pages, and leave some for what is still to fill below."""

MAX_QUOTE_LENGTH = 160
"""So much of somebody's words stands on a line of a document; `list` and `show` have the rest."""

MAX_EVIDENCE = 2
"""So many pieces of evidence stand beside one deed."""

HEADING_LINES = 3
"""A heading and the empty lines around it take so many."""

ANNOTATION_WIDTH = 20
"""So many letters say how often and since when, and as many that there is evidence."""


class Limits(NamedTuple):
    """How much is told at most of each thing.

    Outcomes with evidence are told up to `proven` of each project, and as many that belong to none; those without fill
    up to `of_project` and to `outcomes`.
    """

    projects: int
    detailed_projects: int
    outcomes_with_evidence: int
    outcomes_per_project: int
    outcomes: int
    people: int
    achievements_per_person: int
    improvements: int
    insights: int


LIMIT_STEPS = (
    Limits(40, 8, MAX_LINES, 4, 12, 8, 2, 16, 8),
    Limits(40, 6, MAX_LINES, 3, 10, 6, 2, 14, 6),
    Limits(40, 5, MAX_LINES, 3, 8, 6, 2, 12, 6),
    Limits(40, 4, MAX_LINES, 3, 8, 5, 2, 12, 5),
    Limits(40, 3, MAX_LINES, 2, 6, 5, 2, 10, 4),
    Limits(40, 3, MAX_LINES, 2, 5, 5, 1, 8, 4),
    Limits(40, 3, MAX_LINES, 1, 4, 4, 1, 8, 3),
    Limits(40, 2, MAX_LINES, 1, 4, 4, 1, 6, 3),
    Limits(40, 1, MAX_LINES, 1, 3, 4, 1, 6, 3),
    Limits(40, 1, MAX_LINES, 1, 2, 3, 1, 4, 2),
    Limits(40, 1, MAX_LINES, 0, 0, 3, 1, 4, 2),
    Limits(40, 0, MAX_LINES, 0, 0, 2, 1, 3, 1),
    Limits(40, 0, MAX_LINES, 0, 0, 1, 1, 1, 1),
    Limits(40, 0, 8, 0, 0, 1, 1, 1, 1),
    Limits(40, 0, 4, 0, 0, 1, 1, 1, 1),
    Limits(40, 0, 2, 0, 0, 1, 1, 1, 1),
    Limits(30, 0, 1, 0, 0, 1, 1, 1, 1),
    Limits(20, 0, 1, 0, 0, 1, 1, 1, 1),
    Limits(12, 0, 1, 0, 0, 1, 1, 1, 1),
)
"""From roomy to tight: outcomes without evidence, people, improvements and insights give way first, then what more is
known of a project, and outcomes with evidence only when nothing else is left to cut."""


def fits_two_pages(brag: Brag) -> bool:
    """Tell whether a Brag fills two pages at most."""
    return estimate_lines(brag) <= MAX_LINES


def estimate_lines(brag: Brag) -> int:
    """Return about how many lines a Brag takes, without what is still to fill."""
    parts = (
        sum(map(_section_lines, brag.project_sections))
        + HEADING_LINES * any(not chapter.is_detailed for chapter in brag.project_sections),
        _group_lines(brag.outcomes),
        sum(map(_person_lines, brag.people)) + _group_lines(brag.unnamed_help) + 2 * bool(brag.other_people),
        sum(map(_beneficiary_lines, brag.improvements)),
        _group_lines(brag.insights)
        + sum(_count_lines([pain.text, pain.how], ANNOTATION_WIDTH) for pain in brag.fixed_pains),
    )
    return 2 * HEADING_LINES + sum(HEADING_LINES + part for part in parts if part)


def _count_lines(texts: Iterable[str | None], extra_width: int = 0) -> int:
    """Return how many lines some words take that stand one after the other, with so many letters more."""
    return -(-(extra_width + sum(min(len(text), MAX_QUOTE_LENGTH) for text in texts if text)) // LINE_WIDTH)


def _achievement_lines(achievement: Achievement) -> int:
    return _count_lines(
        [achievement.text, *achievement.evidence[:MAX_EVIDENCE]],
        ANNOTATION_WIDTH + ANNOTATION_WIDTH * (achievement.times > 1),
    )


def _group_lines(group: AchievementGroup) -> int:
    return sum(map(_achievement_lines, group.achievements)) + bool(group.more)


def _section_lines(section: ProjectSection) -> int:
    project = section.project
    if not section.is_detailed:
        said = [project.name, project.measure, project.result, project.evidence]
        return _count_lines(said, 3 * ANNOTATION_WIDTH) + _group_lines(section.outcomes)
    told = [project.problem, project.measure, project.aim, project.result, project.evidence, project.lesson]
    return (
        HEADING_LINES
        + sum(_count_lines([text], 10) for text in told if text)
        + len(section.missing_fields)
        + _group_lines(section.outcomes)
    )


def _person_lines(person: HelpedPerson) -> int:
    texts = [text for deed in person.group.achievements for text in (deed.text, *deed.evidence[:MAX_EVIDENCE])]
    return _count_lines([person.name, *texts], 2 * ANNOTATION_WIDTH * len(person.group.achievements))


def _beneficiary_lines(group: BeneficiaryGroup) -> int:
    return HEADING_LINES + _group_lines(group.group)
