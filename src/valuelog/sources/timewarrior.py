"""Timewarrior: the intervals of a day, as `timew export` tells them: one draft a task and day, with its minutes.

A task is what has the same tags and annotation. An interval that is still running has no length yet and is left out.
Holds also what any time tracker needs: stretches of time, added up within a day.
"""

import json
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import Any

from valuelog.model.draft import Draft
from valuelog.model.entry import LONGEST_MINUTES, names
from valuelog.sources import Option, SourceFailed, Span
from valuelog.sources.lines import line
from valuelog.sources.programs import SHORT_OF_PATIENCE, digest, found, output

_MOMENT = "%Y%m%dT%H%M%SZ"


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

    @property
    def marks(self) -> tuple[str, ...]:
        """How it is known again: by its id, or by its begin or its end, of which one may have been mended."""
        return (self.id,) if self.id else (f"from-{self.start:.0f}", f"to-{self.end:.0f}")


def tracked(source: str, stretches: Iterable[Stretch], span: Span) -> Iterator[Draft]:
    """Yield a draft for each task of a day, with at least a minute."""
    tasks: dict[tuple[str, ...], list[Stretch]] = {}
    for one in stretches:
        if one.within(span):
            tasks.setdefault(one.what, []).append(one)
    for spent in tasks.values():
        yield _draft(f"{source}:{span.day}:{digest(*spent[0].what)}", spent, span)


def _draft(begin: str, spent: Sequence[Stretch], span: Span, *, later: bool = False) -> Draft:
    """Add up the time of a task; what came after a first draft is named by the last of it."""
    parts = [tuple(f"{begin}:{digest(mark)}" for mark in one.marks) for one in spent]

    def rest(seen: Collection[str]) -> Draft | None:
        left = [one for one, marks in zip(spent, parts, strict=True) if not set(marks) & set(seen)]
        return _draft(begin, left, span, later=True) if left else None

    return Draft(
        origin=parts[-1][-1] if later else begin,
        day=span.day,
        text=_text(spent[0]),
        minutes=min(max(1, round(sum(one.within(span) for one in spent) / 60)), LONGEST_MINUTES),
        tags=names(map(line, spent[0].tags)),
        parts=tuple(chain.from_iterable(parts)),
        rest=rest,
    )


def _text(one: Stretch) -> str:
    """Say what was done: the task, its tags, and what was noted."""
    tagged = ", ".join(filter(None, map(line, sorted(one.tags))))
    return line(": ".join(filter(None, (line(one.task), tagged, line(one.note))))) or "Time without a name"


class Timewarrior:
    """The intervals that Timewarrior tracked."""

    name = "timewarrior"
    about = "what Timewarrior tracked, if timew is installed"
    options: Sequence[Option] = ()

    def __init__(self, patience: float = SHORT_OF_PATIENCE) -> None:
        """Remember how many seconds timew has."""
        self._patience = patience

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft a task; none if it never tracked anything. Raises SourceFailed, also if there is no timew."""
        del options
        program = found("timew", environ)
        if not program:
            leave = f"Install it, or leave it out: valuelog config set sources.{self.name}.enabled no"
            raise SourceFailed(self.name, "timew is not installed.", leave)
        if _has_tracked(environ):
            days = [f"{moment.astimezone(UTC):{_MOMENT}}" for moment in (span.start, span.end)]
            said = output(self.name, [program, "export", days[0], "-", days[1]], environ, self._patience)
            yield from tracked(self.name, _stretches(said), span)


SOURCE = Timewarrior()


def _has_tracked(environ: Mapping[str, str]) -> bool:
    """Whether there are data: timew would make a database where there is none, even if nobody can be asked."""
    home = Path(environ.get("HOME", "/"))
    named = environ.get("TIMEWARRIORDB")
    data = environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    places = [Path(named)] if named else [home / ".timewarrior", Path(data) / "timewarrior"]
    return any(os.path.isdir(place / "data") for place in places)  # noqa: PTH112  never raises


def _stretches(said: str) -> Iterator[Stretch]:
    """Read the list of intervals. Raises SourceFailed."""
    try:
        _, bracket, rest = f"\n{said}".partition("\n[")  # now and then it tells of its tags first
        for interval in json.loads(bracket + rest):
            if "end" in interval:
                yield _stretch(interval)
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise SourceFailed(
            "timewarrior", "what timew export said cannot be understood.", "Try: timew export"
        ) from error


def _stretch(interval: Mapping[str, Any]) -> Stretch:
    start, end = (datetime.strptime(interval[key], _MOMENT).replace(tzinfo=UTC) for key in ("start", "end"))
    tags = tuple(map(str, interval.get("tags", ())))
    note = str(interval.get("annotation", ""))
    return Stretch(start=start.timestamp(), end=end.timestamp(), task="", tags=tags, note=note)
