"""The story of a pain point, day by day: noticed, seen again, its steps and what became of them, its end."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from valuelog.model.pain import PainPoint, PainState
from valuelog.model.promise import Promise, PromiseState


class Turn(StrEnum):
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
class Happening:
    """One turn of the story. `until` is the day until which a step was promised, `entry` the id of what a fix is."""

    day: date
    turn: Turn
    text: str
    until: date | None = None
    entry: str | None = None


_OF_PROMISE = {PromiseState.KEPT: Turn.KEPT, PromiseState.BROKEN: Turn.BROKEN, PromiseState.DROPPED: Turn.ENDED}
_PLACE = {Turn.NOTICED: 0, Turn.SEEN: 0, Turn.FIXED: 2, Turn.DROPPED: 2}
"""On one day it is first felt, then comes what was done with its steps, one after the other, then its end."""

_OF_PAIN = {PainState.FIXED: Turn.FIXED, PainState.DROPPED: Turn.DROPPED}


Dues = Sequence[tuple[date, date]]
"""Until when a promise was due, one after the other, each after the day on which that was said."""


def story(
    pain: PainPoint, promises: Sequence[Promise], dues: Mapping[str, Dues] | None = None
) -> tuple[Happening, ...]:
    """Tell what happened to a pain point, in the order of days; `dues` of its steps by their ids, where known."""
    seen = sorted(pain.sightings, key=lambda sighting: (sighting.day, sighting.created))
    turns = [Turn.NOTICED, *[Turn.SEEN] * (len(seen) - 1)]
    told = [Happening(day=one.day, turn=turn, text=one.text) for turn, one in zip(turns, seen, strict=True)]
    for promise in sorted(promises, key=lambda promise: promise.created):
        told += _of_step(promise, (dues or {}).get(promise.id) or [(promise.made_on, promise.due)])
    if pain.closed_on and pain.state in _OF_PAIN:
        ended = Happening(day=pain.closed_on, turn=_OF_PAIN[pain.state], text=pain.how or "", entry=pain.fix)
        told.append(ended)
    return tuple(sorted(told, key=lambda one: (one.day, _PLACE.get(one.turn, 1))))


def _of_step(promise: Promise, dues: Dues) -> Iterator[Happening]:
    """Tell that a step was promised, carried over, and taken or not; it is carried over while it is promised."""
    (_, first), *later = dues
    yield Happening(day=promise.made_on, turn=Turn.PROMISED, text=promise.text, until=first)
    for said, due in later:
        on = min(max(said, promise.made_on), promise.closed_on or date.max)
        yield Happening(day=on, turn=Turn.CARRIED, text=promise.text, until=due)
    if promise.closed_on and promise.state in _OF_PROMISE:
        yield Happening(day=promise.closed_on, turn=_OF_PROMISE[promise.state], text=promise.text)
