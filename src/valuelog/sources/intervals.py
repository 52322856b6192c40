"""What any time tracker knows: stretches of time, added up within a day, a draft for each task."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain

from valuelog.model.draft import Draft
from valuelog.model.entry import MAX_MINUTES, normalize_names
from valuelog.sources import Span
from valuelog.sources.sanitize import line
from valuelog.sources.subprocesses import digest


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """Time that somebody spent on one task, in seconds of POSIX: no zone and no summer time makes it shorter."""

    start: float
    end: float
    task: str
    tags: tuple[str, ...]
    note: str = ""
    id: str = ""

    def within(self, span: Span) -> float:
        """Return how many seconds of it lie within a day."""
        return max(0.0, min(self.end, span.end.timestamp()) - max(self.start, span.start.timestamp()))

    @property
    def what(self) -> tuple[str, ...]:
        """What was done, as words: the same for the same task."""
        return (self.task, *sorted(self.tags), "", self.note)

    def marks(self, source: str, span: Span) -> tuple[str, ...]:
        """How it is known again, also where it was imported: by its id, or by its begin or its end.

        Of the last two one may have been mended. What goes on from the day before is known by the day too.
        """
        began = datetime.fromtimestamp(self.start, UTC)
        known = (self.id,) if self.id else (f"{began:%Y%m%dT%H%M%SZ}", f"to-{self.end:.0f}")
        return tuple(f"{source}:{one}" + f":{span.day}" * (began < span.start) for one in known)


def tracked(source: str, stretches: Iterable[Stretch], span: Span) -> Iterator[Draft]:
    """Yield a draft for each task of a day, with at least a minute."""
    tasks: dict[tuple[str, ...], list[Stretch]] = {}
    for one in stretches:
        if one.within(span):
            tasks.setdefault(one.what, []).append(one)
    for spent in tasks.values():
        yield _draft(source, spent, span)


def _draft(source: str, spent: Sequence[Stretch], span: Span, *, later: bool = False) -> Draft:
    """Add up the time of a task; what came after a first draft is named by the last of it."""
    parts = [one.marks(source, span) for one in spent]

    def rest(seen: Collection[str]) -> Draft | None:
        left = [one for one, marks in zip(spent, parts, strict=True) if not set(marks) & set(seen)]
        return _draft(source, left, span, later=True) if left else None

    return Draft(
        origin=parts[-1][-1] if later else f"{source}:{span.day}:{digest(*spent[0].what)}",
        day=span.day,
        text=_text(spent[0]),
        minutes=min(max(1, round(sum(one.within(span) for one in spent) / 60)), MAX_MINUTES),
        tags=normalize_names(map(line, spent[0].tags)),
        parts=tuple(chain.from_iterable(parts)),
        remainder=rest,
    )


def _text(one: Stretch) -> str:
    """Say what was done: the task, its tags, and what was noted."""
    tagged = ", ".join(filter(None, map(line, sorted(one.tags))))
    return line(": ".join(filter(None, (line(one.task), tagged, line(one.note))))) or "Time without a name"
