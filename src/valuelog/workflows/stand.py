"""Where one stands: today, the week so far, one thing worth acting on."""

from dataclasses import dataclass
from datetime import date

from valuelog.analysis.review import Review
from valuelog.journal import entries, tallies
from valuelog.journal.store import Journal
from valuelog.model.period import Period, week_of
from valuelog.model.tally import Tally
from valuelog.workflows import friday


@dataclass(frozen=True, kw_only=True, slots=True)
class Stand:
    """Where somebody stands on a day. `empty` tells a journal that nobody has written to yet."""

    day: date
    tally: Tally
    week: Review
    empty: bool


def stand(journal: Journal, today: date, weekdays: frozenset[int]) -> Stand:
    """Look at today and the week so far."""
    return Stand(
        day=today,
        tally=tallies.tally(journal, Period(start=today, end=today)),
        week=friday.review(journal, week_of(today), today, weekdays),
        empty=entries.none_yet(journal),
    )
