"""What any time tracker knows: stretches of time, added up within a day, a draft for each task."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from valuelog.model.draft import Draft
from valuelog.model.entry import MAX_MINUTES, normalize_names
from valuelog.sources import Span
from valuelog.sources.sanitize import sanitize_line
from valuelog.sources.subprocesses import digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Time that somebody spent on one task, in seconds of POSIX: no zone and no summer time makes it shorter."""

    start: float
    end: float
    task: str
    tags: tuple[str, ...]
    note: str = ""
    id: str = ""

    def seconds_within(self, span: Span) -> float:
        """Return how many seconds of it lie within a day."""
        return max(0.0, min(self.end, span.end.timestamp()) - max(self.start, span.start.timestamp()))

    @property
    def task_key(self) -> tuple[str, ...]:
        """What was done, as words: the same for the same task."""
        return (self.task, *sorted(self.tags), "", self.note)

    def origins(self, source: str, span: Span) -> tuple[str, ...]:
        """How it is known again, also where it was imported: by its id, or by its begin or its end.

        Of the last two one may have been mended. What goes on from the day before is known by the day too.
        """
        began = datetime.fromtimestamp(self.start, UTC)
        known = (self.id,) if self.id else (f"{began:%Y%m%dT%H%M%SZ}", f"to-{self.end:.0f}")
        return tuple(f"{source}:{one}" + f":{span.day}" * (began < span.start) for one in known)


def create_drafts(source: str, intervals: Iterable[Interval], span: Span) -> Iterator[Draft]:
    """Yield a draft for each task of a day, with at least a minute."""
    tasks: dict[tuple[str, ...], list[Interval]] = {}
    for one in intervals:
        if one.seconds_within(span):
            tasks.setdefault(one.task_key, []).append(one)
    for spent in tasks.values():
        yield _create_draft(source, spent, span)


def _create_draft(source: str, intervals: Sequence[Interval], span: Span, *, later: bool = False) -> Draft:
    """Add up the time of a task; what came after a first draft is named by the last of it."""
    parts = [one.origins(source, span) for one in intervals]

    def rest(seen: Collection[str]) -> Draft | None:
        left = [one for one, marks in zip(intervals, parts, strict=True) if not set(marks) & set(seen)]
        return _create_draft(source, left, span, later=True) if left else None

    return Draft(
        origin=parts[-1][-1] if later else f"{source}:{span.day}:{digest(*intervals[0].task_key)}",
        day=span.day,
        text=_format_text(intervals[0]),
        minutes=min(max(1, round(sum(one.seconds_within(span) for one in intervals) / 60)), MAX_MINUTES),
        tags=normalize_names(map(sanitize_line, intervals[0].tags)),
        parts=tuple(chain.from_iterable(parts)),
        remainder=rest,
    )


def _format_text(interval: Interval) -> str:
    """Say what was done: the task, its tags, and what was noted."""
    tagged = ", ".join(filter(None, map(sanitize_line, sorted(interval.tags))))
    return (
        sanitize_line(": ".join(filter(None, (sanitize_line(interval.task), tagged, sanitize_line(interval.note)))))
        or "Time without a name"
    )
