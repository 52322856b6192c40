"""Build a Brag: the results of a period, grouped, ranked and capped at about two printed pages for a usual quarter."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple

from valuelog.analysis.grouping import (
    Achievement,
    AchievementGroup,
    group_achievements,
    limit_achievements,
    main_beneficiary,
    widest_first,
)
from valuelog.analysis.habit import Coverage
from valuelog.analysis.projects import EndedProject, Lesson, collect_lessons
from valuelog.analysis.review import count_helped_people
from valuelog.analysis.score import Score, compute_score
from valuelog.model.entry import Entry, Kind, Side
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import Period
from valuelog.model.project import Project, ProjectState
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally

MAX_PROJECTS = 20
MAX_DETAILED_PROJECTS = 3
"""The top projects show every field, the others only measure, result and evidence."""

MAX_OUTCOMES_PER_PROJECT = 3
MAX_OTHER_OUTCOMES = 6
MAX_PEOPLE = 6
MAX_ACHIEVEMENTS_PER_PERSON = 2
MAX_OTHER_PEOPLE = 12
MAX_UNNAMED_HELP = 2

MAX_IMPROVEMENTS = 8
"""Shared by all beneficiaries."""

MAX_INSIGHTS = 4
MAX_LESSONS = 5
MAX_FIXED_PAINS = 3

MAX_GAPS_LISTED = 15
"""Gaps beyond this are listed by id, on one line for each command that fills them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BragInput:
    """The data a Brag is built from.

    `entries`, `pains` and `ended` (projects) are those of the period; `projects` are all of them, the newest first.
    """

    period: Period
    today: date
    entries: tuple[Entry, ...]
    tally: Tally
    coverage: Coverage
    schedule: Schedule = field(default_factory=Schedule)
    projects: tuple[Project, ...] = ()
    pains: tuple[PainPoint, ...] = ()
    ended: tuple[EndedProject, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectSection:
    """A project with its outcomes in the period.

    `has_evidence` covers the project and all its outcomes, listed or not. `began_on` is the start of the project, or
    the day of its first entry if that is earlier.
    """

    project: Project
    outcomes: AchievementGroup
    has_evidence: bool
    is_detailed: bool
    began_on: date

    @property
    def missing_fields(self) -> tuple[str, ...]:
        """The fields of the project that are empty and expected."""
        return self.project.missing_fields(has_evidence=self.has_evidence)


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpedPerson:
    """A person you helped, how often, and the top achievements about them."""

    name: str
    times: int
    group: AchievementGroup


@dataclass(frozen=True, kw_only=True, slots=True)
class BeneficiaryGroup:
    """Improvements for one beneficiary, or for none in particular.

    `count` is the number of entries that name the beneficiary. An improvement for several beneficiaries counts for
    each, but is listed only with the first: `listed_above` is the number of entries listed with an earlier one.
    """

    beneficiary: str | None
    count: int
    group: AchievementGroup
    listed_above: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """The missing fields of a listed entry (by id) or project (by slug).

    `project_name` or `beneficiary` says where the entry is listed if another gap has the same text.
    """

    missing_fields: tuple[str, ...]
    text: str
    entry_id: str = ""
    project: str = ""
    project_name: str = ""
    beneficiary: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Brag:
    """The results of a period.

    `outcomes` belong to no project. `other_people` were helped, but are listed by name and count only. `fixed_pains`
    have no improvement that is listed. `dropped` are projects, `lessons` what else was learned. `gaps` cover
    what is listed, each once. `prefix_lengths` maps an entry id to the length of its shortest unique prefix.
    """

    period: Period
    today: date
    project_sections: tuple[ProjectSection, ...]
    more_projects: int
    more_outcomes: int
    outcomes: AchievementGroup
    people: tuple[HelpedPerson, ...]
    other_people: tuple[tuple[str, int], ...]
    more_people: int
    unnamed_help: AchievementGroup
    improvements: tuple[BeneficiaryGroup, ...]
    insights: AchievementGroup
    fixed_pains: tuple[PainPoint, ...]
    dropped: tuple[EndedProject, ...]
    lessons: tuple[Lesson, ...]
    more_lessons: int
    tally: Tally
    coverage: Coverage
    gaps: tuple[Gap, ...]
    prefix_lengths: Mapping[str, int] = field(default_factory=dict)

    @property
    def score(self) -> Score:
        """The score of the period."""
        return compute_score(self.tally)

    @property
    def is_empty(self) -> bool:
        """Whether there are no results to list."""
        return not (self.tally.value or self.project_sections or self.fixed_pains or self.dropped or self.lessons)

    @property
    def more_improvements(self) -> int:
        """The number of improvements that are not listed."""
        return sum(each.group.more for each in self.improvements)

    @property
    def listed_gaps(self) -> tuple[Gap, ...]:
        """The gaps that get a line each."""
        return self.gaps if len(self.gaps) == MAX_GAPS_LISTED + 1 else self.gaps[:MAX_GAPS_LISTED]

    def command(self, gap: Gap) -> str:
        """Return the command that fills a gap."""
        return _fill_command(gap, gap.project or self._short_id(gap.entry_id))

    def remaining_gap_commands(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield each command that fills gaps without a line of their own, with the values for its ID."""
        references: dict[str, list[str]] = {}
        for gap in self.gaps[len(self.listed_gaps) :]:
            references.setdefault(_fill_command(gap, "ID"), []).append(gap.project or self._short_id(gap.entry_id))
        yield from ((command, tuple(ids)) for command, ids in references.items())

    def _short_id(self, entry_id: str) -> str:
        return entry_id[: self.prefix_lengths.get(entry_id, len(entry_id))]


def _fill_command(gap: Gap, reference: str) -> str:
    flags = " ".join(f'--{flag} "…"' for flag in gap.missing_fields)
    return f"valuelog {'project edit' if gap.project else 'edit'} {reference} {flags}"


def build_brag(inputs: BragInput) -> Brag:
    """Build the Brag of a period."""
    fixed_pains = [pain for pain in inputs.pains if pain.fix and pain.state is PainState.FIXED]
    achievements = group_achievements(
        inputs.entries, inputs.schedule, {pain.fix: pain for pain in fixed_pains if pain.fix}
    )
    by_kind = {kind: [each for each in achievements if each.kind is kind] for kind in Kind}
    impact = _group_by_project(by_kind[Kind.OUTCOME], inputs)
    people, others = _group_by_person(by_kind[Kind.HELPED], count_helped_people(inputs.entries, inputs.schedule))
    unnamed_help = limit_achievements([each for each in by_kind[Kind.HELPED] if not each.people], MAX_UNNAMED_HELP)
    improvements = _group_by_beneficiary(by_kind[Kind.IMPROVEMENT], inputs.entries)
    insights = limit_achievements(by_kind[Kind.INSIGHT], MAX_INSIGHTS)
    dropped = tuple(each for each in inputs.ended if each.project.state is ProjectState.DROPPED)
    lessons = _find_lessons(by_kind[Kind.LEARNED], impact.sections, inputs)
    listed_pains = {each.fixed_pain.id for each in achievements if each.fixed_pain}
    return Brag(
        period=inputs.period,
        today=inputs.today,
        project_sections=impact.sections,
        more_projects=impact.more_projects,
        more_outcomes=impact.more_outcomes,
        outcomes=impact.outcomes,
        people=people,
        other_people=others[:MAX_OTHER_PEOPLE],
        more_people=len(others[MAX_OTHER_PEOPLE:]),
        unnamed_help=unnamed_help,
        improvements=improvements,
        insights=insights,
        fixed_pains=tuple(pain for pain in fixed_pains if pain.id not in listed_pains)[:MAX_FIXED_PAINS],
        dropped=dropped,
        lessons=lessons[:MAX_LESSONS],
        more_lessons=len(lessons[MAX_LESSONS:]),
        tally=inputs.tally,
        coverage=inputs.coverage,
        gaps=_find_gaps(
            impact.sections,
            [
                impact.outcomes,
                *(person.group for person in people),
                unnamed_help,
                *(each.group for each in improvements),
                insights,
            ],
        ),
    )


def _find_lessons(
    learned: Iterable[Achievement], sections: Iterable[ProjectSection], inputs: BragInput
) -> tuple[Lesson, ...]:
    """Return what was learned, the latest first: each wording once, and no lesson that its project shows."""
    newest = {each.entries[0] for each in learned}
    shown = {each.project.id for each in sections if each.is_detailed}
    entries = (entry for entry in inputs.entries if entry.id in newest)
    closed = (
        each for each in inputs.ended if each.project.state is ProjectState.CLOSED and each.project.id not in shown
    )
    return collect_lessons(entries, closed)[::-1]


class _Impact(NamedTuple):
    """Outcomes by project; `more_outcomes` belong to the `more_projects` that are not listed."""

    sections: tuple[ProjectSection, ...]
    more_projects: int
    more_outcomes: int
    outcomes: AchievementGroup


def _group_by_project(outcomes: Sequence[Achievement], inputs: BragInput) -> _Impact:
    """Group outcomes by project; list projects with outcomes or closed in the period, the best documented first."""
    projects = {project.slug: project for project in reversed(inputs.projects)}  # the newest wins a slug
    by_project: dict[str, list[Achievement]] = {
        slug: [] for slug, project in projects.items() if _was_closed_in(project, inputs.period)
    }
    unassigned: list[Achievement] = []
    for outcome in outcomes:
        if outcome.project in projects:
            by_project.setdefault(outcome.project, []).append(outcome)
        else:
            unassigned.append(outcome)
    ranked = sorted(by_project, key=lambda slug: _section_rank(projects[slug], by_project[slug]), reverse=True)
    listed, omitted = ranked[:MAX_PROJECTS], ranked[MAX_PROJECTS:]
    return _Impact(
        sections=tuple(
            _build_section(projects[slug], by_project[slug], is_detailed=index < MAX_DETAILED_PROJECTS)
            for index, slug in enumerate(listed)
        ),
        more_projects=len(omitted),
        more_outcomes=sum(len(by_project[slug]) for slug in omitted),
        outcomes=limit_achievements(unassigned, MAX_OTHER_OUTCOMES),
    )


def _build_section(project: Project, outcomes: Sequence[Achievement], *, is_detailed: bool) -> ProjectSection:
    return ProjectSection(
        project=project,
        outcomes=limit_achievements(outcomes, MAX_OUTCOMES_PER_PROJECT),
        has_evidence=_has_evidence(project, outcomes),
        is_detailed=is_detailed,
        began_on=project.started_on,
    )


def _was_closed_in(project: Project, period: Period) -> bool:
    return project.state is ProjectState.CLOSED and project.closed_on is not None and project.closed_on in period


def _has_evidence(project: Project, outcomes: Iterable[Achievement]) -> bool:
    return bool(project.evidence) or any(outcome.evidence for outcome in outcomes)


def _section_rank(project: Project, outcomes: Sequence[Achievement]) -> tuple[object, ...]:
    has_result, has_evidence = bool(project.result), _has_evidence(project, outcomes)
    times = sum(outcome.times for outcome in outcomes)
    return has_result and has_evidence, has_result, has_evidence, times, project.closed_on or date.min, project.slug


def _share_lines(sizes: Sequence[int], total: int) -> list[int]:
    """Divide a number of lines among groups round-robin, no group getting more lines than its size."""
    shares = [0] * len(sizes)
    for turn in range(max(sizes, default=0)):
        for index, size in enumerate(sizes):
            shares[index] += turn < size and sum(shares) < total
    return shares


def _group_by_person(
    achievements: Sequence[Achievement], times_helped: Sequence[tuple[str, int]]
) -> tuple[tuple[HelpedPerson, ...], tuple[tuple[str, int], ...]]:
    """Group achievements by person, the most often helped first; list an achievement only with its first person.

    Return the people with achievements of their own, and name and count of the others.
    """
    remaining = [each for each in achievements if each.people]
    people: list[HelpedPerson] = []
    others: list[tuple[str, int]] = []
    for name, times in times_helped:
        own = [each for each in remaining if name in each.people]
        if not own or len(people) == MAX_PEOPLE:
            others.append((name, times))
            continue
        listed = tuple(own[:MAX_ACHIEVEMENTS_PER_PERSON])
        group = AchievementGroup(achievements=listed, more=len(own) - len(listed))
        people.append(HelpedPerson(name=name, times=times, group=group))
        remaining = [each for each in remaining if name not in each.people]
    return tuple(people), tuple(others)


def _group_by_beneficiary(
    achievements: Sequence[Achievement], entries: Iterable[Entry]
) -> tuple[BeneficiaryGroup, ...]:
    """Group improvements by main beneficiary, the widest reach first."""
    named = [each.beneficiaries for each in entries if each.kind is Kind.IMPROVEMENT and each.side is Side.VALUE]
    counts: dict[str | None, int] = {
        **{one: sum(one in each for each in named) for one in widest_first(one for each in named for one in each)},
        None: sum(not each for each in named),
    }
    groups: dict[str | None, list[Achievement]] = {key: [] for key, count in counts.items() if count}
    for achievement in achievements:
        groups[main_beneficiary(achievement.beneficiaries)].append(achievement)
    shares = _share_lines([len(group) for group in groups.values()], MAX_IMPROVEMENTS)
    return tuple(
        BeneficiaryGroup(
            beneficiary=beneficiary,
            count=counts[beneficiary],
            group=limit_achievements(group, max(1, share)),
            listed_above=counts[beneficiary] - sum(each.times for each in group),
        )
        for (beneficiary, group), share in zip(groups.items(), shares, strict=True)
    )


def _find_gaps(sections: Sequence[ProjectSection], groups: Iterable[AchievementGroup]) -> tuple[Gap, ...]:
    """Find the gaps of what is listed; say where a gap is only if another one has the same text."""
    gaps = [
        *_project_gaps(sections),
        *(gap for each in sections for gap in _achievement_gaps(each.outcomes, each.project.name)),
        *(gap for group in groups for gap in _achievement_gaps(group)),
    ]
    repeats = Counter(gap.text for gap in gaps)
    return tuple(gap if repeats[gap.text] > 1 else replace(gap, project_name="", beneficiary=None) for gap in gaps)


def _project_gaps(sections: Iterable[ProjectSection]) -> Iterator[Gap]:
    for section in sections:
        if section.missing_fields:
            yield Gap(missing_fields=section.missing_fields, text=section.project.name, project=section.project.slug)


def _achievement_gaps(group: AchievementGroup, project_name: str = "") -> Iterator[Gap]:
    for achievement in group.achievements:
        if not achievement.evidence:
            is_improvement = achievement.kind is Kind.IMPROVEMENT
            yield Gap(
                missing_fields=("evidence",),
                text=achievement.text,
                entry_id=achievement.entries[0],
                project_name=project_name,
                beneficiary=main_beneficiary(achievement.beneficiaries) if is_improvement else None,
            )
