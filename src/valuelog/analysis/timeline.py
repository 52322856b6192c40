"""The timelines of a pain point (noticed, seen again, its steps, its end) and of a project."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from valuelog.model.entry import Entry
from valuelog.model.pain import PainPoint, PainState
from valuelog.model.project import Measurement, Project
from valuelog.model.promise import Promise, PromiseState


class EventKind(StrEnum):
    """What happened. A step `ended` if another one replaced it or the pain point was dropped."""

    NOTICED = "noticed"
    SEEN = "seen"
    PROMISED = "promised"
    CARRIED = "carried"
    KEPT = "kept"
    BROKEN = "broken"
    ENDED = "ended"
    FIXED = "fixed"
    DROPPED = "dropped"
    STARTED = "started"
    MEASURED = "measured"
    VALUE = "value"
    CLOSED = "closed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One event. `due` is the due day of a step, `entry_id` the fix or the value entry."""

    day: date
    kind: EventKind
    text: str
    due: date | None = None
    entry_id: str | None = None


_KIND_BY_PROMISE_STATE = {
    PromiseState.KEPT: EventKind.KEPT,
    PromiseState.BROKEN: EventKind.BROKEN,
    PromiseState.DROPPED: EventKind.ENDED,
}
_ORDER_WITHIN_DAY = {EventKind.NOTICED: 0, EventKind.SEEN: 0, EventKind.FIXED: 2, EventKind.DROPPED: 2}
"""The order within a day: sightings, then steps (1), then the end."""

_KIND_BY_PAIN_STATE = {PainState.FIXED: EventKind.FIXED, PainState.DROPPED: EventKind.DROPPED}


DueDates = Sequence[tuple[date, date]]
"""The due days of a promise in order, each as (day it was set, due day)."""


def build_timeline(
    pain: PainPoint, promises: Sequence[Promise], due_dates: Mapping[str, DueDates] | None = None
) -> tuple[Event, ...]:
    """Return the events of a pain point in order; `due_dates` of its steps by their ids."""
    seen = sorted(pain.sightings, key=lambda sighting: (sighting.day, sighting.created))
    kinds = [EventKind.NOTICED, *[EventKind.SEEN] * (len(seen) - 1)]
    events = [
        Event(day=sighting.day, kind=kind, text=sighting.text) for kind, sighting in zip(kinds, seen, strict=True)
    ]
    for promise in sorted(promises, key=lambda promise: promise.created):
        events += _promise_events(promise, (due_dates or {}).get(promise.id) or [(promise.made_on, promise.due)])
    if pain.closed_on and pain.state in _KIND_BY_PAIN_STATE:
        end = Event(day=pain.closed_on, kind=_KIND_BY_PAIN_STATE[pain.state], text=pain.how or "", entry_id=pain.fix)
        events.append(end)
    return tuple(sorted(events, key=lambda event: (event.day, _ORDER_WITHIN_DAY.get(event.kind, 1))))


def build_project_timeline(
    project: Project, measurements: Sequence[Measurement], value: Sequence[Entry]
) -> tuple[Event, ...]:
    """Return the events of a project in order: its start, the readings of its measure, its value, its end."""
    events = [
        Event(day=project.started_on, kind=EventKind.STARTED, text=project.problem or ""),
        *(Event(day=each.day, kind=EventKind.MEASURED, text=each.value) for each in measurements),
        *(Event(day=entry.day, kind=EventKind.VALUE, text=entry.text, entry_id=entry.id) for entry in value),
    ]
    if project.closed_on:
        events.append(Event(day=project.closed_on, kind=EventKind(project.state), text=project.result or ""))
    order = {EventKind.STARTED: 0, EventKind.CLOSED: 2, EventKind.DROPPED: 2}
    return tuple(sorted(events, key=lambda event: (event.day, order.get(event.kind, 1))))


def _promise_events(promise: Promise, due_dates: DueDates) -> Iterator[Event]:
    """Yield the events of a step: promised, carried over (never after it was settled), settled."""
    (_, first_due), *later = due_dates
    yield Event(day=promise.made_on, kind=EventKind.PROMISED, text=promise.text, due=first_due)
    for set_on, due in later:
        on = min(max(set_on, promise.made_on), promise.closed_on or date.max)
        yield Event(day=on, kind=EventKind.CARRIED, text=promise.text, due=due)
    if promise.closed_on and promise.state in _KIND_BY_PROMISE_STATE:
        yield Event(day=promise.closed_on, kind=_KIND_BY_PROMISE_STATE[promise.state], text=promise.text)
