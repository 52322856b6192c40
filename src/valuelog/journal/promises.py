"""Promises and reflections: create, update and select."""

from collections.abc import Iterable
from datetime import date, datetime

from valuelog.journal.ids import new_id
from valuelog.journal.log import Change, list_entity_changes
from valuelog.journal.rows import EntityTable
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import timestamp_fields
from valuelog.model.period import Period
from valuelog.model.promise import Promise, Reflection

_TABLE = EntityTable(Promise, "promise", "promise", order_by="due, created, id")

get, reload, update = _TABLE.get, _TABLE.reload, _TABLE.update
creation_change, update_change = _TABLE.creation_change, _TABLE.update_change

_REFLECTIONS = EntityTable(
    Reflection,
    "reflection",
    "r",
    order_by="r.period, r.created, r.id",
    expressions={"answer": "coalesce((SELECT text FROM promise WHERE id = r.promise AND deleted IS NULL), r.answer)"},
)


def list_open_promises(journal: Journal, *, until: date = date.max, limit: int | None = None) -> tuple[Promise, ...]:
    """Return the open promises that are due by a day, the next first."""
    return _TABLE.select(journal, "state = 'open' AND due <= ? AND deleted IS NULL", (until.isoformat(),), limit=limit)


def list_promises_in(journal: Journal, period: Period) -> tuple[Promise, ...]:
    """Return the promises that were due or closed within a Period."""
    days = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    return _TABLE.select(
        journal,
        "deleted IS NULL AND id IN (SELECT id FROM promise WHERE closed_on BETWEEN :start AND :end"
        " UNION SELECT id FROM promise WHERE deleted IS NULL AND due BETWEEN :start AND :end)",
        days,
    )


def list_kept_promises(journal: Journal, period: Period) -> tuple[Promise, ...]:
    """Return the promises that were kept within a Period."""
    return _TABLE.select(
        journal,
        "state = 'kept' AND deleted IS NULL AND closed_on BETWEEN ? AND ?",
        (period.start.isoformat(), period.end.isoformat()),
    )


def list_promises_for_pain(journal: Journal, pain_id: str) -> tuple[Promise, ...]:
    """Return all steps promised for a pain point."""
    return _TABLE.select(journal, "pain = ? AND deleted IS NULL", (pain_id,))


def list_due_dates(journal: Journal, promise: Promise) -> tuple[tuple[date, date], ...]:
    """Return the successive due dates of a promise as (day of the change, due date).

    Undone and purged changes are left out.
    """
    zone = promise.created.tzinfo
    return tuple(
        (datetime.fromtimestamp(change.own_wall / 1000, zone).date(), date.fromisoformat(change.fields["due"]))
        for change in list_entity_changes(journal.rows, promise.id)
        if change.is_active and isinstance(change.fields, dict) and "due" in change.fields
    )


def list_latest_promises(journal: Journal, limit: int) -> tuple[Promise, ...]:
    """Return the latest promises in any state, and all open ones."""
    condition = (
        "deleted IS NULL AND (state = 'open' OR id IN"
        " (SELECT id FROM promise WHERE deleted IS NULL ORDER BY due DESC, id LIMIT ?))"
    )
    return _TABLE.select(journal, condition, (limit,))


def reflection_change(
    period: str, question: str, now: datetime, *, answer: str = "", promise_id: str | None = None
) -> Change:
    """Return the change that stores an answer about a week; if it is a promise, the text is stored there."""
    reference = {"promise": promise_id} if promise_id else {}
    fields = {"period": period, "question": question, "answer": answer, **reference, **timestamp_fields(now)}
    return Change(entity="reflection", id=new_id(), fields=fields)


def find_latest_reviewed_week(journal: Journal, before: str) -> str | None:
    """Return the latest week before another one that has answers, such as 2026-W46."""
    ((week,),) = journal.rows("SELECT max(period) FROM reflection WHERE period < ? AND deleted IS NULL", (before,))
    return str(week) if week else None


def list_reflections(journal: Journal, periods: Iterable[str]) -> tuple[Reflection, ...]:
    """Return the answers about some weeks, such as 2026-W47, in the order in which they were given."""
    weeks = tuple(periods)
    condition = f"r.period IN ({', '.join('?' * len(weeks))}) AND r.deleted IS NULL"
    return tuple(reflection for reflection in _REFLECTIONS.select(journal, condition, weeks) if reflection.answer)
