"""Recurring days off, and days off from a calendar of public holidays."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from support.calendars import make_calendar, make_event
from support.makers import open_test_journal
from support.messages import assert_one_clear_message
from valuelog.journal import days
from valuelog.model.schedule import MONDAY_TO_FRIDAY

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def listed(run: "Run") -> list[Any]:
    found: list[Any] = json.loads(run("off", "list", "--json").out)
    return found


def coverage(run: "Run", *words: str, today: str = "2026-11-20") -> tuple[int, int]:
    found = json.loads(run("review", *words, "--json", VALUELOG_TODAY=today).out)["coverage"]
    return found["workdays"], found["written"]


# Series


@pytest.mark.parametrize("words", [("every", "monday"), ("--every", "mondays"), ("2026-11-23", "--every", "monday")])
def test_series_starts_on_its_first_day(run: "Run", words: tuple[str, ...]) -> None:
    assert run("off", *words, "--note", "part time").err.startswith("Off: every Monday, from Mon 23 Nov 2026 · undo")
    assert listed(run) == [
        {"day": "2026-11-23", "note": "part time", "every": "monday", "until": None, "working": False}
    ]
    assert run("off", "list", "--plain").out == "2026-11-23\tpart time\tmonday\t\t\n"
    out = run("off").out
    assert "Mon 23 Nov 2026  every Monday · part time\n" in out
    assert "End a series with: valuelog off --every monday --back" in out
    assert run("off", *words).err == "Nothing to change: those days are already off.\n"
    run("undo")
    assert listed(run) == []
    run("redo")
    assert len(listed(run)) == 1


def test_series_is_left_out_of_coverage_streak_and_habit(run: "Run") -> None:
    for day in ("2026-11-09", "2026-11-10", "2026-11-11", "2026-11-12", "2026-11-17", "2026-11-18", "2026-11-19"):
        run("add", "activity", f"x {day}", "-d", day)
    assert coverage(run, "--week") == (5, 3)
    before = json.loads(run("review", "--json").out)
    run("off", "2026-11-13", "every", "monday", "and", "friday")
    after = json.loads(run("review", "--json").out)
    assert coverage(run, "--week") == (3, 3)
    assert coverage(run, "2026-W46") == (4, 4)
    assert (before["streak"], after["streak"]) == (3, 7)
    assert after["habit"] > before["habit"]


def test_catch_up_and_login_line_skip_a_series(home: "Path", run: "Run") -> None:
    run("off", "2026-11-16", "--every", "monday")
    run("add", "activity", "x", "-d", "2026-11-17")
    lines = (home / "state" / "valuelog" / "reminders").read_text()
    assert lines.count("two minutes for today?") == 13  # three weeks and a day have 16 workdays, without three Mondays
    journal = open_test_journal(home / "data" / "valuelog", write=False)
    workdays = days.load_workdays(journal, MONDAY_TO_FRIDAY, since=date(2026, 11, 1))
    assert [str(day) for day in (date(2026, 11, 9), date(2026, 11, 23)) if day in workdays] == ["2026-11-09"]


def test_one_day_of_a_series_can_be_worked(run: "Run") -> None:
    run("off", "2026-11-16", "--every", "monday")
    assert run("off", "2026-11-23", "--back").err.startswith("No longer off: 1 day, Mon 23 Nov 2026")
    assert run("off", "2026-11-23", "--back").err == "Nothing to change: those days aren't off.\n"
    run("add", "activity", "x", "-d", "2026-11-16")
    assert coverage(run, "2026-W48", today="2026-11-29") == (5, 0)
    assert coverage(run, "2026-W49", today="2026-12-06") == (4, 0)
    assert "Mon 23 Nov 2026  a working day\n" in run("off").out
    run("off", "2026-11-16", "--back")
    assert "Mon 16 Nov 2026  every Monday · not that day\n" in run("off").out
    assert coverage(run, "2026-W47") == (5, 1)
    run("off", "2026-11-23", "--note", "after all")
    assert coverage(run, "2026-W48", today="2026-11-29") == (4, 0)


def test_series_ends_today_or_on_a_day(run: "Run") -> None:
    run("off", "2026-11-02", "--every", "monday")
    run("add", "activity", "x", "-d", "2026-11-02")
    assert run("off", "--every", "monday", "--back").err.startswith("No longer off: every Monday, from Fri 20 Nov 2026")
    assert [(one["day"], one["until"]) for one in listed(run)] == [("2026-11-02", "2026-11-19")]
    assert coverage(run, "2026-W47") == (4, 0)
    assert coverage(run, "2026-W48", today="2026-11-29") == (5, 0)
    assert run("off", "--every", "monday", "--back").err == "Nothing to change: those days aren't off.\n"
    run("undo")
    run("off", "2026-12-07", "--every", "monday", "--back")
    assert listed(run)[0]["until"] == "2026-12-06"


def test_series_that_has_not_begun_is_removed(run: "Run") -> None:
    run("off", "every", "other", "friday")
    run("off", "--every", "other friday", "--back")
    assert listed(run) == []
    run("undo")
    assert [one["every"] for one in listed(run)] == ["other friday"]


def test_longer_period_bounds_a_weekday(run: "Run") -> None:
    run("off", "2026-12-01..2027-03-31", "--every", "friday", "--note", "course")
    assert listed(run) == [
        {"day": "2026-12-04", "note": "course", "every": "friday", "until": "2027-03-31", "working": False}
    ]
    assert "every Friday · until Wed 31 Mar 2027 · course" in run("off").out
    assert "End a series" not in run("off").out
    run("off", "2026-11-24..2026-11-25", "--every", "friday", fails=2)


def test_each_day_of_a_period_repeats_yearly(run: "Run") -> None:
    assert run("off", "2026-12-24..2026-12-26", "--every", "year").err.startswith(
        "Off: 3 days every year, from Thu 24 Dec 2026"
    )
    run("add", "activity", "x")
    assert coverage(run, "2027-W51", today="2027-12-26") == (4, 0)
    run("off", "2027-12-24", "--every", "year", "--back")
    assert coverage(run, "2027-W51", today="2027-12-26") == (5, 0)
    assert [one["until"] for one in listed(run)] == ["2027-12-23", None, None]


@pytest.mark.parametrize(
    ("words", "workdays"),
    [
        (("2026-01-31", "--every", "month"), 19),  # Sat 28 Feb 2026 was no workday anyway
        (("2026-01-30", "--every", "month"), 20),
        (("2024-02-29", "--every", "year"), 20),
        (("2026-01-01", "--every", "last", "friday", "of", "the", "month"), 19),
    ],
)
def test_ends_of_months(run: "Run", words: tuple[str, ...], workdays: int) -> None:
    *given, last = words
    if "friday" in words:
        given, last = [words[0], "--every"], "last friday of the month"
    run("off", *given, last)
    run("add", "activity", "x", "-d", "2026-01-01")
    expected = workdays if "friday" in words else 20
    assert coverage(run, "2026-02") == (expected, 0)


def test_export_and_import_keep_series(run: "Run", tmp_path: "Path") -> None:
    run("off", "2026-11-02", "--every", "monday", "--note", "part time")
    run("off", "2026-11-09", "--back")
    run("off", "2026-12-01..2027-01-31", "--every", "friday")
    first, second, other = tmp_path / "a.jsonl", tmp_path / "b.jsonl", str(tmp_path / "other.db")
    run("export", "jsonl", str(first))
    run("import", "jsonl", str(first), VALUELOG_JOURNAL=other)
    run("export", "jsonl", str(second), VALUELOG_JOURNAL=other)
    assert first.read_bytes() == second.read_bytes()
    assert run("off", "--json", VALUELOG_JOURNAL=other).out == run("off", "--json").out
    assert '"2026-11-02"' in run("export", "jsonl", "-", "2026-W47").out  # still going on in that week
    assert '"2026-12-04"' not in run("export", "jsonl", "-", "2026-W47").out


def test_unknown_recurrence_is_not_imported(run: "Run") -> None:
    line = {
        "entity": "day_off", "id": "2026-11-23", "every": "blue moon", "created": "2026-11-19T10:00:00.000Z",
        "utc_offset": 60,
    }  # fmt: skip
    assert "doesn't say how often" in run("import", "jsonl", "-", stdin=json.dumps(line).encode(), fails=1).err


WRONG = [
    (("every", "third", "friday"), "Write third friday of the month, or 3 weeks."),
    (("every", "day"), "Not every day can be off."),
    (("--every", "monkey"), "“monkey” doesn't say how often something repeats."),
    (("2026-11-24..2026-11-25", "--every", "friday"), "There is no day off every Friday from"),
    (("2026-11-23..2028-11-23", "--every", "year"), "days are more than a year."),
    (("list", "--note", "x"), "--note and --back need days."),
    (("import",), "off import takes a calendar file"),
    (("import", "x.ics", "--back"), "off import takes a calendar file"),
]


@pytest.mark.parametrize(("words", "message"), WRONG)
def test_wrong_words_change_nothing(run: "Run", words: tuple[str, ...], message: str) -> None:
    assert_one_clear_message(run("off", *words, fails=2), message)
    assert listed(run) == []


def test_two_series_cannot_begin_on_one_day(run: "Run") -> None:
    run("off", "2026-11-23", "--every", "monday")
    message = "Another series of days off begins on Mon 23 Nov 2026: every Monday."
    assert_one_clear_message(run("off", "2026-11-23", "--every", "month", fails=2), message)


# Public holidays

NEW_YEAR = make_event("DTSTART;VALUE=DATE:20200101", "RRULE:FREQ=YEARLY", "SUMMARY:New Year", "TRANSP:TRANSPARENT")
CHRISTMAS = make_event("DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261227", "SUMMARY:Christmas", uid="2")
LEAP = make_event("DTSTART;VALUE=DATE:20240229", "RRULE:FREQ=YEARLY", "SUMMARY:Leap day", uid="3")
MOVING = make_event("DTSTART;VALUE=DATE:19710101", "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "SUMMARY:Thanks", uid="4")
LUNCH = make_event("DTSTART:20261130T120000Z", "DTEND:20261130T130000Z", "SUMMARY:Team lunch", uid="5")
CANCELLED = make_event("DTSTART;VALUE=DATE:20261201", "SUMMARY:Gone", "STATUS:CANCELLED", uid="6")
SUMMER = make_event("DTSTART;VALUE=DATE:20260601", "DTEND;VALUE=DATE:20260901", "SUMMARY:Summer", uid="7")
SECOND = make_event("DTSTART;VALUE=DATE:20261225", "SUMMARY:Office closed", uid="8")


@pytest.fixture
def holidays(tmp_path: "Path") -> str:
    path = tmp_path / "holidays.ics"
    path.write_text(make_calendar(NEW_YEAR, CHRISTMAS, LEAP, MOVING, LUNCH, CANCELLED, SUMMER, SECOND))
    return str(path)


def test_calendar_brings_all_day_events_once(run: "Run", holidays: str) -> None:
    run("off", "2026-12-25", "--note", "my own")
    done = run("off", "import", holidays)
    assert done.err == (
        "Off: 5 new days from Thu 1 Jan 2026 – Fri 31 Dec 2027 · 1 already off · undo with: valuelog undo\n"
        "  left out: “Summer”: it is longer than 62 days\n"
        "  left out: “Team lunch”: it has a time of day\n"
        "  left out: “Gone”: it was cancelled\n"
    )
    assert [(one["day"], one["note"]) for one in listed(run)] == [
        ("2026-01-01", "New Year"),
        ("2026-11-26", "Thanks"),
        ("2026-12-25", "my own"),
        ("2026-12-26", "Christmas"),
        ("2027-01-01", "New Year"),
        ("2027-11-25", "Thanks"),
    ]
    again = json.loads(run("off", "import", holidays, "--json").out)
    assert (again["days"], again["known"], len(again["left_out"])) == ([], 6, 3)
    run("undo")
    assert [one["day"] for one in listed(run)] == ["2026-12-25"]


def test_calendar_is_read_for_a_period(run: "Run", holidays: str) -> None:
    found = json.loads(run("off", "import", holidays, "2028", "--json").out)
    assert found["period"] == {"name": "2028", "start": "2028-01-01", "end": "2028-12-31"}
    assert [one["day"] for one in found["days"]] == ["2028-01-01", "2028-02-29", "2028-11-23"]
    assert run("off", "import", holidays, "2026-12", "--plain").out == (
        "day\t2026-12-25\tChristmas, Office closed\nday\t2026-12-26\tChristmas\nknown\t0\n"
        "left_out\tGone\tit was cancelled\n"
    )


def test_holiday_of_a_series_is_not_added_twice(run: "Run", holidays: str) -> None:
    run("off", "2026-12-25", "--every", "year")
    assert json.loads(run("off", "import", holidays, "2026-12", "--json").out)["known"] == 1


def test_imported_holidays_are_no_workdays(run: "Run", holidays: str) -> None:
    run("add", "activity", "x")
    run("off", "import", holidays)
    assert coverage(run, "2026-W48", today="2026-11-29") == (4, 0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (None, "it cannot be read (No such file or directory)."),
        ("day,name\n", "it contains no calendar."),
        (make_calendar(NEW_YEAR)[:60], "it ends in the middle of a VEVENT."),
    ],
)
def test_unreadable_calendar_changes_nothing(run: "Run", tmp_path: "Path", text: str | None, message: str) -> None:
    path = tmp_path / "x.ics"
    if text is not None:
        path.write_text(text)
    assert_one_clear_message(run("off", "import", str(path), fails=1), message)
    assert listed(run) == []


def test_event_that_cannot_be_read_is_left_out(run: "Run", tmp_path: "Path") -> None:
    path = tmp_path / "x.ics"
    often = make_event("DTSTART;VALUE=DATE:20260101", "RRULE:FREQ=SECONDLY", "SUMMARY:Bomb", uid="9")
    path.write_text(make_calendar(NEW_YEAR, often))
    found = json.loads(run("off", "import", str(path), "--json").out)
    assert len(found["days"]) == 2
    assert found["left_out"] == [{"title": "", "why": "“Bomb” repeats more often than a real event"}]


def test_calendar_without_whole_days_in_the_period(run: "Run", holidays: str) -> None:
    assert run("off", "import", holidays, "1960").err == "Off: 0 new days from Fri 1 Jan 1960 – Sat 31 Dec 1960\n"
