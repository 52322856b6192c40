"""A Brief: a few things worth saying aloud, each noticed, with what it could mean and a proposal. Never an activity."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from valuelog.analysis.findings import RECURRING_DAYS, is_stalled
from valuelog.analysis.grouping import REACH, Achievement, group_achievements, normalized_words
from valuelog.analysis.projects import ProjectActivity, recent_period
from valuelog.analysis.score import compute_score
from valuelog.model.entry import Entry, Kind
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, format_day
from valuelog.model.project import Project, ProjectState
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally, WorkSinceValue

MAX_POINTS = 7
MAX_POINTS_PER_SOURCE = 3
"""So many points there are, and so many of one source while another one has points to make."""

GROWTH_WEEKS = 4
"""A project grows if it yields more in so many weeks than before."""


class PointSource(StrEnum):
    """What a point comes from."""

    INSIGHT = "insight"
    PAIN = "pain"
    PROJECT = "project"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectProgress:
    """A project that goes on: its work since its last value, what it came to in the last WEEKS, and before those.

    All of this as the Period ended. `work` is how many activities it has in the Period; `moved` is whether it yielded
    anything after it.
    """

    project: Project
    work_since_value: WorkSinceValue
    recent: Tally
    earlier: Tally
    work: int = 0
    has_value_since: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefInput:
    """All that a Brief is made of: insights of a Period, open pains that were seen in it, projects as it ended."""

    period: Period
    today: date
    entries: tuple[Entry, ...]
    pains: tuple[PainPoint, ...]
    projects: tuple[ProjectProgress, ...]
    schedule: Schedule = field(default_factory=Schedule)

    @property
    def last_day(self) -> date:
        """The last day that it is about."""
        return min(self.period.end, self.today)

    @property
    def is_over(self) -> bool:
        """Whether its Period has ended, so that it tells what was."""
        return self.period.end < self.today


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One thing to say. `id` is that of its entry or pain point, or the slug of its project.

    `facts` are how often it was seen, and what shows that it is so. `fills` are the flags that fill what is missing;
    without any, the words themselves want more.
    """

    source: PointSource
    id: str
    noticed: str
    facts: tuple[str, ...] = ()
    meaning: str | None = None
    proposal: str | None = None
    missing_flags: tuple[str, ...] = ()
    weight: tuple[int, int, date]

    @property
    def missing_parts(self) -> tuple[str, ...]:
        """Which of its parts nobody has said."""
        return tuple(name for name in ("meaning", "proposal") if not getattr(self, name))

    @property
    def rank(self) -> tuple[object, ...]:
        """What says more is greater: how far it reaches and what shows it, how much of it is thought through."""
        reach, often, day = self.weight
        return reach + bool(self.facts), -len(self.missing_parts), often, day, self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """What to bring to a talk, what reaches furthest first; `more` points are left out."""

    period: Period
    today: date
    points: tuple[Point, ...]
    more: int
    prefix_lengths: Mapping[str, int] = field(default_factory=dict)

    def command(self, point: Point) -> str:
        """Return the command that fills what is missing of a point; none where nothing is."""
        if not point.missing_parts:
            return ""
        name = point.id[: self.prefix_lengths.get(point.id, len(point.id))]
        begin = {PointSource.INSIGHT: "edit", PointSource.PAIN: "pain edit", PointSource.PROJECT: "project edit"}[
            point.source
        ]
        return " ".join(["valuelog", begin, name, *(f'--{flag} "…"' for flag in point.missing_flags)])


def build_brief(inputs: BriefInput) -> Brief:
    """Make the Brief of a Period out of what the journal holds."""
    found = [*_points_from_insights(inputs), *_points_from_pains(inputs), *_points_from_projects(inputs)]
    chosen = limit_per_source(sorted(found, key=lambda point: point.rank, reverse=True))
    return Brief(period=inputs.period, today=inputs.today, points=chosen, more=len(found) - len(chosen))


def limit_per_source(ranked: Sequence[Point]) -> tuple[Point, ...]:
    """Return the first points, but only OF_ONE_SOURCE of one source as long as others have more to say."""
    seen: Counter[PointSource] = Counter()
    first: list[Point] = []
    later: list[Point] = []
    for point in ranked:
        seen[point.source] += 1
        (first if seen[point.source] <= MAX_POINTS_PER_SOURCE else later).append(point)
    chosen = [*first, *later][:MAX_POINTS]
    return tuple(point for point in ranked if point in chosen)


def _points_from_insights(inputs: BriefInput) -> Iterator[Point]:
    """Return the insights, each once; of those that notice the same, the one that says most."""
    found = group_achievements((entry for entry in inputs.entries if entry.kind is Kind.INSIGHT), inputs.schedule)
    points: dict[object, Point] = {}
    for point in map(_point_from_insight, found):
        same = normalized_words(point.noticed, inputs.schedule)
        if same not in points or len(point.missing_parts) < len(points[same].missing_parts):
            points[same] = point
    yield from points.values()


_SENTENCE_BREAK = re.compile(r"(?<=[.!?…。！？])(?<!\b[a-z]\.)(?<!\b(?:vs|ca|cf)\.)(?<!\betc\.)(?:\s+|(?<=[。！？]))")
"""A sentence boundary; not after a single letter (e.g.), vs., ca., cf. or etc."""


def split_insight(text: str) -> tuple[str, str | None, str | None]:
    """Split an insight into observation, meaning and proposal: by its lines, or by sentence if it has only one.

    Everything after the second part belongs to the proposal.
    """
    parts = [line.strip() for line in text.split("\n") if line.strip()]
    if len(parts) == 1:
        parts = [part for part in _SENTENCE_BREAK.split(parts[0]) if part]
    noticed, meaning, *rest = (*parts, "", "")[: max(3, len(parts))]
    return noticed.rstrip(".") or noticed, meaning or None, " ".join(filter(None, rest)) or None


def _point_from_insight(achievement: Achievement) -> Point:
    noticed, meaning, proposal = split_insight(achievement.text)
    reach = max((REACH[one] for one in achievement.beneficiaries), default=int(bool(achievement.people)))
    return Point(
        source=PointSource.INSIGHT,
        id=achievement.entries[0],
        noticed=noticed,
        facts=achievement.evidence,
        meaning=meaning,
        proposal=proposal,
        weight=(reach, achievement.times, achievement.days[-1]),
    )


def _points_from_pains(inputs: BriefInput) -> Iterator[Point]:
    """Return the friction that comes back, and that of which others were said to feel it."""
    for pain in inputs.pains:
        if pain.is_open and (pain.days_seen >= RECURRING_DAYS or pain.hit or pain.shared):
            yield _point_from_pain(pain, inputs.today)


def _point_from_pain(pain: PainPoint, today: date) -> Point:
    since = (
        f"since {format_day(pain.first_seen, today)}"
        if pain.days_seen > 1
        else f"on {format_day(pain.first_seen, today)}"
    )
    others = [f"do others see it? {_join_lines([pain.shared])}"] if pain.shared else []
    meaning = f"it hits {_join_lines([pain.hit])}" if pain.hit else None
    step = f"first step by {format_day(pain.step_by, today)}: {pain.step}" if pain.step_by and pain.step else pain.step
    return Point(
        source=PointSource.PAIN,
        id=pain.id,
        noticed=pain.text,
        facts=(f"seen {pain.times_seen} {since}", *others),
        meaning=meaning,
        proposal=_join_lines([pain.better, step]),
        missing_flags=tuple(_missing_fields(pain)),
        weight=(2 * bool(pain.hit) or int(bool(pain.shared)), pain.days_seen, pain.last_seen),
    )


def _missing_fields(pain: PainPoint) -> Iterator[str]:
    if not pain.hit:
        yield "hit"
    if not (pain.better or pain.step):
        yield "better"


def _join_lines(parts: Iterable[str | None]) -> str | None:
    """Put what was said on one line, one thing after the other."""
    return "; ".join(" ".join(part.split()).rstrip(".;") for part in parts if part) or None


def _points_from_projects(inputs: BriefInput) -> Iterator[Point]:
    """Return the projects that took work in the Period and yielded nothing, and those that yield more than they did."""
    for owning in inputs.projects:
        owned = ProjectActivity(project=owning.project, work_since_value=owning.work_since_value)
        if is_stalled(owned, inputs.last_day):
            if owning.work or not inputs.is_over:
                yield _point_from_stalled_project(inputs, owning, owned)
        elif is_growing(owning):
            yield _point_from_growing_project(inputs, owning)


def _point_from_stalled_project(inputs: BriefInput, progress: ProjectProgress, activity: ProjectActivity) -> Point:
    project, aim = activity.project, activity.project.aim or activity.project.measure
    takes, nearer = _stalled_texts(inputs, activity)
    return Point(
        source=PointSource.PROJECT,
        id=project.slug,
        noticed=f"{project.name} {takes}",
        facts=(
            activity.summary(inputs.today) + f", up to {format_day(inputs.last_day, inputs.today)}" * inputs.is_over,
        ),
        meaning=f"“{_join_lines([aim])}” {nearer}" if aim else None,
        proposal=_propose_decision(inputs, activity, has_value_since=progress.has_value_since),
        missing_flags=() if aim else ("aim",),
        weight=(1, activity.work_since_value.work, inputs.last_day),
    )


def _stalled_texts(inputs: BriefInput, activity: ProjectActivity) -> tuple[str, str]:
    """Say what a project that stalls does, and what its aim does."""
    if inputs.is_over:
        return "took work and left nothing behind", "did not get nearer"
    if _is_young(inputs, activity):
        return "has taken work and left nothing behind yet", "has not come nearer yet"
    return "takes work and leaves nothing behind", "is not getting nearer"


def _is_young(inputs: BriefInput, activity: ProjectActivity) -> bool:
    """Tell whether a project began so lately that nobody can expect anything of it yet."""
    return (
        activity.no_value_since >= recent_period(inputs.today).start and activity.work_since_value.last_value_on is None
    )


def _propose_decision(inputs: BriefInput, activity: ProjectActivity, *, has_value_since: bool) -> str:
    """Propose what to decide about a project that stalls, by what is known of it; one that is young need not end."""
    decided, project = format_day(inputs.schedule.next_review_day(inputs.today), inputs.today), activity.project
    aims = project.aim or project.measure
    if has_value_since:
        return "show what has moved since"
    if _is_young(inputs, activity):
        return f"say by {decided} which result it shall have first" if aims else _propose_purpose(project, decided)
    if project.measure:
        return f"look at “{_join_lines([project.measure])}” by {decided}; if it has not moved, end it"
    if project.aim:
        return f"name by {decided} the next step towards “{_join_lines([project.aim])}”, or end it"
    if project.problem:
        return (
            f"ask by {decided} whether anybody still has this problem: {_join_lines([project.problem])}; if not, end it"
        )
    return f"{_propose_purpose(project, decided)}, or end it"


def _propose_purpose(project: Project, decide_by: str) -> str:
    return f"say by {decide_by} what {project.name} is for"


def is_growing(progress: ProjectProgress) -> bool:
    """Tell whether a project yields clearly more than it did: the 95 % intervals of both shares do not touch."""
    now, before = compute_score(progress.recent), compute_score(progress.earlier)
    if progress.project.state is not ProjectState.OPEN or not (now.has_enough_entries and before.has_enough_entries):
        return False
    return bool(now.interval and before.interval and now.interval[0] > before.interval[1])


def _point_from_growing_project(inputs: BriefInput, progress: ProjectProgress) -> Point:
    project, now, before = progress.project, progress.recent, progress.earlier
    aim = _join_lines([project.aim or project.measure])
    leaves = "left more behind than before" if inputs.is_over else "leaves more behind than it did"
    return Point(
        source=PointSource.PROJECT,
        id=project.slug,
        noticed=f"{project.name} {leaves}",
        facts=(
            (
                f"value in {now.value} of {now.n} entries of {GROWTH_WEEKS} weeks, before that in"
                f" {before.value} of {before.n}"
            ),
        ),
        meaning=f"“{aim}” {'got' if inputs.is_over else 'is getting'} nearer" if aim else None,
        proposal="give it more room, and show what moved",
        missing_flags=() if aim else ("aim",),
        weight=(1, now.value, inputs.last_day),
    )
