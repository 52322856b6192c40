"""Stalled projects, with work but no value: when the finding appears, where, and what ends it."""

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from support.evenings import run_with_answers

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

MONDAY = date(2026, 9, 7)
MESSAGE = "New region: {} activities, no value since Mon 7 Sep. What is it for?"


def finding_ids(run: "Run", day: date, *words: str) -> list[str]:
    """Return the ids of the findings that a command shows on a day."""
    shown = json.loads(run(*(words or ("finding", "list")), "--json", VALUELOG_TODAY=day.isoformat()).out)
    return [one["id"] for one in shown["findings"]]


def log_activity(run: "Run", day: date) -> None:
    run("add", "activity", f"meeting of {day} +new-region", VALUELOG_TODAY=day.isoformat())


def workdays(weeks: int) -> list[date]:
    """Return every other workday of some weeks: Monday, Wednesday, Friday."""
    return [MONDAY + timedelta(weeks=week, days=day) for week in range(weeks) for day in (0, 2, 4)]


def test_stalled_project_is_found_from_the_fifth_activity_on(run: "Run", home: "Path") -> None:
    run("project", "start", "New region", "--problem", "p", "--measure", "m", VALUELOG_TODAY=MONDAY.isoformat())
    first = None
    for number, day in enumerate(workdays(12), 1):
        log_activity(run, day)
        if number in {4, 5} or number % 6 == 0:
            is_found = "stalled-project" in finding_ids(run, day)
            assert is_found == (number >= 5), day
            first = first or (day if is_found else None)
    assert first == date(2026, 9, 16)  # the Wednesday of the second week: work on five days, no value
    last = workdays(12)[-1]
    shown = run("review", "--week", VALUELOG_TODAY=last.isoformat()).out
    assert "+new-region" in shown
    assert "36 activities, no value since Mon 7 Sep" in shown
    assert finding_ids(run, last, "review", "--week")[0] == "stalled-project"
    evening = run_with_answers(home, "today", "--activity", "mails", VALUELOG_TODAY=last.isoformat())
    assert MESSAGE.format(36) in " ".join(evening.out.split())
    project = run("project", "show", "new-region", VALUELOG_TODAY=last.isoformat()).out
    assert 'valuelog project drop new-region "…"' in project
    assert "0 value : 36 work" in project


def test_value_entry_hides_a_stalled_project_for_three_weeks(run: "Run") -> None:
    days = workdays(8)
    for day in days[:15]:
        log_activity(run, day)
    value_day = days[14]
    assert "stalled-project" in finding_ids(run, value_day)
    run("add", "outcome", "the first order +new-region", VALUELOG_TODAY=value_day.isoformat())
    assert "stalled-project" not in finding_ids(run, value_day)
    for day in days[15:]:
        log_activity(run, day)
    assert "stalled-project" not in finding_ids(run, value_day + timedelta(days=20))
    assert "stalled-project" in finding_ids(run, value_day + timedelta(days=21))
    run("project", "close", "new-region", "--result", "none", VALUELOG_TODAY=days[-1].isoformat())
    assert "stalled-project" not in finding_ids(run, value_day + timedelta(days=21))


def test_stalled_project_with_one_activity_a_week(run: "Run") -> None:
    weeks = [MONDAY + timedelta(weeks=week) for week in range(12)]
    run("project", "start", "New region", "--problem", "p", "--measure", "m", VALUELOG_TODAY=MONDAY.isoformat())
    for number, day in enumerate(weeks, 1):
        log_activity(run, day)
        assert ("stalled-project" in finding_ids(run, day)) == (number >= 5), day
    last = weeks[-1]
    message = "12 activities, no value since Mon 7 Sep"
    for words in ("project", "project show new-region", "review --week", "brief"):
        shown = run(*words.split(), VALUELOG_TODAY=last.isoformat()).out
        assert message in " ".join(shown.split()), words
    run("add", "outcome", "it runs in one city +new-region", "-d", "2026-10-20", VALUELOG_TODAY=last.isoformat())
    assert "stalled-project" in finding_ids(run, last)
    assert "5 activities, no value since Tue 20 Oct" in run("project", VALUELOG_TODAY=last.isoformat()).out
    assert "stalled-project" not in finding_ids(run, weeks[-2])  # the fourth since


def test_stalled_project_of_four_days_names_its_first_day(run: "Run") -> None:
    for day in (0, 0, 1, 2, 3):
        log_activity(run, MONDAY + timedelta(days=day))
    shown = run(VALUELOG_TODAY="2026-09-10").out
    assert "New-region: 5 activities, no value since Mon 7 Sep" in " ".join(shown.split()).replace("new-", "New-")
