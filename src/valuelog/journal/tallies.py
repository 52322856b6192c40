"""Tallies by SQL aggregation; indexes keep the cost of a period independent of the size of the journal."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from valuelog.journal import projects
from valuelog.journal.store import Journal
from valuelog.journal.timestamps import parse_optional_day
from valuelog.model.entry import Kind
from valuelog.model.period import Period
from valuelog.model.project import Project
from valuelog.model.tally import Tally, WorkSinceValue, sum_tallies

_COUNTS = "kind, count(*), coalesce(sum(minutes), 0), count(minutes), sum(evidence IS NOT NULL)"


def tally_period(journal: Journal, period: Period) -> Tally:
    """Return the tally of a Period."""
    return tally_where(journal, "day BETWEEN ? AND ?", (period.start.isoformat(), period.end.isoformat()))


def tally_periods(journal: Journal, periods: Sequence[Period]) -> tuple[Tally, ...]:
    """Return the tally of each Period. One query for all of them is several times faster."""
    spans = json.dumps([(period.start.isoformat(), period.end.isoformat()) for period in periods])
    rows = journal.rows(
        f"SELECT p.key, {_COUNTS} FROM json_each(?) p JOIN entry"
        " ON day BETWEEN json_extract(p.value, '$[0]') AND json_extract(p.value, '$[1]')"
        " WHERE deleted IS NULL GROUP BY p.key, kind",
        (spans,),
    )
    tallies: dict[int, list[Tally]] = {}
    for index, *row in rows:
        tallies.setdefault(index, []).append(_tally_from_row(row))
    return tuple(sum_tallies(tallies.get(index, ())) for index in range(len(periods)))


def tally_where(journal: Journal, condition: str, values: Sequence[object]) -> Tally:
    """Return the tally of some entries. For this package only."""
    rows = journal.rows(f"SELECT {_COUNTS} FROM entry WHERE {condition} AND deleted IS NULL GROUP BY kind", values)
    return sum_tallies(map(_tally_from_row, rows))


def tally_by_project(journal: Journal, period: Period | None) -> dict[str, Tally]:
    """Return the tally of each project's entries, or of those in a Period, by project id."""
    days = (period.start.isoformat(), period.end.isoformat()) if period else ()
    # The plus keeps SQLite off the index of projects, which would read every entry of every project for a few days.
    where = "+project IS NOT NULL AND day BETWEEN ? AND ?" if days else "project IS NOT NULL"
    rows = journal.rows(
        f"SELECT project, {_COUNTS} FROM entry WHERE {where} AND deleted IS NULL GROUP BY project, kind", days
    )
    tallies: dict[str, list[Tally]] = {}
    for project, *row in rows:
        tallies.setdefault(project, []).append(_tally_from_row(row))
    return {project: sum_tallies(its_tallies) for project, its_tallies in tallies.items()}


def tally_projects(journal: Journal, period: Period) -> tuple[tuple[Project, Tally], ...]:
    """Return each project that has entries in a Period, with their tally, by slug."""
    tallies = tally_by_project(journal, period)
    return tuple((project, tallies[project.id]) for project in projects.get_many(journal, tallies))


def work_since_value_by_project(journal: Journal, today: date) -> dict[str, WorkSinceValue]:
    """Return the work of each open project since its last value entry, up to today, by project id."""
    rows = journal.rows(
        "WITH w AS MATERIALIZED (SELECT p.id, (SELECT v.day FROM entry v WHERE v.project = p.id AND v.day <= :today"
        " AND v.kind <> 'activity' AND v.deleted IS NULL ORDER BY v.day DESC LIMIT 1) AS value_on"
        " FROM project p WHERE p.state = 'open' AND p.deleted IS NULL)"
        " SELECT w.id, w.value_on, count(*), min(e.day) FROM w CROSS JOIN entry e ON e.project = w.id"
        " AND e.day > coalesce(w.value_on, '') AND e.day <= :today AND e.deleted IS NULL GROUP BY w.id",
        {"today": today.isoformat()},
    )
    return {
        project: WorkSinceValue(
            work=work, last_value_on=parse_optional_day(value_on), first_work_on=parse_optional_day(first_on)
        )
        for project, value_on, work, first_on in rows
    }


def tally_by_day(journal: Journal, period: Period) -> dict[date, Tally]:
    """Return the tally of each day of a Period that has entries."""
    return _tally_days(journal, "day BETWEEN ? AND ?", (period.start.isoformat(), period.end.isoformat()))


def tally_project_by_day(journal: Journal, project_id: str) -> dict[date, Tally]:
    """Return the tally of each day on which a project has entries."""
    return _tally_days(journal, "project = ?", (project_id,))


def _tally_days(journal: Journal, condition: str, values: Sequence[object]) -> dict[date, Tally]:
    sql = f"SELECT day, {_COUNTS} FROM entry WHERE {condition} AND deleted IS NULL GROUP BY day, kind"
    rows = journal.rows(sql, values)
    days: dict[date, list[Tally]] = {}
    for row in rows:
        days.setdefault(date.fromisoformat(row[0]), []).append(_tally_from_row(row[1:]))
    return {day: sum_tallies(tallies) for day, tallies in days.items()}


def _tally_from_row(row: Sequence[Any]) -> Tally:
    kind, count, minutes, timed, evidenced = Kind(row[0]), *row[1:]
    return Tally(
        counts={kind: count},
        minutes={kind: minutes} if timed else {},
        with_minutes=timed,
        with_evidence=evidenced if kind is not Kind.ACTIVITY else 0,
    )
