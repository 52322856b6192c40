"""Where one stands: today, the week so far, one thing worth acting on."""

from dataclasses import dataclass
from datetime import date

from valuelog.analysis.findings import Finding
from valuelog.analysis.review import Review
from valuelog.journal import entries, tallies
from valuelog.journal.store import Journal
from valuelog.model.period import Period, week_of
from valuelog.model.promise import Promise
from valuelog.model.schedule import Schedule
from valuelog.model.tally import Tally
from valuelog.workflows import reviews


@dataclass(frozen=True, kw_only=True, slots=True)
class Status:
    """Where somebody stands on a day. `empty` tells a journal that nobody has written to yet."""

    day: date
    tally: Tally
    week: Review
    is_empty: bool

    @property
    def due(self) -> tuple[Promise, ...]:
        """The promises that are due by the end of the week, the first one first."""
        return tuple(one for one in self.week.promises_due if one.is_open)

    @property
    def finding(self) -> Finding | None:
        """The first thing worth acting on; that promises are due is said anyway."""
        return next((one for one in self.week.findings if one.id != "step-due"), None)


def load_status(journal: Journal, today: date, schedule: Schedule) -> Status:
    """Look at today and the week so far."""
    return Status(
        day=today,
        tally=tallies.tally_period(journal, Period(start=today, end=today)),
        week=reviews.load_review(journal, week_of(today), today, schedule),
        is_empty=entries.is_journal_empty(journal),
    )
