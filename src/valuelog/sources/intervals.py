"""Tracked time intervals of any time tracker, added up to one draft per task and day."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from valuelog.model.draft import Draft
from valuelog.model.entry import MAX_MINUTES, normalize_names
from valuelog.sources import Span
from valuelog.sources.sanitize import sanitize_line
from valuelog.sources.subprocesses import digest

UNNAMED_TASK = "Time without a name"


@dataclass(frozen=True, kw_only=True, slots=True)
class Interval:
    """Time spent on one task; start and end are POSIX timestamps, so that DST changes do not matter."""

    start: float
    end: float
    task: str
    tags: tuple[str, ...]
    note: str = ""
    id: str = ""

    def seconds_within(self, span: Span) -> float:
        """Return the number of seconds within a day."""
        return max(0.0, min(self.end, span.end.timestamp()) - max(self.start, span.start.timestamp()))

    @property
    def task_key(self) -> tuple[str, ...]:
        """A key that is equal for intervals of the same task."""
        return (self.task, *sorted(self.tags), "", self.note)

    def origins(self, source: str, span: Span) -> tuple[str, ...]:
        """Return the origins that identify the interval, also in an import: its id, or else its start and its end.

        Either of the last two may be corrected later. The part of an interval that began the day before has its own.
        """
        start = datetime.fromtimestamp(self.start, UTC)
        keys = (self.id,) if self.id else (f"{start:%Y%m%dT%H%M%SZ}", f"to-{self.end:.0f}")
        suffix = f":{span.day}" if start < span.start else ""
        return tuple(f"{source}:{key}{suffix}" for key in keys)


def create_drafts(source: str, intervals: Iterable[Interval], span: Span) -> Iterator[Draft]:
    """Yield a draft for each task with time on a day."""
    tasks: dict[tuple[str, ...], list[Interval]] = {}
    for interval in intervals:
        if interval.seconds_within(span):
            tasks.setdefault(interval.task_key, []).append(interval)
    for group in tasks.values():
        yield _create_draft(source, group, span)


def _create_draft(source: str, intervals: Sequence[Interval], span: Span, *, is_remainder: bool = False) -> Draft:
    """Create a draft of the intervals of one task; a remainder gets the origin of its last interval."""
    parts = [interval.origins(source, span) for interval in intervals]

    def remainder(seen: Collection[str]) -> Draft | None:
        new = [interval for interval, origins in zip(intervals, parts, strict=True) if not set(origins) & set(seen)]
        return _create_draft(source, new, span, is_remainder=True) if new else None

    seconds = sum(interval.seconds_within(span) for interval in intervals)
    return Draft(
        origin=parts[-1][-1] if is_remainder else f"{source}:{span.day}:{digest(*intervals[0].task_key)}",
        day=span.day,
        text=_format_text(intervals[0]),
        minutes=min(max(1, round(seconds / 60)), MAX_MINUTES),
        tags=normalize_names(map(sanitize_line, intervals[0].tags)),
        parts=tuple(chain.from_iterable(parts)),
        remainder=remainder,
    )


def _format_text(interval: Interval) -> str:
    """Return the task, its tags and its note."""
    tags = ", ".join(filter(None, map(sanitize_line, sorted(interval.tags))))
    parts = filter(None, (sanitize_line(interval.task), tags, sanitize_line(interval.note)))
    return sanitize_line(": ".join(parts)) or UNNAMED_TASK
