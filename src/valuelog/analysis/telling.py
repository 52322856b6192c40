"""Telling: makes a Brag, each thing once, grouped, ranked, and cut down to two pages that somebody will read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from valuelog.analysis.brag import BeneficiaryGroup, Brag, BragInput, Gap, HelpedPerson, ProjectSection
from valuelog.analysis.grouping import (
    REACH,
    Achievement,
    AchievementGroup,
    group_achievements,
    limit_achievements,
    main_beneficiary,
)
from valuelog.analysis.pages import LIMIT_STEPS, Limits, fits_two_pages
from valuelog.analysis.review import count_helped_people
from valuelog.analysis.score import compute_score
from valuelog.model.entry import Beneficiary, Kind
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import Period
from valuelog.model.project import Project, ProjectState

MAX_OTHER_PEOPLE = 12
MAX_UNNAMED_HELP = 2
MAX_FIXED_PAINS = 3
"""So many are told at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    """What there is to tell, all of it: deeds by where they are told, those that say most first.

    `people` is how often each got further; `named` is how many improvements name each beneficiary.
    """

    inputs: BragInput
    achievements: tuple[Achievement, ...]
    projects: Mapping[str, Project]
    outcomes_by_project: Mapping[str, tuple[Achievement, ...]]
    people: tuple[tuple[str, int], ...]
    beneficiary_counts: Mapping[Beneficiary | None, int]
    fixed_pains: tuple[PainPoint, ...]

    def of_kind(self, kind: Kind) -> tuple[Achievement, ...]:
        """Return the deeds of a kind."""
        return tuple(deed for deed in self.achievements if deed.kind is kind)


def build_brag(inputs: BragInput) -> Brag:
    """Make the Brag of a Period out of what the journal holds: the roomiest that fits on two pages."""
    found = _collect_candidates(inputs)
    told = (_build_with_limits(found, room) for room in LIMIT_STEPS)
    return next((one for one in told if fits_two_pages(one)), _build_with_limits(found, LIMIT_STEPS[-1]))


def _collect_candidates(inputs: BragInput) -> Candidates:
    fixed = {pain.fix: pain for pain in inputs.pains if pain.fix and pain.state is PainState.FIXED}
    every = group_achievements(inputs.entries, inputs.schedule, fixed)
    projects = {project.slug: project for project in reversed(inputs.projects)}  # the one that began last
    outcomes: dict[str, list[Achievement]] = {
        slug: [] for slug, one in projects.items() if _was_closed_in(one, inputs.period)
    }
    for deed in every:
        if deed.kind is Kind.OUTCOME and deed.project in projects:
            outcomes.setdefault(deed.project, []).append(deed)
    told = {deed.fixed_pain.id for deed in every if deed.fixed_pain}
    better = [entry.beneficiaries for entry in inputs.entries if entry.kind is Kind.IMPROVEMENT]
    return Candidates(
        inputs=inputs,
        achievements=every,
        projects=projects,
        outcomes_by_project={slug: tuple(group) for slug, group in outcomes.items()},
        people=count_helped_people(inputs.entries, inputs.schedule),
        beneficiary_counts={
            **{whom: sum(whom in named for named in better) for whom in REACH},
            None: sum(not named for named in better),
        },
        fixed_pains=tuple(pain for pain in fixed.values() if pain.id not in told),
    )


def _was_closed_in(project: Project, period: Period) -> bool:
    return project.state is ProjectState.CLOSED and project.closed_on is not None and project.closed_on in period


def _build_with_limits(candidates: Candidates, limits: Limits) -> Brag:
    """Tell so much of what there is as there is room."""
    material = candidates.inputs
    chapters = _build_sections(candidates, limits)
    told, left = chapters[: limits.projects], chapters[limits.projects :]
    loose = [deed for deed in candidates.of_kind(Kind.OUTCOME) if deed.project not in candidates.outcomes_by_project]
    people, also = _group_by_person(candidates, limits)
    outcomes, improved = (
        _limit_outcomes(loose, limits.outcomes_with_evidence, limits.outcomes),
        _group_by_beneficiary(candidates, limits),
    )
    unnamed = limit_achievements(
        [deed for deed in candidates.of_kind(Kind.HELPED) if not deed.people], MAX_UNNAMED_HELP
    )
    seen = limit_achievements(candidates.of_kind(Kind.INSIGHT), limits.insights)
    return Brag(
        period=material.period,
        today=material.today,
        project_sections=told,
        more_projects=len(left),
        more_outcomes=sum(len(candidates.outcomes_by_project[chapter.project.slug]) for chapter in left),
        outcomes=outcomes,
        people=people,
        other_people=also[:MAX_OTHER_PEOPLE],
        more_people=len(also[MAX_OTHER_PEOPLE:]),
        unnamed_help=unnamed,
        improvements=improved,
        insights=seen,
        fixed_pains=candidates.fixed_pains[:MAX_FIXED_PAINS],
        tally=material.tally,
        score=compute_score(material.tally),
        coverage=material.coverage,
        gaps=_disambiguate(
            [
                *_project_gaps(told),
                *(gap for one in told for gap in _achievement_gaps([one.outcomes], one.project.name)),
                *_achievement_gaps(
                    [outcomes, *(one.group for one in people), unnamed, *(one.group for one in improved), seen]
                ),
            ]
        ),
    )


def _limit_outcomes(outcomes: Sequence[Achievement], with_evidence: int, others: int) -> AchievementGroup:
    """Return the deeds with evidence, up to so many; with those without, up to so many others."""
    return limit_achievements(outcomes, max(min(with_evidence, sum(bool(deed.evidence) for deed in outcomes)), others))


def _build_sections(candidates: Candidates, limits: Limits) -> tuple[ProjectSection, ...]:
    """Return the projects that had outcomes or came to their end in the Period, those with most to show first."""
    ranked = sorted(
        candidates.outcomes_by_project,
        key=lambda slug: _section_rank(candidates.projects[slug], candidates.outcomes_by_project[slug]),
        reverse=True,
    )
    return tuple(
        ProjectSection(
            project=candidates.projects[slug],
            outcomes=_limit_outcomes(
                candidates.outcomes_by_project[slug], limits.outcomes_with_evidence, limits.outcomes_per_project
            ),
            has_evidence=_has_evidence(candidates.projects[slug], candidates.outcomes_by_project[slug]),
            is_detailed=place < limits.detailed_projects,
            began_on=candidates.projects[slug].started_on,
        )
        for place, slug in enumerate(ranked)
    )


def _has_evidence(project: Project, outcomes: Iterable[Achievement]) -> bool:
    return bool(project.evidence) or any(deed.evidence for deed in outcomes)


def _section_rank(project: Project, outcomes: Sequence[Achievement]) -> tuple[object, ...]:
    result, proven, times = bool(project.result), _has_evidence(project, outcomes), sum(deed.times for deed in outcomes)
    return result and proven, result, proven, times, project.closed_on or date.min, project.slug


def _group_by_person(
    candidates: Candidates, limits: Limits
) -> tuple[tuple[HelpedPerson, ...], tuple[tuple[str, int], ...]]:
    """Return who got further, the most often first; what happened to several is told of the first of them."""
    left = [deed for deed in candidates.of_kind(Kind.HELPED) if deed.people]
    people: list[HelpedPerson] = []
    also: list[tuple[str, int]] = []
    for name, times in candidates.people:
        if len(people) < limits.people and (own := [deed for deed in left if name in deed.people]):
            more = max(0, len(own) - limits.achievements_per_person)
            people.append(
                HelpedPerson(
                    name=name,
                    times=times,
                    group=AchievementGroup(achievements=tuple(own[: limits.achievements_per_person]), more=more),
                )
            )
            left = [deed for deed in left if name not in deed.people]
        else:
            also.append((name, times))
    return tuple(people), tuple(also)


def _group_by_beneficiary(candidates: Candidates, limits: Limits) -> tuple[BeneficiaryGroup, ...]:
    """Return the improvements by whom they are for, those that reach furthest first; each is told once."""
    groups: dict[Beneficiary | None, list[Achievement]] = {
        whom: [] for whom, count in candidates.beneficiary_counts.items() if count
    }
    for deed in candidates.of_kind(Kind.IMPROVEMENT):
        groups[main_beneficiary(deed.beneficiaries)].append(deed)
    shares = _share_lines([len(group) for group in groups.values()], limits.improvements)
    return tuple(
        BeneficiaryGroup(
            beneficiary=whom,
            count=candidates.beneficiary_counts[whom],
            group=limit_achievements(group, share),
            listed_above=candidates.beneficiary_counts[whom] - sum(deed.times for deed in group),
        )
        for (whom, group), share in zip(groups.items(), shares, strict=True)
    )


def _share_lines(sizes: Sequence[int], total: int) -> list[int]:
    """Divide some room among groups, one place each in turn, as long as they have something to put there."""
    shares = [0] * len(sizes)
    for turn in range(max(sizes, default=0)):
        for place, size in enumerate(sizes):
            shares[place] += turn < size and sum(shares) < total
    return [max(1, share) for share in shares]


def _project_gaps(sections: Sequence[ProjectSection]) -> Iterator[Gap]:
    for chapter in sections:
        if chapter.missing_fields:
            yield Gap(missing_fields=chapter.missing_fields, text=chapter.project.name, project=chapter.project.slug)


def _achievement_gaps(groups: Iterable[AchievementGroup], project_name: str = "") -> Iterator[Gap]:
    for deed in (deed for group in groups for deed in group.achievements):
        if not deed.evidence:
            whom = main_beneficiary(deed.beneficiaries) if deed.kind is Kind.IMPROVEMENT else None
            yield Gap(
                missing_fields=("evidence",),
                text=deed.text,
                entry_id=deed.entries[0],
                project_name=project_name,
                beneficiary=whom,
            )


def _disambiguate(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Return gaps that say where they stand only if the same words stand elsewhere too."""
    alike = Counter(gap.text for gap in gaps)
    return tuple(gap if alike[gap.text] > 1 else replace(gap, project_name="", beneficiary=None) for gap in gaps)
