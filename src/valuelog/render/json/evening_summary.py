"""The close of an evening."""

from collections.abc import Iterator

from valuelog.render.json import score
from valuelog.render.json.review import findings_document, tally_document
from valuelog.workflows.evening import EveningSummary


def document(summary: EveningSummary) -> dict[str, object]:
    """Return it as JSON has it."""
    return {
        "day": summary.day.isoformat(),
        "saved": summary.saved_count,
        "today": tally_document(summary.tally),
        "week": {"name": summary.week.period.name, "score": score.document(summary.week.score)},
        "findings": findings_document(summary.week)[:1],
    }


def records(summary: EveningSummary) -> Iterator[tuple[object, ...]]:
    """Return named figures."""
    yield "saved", summary.day, summary.saved_count
    yield "today", summary.tally.value, summary.tally.work
    yield "week", summary.week.score.value, summary.week.score.work, summary.week.score.share
