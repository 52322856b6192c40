"""Promises and the answers of Friday talks in the journal."""

from collections.abc import Iterable
from datetime import date, datetime

from valuelog.journal.ids import new_id
from valuelog.journal.log import Change, Values, list_entity_changes
from valuelog.journal.rows import RowReader
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import timestamp_fields
from valuelog.model.fields import changed_fields, set_fields
from valuelog.model.period import Period
from valuelog.model.promise import Promise, Reflection

_READER = RowReader(Promise, "promise", "promise")

_REFLECTION_READER = RowReader(Reflection, "reflection", "r", {"answer": "coalesce(p.text, r.answer)"})


def creation_change(promise: Promise) -> Change:
    """Return the change that makes a promise."""
    fields = {**set_fields("promise", promise), **timestamp_fields(promise.created)}
    return Change(entity="promise", id=promise.id, fields=fields)


def update_change(old: Promise, new: Promise) -> Change:
    """Return the change that makes one state of a promise another."""
    return Change(entity="promise", id=new.id, fields=changed_fields("promise", old, new))


def get(journal: Journal, promise_id: str) -> Promise:
    """Return the promise with exactly this id."""
    return _select(journal, "id = ?", (promise_id,))[0]


def reload(journal: Journal, promise: Promise) -> Promise:
    """Return a promise as it is by now; as it was, where another terminal took it back meanwhile."""
    return next(iter(_select(journal, "id = ?", (promise.id,))), promise)


def list_open_promises(journal: Journal, *, until: date = date.max, limit: int | None = None) -> tuple[Promise, ...]:
    """Return the promises that are still to be kept, the next first; only those due `until` a day if given."""
    return _select(journal, "state = 'open' AND due <= ? AND deleted IS NULL", (until.isoformat(),), limit=limit)


def list_promises_in(journal: Journal, period: Period) -> tuple[Promise, ...]:
    """Return the promises that were due, kept or broken within a Period, whatever became of them."""
    days = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    return _select(
        journal,
        "deleted IS NULL AND id IN (SELECT id FROM promise WHERE closed_on BETWEEN :start AND :end"
        " UNION SELECT id FROM promise WHERE deleted IS NULL AND due BETWEEN :start AND :end)",
        days,
    )


def list_promises_for_pain(journal: Journal, pain_id: str) -> tuple[Promise, ...]:
    """Return every step that was ever promised for a pain point."""
    return _select(journal, "pain = ? AND deleted IS NULL", (pain_id,))


def list_due_dates(journal: Journal, promise: Promise) -> tuple[tuple[date, date], ...]:
    """Return until when a promise was due, one after the other, each after the day on which that was said.

    What was taken back is left out; where its words were erased, all is.
    """
    zone = promise.created.tzinfo
    return tuple(
        (datetime.fromtimestamp(change.wall / 1000, zone).date(), date.fromisoformat(change.fields["due"]))
        for change in list_entity_changes(journal.rows, promise.id)
        if change.is_active and isinstance(change.fields, dict) and "due" in change.fields
    )


def list_latest_promises(journal: Journal, limit: int) -> tuple[Promise, ...]:
    """Return the latest promises whatever became of them, and all that are still to be kept."""
    condition = (
        "deleted IS NULL AND (state = 'open' OR id IN"
        " (SELECT id FROM promise WHERE deleted IS NULL ORDER BY due DESC, id LIMIT ?))"
    )
    return _select(journal, condition, (limit,))


def _select(journal: Journal, condition: str, values: Values, *, limit: int | None = None) -> tuple[Promise, ...]:
    limit_clause = "" if limit is None else f" LIMIT {limit:d}"
    sql = f"SELECT {_READER.columns} FROM promise WHERE {condition} ORDER BY due, place{limit_clause}"
    rows = journal.rows(sql, values)
    return tuple(map(_READER.read, rows))


def reflection_change(
    period: str, question: str, now: datetime, *, answer: str = "", promise_id: str | None = None
) -> Change:
    """Return the change that keeps an answer with the week that it looks back on; a promise has its words itself."""
    said = {"promise": promise_id} if promise_id else {}
    fields = {"period": period, "question": question, "answer": answer, **said, **timestamp_fields(now)}
    return Change(entity="reflection", id=new_id(), fields=fields)


def list_reflections(journal: Journal, periods: Iterable[str]) -> tuple[Reflection, ...]:
    """Return the answers that look back on some weeks, named like 2026-W47, in the order in which they were given."""
    named = tuple(periods)
    rows = journal.rows(
        f"SELECT {_REFLECTION_READER.columns}"
        " FROM reflection r LEFT JOIN promise p ON p.id = r.promise AND p.deleted IS NULL"
        f" WHERE r.period IN ({', '.join('?' * len(named))}) AND r.deleted IS NULL"
        " ORDER BY r.period, (SELECT min(seq) FROM change WHERE entity_id = r.id)",
        named,
    )
    return tuple(found for row in rows if (found := _REFLECTION_READER.read(row)).answer)
