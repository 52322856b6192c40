"""The status: today's tally, the week so far, promises due and one finding."""

from dataclasses import dataclass
from datetime import date

from valuelog.analysis.findings import Finding
from valuelog.analysis.freshness import NEVER_SHOWN, Showings, evening_place
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
        """One finding that is not about due promises, because those are listed anyway."""
        candidates = [finding for finding in self.week.candidates if finding.id != "step-due"]
        return next(iter(self.week.choose_findings(candidates, evening_place(self.day), 1)), None)


def load_status(journal: Journal, today: date, schedule: Schedule, showings: Showings = NEVER_SHOWN) -> Status:
    """Load the status on a day; `showings` tell which findings were shown before."""
    return Status(
        day=today,
        tally=tallies.tally_period(journal, Period(start=today, end=today)),
        week=reviews.load_review(journal, week_of(today), today, schedule, showings),
        is_empty=entries.is_journal_empty(journal),
    )
