"""Days off."""

from collections.abc import Iterator

from valuelog.workflows.days_off import DaysOff


def document(days_off: DaysOff) -> list[object]:
    """Return each day as JSON has it."""
    return [{"day": each.day.isoformat(), "note": each.note} for each in days_off.days]


def records(days_off: DaysOff) -> Iterator[tuple[object, ...]]:
    """Return a record a day: the day and why."""
    for each in days_off.days:
        yield each.day, each.note
