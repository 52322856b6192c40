"""Where one stands."""

from collections.abc import Iterator

from valuelog.render.json import promise, score
from valuelog.render.json.review import tally_document
from valuelog.workflows.status import Status


def document(stand: Status) -> dict[str, object]:
    """Return it as JSON has it."""
    week = stand.week
    return {
        "day": stand.day.isoformat(),
        "today": tally_document(stand.tally),
        "week": {"name": week.period.name, "score": score.document(week.score)},
        "habit": week.habit.strength,
        "streak": week.habit.streak,
        "promises": [promise.document(one) for one in stand.due],
        "findings": [
            {"id": one.id, "text": one.text, "command": one.command} for one in (stand.finding,) if one is not None
        ],
    }


def records(stand: Status) -> Iterator[tuple[object, ...]]:
    """Return named figures."""
    week = stand.week
    yield "today", stand.day, stand.tally.value, stand.tally.work
    yield "week", week.period.name, week.score.value, week.score.work, week.score.share
    yield "habit", week.habit.strength, week.habit.streak
    for one in stand.due:
        yield "promise", one.id, one.due, one.text
    if stand.finding:
        yield "finding", stand.finding.id, stand.finding.text, stand.finding.command
