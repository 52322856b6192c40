"""The story of a pain point, day by day: noticed, seen again, its steps and what became of them, its end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from valuelog.model.pain import PainPoint, PainState
from valuelog.model.promise import Promise, PromiseState


class EventKind(StrEnum):
    """What happened. A step has `ended` where another one took its place, or the pain point itself was let go."""

    NOTICED = "noticed"
    SEEN = "seen"
    PROMISED = "promised"
    CARRIED = "carried"
    KEPT = "kept"
    BROKEN = "broken"
    ENDED = "ended"
    FIXED = "fixed"
    DROPPED = "dropped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """One turn of the story. `until` is the day until which a step was promised, `entry` the id of what a fix is."""

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
"""On one day it is first felt, then comes what was done with its steps, one after the other, then its end."""

_KIND_BY_PAIN_STATE = {PainState.FIXED: EventKind.FIXED, PainState.DROPPED: EventKind.DROPPED}


DueDates = Sequence[tuple[date, date]]
"""Until when a promise was due, one after the other, each after the day on which that was said."""


def build_timeline(
    pain: PainPoint, promises: Sequence[Promise], due_dates: Mapping[str, DueDates] | None = None
) -> tuple[Event, ...]:
    """Tell what happened to a pain point, in the order of days; `dues` of its steps by their ids, where known."""
    seen = sorted(pain.sightings, key=lambda sighting: (sighting.day, sighting.created))
    turns = [EventKind.NOTICED, *[EventKind.SEEN] * (len(seen) - 1)]
    told = [Event(day=one.day, kind=turn, text=one.text) for turn, one in zip(turns, seen, strict=True)]
    for promise in sorted(promises, key=lambda promise: promise.created):
        told += _promise_events(promise, (due_dates or {}).get(promise.id) or [(promise.made_on, promise.due)])
    if pain.closed_on and pain.state in _KIND_BY_PAIN_STATE:
        ended = Event(day=pain.closed_on, kind=_KIND_BY_PAIN_STATE[pain.state], text=pain.how or "", entry_id=pain.fix)
        told.append(ended)
    return tuple(sorted(told, key=lambda one: (one.day, _ORDER_WITHIN_DAY.get(one.kind, 1))))


def _promise_events(promise: Promise, due_dates: DueDates) -> Iterator[Event]:
    """Tell that a step was promised, carried over, and taken or not; it is carried over while it is promised."""
    (_, first), *later = due_dates
    yield Event(day=promise.made_on, kind=EventKind.PROMISED, text=promise.text, due=first)
    for said, due in later:
        on = min(max(said, promise.made_on), promise.closed_on or date.max)
        yield Event(day=on, kind=EventKind.CARRIED, text=promise.text, due=due)
    if promise.closed_on and promise.state in _KIND_BY_PROMISE_STATE:
        yield Event(day=promise.closed_on, kind=_KIND_BY_PROMISE_STATE[promise.state], text=promise.text)
