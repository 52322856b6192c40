"""Build a Brag: the results of a period, grouped, ranked and capped at about two printed pages for a usual quarter."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from valuelog.analysis.expectations import Expectation, MetExpectation, match_expectations
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
from valuelog.model.entry import Entry, Impact, Kind, Side
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import Period
from valuelog.model.project import Project, ProjectState
from valuelog.model.promise import Promise, Reflection
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally

MAX_HIGHLIGHTS = 5
"""What an executive reads: the results with the largest impact."""

PUSHED_BACK_QUESTION, LEVEL_UP_QUESTION = "pushed-back", "level-up"
"""The questions of the catalogue whose answers get headings of their own."""

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

MAX_STOPS = 5

MAX_GAPS_LISTED = 5
"""Gaps beyond this are only counted."""


class Audience(StrEnum):
    """Who reads a Brag: two pages for a manager, the highlights for an executive, everything for yourself."""

    MANAGER = "manager"
    EXEC = "exec"
    SELF = "self"


class Limits(NamedTuple):
    """How much of each section is listed; the rest is counted."""

    projects: int = MAX_PROJECTS
    detailed_projects: int = MAX_DETAILED_PROJECTS
    outcomes_per_project: int = MAX_OUTCOMES_PER_PROJECT
    other_outcomes: int = MAX_OTHER_OUTCOMES
    people: int = MAX_PEOPLE
    achievements_per_person: int = MAX_ACHIEVEMENTS_PER_PERSON
    other_people: int = MAX_OTHER_PEOPLE
    unnamed_help: int = MAX_UNNAMED_HELP
    improvements: int = MAX_IMPROVEMENTS
    insights: int = MAX_INSIGHTS
    lessons: int = MAX_LESSONS
    fixed_pains: int = MAX_FIXED_PAINS
    stops: int = MAX_STOPS


NO_LIMITS = Limits(*[1_000_000] * len(Limits._fields))


@dataclass(frozen=True, kw_only=True, slots=True)
class BragInput:
    """The data a Brag is built from.

    `entries`, `pains` and `ended` (projects) are those of the period; `projects` are all of them, the newest first.
    `stops` are the promises to stop something that were kept, `level_answers` those of the weekly talks about the next
    level. `name` is the person's. With `expectations`, the evidence is grouped by them.
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
    stops: tuple[Promise, ...] = ()
    level_answers: tuple[Reflection, ...] = ()
    audience: Audience = Audience.MANAGER
    name: str | None = None
    shows_score: bool = False
    expectations: tuple[Expectation, ...] | None = None

    @property
    def limits(self) -> Limits:
        """How much is listed."""
        return NO_LIMITS if self.audience is Audience.SELF else Limits()


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
    """The missing fields of a listed entry (by id) or project (by slug)."""

    missing_fields: tuple[str, ...]
    text: str
    entry_id: str = ""
    project: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brag:
    """The results of a period.

    `outcomes` belong to no project. `other_people` were helped, but are listed by name and count only. `fixed_pains`
    have no improvement that is listed. `dropped` are projects, `lessons` what else was learned. `requests` were turned
    into better ones, `next_level` is work at the next level. `highlights` are the results with the largest impact.
    `expectations` are None unless given; `unmatched` is evidence for none of them. `gaps` cover what is listed, each
    once, and are no part of the document. `prefix_lengths` maps an entry id to the length of its shortest unique
    prefix.
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
    requests: AchievementGroup
    next_level: AchievementGroup
    stops: tuple[Promise, ...]
    more_stops: int
    level_answers: tuple[Reflection, ...]
    highlights: tuple[Achievement, ...]
    audience: Audience
    name: str | None
    shows_score: bool
    expectations: tuple[MetExpectation, ...] | None
    unmatched: tuple[Achievement, ...]
    prefix_lengths: Mapping[str, int] = field(default_factory=dict)

    @property
    def score(self) -> Score:
        """The score of the period."""
        return compute_score(self.tally)

    @property
    def is_empty(self) -> bool:
        """Whether there are no results to list."""
        return not any(
            (self.tally.value, self.project_sections, self.fixed_pains, self.dropped, self.lessons, self.stops)
        )

    @property
    def more_improvements(self) -> int:
        """The number of improvements that are not listed."""
        return sum(each.group.more for each in self.improvements)

    @property
    def listed_gaps(self) -> tuple[Gap, ...]:
        """The gaps that get a line each."""
        return self.gaps[:MAX_GAPS_LISTED]

    def command(self, gap: Gap) -> str:
        """Return the command that fills a gap."""
        return _fill_command(gap, gap.project or self._short_id(gap.entry_id))

    def _short_id(self, entry_id: str) -> str:
        return entry_id[: self.prefix_lengths.get(entry_id, len(entry_id))]


def _fill_command(gap: Gap, reference: str) -> str:
    flags = " ".join(f'--{flag} "…"' for flag in gap.missing_fields)
    return f"valuelog {'project edit' if gap.project else 'edit'} {reference} {flags}"


def build_brag(inputs: BragInput) -> Brag:
    """Build the Brag of a period."""
    limits = inputs.limits
    fixed_pains = [pain for pain in inputs.pains if pain.fix and pain.state is PainState.FIXED]
    achievements = group_achievements(
        inputs.entries, inputs.schedule, {pain.fix: pain for pain in fixed_pains if pain.fix}
    )
    by_kind = {kind: [each for each in achievements if each.kind is kind] for kind in Kind}
    requests, next_level, outcomes = _split_by_question(by_kind[Kind.OUTCOME])
    impact = _group_by_project(outcomes, inputs)
    people, others = _group_by_person(
        by_kind[Kind.HELPED], count_helped_people(inputs.entries, inputs.schedule), limits
    )
    unnamed_help = limit_achievements([each for each in by_kind[Kind.HELPED] if not each.people], limits.unnamed_help)
    improvements = _group_by_beneficiary(by_kind[Kind.IMPROVEMENT], inputs.entries, limits)
    dropped = tuple(each for each in inputs.ended if each.project.state is ProjectState.DROPPED)
    lessons = _find_lessons(by_kind[Kind.LEARNED], impact.sections, inputs)
    listed_pains = {each.fixed_pain.id for each in achievements if each.fixed_pain}
    highlights = _find_highlights(achievements, inputs)
    met, unmatched = match_expectations(inputs.expectations or (), achievements, inputs.stops)
    brag = Brag(
        period=inputs.period,
        today=inputs.today,
        project_sections=impact.sections,
        more_projects=impact.more_projects,
        more_outcomes=impact.more_outcomes,
        outcomes=impact.outcomes,
        requests=limit_achievements(requests, limits.other_outcomes),
        next_level=limit_achievements(next_level, limits.other_outcomes),
        people=people,
        other_people=others[: limits.other_people],
        more_people=len(others[limits.other_people :]),
        unnamed_help=unnamed_help,
        improvements=improvements,
        insights=limit_achievements(by_kind[Kind.INSIGHT], limits.insights),
        fixed_pains=tuple(pain for pain in fixed_pains if pain.id not in listed_pains)[: limits.fixed_pains],
        dropped=dropped,
        lessons=lessons[: limits.lessons],
        more_lessons=len(lessons[limits.lessons :]),
        stops=inputs.stops[: limits.stops],
        more_stops=len(inputs.stops[limits.stops :]),
        level_answers=inputs.level_answers,
        highlights=highlights,
        tally=inputs.tally,
        coverage=inputs.coverage,
        audience=inputs.audience,
        name=inputs.name,
        shows_score=inputs.shows_score,
        expectations=None if inputs.expectations is None else met,
        unmatched=unmatched,
        gaps=(),
    )
    return replace(brag, gaps=_find_gaps(brag))


def _split_by_question(
    outcomes: Iterable[Achievement],
) -> tuple[list[Achievement], list[Achievement], list[Achievement]]:
    """Split outcomes into better requests, work at the next level, and all others."""
    requests: list[Achievement] = []
    next_level: list[Achievement] = []
    others: list[Achievement] = []
    for outcome in outcomes:
        is_request, is_next_level = (each in outcome.questions for each in (PUSHED_BACK_QUESTION, LEVEL_UP_QUESTION))
        (requests if is_request else next_level if is_next_level else others).append(outcome)
    return requests, next_level, others


def _find_highlights(achievements: Iterable[Achievement], inputs: BragInput) -> tuple[Achievement, ...]:
    """Return the results with the largest impact, those of closed projects among them."""
    value = [each for each in achievements if each.kind.side is Side.VALUE]
    closed = [
        Achievement(
            kind=Kind.OUTCOME,
            text=f"{project.name}: {project.result}",
            days=(project.closed_on or inputs.today,),
            entries=(),
            evidence=(project.evidence,) if project.evidence else (),
            impact=max(
                (each.impact for each in value if each.impact and each.project == project.slug),
                key=lambda impact: impact.rank,
                default=Impact.CLEAR,
            ),
            project=project.slug,
        )
        for project, _ in inputs.ended
        if project.state is ProjectState.CLOSED and project.result
    ]
    ranked = sorted([*closed, *value], key=_highlight_rank, reverse=True)
    return tuple(ranked[:MAX_HIGHLIGHTS])


def _highlight_rank(achievement: Achievement) -> tuple[object, ...]:
    return achievement.impact.rank if achievement.impact else 0, achievement.rank


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
    listed, omitted = ranked[: inputs.limits.projects], ranked[inputs.limits.projects :]
    return _Impact(
        sections=tuple(
            _build_section(
                projects[slug], by_project[slug], inputs.limits, is_detailed=index < inputs.limits.detailed_projects
            )
            for index, slug in enumerate(listed)
        ),
        more_projects=len(omitted),
        more_outcomes=sum(len(by_project[slug]) for slug in omitted),
        outcomes=limit_achievements(unassigned, inputs.limits.other_outcomes),
    )


def _build_section(
    project: Project, outcomes: Sequence[Achievement], limits: Limits, *, is_detailed: bool
) -> ProjectSection:
    return ProjectSection(
        project=project,
        outcomes=limit_achievements(outcomes, limits.outcomes_per_project),
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
    achievements: Sequence[Achievement], times_helped: Sequence[tuple[str, int]], limits: Limits
) -> tuple[tuple[HelpedPerson, ...], tuple[tuple[str, int], ...]]:
    """Group achievements by person, the most often helped first; list an achievement only with its first person.

    Return the people with achievements of their own, and name and count of the others.
    """
    remaining = [each for each in achievements if each.people]
    people: list[HelpedPerson] = []
    others: list[tuple[str, int]] = []
    for name, times in times_helped:
        own = [each for each in remaining if name in each.people]
        if not own or len(people) == limits.people:
            others.append((name, times))
            continue
        listed = tuple(own[: limits.achievements_per_person])
        group = AchievementGroup(achievements=listed, more=len(own) - len(listed))
        people.append(HelpedPerson(name=name, times=times, group=group))
        remaining = [each for each in remaining if name not in each.people]
    return tuple(people), tuple(others)


def _group_by_beneficiary(
    achievements: Sequence[Achievement], entries: Iterable[Entry], limits: Limits
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
    shares = _share_lines([len(group) for group in groups.values()], limits.improvements)
    return tuple(
        BeneficiaryGroup(
            beneficiary=beneficiary,
            count=counts[beneficiary],
            group=limit_achievements(group, max(1, share)),
            listed_above=counts[beneficiary] - sum(each.times for each in group),
        )
        for (beneficiary, group), share in zip(groups.items(), shares, strict=True)
    )


def _find_gaps(brag: Brag) -> tuple[Gap, ...]:
    """Find the gaps of what the document lists."""
    if brag.expectations is not None:
        listed = dict.fromkeys(each for met in brag.expectations for each in met.achievements)
        return tuple(_achievement_gaps([*listed, *brag.unmatched]))
    if brag.audience is Audience.EXEC:
        return tuple(_achievement_gaps(brag.highlights))
    groups = (
        *(each.outcomes for each in brag.project_sections),
        brag.outcomes,
        brag.requests,
        brag.next_level,
        *(person.group for person in brag.people),
        brag.unnamed_help,
        *(each.group for each in brag.improvements),
    )
    listed_results = (each for group in groups for each in group.achievements)
    return *_project_gaps(brag.project_sections), *_achievement_gaps(listed_results)


def _project_gaps(sections: Iterable[ProjectSection]) -> Iterator[Gap]:
    for section in sections:
        if section.missing_fields:
            yield Gap(missing_fields=section.missing_fields, text=section.project.name, project=section.project.slug)


def _achievement_gaps(achievements: Iterable[Achievement]) -> Iterator[Gap]:
    """Yield a gap for each result without evidence that counts."""
    for each in achievements:
        if each.entries and each.kind.side is Side.VALUE and not each.proof:
            yield Gap(missing_fields=("evidence",), text=each.text, entry_id=each.entries[0])
