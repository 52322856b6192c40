"""Telling: makes a Brag, each thing once, grouped, ranked, and cut down to two pages that somebody will read."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from valuelog.analysis.brag import Audience, Brag, Chapter, Gap, Material, Person
from valuelog.analysis.grouping import REACH, Deed, Group, best, deeds, furthest
from valuelog.analysis.pages import ROOMS, Room, fits
from valuelog.analysis.review import helped
from valuelog.analysis.score import score
from valuelog.model.entry import Beneficiary, Kind
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import Period
from valuelog.model.project import Project, ProjectState

ALSO = 12
UNNAMED = 2
GONE = 3
"""So many are told at most."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """What there is to tell, all of it: deeds by where they are told, those that say most first.

    `people` is how often each got further; `named` is how many improvements name each beneficiary.
    """

    material: Material
    deeds: tuple[Deed, ...]
    projects: Mapping[str, Project]
    owned: Mapping[str, tuple[Deed, ...]]
    people: tuple[tuple[str, int], ...]
    named: Mapping[Beneficiary | None, int]
    fixed: tuple[PainPoint, ...]

    def of(self, kind: Kind) -> tuple[Deed, ...]:
        """Return the deeds of a kind."""
        return tuple(deed for deed in self.deeds if deed.kind is kind)


def brag(material: Material) -> Brag:
    """Make the Brag of a Period out of what the journal holds: the roomiest that fits on two pages."""
    found = _found(material)
    told = (_brag(found, room) for room in ROOMS)
    return next((one for one in told if fits(one)), _brag(found, ROOMS[-1]))


def _found(material: Material) -> Found:
    fixed = {pain.fix: pain for pain in material.pains if pain.fix and pain.state is PainState.FIXED}
    every = deeds(material.entries, material.customs, fixed)
    projects = {project.slug: project for project in reversed(material.projects)}  # the one that began last
    outcomes: dict[str, list[Deed]] = {slug: [] for slug, one in projects.items() if _closed(one, material.period)}
    for deed in every:
        if deed.kind is Kind.OUTCOME and deed.project in projects:
            outcomes.setdefault(deed.project, []).append(deed)
    told = {deed.ended.id for deed in every if deed.ended}
    better = [entry.beneficiaries for entry in material.entries if entry.kind is Kind.IMPROVEMENT]
    return Found(
        material=material,
        deeds=every,
        projects=projects,
        owned={slug: tuple(group) for slug, group in outcomes.items()},
        people=helped(material.entries, material.customs),
        named={
            **{whom: sum(whom in named for named in better) for whom in REACH},
            None: sum(not named for named in better),
        },
        fixed=tuple(pain for pain in fixed.values() if pain.id not in told),
    )


def _closed(project: Project, period: Period) -> bool:
    return project.state is ProjectState.CLOSED and project.closed_on is not None and project.closed_on in period


def _brag(found: Found, room: Room) -> Brag:
    """Tell so much of what there is as there is room."""
    material = found.material
    chapters = _chapters(found, room)
    told, left = chapters[: room.projects], chapters[room.projects :]
    loose = [deed for deed in found.of(Kind.OUTCOME) if deed.project not in found.owned]
    people, also = _people(found, room)
    outcomes, improved = _best(loose, room.proven, room.outcomes), _improved(found, room)
    unnamed = best([deed for deed in found.of(Kind.HELPED) if not deed.people], UNNAMED)
    seen = best(found.of(Kind.INSIGHT), room.seen)
    return Brag(
        period=material.period,
        today=material.today,
        chapters=told,
        more_chapters=len(left),
        more_outcomes=sum(len(found.owned[chapter.project.slug]) for chapter in left),
        outcomes=outcomes,
        people=people,
        also=also[:ALSO],
        more_people=len(also[ALSO:]),
        unnamed=unnamed,
        improved=improved,
        seen=seen,
        gone=found.fixed[:GONE],
        tally=material.tally,
        score=score(material.tally),
        coverage=material.coverage,
        gaps=_apart(
            [
                *_of_projects(told),
                *(gap for one in told for gap in _of_deeds([one.outcomes], one.project.name)),
                *_of_deeds([outcomes, *(one.told for one in people), unnamed, *(one.told for one in improved), seen]),
            ]
        ),
    )


def _best(found: Sequence[Deed], proven: int, others: int) -> Group:
    """Return the deeds with evidence, up to so many; with those without, up to so many others."""
    return best(found, max(min(proven, sum(bool(deed.evidence) for deed in found)), others))


def _chapters(found: Found, room: Room) -> tuple[Chapter, ...]:
    """Return the projects that had outcomes or came to their end in the Period, those with most to show first."""
    ranked = sorted(found.owned, key=lambda slug: _telling(found.projects[slug], found.owned[slug]), reverse=True)
    return tuple(
        Chapter(
            project=found.projects[slug],
            outcomes=_best(found.owned[slug], room.proven, room.of_project),
            proven=_proven(found.projects[slug], found.owned[slug]),
            full=place < room.in_full,
            since=found.projects[slug].started_on,
        )
        for place, slug in enumerate(ranked)
    )


def _proven(project: Project, own: Iterable[Deed]) -> bool:
    return bool(project.evidence) or any(deed.evidence for deed in own)


def _telling(project: Project, own: Sequence[Deed]) -> tuple[object, ...]:
    result, proven, times = bool(project.result), _proven(project, own), sum(deed.times for deed in own)
    return result and proven, result, proven, times, project.closed_on or date.min, project.slug


def _people(found: Found, room: Room) -> tuple[tuple[Person, ...], tuple[tuple[str, int], ...]]:
    """Return who got further, the most often first; what happened to several is told of the first of them."""
    left = [deed for deed in found.of(Kind.HELPED) if deed.people]
    people: list[Person] = []
    also: list[tuple[str, int]] = []
    for name, times in found.people:
        if len(people) < room.people and (own := [deed for deed in left if name in deed.people]):
            more = max(0, len(own) - room.of_person)
            people.append(Person(name=name, times=times, told=Group(deeds=tuple(own[: room.of_person]), more=more)))
            left = [deed for deed in left if name not in deed.people]
        else:
            also.append((name, times))
    return tuple(people), tuple(also)


def _improved(found: Found, room: Room) -> tuple[Audience, ...]:
    """Return the improvements by whom they are for, those that reach furthest first; each is told once."""
    groups: dict[Beneficiary | None, list[Deed]] = {whom: [] for whom, count in found.named.items() if count}
    for deed in found.of(Kind.IMPROVEMENT):
        groups[furthest(deed.beneficiaries)].append(deed)
    shares = _shares([len(group) for group in groups.values()], room.improved)
    return tuple(
        Audience(
            whom=whom,
            count=found.named[whom],
            told=best(group, share),
            above=found.named[whom] - sum(deed.times for deed in group),
        )
        for (whom, group), share in zip(groups.items(), shares, strict=True)
    )


def _shares(sizes: Sequence[int], room: int) -> list[int]:
    """Divide some room among groups, one place each in turn, as long as they have something to put there."""
    shares = [0] * len(sizes)
    for turn in range(max(sizes, default=0)):
        for place, size in enumerate(sizes):
            shares[place] += turn < size and sum(shares) < room
    return [max(1, share) for share in shares]


def _of_projects(chapters: Sequence[Chapter]) -> Iterator[Gap]:
    for chapter in chapters:
        if chapter.wants:
            yield Gap(wants=chapter.wants, text=chapter.project.name, project=chapter.project.slug)


def _of_deeds(shown: Iterable[Group], within: str = "") -> Iterator[Gap]:
    for deed in (deed for group in shown for deed in group.deeds):
        if not deed.evidence:
            whom = furthest(deed.beneficiaries) if deed.kind is Kind.IMPROVEMENT else None
            yield Gap(wants=("evidence",), text=deed.text, entry=deed.entries[0], within=within, whom=whom)


def _apart(gaps: Sequence[Gap]) -> tuple[Gap, ...]:
    """Return gaps that say where they stand only if the same words stand elsewhere too."""
    alike = Counter(gap.text for gap in gaps)
    return tuple(gap if alike[gap.text] > 1 else replace(gap, within="", whom=None) for gap in gaps)
