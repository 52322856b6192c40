"""Days off, days with entries, and the questions that were asked on a day or about a week."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from valuelog.journal.errors import DamagedRecord
from valuelog.journal.log import Change, Fields
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import parse_day, parse_optional_day
from valuelog.model.errors import BadInput
from valuelog.model.period import Period, format_full_day
from valuelog.model.recurrence import Recurrence, format_recurrence, parse_recurrence
from valuelog.model.schedule import DayOff, Workdays, build_workdays


def list_days_off(journal: Journal, *, since: date | None = None) -> tuple[DayOff, ...]:
    """Return the days off since a day, and the series of days off that go on then, in order of their first day."""
    sql = (
        "SELECT day, note, every, until, working FROM day_off WHERE deleted IS NULL"
        " AND (day >= :since OR (every IS NOT NULL AND coalesce(until, '~') >= :since)) ORDER BY day"
    )
    rows = journal.rows(sql, {"since": (since or date.min).isoformat()})
    return tuple(_read_day_off(*row) for row in rows)


def _read_day_off(day: str, note: str | None, every: str | None, until: str | None, working: int) -> DayOff:
    try:
        recurrence = parse_recurrence(every) if every else None
    except BadInput as error:
        raise DamagedRecord(f"the day off {day}") from error
    return DayOff(
        day=parse_day(day), note=note, every=recurrence, until=parse_optional_day(until), working=bool(working)
    )


def load_workdays(journal: Journal, weekdays: frozenset[int], *, since: date) -> Workdays:
    """Return the workdays: these weekdays without days off. Days off before `since` are not loaded."""
    return build_workdays(weekdays, list_days_off(journal, since=since))


def add_days_off(journal: Journal, days: Iterable[date], note: str | None) -> tuple[date, ...]:
    """Mark days as off. Return those that weren't off yet, or had another note."""
    return tuple(each.day for each in add_days_off_with_notes(journal, dict.fromkeys(days, note)))


def add_days_off_with_notes(journal: Journal, notes: Mapping[date, str | None]) -> tuple[DayOff, ...]:
    """Mark days as off, each with its note. Return those that weren't off yet, or had another note."""
    listed = list_days_off(journal)
    workdays, known = build_workdays(frozenset(), listed), {each.day: each for each in listed}
    new = [
        DayOff(day=day, note=note)
        for day, note in notes.items()
        if not workdays.is_off(day) or (note and _note_on(day, listed) != note)
    ]
    fields = {"working": 0, "deleted": None, **journal.timestamp_fields()}
    if new:
        changes = [
            _change(each.day, fields if _keeps_note(known.get(each.day), each) else {"note": each.note, **fields})
            for each in new
        ]
        journal.write("off", changes)
    return tuple(new)


def _note_on(day: date, listed: Iterable[DayOff]) -> str | None:
    """Return the note of a day off: its own, or that of the series it belongs to."""
    covering = sorted((each for each in listed if each.covers(day)), key=lambda each: each.day, reverse=True)
    return next((each.note for each in covering if each.note), None)


def _keeps_note(known: DayOff | None, new: DayOff) -> bool:
    """Return True if a day without a note is the first of a series, whose note must stay."""
    return known is not None and known.every is not None and new.note is None


def remove_days_off(journal: Journal, days: Iterable[date]) -> tuple[date, ...]:
    """Unmark days off; a day of a series becomes an ordinary one. Return those that were off."""
    listed = list_days_off(journal)
    workdays, timestamps = build_workdays(frozenset(), listed), journal.timestamp_fields()
    series_days, known = [each for each in listed if each.every], {each.day for each in listed}
    marked = tuple(day for day in days if workdays.is_off(day))
    changes = []
    for day in marked:
        if not any(each.covers(day) for each in series_days):
            changes.append(_change(day, {"deleted": timestamps["created"]}))
        elif day in known:
            changes.append(_change(day, {"working": 1}))
        else:
            changes.append(_change(day, {"working": 1, "note": None, "deleted": None, **timestamps}))
    if changes:
        journal.write("off", changes)
    return marked


def add_series_off(journal: Journal, series: Iterable[DayOff]) -> tuple[DayOff, ...]:
    """Start series of days off. Return those that are new, or have another note or end. Raises SeriesStartTaken."""
    listed = {each.day: each for each in list_days_off(journal)}
    new = [each for each in series if not any(_continues(known, each) for known in listed.values())]
    for each in new:
        if (known := listed.get(each.day)) and known.every and known.every != each.every:
            raise SeriesStartTaken(each.day, known.every)
    fields = {"working": 0, "deleted": None, **journal.timestamp_fields()}
    if new:
        changes = [
            _change(each.day, {"note": each.note, "every": str(each.every), "until": _iso(each.until), **fields})
            for each in new
        ]
        journal.write("off", changes)
    return tuple(new)


class SeriesStartTaken(BadInput):
    """Another series of days off begins on the same day."""

    def __init__(self, day: date, every: Recurrence) -> None:
        """Name the day, and how often that one repeats."""
        super().__init__(
            f"Another series of days off begins on {format_full_day(day)}: {format_recurrence(every)}.",
            "Begin on another day, or end that one: valuelog off list",
        )


def _continues(known: DayOff, new: DayOff) -> bool:
    """Return True if a series that is known already has every day of a new one, and its note."""
    is_long_enough = known.until is None or (new.until is not None and known.until >= new.until)
    has_note = new.note is None or new.note == known.note
    return known.every == new.every and known.covers(new.day) and is_long_enough and has_note


def end_series_off(journal: Journal, every: Recurrence, since: date, until: date) -> tuple[DayOff, ...]:
    """End the series that repeat this way and have a day from `since` to `until`: before `since`. Return them."""
    ending = tuple(
        each
        for each in list_days_off(journal, since=since)
        if each.every == every and _has_day_within(each, since, until)
    )
    fields = journal.timestamp_fields()
    if ending:
        before = (since - timedelta(days=1)).isoformat()
        changes = [
            _change(each.day, {"until": before})
            if each.day < since
            else _change(each.day, {"every": None, "until": None, "working": 0, "deleted": fields["created"]})
            for each in ending
        ]
        journal.write("off", changes)
    return ending


def _has_day_within(series: DayOff, since: date, until: date) -> bool:
    if series.every is None:
        return False
    next_day = series.every.next_after(since - timedelta(days=1), series.day)
    return next_day is not None and next_day <= min(until, series.until or until)


def _change(day: date, fields: Fields) -> Change:
    return Change(entity="day_off", id=day.isoformat(), fields=fields)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


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
    return frozenset(parse_day(row[0]) for row in rows)


def first_logged_day(journal: Journal) -> date | None:
    """Return the first day that has entries."""
    ((first,),) = journal.rows("SELECT min(day) FROM entry WHERE deleted IS NULL")
    return parse_optional_day(first)


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
