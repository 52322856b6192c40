"""Which findings are shown: their rank, and how fresh each is after those that were shown before."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from valuelog.analysis.findings import GOOD_NEWS, WARNINGS, Finding
from valuelog.model.period import Period

MAX_IN_REVIEW = 3
"""How many findings a review shows."""


class Surface(StrEnum):
    """Where findings are shown: in reviews; or in evenings and by the bare command. A notice is shown once."""

    REVIEW = "review"
    EVENING = "evening"
    NOTICE = "notice"


REST_DAYS = {Surface.REVIEW: 14, Surface.EVENING: 4}
"""How many days a finding rests: every second week; and twice a week, so that it never fills two evenings in a row."""

ONCE = frozenset({"came-of-it"})
"""The rules whose findings are shown only on one day, unless there is more to say: a step planned, then kept."""

NEVER_RESTS = frozenset({"unreviewed-week"})
"""The rules whose findings are shown as long as they apply: a missed review is only offered for three days."""

ALWAYS_FIRST = "less-work-logged"

MAX_AGE_DAYS = 90
"""Showings that are older are forgotten."""


class Showing(NamedTuple):
    """When a finding was shown last: on which day, in what slot, and how many occurrences it had.

    The slot is the day of an evening, or the first day of the reviewed week.
    """

    slot: date
    day: date
    occurrences: int


Showings = Mapping[Surface, Mapping[str, Showing]]
"""The last Showing of each finding by its key, on each surface."""

NEVER_SHOWN: Showings = {}


class Place(NamedTuple):
    """Where and when findings are about to be shown; `slot` as in a Showing."""

    surface: Surface
    slot: date
    day: date


def review_place(period: Period, day: date) -> Place:
    """Return the Place of the review of a week."""
    return Place(Surface.REVIEW, period.start, day)


def evening_place(day: date) -> Place:
    """Return the Place of an evening or of the bare command."""
    return Place(Surface.EVENING, day, day)


def choose_findings(
    candidates: Sequence[Finding], showings: Showings, place: Place, limit: int, *, is_rising: bool
) -> tuple[Finding, ...]:
    """Return at most `limit` findings in the order of their rank.

    Those shown earlier on this day come first, then by rank × freshness. Of three or more, one is good news if there is
    any. NEVER_RESTS never rest; nor do warnings about the numbers while the verdict is rising.
    """
    insistent = NEVER_RESTS | (WARNINGS if is_rising else frozenset())
    scores = {
        index: score
        for index, finding in enumerate(candidates)
        if (score := _score(finding, showings, place, insistent) * (1 - index / len(candidates)))
    }
    ranked = sorted(scores, key=lambda index: (candidates[index].id != ALWAYS_FIRST, -scores[index]))
    chosen = ranked[:limit]
    good = [index for index in ranked if candidates[index].id in GOOD_NEWS]
    if limit >= MAX_IN_REVIEW and good and not set(good) & set(chosen):
        chosen = [*chosen[: limit - 1], good[0]]
    return tuple(candidates[index] for index in sorted(chosen))


STICKY = 100.0
"""The freshness of what was shown earlier on the same day."""

INSISTENT = 10.0
"""The freshness of what must not rest."""


def _score(finding: Finding, showings: Showings, place: Place, insistent: Collection[str]) -> float:
    """Return the freshness of a finding: 0 rests, 1 is new."""
    showing = showings.get(place.surface, {}).get(finding.key)
    if showing and (showing.slot, showing.day) == (place.slot, place.day):
        return STICKY
    if finding.id in insistent:
        return INSISTENT
    if finding.id in ONCE and _was_shown_before(finding, showings, place):
        return 0.0
    if not showing or finding.occurrences > showing.occurrences:
        return 1.0
    rest = REST_DAYS[place.surface]
    elapsed = abs((place.slot - showing.slot).days)
    is_same_week = place.surface is Surface.REVIEW and not elapsed
    return 1 - 0.5 ** (elapsed / rest) if elapsed >= rest else float(is_same_week)


def _was_shown_before(finding: Finding, showings: Showings, place: Place) -> bool:
    shown = (on_surface.get(finding.key) for on_surface in showings.values())
    return any(showing and showing.day != place.day and showing.occurrences >= finding.occurrences for showing in shown)


def add_showings(showings: Showings, findings: Iterable[Finding], place: Place) -> Showings:
    """Return the showings after some findings were shown, without those that are too old to matter."""
    added = {finding.key: Showing(place.slot, place.day, finding.occurrences) for finding in findings}
    known = {
        key: showing
        for key, showing in showings.get(place.surface, {}).items()
        if (place.day - showing.day).days <= MAX_AGE_DAYS and (key not in added or showing.slot > place.slot)
    }
    return {**showings, place.surface: {**added, **known}}


def is_resting(finding: Finding, showings: Showings, place: Place) -> bool:
    """Return whether a finding is left out because it was shown too recently."""
    return not _score(finding, showings, place, insistent=())
