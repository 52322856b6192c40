"""The close of an evening."""

from collections.abc import Iterator

from valuelog.render.json import score
from valuelog.render.json.review import findings, tally_document
from valuelog.workflows.evening import EveningSummary


def document(close: EveningSummary) -> dict[str, object]:
    """Return it as JSON has it."""
    return {
        "day": close.day.isoformat(),
        "saved": close.saved_count,
        "today": tally_document(close.tally),
        "week": {"name": close.week.period.name, "score": score.document(close.week.score)},
        "findings": findings(close.week)[:1],
    }


def records(close: EveningSummary) -> Iterator[tuple[object, ...]]:
    """Return named figures."""
    yield "saved", close.day, close.saved_count
    yield "today", close.tally.value, close.tally.work
    yield "week", close.week.score.value, close.week.score.work, close.week.score.share
