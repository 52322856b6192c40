"""Days off, days with entries, and the questions that were asked on a day or about a week."""

from collections.abc import Iterable
from datetime import date

from valuelog.journal.log import Change
from valuelog.journal.store import Journal
from valuelog.model.period import Period
from valuelog.model.schedule import DayOff, Workdays


def list_days_off(journal: Journal, *, since: date | None = None) -> tuple[DayOff, ...]:
    """Return the days off since a day, in order."""
    sql = "SELECT day, note FROM day_off WHERE deleted IS NULL AND day >= ? ORDER BY day"
    rows = journal.rows(sql, ((since or date.min).isoformat(),))
    return tuple(DayOff(day=date.fromisoformat(day), note=note) for day, note in rows)


def load_workdays(journal: Journal, weekdays: frozenset[int], *, since: date) -> Workdays:
    """Return the workdays: these weekdays without days off. Days off before `since` are not loaded."""
    return Workdays(weekdays=weekdays, off=frozenset(day_off.day for day_off in list_days_off(journal, since=since)))


def add_days_off(journal: Journal, days: Iterable[date], note: str | None) -> tuple[date, ...]:
    """Mark days as off. Return those that weren't off yet, or had another note."""
    known = {day_off.day: day_off.note for day_off in list_days_off(journal)}
    new = tuple(day for day in days if day not in known or (note and known[day] != note))
    fields = {"note": note, "deleted": None, **journal.timestamp_fields()}
    if new:
        journal.write("off", [Change(entity="day_off", id=day.isoformat(), fields=fields) for day in new])
    return new


def remove_days_off(journal: Journal, days: Iterable[date]) -> tuple[date, ...]:
    """Unmark days off. Return those that were marked."""
    known = {day_off.day for day_off in list_days_off(journal)}
    marked = tuple(day for day in days if day in known)
    if marked:
        fields = {"deleted": journal.timestamp_fields()["created"]}
        journal.write("off", [Change(entity="day_off", id=day.isoformat(), fields=fields) for day in marked])
    return marked


def list_logged_days(journal: Journal, period: Period) -> frozenset[date]:
    """Return the days of a Period that have entries, skipping from day to day in the index."""
    rows = journal.rows(
        "WITH RECURSIVE logged(day) AS ("
        " SELECT min(day) FROM entry WHERE day >= :start AND deleted IS NULL"
        " UNION ALL SELECT (SELECT min(e.day) FROM entry e WHERE e.day > w.day AND e.deleted IS NULL)"
        " FROM logged w WHERE w.day < :end)"
        " SELECT day FROM logged WHERE day <= :end",
        {"start": period.start.isoformat(), "end": period.end.isoformat()},
    )
    return frozenset(date.fromisoformat(row[0]) for row in rows)


def first_logged_day(journal: Journal) -> date | None:
    """Return the first day that has entries."""
    ((first,),) = journal.rows("SELECT min(day) FROM entry WHERE deleted IS NULL")
    return date.fromisoformat(first) if first else None


def list_asked_questions(journal: Journal, session_key: date | str) -> frozenset[str]:
    """Return the ids of the questions already asked: of an evening by its day, of a weekly talk by its week."""
    sql = (
        "SELECT substr(id, length(:about) + 2) FROM asked"
        " WHERE id > :about || ':' AND id < :about || ';' AND deleted IS NULL"
    )
    return frozenset(row[0] for row in journal.rows(sql, {"about": str(session_key)}))


def list_questions_asked_in(journal: Journal, period: Period, *, without: date) -> frozenset[str]:
    """Return the ids of the questions that the evenings of a Period asked, without one of its days."""
    rows = journal.rows(
        "SELECT substr(id, 12) FROM asked WHERE id > :start || ':' AND id < :end || ';'"
        " AND substr(id, 1, 11) <> :without || ':' AND substr(id, 11, 1) = ':' AND deleted IS NULL",
        {"start": period.start.isoformat(), "end": period.end.isoformat(), "without": without.isoformat()},
    )
    return frozenset(row[0] for row in rows)


def asked_change(journal: Journal, session_key: date | str, question: str) -> Change:
    """Return the change that marks a question as asked."""
    return Change(entity="asked", id=f"{session_key}:{question}", fields=journal.timestamp_fields())


def asked_change_if_new(journal: Journal, session_key: date | str, question: str) -> list[Change]:
    """Return the change that marks a question as asked, or nothing if it is marked."""
    is_marked = question in list_asked_questions(journal, session_key)
    return [] if is_marked else [asked_change(journal, session_key, question)]
