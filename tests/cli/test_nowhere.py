"""A project that goes nowhere: weeks of work and no value; when it is said first, where, and what silences it."""

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from evenings import sit

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

MONDAY = date(2026, 9, 7)
SAID = "New region: {} activities in 3 weeks and no value; what is it for?"


def found(run: "Run", day: date, *words: str) -> list[str]:
    """Return which findings a command shows on a day."""
    shown = json.loads(run(*words, "--json", VALUELOG_TODAY=day.isoformat()).out)
    return [one["id"] for one in shown["findings"]]


def work(run: "Run", day: date) -> None:
    run("add", "activity", f"meeting of {day} +new-region", VALUELOG_TODAY=day.isoformat())


def workdays(weeks: int) -> list[date]:
    """Return every other workday of some weeks: Monday, Wednesday, Friday."""
    return [MONDAY + timedelta(weeks=week, days=day) for week in range(weeks) for day in (0, 2, 4)]


def test_it_is_said_on_the_day_of_the_fifth_activity_and_every_week_after(run: "Run", home: "Path") -> None:
    run("project", "start", "New region", "--problem", "p", "--measure", "m", VALUELOG_TODAY=MONDAY.isoformat())
    first = None
    for number, day in enumerate(workdays(12), 1):
        work(run, day)
        if number in {4, 5} or number % 6 == 0:
            said = "stalled-project" in found(run, day)
            assert said == (number >= 5), day
            first = first or (day if said else None)
    assert first == date(2026, 9, 16)  # the Wednesday of the second week: work on five days, no value
    last = workdays(12)[-1]
    shown = run("review", "--week", VALUELOG_TODAY=last.isoformat()).out
    assert "+new-region" in shown
    assert "9 activities in 3 weeks and no value" in shown
    assert found(run, last, "review", "--week")[0] == "stalled-project"
    evening = sit(home, "today", "--activity", "mails", VALUELOG_TODAY=last.isoformat())
    assert SAID.format(9) in " ".join(evening.out.split())
    project = run("project", "show", "new-region", VALUELOG_TODAY=last.isoformat()).out
    assert 'valuelog project drop new-region "…"' in project
    assert "0 value : 36 work" in project


def test_one_thing_of_value_silences_it_for_three_weeks(run: "Run") -> None:
    days = workdays(8)
    for day in days[:15]:
        work(run, day)
    yielded = days[14]
    assert "stalled-project" in found(run, yielded)
    run("add", "insight", "nobody asked for it +new-region", VALUELOG_TODAY=yielded.isoformat())
    assert "stalled-project" not in found(run, yielded)
    for day in days[15:]:
        work(run, day)
    assert "stalled-project" not in found(run, yielded + timedelta(days=20))
    assert "stalled-project" in found(run, yielded + timedelta(days=21))
    run("project", "close", "new-region", "--result", "none", VALUELOG_TODAY=days[-1].isoformat())
    assert "stalled-project" not in found(run, yielded + timedelta(days=21))
