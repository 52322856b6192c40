"""A year, day by day."""

from collections.abc import Iterator

from valuelog.render.data.review import period_document, tally_document
from valuelog.workflows.friday import Year


def document(year: Year) -> dict[str, object]:
    """Return it as JSON has it: the days that have entries."""
    return {
        "period": period_document(year.period),
        "days": [{"day": day.isoformat(), **tally_document(tally)} for day, tally in sorted(year.days.items())],
    }


def records(year: Year) -> Iterator[tuple[object, ...]]:
    """Return a record a day that has entries: day, value, work."""
    for day, tally in sorted(year.days.items()):
        yield day, tally.value, tally.work
