"""A project that goes nowhere: weeks of work and no value; when it is said first, where, and what silences it."""

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING

from support.evenings import run_with_answers

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

MONDAY = date(2026, 9, 7)
SAID = "New region: {} activities, no value since Mon 7 Sep. What is it for?"


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
    assert "36 activities, no value since Mon 7 Sep" in shown
    assert found(run, last, "review", "--week")[0] == "stalled-project"
    evening = run_with_answers(home, "today", "--activity", "mails", VALUELOG_TODAY=last.isoformat())
    assert SAID.format(36) in " ".join(evening.out.split())
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


def test_one_activity_a_week_is_noticed_with_the_fifth_and_told_as_it_is(run: "Run") -> None:
    weeks = [MONDAY + timedelta(weeks=week) for week in range(12)]
    run("project", "start", "New region", "--problem", "p", "--measure", "m", VALUELOG_TODAY=MONDAY.isoformat())
    for number, day in enumerate(weeks, 1):
        work(run, day)
        assert ("stalled-project" in found(run, day)) == (number >= 5), day
    last = weeks[-1]
    said = "12 activities, no value since Mon 7 Sep"
    for words in ("project", "project show new-region", "review --week", "brief", ""):
        shown = run(*words.split(), VALUELOG_TODAY=last.isoformat()).out
        assert said in " ".join(shown.split()), words
    run("add", "outcome", "it runs in one city +new-region", "-d", "2026-10-20", VALUELOG_TODAY=last.isoformat())
    assert "stalled-project" in found(run, last)
    assert "5 activities, no value since Tue 20 Oct" in run("project", VALUELOG_TODAY=last.isoformat()).out
    assert "stalled-project" not in found(run, weeks[-2])  # the fourth since


def test_five_activities_within_four_days_are_told_as_four_days(run: "Run") -> None:
    for day in (0, 0, 1, 2, 3):
        work(run, MONDAY + timedelta(days=day))
    shown = run(VALUELOG_TODAY="2026-09-10").out
    assert "New-region: 5 activities, no value since Mon 7 Sep" in " ".join(shown.split()).replace("new-", "New-")
