"""The status: today's tally, the week so far, promises due and one finding."""

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
    """The status on a day. `is_empty`: nothing was ever logged."""

    day: date
    tally: Tally
    week: Review
    is_empty: bool

    @property
    def due(self) -> tuple[Promise, ...]:
        """Open promises due by the end of the week, the first due first."""
        return tuple(promise for promise in self.week.promises_due if promise.is_open)

    @property
    def finding(self) -> Finding | None:
        """The first finding that is not about due promises, because those are listed anyway."""
        return next((finding for finding in self.week.findings if finding.id != "step-due"), None)


def load_status(journal: Journal, today: date, schedule: Schedule) -> Status:
    """Load the status on a day."""
    return Status(
        day=today,
        tally=tallies.tally_period(journal, Period(start=today, end=today)),
        week=reviews.load_review(journal, week_of(today), today, schedule),
        is_empty=entries.is_journal_empty(journal),
    )
