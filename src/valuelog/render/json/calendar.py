"""A year, day by day."""

from collections.abc import Iterator

from valuelog.analysis.year import PeriodSummary, Year
from valuelog.render.json import score
from valuelog.render.json.review import period_document, tally_document


def document(year: Year) -> dict[str, object]:
    """Return it as JSON has it: the sums, and the days that have entries."""
    return {
        **_summary_document(year.whole),
        "quarters": [_summary_document(quarter) for quarter in year.quarters],
        "days": [{"day": day.isoformat(), **tally_document(tally)} for day, tally in sorted(year.days.items())],
    }


def _summary_document(summary: PeriodSummary) -> dict[str, object]:
    return {
        "period": period_document(summary.period),
        "score": score.document(summary.score),
        "written": summary.logged,
    }


def records(year: Year) -> Iterator[tuple[object, ...]]:
    """Return a record a day that has entries: day, value, work."""
    for day, tally in sorted(year.days.items()):
        yield day, tally.value, tally.work
