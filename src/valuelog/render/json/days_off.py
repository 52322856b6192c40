"""Days off."""

from collections.abc import Iterator

from valuelog.workflows.days_off import DaysOff


def document(found: DaysOff) -> list[object]:
    """Return each day as JSON has it."""
    return [{"day": each.day.isoformat(), "note": each.note} for each in found.days]


def records(found: DaysOff) -> Iterator[tuple[object, ...]]:
    """Return a record a day: the day and why."""
    for each in found.days:
        yield each.day, each.note
