"""Where one stands."""

from collections.abc import Iterator

from valuelog.render.json import promise, score
from valuelog.render.json.review import tally_document
from valuelog.workflows.status import Status


def document(status: Status) -> dict[str, object]:
    """Return it as JSON has it."""
    week = status.week
    return {
        "day": status.day.isoformat(),
        "today": tally_document(status.tally),
        "week": {"name": week.period.name, "score": score.document(week.score)},
        "habit": week.habit.strength,
        "streak": week.habit.streak,
        "promises": [promise.document(one) for one in status.due],
        "findings": [
            {"id": one.id, "text": one.text, "command": one.command} for one in (status.finding,) if one is not None
        ],
    }


def records(status: Status) -> Iterator[tuple[object, ...]]:
    """Return named figures."""
    week = status.week
    yield "today", status.day, status.tally.value, status.tally.work
    yield "week", week.period.name, week.score.value, week.score.work, week.score.share
    yield "habit", week.habit.strength, week.habit.streak
    for one in status.due:
        yield "promise", one.id, one.due, one.text
    if status.finding:
        yield "finding", status.finding.id, status.finding.text, status.finding.command
