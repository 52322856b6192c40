"""Days off: add, remove and list them."""

from dataclasses import dataclass

from valuelog.journal import days
from valuelog.journal.store import Journal
from valuelog.model.entry import clean_text
from valuelog.model.period import Period
from valuelog.model.schedule import DayOff


@dataclass(frozen=True, kw_only=True, slots=True)
class DaysOff:
    """Days off: those that a command just changed, with a verb, or all of them."""

    verb: str
    days: tuple[DayOff, ...]


def add_days_off(journal: Journal, period: Period, note: str | None) -> DaysOff:
    """Mark the days of a Period as off."""
    note = clean_text(note) if note else None
    changed = days.add_days_off(journal, period.days(), note)
    return DaysOff(verb="Off", days=tuple(DayOff(day=day, note=note) for day in changed))


def remove_days_off(journal: Journal, period: Period) -> DaysOff:
    """Remove the days off in a Period."""
    changed = days.remove_days_off(journal, period.days())
    return DaysOff(verb="No longer off", days=tuple(DayOff(day=day) for day in changed))


def list_days_off(journal: Journal) -> DaysOff:
    """Return all days off."""
    return DaysOff(verb="", days=days.list_days_off(journal))
