"""Tallies by SQL aggregation; indexes keep the cost of a period independent of the size of the journal."""

import json
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, TypeVar

from valuelog.journal import projects
from valuelog.journal.errors import DamagedRecord
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import parse_day, parse_optional_day
from valuelog.model.entry import VALUE_KINDS, Kind, Side
from valuelog.model.period import Period, week_of
from valuelog.model.project import Project
from valuelog.model.tally import LATE_DAYS, Effort, Tally, WorkSinceValue
from valuelog.model.text import quote

_VALUE_KINDS = "('{}')".format("', '".join(VALUE_KINDS))

_SUMS = "kind, count(*), coalesce(sum(minutes), 0), count(minutes), sum(proven), sum(is_late)"

_IS_LATE = f"created >= date(day, '+{LATE_DAYS} days') AS is_late"

Key = TypeVar("Key")
_Row = tuple[Any, str, str, int, int, int, int, int]
"""A key, a day, a kind, and of these: entries, their minutes, entries with minutes, proven entries, late entries."""


def _counted_entries(where: str, project: str = "") -> str:
    """Return the SQL of a table `counted`: the entries that a condition selects, as they count.

    Value entries of one week with the same words are one: the earliest, proven if any of them is. `project` is the
    column to tell projects apart by, with a comma before it; without it an index holds all that is needed.
    """
    return f"""WITH counted AS (
        SELECT day, kind, minutes, 0 AS proven, {_IS_LATE}{project} FROM entry
        WHERE kind NOT IN {_VALUE_KINDS} AND deleted IS NULL AND {where}
        UNION ALL SELECT day, kind, minutes, proven, {_IS_LATE}{project} FROM (
            SELECT min(day || created || id), day, kind, minutes, created, sum(proven) > 0 AS proven{project}
            FROM entry
            WHERE kind IN {_VALUE_KINDS} AND held IS NOT 'no' AND deleted IS NULL AND {where}
            GROUP BY date(day, 'weekday 0'), words{project}
        )
    )"""


def _select_days(journal: Journal, period: Period) -> list[_Row]:
    """Return what each day of a period holds, by kind. Whole weeks are read, because words count once a week."""
    weeks = week_of(period.start).start.isoformat(), week_of(period.end).end.isoformat()
    sql = (
        f"{_counted_entries('day BETWEEN :monday AND :sunday')}"
        f" SELECT 0, day, {_SUMS} FROM counted WHERE day BETWEEN :start AND :end GROUP BY day, kind"
    )
    days = {"start": period.start.isoformat(), "end": period.end.isoformat()}
    return journal.rows(sql, {"monday": weeks[0], "sunday": weeks[1], **days})


def _add_up(rows: Iterable[tuple[Key, str, str, int, int, int, int, int]]) -> dict[Key, Tally]:
    """Return the tally of each key."""
    sums: dict[Key, tuple[dict[Kind, int], dict[Kind, int], list[int], set[str]]] = {}
    for key, day, kind_name, count, minutes, with_minutes, proven, late in rows:
        counts, lengths, others, days = sums.setdefault(key, ({}, {}, [0, 0, 0], set()))
        kind = _parse_kind(kind_name)
        counts[kind] = counts.get(kind, 0) + count
        if with_minutes:
            lengths[kind] = lengths.get(kind, 0) + minutes
        if late is None:  # SQLite can't count from this day
            raise DamagedRecord(f"the day {quote(day)}")
        if kind.side is not Side.NEITHER:
            others[0] += with_minutes
            others[2] += late
        others[1] += proven
        days.add(day)
    return {
        key: Tally(counts=counts, minutes=lengths, with_minutes=timed, with_evidence=proven, late=late, days=len(days))
        for key, (counts, lengths, (timed, proven, late), days) in sums.items()
    }


def _parse_kind(name: str) -> Kind:
    try:
        return Kind(name)
    except ValueError as error:
        raise DamagedRecord(f"an entry of the kind {quote(str(name))}") from error


def tally_period(journal: Journal, period: Period) -> Tally:
    """Return the tally of a Period."""
    return _add_up(_select_days(journal, period)).get(0, Tally())


def tally_periods(journal: Journal, periods: Sequence[Period]) -> tuple[Tally, ...]:
    """Return the tally of each of some consecutive periods, oldest first. One query is several times faster."""
    starts = [period.start.isoformat() for period in periods]
    rows = _select_days(journal, Period(start=periods[0].start, end=periods[-1].end))
    tallies: dict[int, Tally] = _add_up((bisect_right(starts, row[1]), *row[1:]) for row in rows)
    return tuple(tallies.get(place, Tally()) for place in range(1, len(periods) + 1))


def tally_by_day(journal: Journal, period: Period) -> dict[date, Tally]:
    """Return the tally of each day of a Period that has entries."""
    tallies: dict[str, Tally] = _add_up((row[1], *row[1:]) for row in _select_days(journal, period))
    return {parse_day(day): tally for day, tally in tallies.items()}


def tally_by_project(journal: Journal, period: Period | None) -> dict[str, Tally]:
    """Return the tally of each project's entries, or of those in a Period, by project id."""
    days = {"start": period.start.isoformat(), "end": period.end.isoformat()} if period else {}
    # The plus keeps SQLite off the index of projects, which would read every entry of every project for a few days.
    where = "+project IS NOT NULL AND day BETWEEN :start AND :end" if days else "project IS NOT NULL"
    sql = (
        f"{_counted_entries(where, ', project')} SELECT project, day, {_SUMS} FROM counted GROUP BY project, day, kind"
    )
    return _add_up(journal.rows(sql, days))


def tally_project_by_day(journal: Journal, project_id: str) -> dict[date, Tally]:
    """Return the tally of each day on which a project has entries."""
    sql = f"{_counted_entries('project = :project')} SELECT day, day, {_SUMS} FROM counted GROUP BY day, kind"
    tallies: dict[str, Tally] = _add_up(journal.rows(sql, {"project": project_id}))
    return {parse_day(day): tally for day, tally in tallies.items()}


def tally_projects(journal: Journal, period: Period) -> tuple[tuple[Project, Tally], ...]:
    """Return each project that has entries in a Period, with their tally, by slug."""
    tallies = tally_by_project(journal, period)
    return tuple((project, tallies[project.id]) for project in projects.get_many(journal, tallies))


def effort_by_project(journal: Journal, project_ids: Iterable[str]) -> dict[str, Effort]:
    """Return what each of some projects took, by project id; those without entries are left out."""
    rows = journal.rows(
        "SELECT n.value, count(*), coalesce(sum(e.minutes), 0), count(e.minutes) FROM json_each(?) n"
        " CROSS JOIN entry e ON e.project = n.value WHERE e.deleted IS NULL GROUP BY n.value",
        (json.dumps([*project_ids]),),
    )
    return {project_id: Effort(*sums) for project_id, *sums in rows}


def work_since_value_by_project(journal: Journal, today: date) -> dict[str, WorkSinceValue]:
    """Return the work of each open project since its last value entry, up to today, by project id."""
    rows = journal.rows(
        "WITH w AS MATERIALIZED (SELECT p.id, (SELECT v.day FROM entry v WHERE v.project = p.id AND v.day <= :today"
        f" AND v.kind IN {_VALUE_KINDS} AND v.held IS NOT 'no' AND v.deleted IS NULL"
        " ORDER BY v.day DESC LIMIT 1) AS value_on"
        " FROM project p WHERE p.state = 'open' AND p.deleted IS NULL)"
        " SELECT w.id, w.value_on, count(*), min(e.day), total(e.minutes) FROM w CROSS JOIN entry e ON e.project = w.id"
        " AND e.day > coalesce(w.value_on, '') AND e.day <= :today AND e.kind = 'activity' AND e.deleted IS NULL"
        " GROUP BY w.id",
        {"today": today.isoformat()},
    )
    return {
        project: WorkSinceValue(
            work=work,
            last_value_on=parse_optional_day(value_on),
            first_work_on=parse_optional_day(first_on),
            minutes=int(minutes),
        )
        for project, value_on, work, first_on, minutes in rows
    }
