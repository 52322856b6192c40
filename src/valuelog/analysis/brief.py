"""Build a Brief: up to MAX_POINTS talking points, a result or an observation with its meaning and a proposal."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from valuelog.analysis.follow_up_rules import RECURRING_DAYS, is_stalled
from valuelog.analysis.grouping import Achievement, group_achievements, normalized_words, reach_of
from valuelog.analysis.projects import ProjectActivity, recent_period
from valuelog.analysis.score import compute_score
from valuelog.model.entry import Entry, Kind, Side
from valuelog.model.pain import PainPoint
from valuelog.model.period import Period, format_day
from valuelog.model.project import Project, ProjectState
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally, WorkSinceValue

MAX_POINTS = 7

MAX_POINTS_PER_SOURCE = 3
"""The limit for points from one source, as long as other sources have points left; results never exceed it."""

GROWTH_WEEKS = 4
"""The number of recent weeks that are compared with those before to find growing projects."""


class PointSource(StrEnum):
    """Where a point comes from."""

    RESULT = "result"
    INSIGHT = "insight"
    PAIN = "pain"
    PROJECT = "project"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProjectProgress:
    """An open project at the end of the period.

    `recent` is the tally of the last GROWTH_WEEKS weeks, `earlier` that of the weeks before. `work` is the number of
    activities in the period. `has_value_since` is whether it has value entries after the period.
    """

    project: Project
    work_since_value: WorkSinceValue
    recent: Tally
    earlier: Tally
    work: int = 0
    has_value_since: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class BriefInput:
    """The data a Brief is built from.

    That is the value and the insights of the period, pain points seen in it, and the open projects at its end.
    """

    period: Period
    today: date
    entries: tuple[Entry, ...]
    pains: tuple[PainPoint, ...]
    projects: tuple[ProjectProgress, ...]
    schedule: Schedule = field(default_factory=Schedule)

    @property
    def last_day(self) -> date:
        """The last day of the period up to today."""
        return min(self.period.end, self.today)

    @property
    def is_over(self) -> bool:
        """Whether the period has ended, so that the points are in the past tense."""
        return self.period.end < self.today


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One talking point. `id` is the id of its entry or pain point, or the slug of its project.

    `facts` are evidence and how often it was seen. `missing_flags` are the options that add the missing parts; an
    insight has none, because its parts are in its text. `raised_on` is the day on which it was raised, if nothing came
    of that yet. `weight` is (reach, frequency, last day).
    """

    source: PointSource
    id: str
    noticed: str
    facts: tuple[str, ...] = ()
    meaning: str | None = None
    proposal: str | None = None
    missing_flags: tuple[str, ...] = ()
    raised_on: date | None = None
    weight: tuple[int, int, date]

    @property
    def missing_parts(self) -> tuple[str, ...]:
        """The parts that are empty; a result speaks for itself."""
        if self.source is PointSource.RESULT:
            return ()
        return tuple(name for name in ("meaning", "proposal") if not getattr(self, name))

    @property
    def rank(self) -> tuple[object, ...]:
        """A sort key, greater for what is more significant: reach, facts, completeness, frequency, last day."""
        reach, frequency, day = self.weight
        return reach + bool(self.facts), -len(self.missing_parts), frequency, day, self.id


_EDIT_COMMANDS = {
    PointSource.RESULT: "edit",
    PointSource.INSIGHT: "edit",
    PointSource.PAIN: "pain edit",
    PointSource.PROJECT: "project edit",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Brief:
    """The most significant points; `more` is the number of those left out.

    `prefix_lengths` maps an id to the length of its shortest unique prefix.
    """

    period: Period
    today: date
    points: tuple[Point, ...]
    more: int
    prefix_lengths: Mapping[str, int] = field(default_factory=dict)

    def command(self, point: Point) -> str:
        """Return the command that adds the missing parts of a point, or an empty text if none are missing."""
        if not point.missing_parts:
            return ""
        short_id = point.id[: self.prefix_lengths.get(point.id, len(point.id))]
        flags = (f'--{flag} "…"' for flag in point.missing_flags)
        return " ".join(["valuelog", _EDIT_COMMANDS[point.source], short_id, *flags])


def build_brief(inputs: BriefInput) -> Brief:
    """Build the Brief of a period."""
    candidates = [
        *_points_from_results(inputs),
        *_points_from_insights(inputs),
        *_points_from_pains(inputs),
        *_points_from_projects(inputs),
    ]
    points = limit_per_source(sorted(candidates, key=lambda point: point.rank, reverse=True))
    return Brief(period=inputs.period, today=inputs.today, points=points, more=len(candidates) - len(points))


def limit_per_source(ranked: Sequence[Point]) -> tuple[Point, ...]:
    """Return the first MAX_POINTS points; those over the limit of their source only fill what other sources leave."""
    counts: Counter[PointSource] = Counter()
    within_limit: list[Point] = []
    over_limit: list[Point] = []
    for point in ranked:
        counts[point.source] += 1
        (within_limit if counts[point.source] <= MAX_POINTS_PER_SOURCE else over_limit).append(point)
    selected = [*within_limit, *over_limit][:MAX_POINTS]
    return tuple(point for point in ranked if point in selected)


def _points_from_results(inputs: BriefInput) -> Iterator[Point]:
    """Yield a point for each of the most significant results: what moved."""
    results = group_achievements((entry for entry in inputs.entries if entry.side is Side.VALUE), inputs.schedule)
    for result in results[:MAX_POINTS_PER_SOURCE]:
        yield Point(
            source=PointSource.RESULT,
            id=result.entries[0],
            noticed=result.text,
            facts=result.evidence,
            weight=(result.reach, result.times, result.days[-1]),
        )


def _points_from_insights(inputs: BriefInput) -> Iterator[Point]:
    """Yield a point for each observation that nothing came of yet; if several share it, the most complete one."""
    by_id = {entry.id: entry for entry in inputs.entries if entry.kind is Kind.INSIGHT}
    points: dict[object, Point] = {}
    for insight in group_achievements(by_id.values(), inputs.schedule):
        logged = [by_id[entry_id] for entry_id in insight.entries]
        if any(entry.raised_outcome for entry in logged):
            continue
        raised_on = max((entry.raised_on for entry in logged if entry.raised_on), default=None)
        point = replace(_point_from_insight(insight), raised_on=raised_on)
        wording = normalized_words(point.noticed, inputs.schedule)
        if wording not in points or len(point.missing_parts) < len(points[wording].missing_parts):
            points[wording] = point
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
    reach = max(map(reach_of, achievement.beneficiaries), default=int(bool(achievement.people)))
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
    """Yield a point for each open pain point that recurs or affects others, unless something came of raising it."""
    for pain in inputs.pains:
        if pain.is_open and not pain.raised_outcome and (pain.days_seen >= RECURRING_DAYS or pain.hit or pain.shared):
            yield _point_from_pain(pain, inputs.today)


def _point_from_pain(pain: PainPoint, today: date) -> Point:
    since = f"{'since' if pain.days_seen > 1 else 'on'} {format_day(pain.first_seen, today)}"
    others = [f"does it affect others? {_join_lines([pain.shared])}"] if pain.shared else []
    meaning = f"it affects {_join_lines([pain.hit])}" if pain.hit else None
    step = f"first step by {format_day(pain.step_by, today)}: {pain.step}" if pain.step_by and pain.step else pain.step
    return Point(
        source=PointSource.PAIN,
        id=pain.id,
        noticed=pain.text,
        facts=(f"seen {pain.times_seen} {since}", *others),
        meaning=meaning,
        proposal=_join_lines([pain.better, step]),
        missing_flags=tuple(_missing_pain_flags(pain)),
        raised_on=pain.raised_on,
        weight=(2 * bool(pain.hit) or int(bool(pain.shared)), pain.days_seen, pain.last_seen),
    )


def _missing_pain_flags(pain: PainPoint) -> Iterator[str]:
    if not pain.hit:
        yield "hit"
    if not (pain.better or pain.step):
        yield "better"


def _join_lines(parts: Iterable[str | None]) -> str | None:
    """Join texts with semicolons on one line; None if all are empty."""
    return "; ".join(" ".join(part.split()).rstrip(".;") for part in parts if part) or None


def _points_from_projects(inputs: BriefInput) -> Iterator[Point]:
    """Yield a point for each stalled or growing project; for a past period, only if a stalled one has work in it."""
    for progress in inputs.projects:
        activity = ProjectActivity(project=progress.project, work_since_value=progress.work_since_value)
        if is_stalled(activity, inputs.last_day):
            if progress.work or not inputs.is_over:
                yield _point_from_stalled_project(inputs, progress, activity)
        elif is_growing(progress):
            yield _point_from_growing_project(inputs, progress)


def _point_from_stalled_project(inputs: BriefInput, progress: ProjectProgress, activity: ProjectActivity) -> Point:
    project, aim = activity.project, activity.project.aim or activity.project.measure
    observation, effect_on_aim = _stalled_texts(inputs, activity)
    until = f", up to {format_day(inputs.last_day, inputs.today)}" if inputs.is_over else ""
    return Point(
        source=PointSource.PROJECT,
        id=project.slug,
        noticed=f"{project.name} {observation}",
        facts=(activity.summary(inputs.today) + until,),
        meaning=f"“{_join_lines([aim])}” {effect_on_aim}" if aim else None,
        proposal=_propose_decision(inputs, activity, has_value_since=progress.has_value_since),
        missing_flags=() if aim else ("aim",),
        weight=(1, activity.work_since_value.work, inputs.last_day),
    )


def _stalled_texts(inputs: BriefInput, activity: ProjectActivity) -> tuple[str, str]:
    """Return two predicates: one for the name of a stalled project, one for its aim."""
    if inputs.is_over:
        return "took work but delivered no value", "got no closer"
    if _is_young(inputs, activity):
        return "has taken work but delivered no value yet", "is no closer yet"
    return "takes work but delivers no value", "is getting no closer"


def _is_young(inputs: BriefInput, activity: ProjectActivity) -> bool:
    """Return whether a project without value started too recently to be dropped for it."""
    has_value = activity.work_since_value.last_value_on is not None
    return not has_value and activity.no_value_since >= recent_period(inputs.today).start


def _propose_decision(inputs: BriefInput, activity: ProjectActivity, *, has_value_since: bool) -> str:
    """Propose a decision about a stalled project, by the fields it has; never to drop one that is young."""
    day, project = format_day(inputs.schedule.next_review_day(inputs.today), inputs.today), activity.project
    purpose = f"say by {day} what {project.name} is for"
    if has_value_since:
        return "show what has improved since"
    if _is_young(inputs, activity):
        return f"say by {day} what its first result will be" if project.aim or project.measure else purpose
    if project.measure:
        return f"check “{_join_lines([project.measure])}” by {day}; if it hasn't changed, drop the project"
    if project.aim:
        return f"name the next step toward “{_join_lines([project.aim])}” by {day}, or drop the project"
    if project.problem:
        return f"ask by {day} if anyone still has this problem: {_join_lines([project.problem])}; if not, drop it"
    return f"{purpose}, or drop it"


def is_growing(progress: ProjectProgress) -> bool:
    """Return whether the share of value is clearly higher than before: the 95 % intervals don't overlap."""
    now, before = compute_score(progress.recent), compute_score(progress.earlier)
    if progress.project.state is not ProjectState.OPEN or not (now.has_enough_entries and before.has_enough_entries):
        return False
    return bool(now.interval and before.interval and now.interval[0] > before.interval[1])


def _point_from_growing_project(inputs: BriefInput, progress: ProjectProgress) -> Point:
    project, now, before = progress.project, progress.recent, progress.earlier
    aim = _join_lines([project.aim or project.measure])
    delivers = "delivered" if inputs.is_over else "delivers"
    return Point(
        source=PointSource.PROJECT,
        id=project.slug,
        noticed=f"{project.name} {delivers} more value than before",
        facts=(
            f"{now.value} of {now.n} entries in {GROWTH_WEEKS} weeks are value, {before.value} of {before.n} before",
        ),
        meaning=f"“{aim}” {'got' if inputs.is_over else 'is getting'} closer" if aim else None,
        proposal="give it more time, and show what has changed",
        missing_flags=() if aim else ("aim",),
        weight=(1, now.value, inputs.last_day),
    )
