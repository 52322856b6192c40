"""A Brief: a few things worth saying aloud, each noticed, with what it could mean and a proposal. Never an activity."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from valuelog.analysis.findings import RECURRING_DAYS, stalled
from valuelog.analysis.grouping import REACH, Deed, deeds, words
from valuelog.analysis.projects import Owned, lately
from valuelog.analysis.score import score
from valuelog.analysis.thought import thought
from valuelog.model.entry import Entry, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, short
from valuelog.model.project import Project, ProjectState
from valuelog.model.schedule import Customs
from valuelog.model.tally import Drought, Tally

MOST = 7
OF_ONE_SOURCE = 3
"""So many points there are, and so many of one source while another one has points to make."""

WEEKS = 4
"""A project grows if it yields more in so many weeks than before."""


class Source(StrEnum):
    """What a point comes from."""

    INSIGHT = "insight"
    PAIN = "pain"
    PROJECT = "project"


@dataclass(frozen=True, kw_only=True, slots=True)
class Owning:
    """A project that goes on: its work since its last value, what it came to in the last WEEKS, and before those.

    All of this as the Period ended. `work` is how many activities it has in the Period; `moved` is whether it yielded
    anything after it.
    """

    project: Project
    drought: Drought
    now: Tally
    before: Tally
    work: int = 0
    moved: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Material:
    """All that a Brief is made of: insights of a Period, open pains that were seen in it, projects as it ended."""

    period: Period
    today: date
    entries: tuple[Entry, ...]
    pains: tuple[PainPoint, ...]
    projects: tuple[Owning, ...]
    customs: Customs = field(default_factory=Customs)

    @property
    def day(self) -> date:
        """The last day that it is about."""
        return min(self.period.end, self.today)

    @property
    def over(self) -> bool:
        """Whether its Period has ended, so that it tells what was."""
        return self.period.end < self.today


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One thing to say. `id` is that of its entry or pain point, or the slug of its project.

    `facts` are how often it was seen, and what shows that it is so. `fills` are the flags that fill what is missing;
    without any, the words themselves want more.
    """

    source: Source
    id: str
    noticed: str
    facts: tuple[str, ...] = ()
    meaning: str | None = None
    proposal: str | None = None
    fills: tuple[str, ...] = ()
    weight: tuple[int, int, date]

    @property
    def missing(self) -> tuple[str, ...]:
        """Which of its parts nobody has said."""
        return tuple(name for name in ("meaning", "proposal") if not getattr(self, name))

    @property
    def rank(self) -> tuple[object, ...]:
        """What says more is greater: how far it reaches and what shows it, how much of it is thought through."""
        reach, often, day = self.weight
        return reach + bool(self.facts), -len(self.missing), often, day, self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """What to bring to a talk, what reaches furthest first; `more` points are left out."""

    period: Period
    today: date
    points: tuple[Point, ...]
    more: int
    letters: Mapping[str, int] = field(default_factory=dict)

    def command(self, point: Point) -> str:
        """Return the command that fills what is missing of a point; none where nothing is."""
        if not point.missing:
            return ""
        name = point.id[: self.letters.get(point.id, len(point.id))]
        begin = {Source.INSIGHT: "edit", Source.PAIN: "pain edit", Source.PROJECT: "project edit"}[point.source]
        return " ".join(["valuelog", begin, name, *(f'--{flag} "…"' for flag in point.fills)])


def brief(material: Material) -> Brief:
    """Make the Brief of a Period out of what the journal holds."""
    found = [*_insights(material), *_pains(material), *_projects(material)]
    chosen = mixed(sorted(found, key=lambda point: point.rank, reverse=True))
    return Brief(period=material.period, today=material.today, points=chosen, more=len(found) - len(chosen))


def mixed(ranked: Sequence[Point]) -> tuple[Point, ...]:
    """Return the first points, but only OF_ONE_SOURCE of one source as long as others have more to say."""
    seen: Counter[Source] = Counter()
    first: list[Point] = []
    later: list[Point] = []
    for point in ranked:
        seen[point.source] += 1
        (first if seen[point.source] <= OF_ONE_SOURCE else later).append(point)
    chosen = [*first, *later][:MOST]
    return tuple(point for point in ranked if point in chosen)


def _insights(material: Material) -> Iterator[Point]:
    """Return the insights, each once; of those that notice the same, the one that says most."""
    found = deeds((entry for entry in material.entries if entry.kind is Kind.INSIGHT), material.customs)
    points: dict[object, Point] = {}
    for point in map(_insight, found):
        same = words(point.noticed, material.customs)
        if same not in points or len(point.missing) < len(points[same].missing):
            points[same] = point
    yield from points.values()


def _insight(deed: Deed) -> Point:
    noticed, meaning, proposal = thought(deed.text)
    reach = max((REACH[one] for one in deed.beneficiaries), default=int(bool(deed.people)))
    return Point(
        source=Source.INSIGHT,
        id=deed.entries[0],
        noticed=noticed,
        facts=deed.evidence,
        meaning=meaning,
        proposal=proposal,
        weight=(reach, deed.times, deed.days[-1]),
    )


def _pains(material: Material) -> Iterator[Point]:
    """Return the friction that comes back, and that of which others were said to feel it."""
    for pain in material.pains:
        if pain.open and (pain.days_seen >= RECURRING_DAYS or pain.hit or pain.shared):
            yield _pain(pain, material.today)


def _pain(pain: PainPoint, today: date) -> Point:
    since = f"since {short(pain.first_seen, today)}" if pain.days_seen > 1 else f"on {short(pain.first_seen, today)}"
    others = [f"do others see it? {_joined([pain.shared])}"] if pain.shared else []
    meaning = f"it hits {_joined([pain.hit])}" if pain.hit else None
    step = f"first step by {short(pain.step_by, today)}: {pain.step}" if pain.step_by and pain.step else pain.step
    return Point(
        source=Source.PAIN,
        id=pain.id,
        noticed=pain.text,
        facts=(f"seen {pain.how_often} {since}", *others),
        meaning=meaning,
        proposal=_joined([pain.better, step]),
        fills=tuple(_wanted(pain)),
        weight=(2 * bool(pain.hit) or int(bool(pain.shared)), pain.days_seen, pain.last_seen),
    )


def _wanted(pain: PainPoint) -> Iterator[str]:
    if not pain.hit:
        yield "hit"
    if not (pain.better or pain.step):
        yield "better"


def _joined(parts: Iterable[str | None]) -> str | None:
    """Put what was said on one line, one thing after the other."""
    return "; ".join(" ".join(part.split()).rstrip(".;") for part in parts if part) or None


def _projects(material: Material) -> Iterator[Point]:
    """Return the projects that took work in the Period and yielded nothing, and those that yield more than they did."""
    for owning in material.projects:
        owned = Owned(project=owning.project, drought=owning.drought)
        if stalled(owned, material.day):
            if owning.work or not material.over:
                yield _stalled(material, owning, owned)
        elif growing(owning):
            yield _growing(material, owning)


def _stalled(material: Material, owning: Owning, owned: Owned) -> Point:
    project, aim = owned.project, owned.project.aim or owned.project.measure
    takes, nearer = _taking(material, owned)
    return Point(
        source=Source.PROJECT,
        id=project.slug,
        noticed=f"{project.name} {takes}",
        facts=(owned.told(material.today) + f", up to {short(material.day, material.today)}" * material.over,),
        meaning=f"“{_joined([aim])}” {nearer}" if aim else None,
        proposal=_deciding(material, owned, moved=owning.moved),
        fills=() if aim else ("aim",),
        weight=(1, owned.drought.work, material.day),
    )


def _taking(material: Material, owned: Owned) -> tuple[str, str]:
    """Say what a project that stalls does, and what its aim does."""
    if material.over:
        return "took work and left nothing behind", "did not get nearer"
    if _young(material, owned):
        return "has taken work and left nothing behind yet", "has not come nearer yet"
    return "takes work and leaves nothing behind", "is not getting nearer"


def _young(material: Material, owned: Owned) -> bool:
    """Tell whether a project began so lately that nobody can expect anything of it yet."""
    return owned.since >= lately(material.today).start and owned.drought.value_on is None


def _deciding(material: Material, owned: Owned, *, moved: bool) -> str:
    """Propose what to decide about a project that stalls, by what is known of it; one that is young need not end."""
    decided, project = short(material.customs.review_after(material.today), material.today), owned.project
    aims = project.aim or project.measure
    if moved:
        return "show what has moved since"
    if _young(material, owned):
        return f"say by {decided} which result it shall have first" if aims else _purpose(project, decided)
    if project.measure:
        return f"look at “{_joined([project.measure])}” by {decided}; if it has not moved, end it"
    if project.aim:
        return f"name by {decided} the next step towards “{_joined([project.aim])}”, or end it"
    if project.problem:
        return f"ask by {decided} whether anybody still has this problem: {_joined([project.problem])}; if not, end it"
    return f"{_purpose(project, decided)}, or end it"


def _purpose(project: Project, decided: str) -> str:
    return f"say by {decided} what {project.name} is for"


def growing(owning: Owning) -> bool:
    """Tell whether a project yields clearly more than it did: the 95 % intervals of both shares do not touch."""
    now, before = score(owning.now), score(owning.before)
    if owning.project.state is not ProjectState.OPEN or not (now.enough and before.enough):
        return False
    return bool(now.interval and before.interval and now.interval[0] > before.interval[1])


def _growing(material: Material, owning: Owning) -> Point:
    project, now, before = owning.project, owning.now, owning.before
    aim = _joined([project.aim or project.measure])
    leaves = "left more behind than before" if material.over else "leaves more behind than it did"
    return Point(
        source=Source.PROJECT,
        id=project.slug,
        noticed=f"{project.name} {leaves}",
        facts=(
            f"value in {now.value} of {now.n} entries of {WEEKS} weeks, before that in {before.value} of {before.n}",
        ),
        meaning=f"“{aim}” {'got' if material.over else 'is getting'} nearer" if aim else None,
        proposal="give it more room, and show what moved",
        fills=() if aim else ("aim",),
        weight=(1, now.value, material.day),
    )
