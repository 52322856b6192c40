"""A Brag: what a Period has to show, each thing once, grouped, ranked and cut down to what somebody will read."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from valuelog.analysis.deeds import REACH, Deed, Group, best, deeds
from valuelog.analysis.habit import Coverage
from valuelog.analysis.review import helped
from valuelog.analysis.score import Score, score
from valuelog.model.customs import Customs
from valuelog.model.entry import Beneficiary, Entry, Kind
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.period import Period
from valuelog.model.project import Project, ProjectState
from valuelog.model.tally import Tally

IN_FULL = 3
"""So many projects are told with all that is known of them, the others in a line each."""

PROJECTS = 5
OF_PROJECT = 2
OUTCOMES = 5
PEOPLE = 5
OF_PERSON = 2
ALSO = 12
UNNAMED = 2
IMPROVED = 10
SEEN = 4
GONE = 3
GAPS = 10
"""So many are told at most: together they fill two pages. A project that is not there leaves room for OUTCOMES more
that have none, and all audiences share the room of IMPROVED."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """All that a Brag is made of: the entries of a Period, every project, the pains that were closed in it."""

    period: Period
    today: date
    entries: tuple[Entry, ...]
    tally: Tally
    coverage: Coverage
    customs: Customs = field(default_factory=Customs)
    projects: tuple[Project, ...] = ()
    pains: tuple[PainPoint, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """A project and what it came to in the Period. `proven` says whether there is any evidence for it.

    `since` is the day on which it began: that of its first entry, if somebody wrote one down of a day before its start.
    """

    project: Project
    outcomes: Group
    proven: bool
    since: date

    @property
    def wants(self) -> tuple[str, ...]:
        """What should be said of it and is not."""
        return self.project.wants(proven=self.proven)


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """Somebody who got further, how often, and the best of how."""

    name: str
    times: int
    told: Group


@dataclass(frozen=True, kw_only=True, slots=True)
class Audience:
    """Whom improvements are for, none if nobody said; `count` is how many entries there are."""

    whom: Beneficiary | None
    count: int
    told: Group


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """What should be said of something and is not. It is named by the id of an entry, or by the slug of a project."""

    wants: tuple[str, ...]
    text: str
    entry: str = ""
    project: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Brag:
    """What a Period has to show. `also` are people whose part is told beside somebody else.

    `gone` is friction that went without an improvement that tells of it. `unfilled` is how many gaps there are besides
    the `gaps` that are named; `letters` says how many letters of an id are enough.
    """

    period: Period
    today: date
    chapters: tuple[Chapter, ...]
    more_chapters: int
    outcomes: Group
    people: tuple[Person, ...]
    also: tuple[tuple[str, int], ...]
    more_people: int
    unnamed: Group
    improved: tuple[Audience, ...]
    seen: Group
    gone: tuple[PainPoint, ...]
    tally: Tally
    score: Score
    coverage: Coverage
    gaps: tuple[Gap, ...]
    unfilled: int
    letters: Mapping[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not (self.tally.value or self.chapters or self.gone)

    def command(self, gap: Gap) -> str:
        """Return the command that fills a gap."""
        flags = " ".join(f'--{name} "…"' for name in gap.wants)
        if gap.project:
            return f"valuelog project edit {gap.project} {flags}"
        return f"valuelog edit {gap.entry[: self.letters.get(gap.entry, len(gap.entry))]} {flags}"


def brag(material: Material) -> Brag:
    """Make the Brag of a Period out of what the journal holds."""
    fixed = {pain.fix: pain for pain in material.pains if pain.fix and pain.state is PainState.FIXED}
    found = deeds(material.entries, material.customs, fixed)
    chapters = _chapters(material, found)
    owned = {chapter.project.slug for chapter in chapters}
    room = OUTCOMES * (1 + IN_FULL - min(IN_FULL, len(chapters)))
    outcomes = best([deed for deed in found if deed.kind is Kind.OUTCOME and deed.project not in owned], room)
    people, also = _people(material, found)
    improved = _improved(found)
    told = {deed.ended.id for deed in found if deed.ended}
    seen = best([deed for deed in found if deed.kind is Kind.INSIGHT], SEEN)
    unnamed = best([deed for deed in found if deed.kind is Kind.HELPED and not deed.people], UNNAMED)
    shown = (
        *(one.outcomes for one in chapters),
        outcomes,
        *(one.told for one in improved),
        *(one.told for one in people),
        unnamed,
        seen,
    )
    gaps = _gaps(chapters, shown, found)
    return Brag(
        period=material.period,
        today=material.today,
        chapters=chapters[:PROJECTS],
        more_chapters=len(chapters[PROJECTS:]),
        outcomes=outcomes,
        people=people,
        also=also[:ALSO],
        more_people=len(also[ALSO:]),
        unnamed=unnamed,
        improved=improved,
        seen=seen,
        gone=tuple(pain for pain in fixed.values() if pain.id not in told)[:GONE],
        tally=material.tally,
        score=score(material.tally),
        coverage=material.coverage,
        gaps=gaps[:GAPS],
        unfilled=len(gaps[GAPS:]),
    )


def _chapters(material: Material, found: Sequence[Deed]) -> tuple[Chapter, ...]:
    """Return the projects that had outcomes or came to their end in the Period, those with most to show first."""
    outcomes: dict[str, list[Deed]] = {}
    for deed in found:
        if deed.kind is Kind.OUTCOME and deed.project:
            outcomes.setdefault(deed.project, []).append(deed)
    projects = {project.slug: project for project in reversed(material.projects)}  # the one that began last
    chapters = [
        _chapter(project, outcomes.get(slug, []))
        for slug, project in projects.items()
        if slug in outcomes or _closed(project, material.period)
    ]
    return tuple(sorted(chapters, key=_telling, reverse=True))


def _closed(project: Project, period: Period) -> bool:
    return project.state is ProjectState.CLOSED and project.closed_on is not None and project.closed_on in period


def _chapter(project: Project, found: Sequence[Deed]) -> Chapter:
    proven = bool(project.evidence) or any(deed.evidence for deed in found)
    return Chapter(project=project, outcomes=best(found, OF_PROJECT), proven=proven, since=project.started_on)


def _telling(chapter: Chapter) -> tuple[object, ...]:
    project, told = chapter.project, chapter.outcomes
    times = sum(deed.times for deed in told.deeds)
    ended = project.closed_on or date.min
    return bool(project.result) and chapter.proven, bool(project.result), chapter.proven, times, ended, project.slug


def _people(material: Material, found: Sequence[Deed]) -> tuple[tuple[Person, ...], tuple[tuple[str, int], ...]]:
    """Return who got further, the most often first; what happened to several is told of the first of them."""
    left = [deed for deed in found if deed.kind is Kind.HELPED and deed.people]
    people: list[Person] = []
    also: list[tuple[str, int]] = []
    for name, times in helped(material.entries, material.customs):
        own = [deed for deed in left if name in deed.people]
        if own and len(people) < PEOPLE:
            people.append(Person(name=name, times=times, told=_some(own)))
            left = [deed for deed in left if name not in deed.people]
        else:
            also.append((name, times))
    return tuple(people), tuple(also)


def _some(own: Sequence[Deed]) -> Group:
    return Group(deeds=tuple(own[:OF_PERSON]), more=max(0, len(own) - OF_PERSON))


def _improved(found: Sequence[Deed]) -> tuple[Audience, ...]:
    """Return the improvements by whom they are for, those that reach furthest first; each stands once."""
    groups: dict[Beneficiary | None, list[Deed]] = {whom: [] for whom in (*REACH, None)}
    for deed in found:
        if deed.kind is Kind.IMPROVEMENT:
            groups[deed.beneficiaries[0] if deed.beneficiaries else None].append(deed)
    heard = [(whom, group) for whom, group in groups.items() if group]
    return tuple(
        Audience(whom=whom, count=sum(deed.times for deed in group), told=best(group, IMPROVED // len(heard)))
        for whom, group in heard
    )


def _gaps(chapters: Sequence[Chapter], shown: Iterable[Group], found: Sequence[Deed]) -> tuple[Gap, ...]:
    """Return everything that is missing: of projects first, then of what is told, then of what is left out."""
    told = [deed for group in shown for deed in group.deeds]
    names = {deed.entries for deed in told}
    rest = [deed for deed in found if deed.entries not in names]
    return (*_of_projects(chapters), *_of_deeds([*told, *rest]))


def _of_projects(chapters: Sequence[Chapter]) -> Iterator[Gap]:
    for chapter in chapters:
        if chapter.wants:
            yield Gap(wants=chapter.wants, text=chapter.project.name, project=chapter.project.slug)


def _of_deeds(found: Sequence[Deed]) -> Iterator[Gap]:
    for deed in found:
        if not deed.evidence:
            yield Gap(wants=("evidence",), text=deed.text, entry=deed.entries[0])
