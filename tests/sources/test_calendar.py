"""The calendar source: which events are proposed for a day, and their text, time and minutes."""

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from support.calendars import (
    BERLIN,
    FRIDAY,
    NOON,
    make_calendar,
    make_event,
    make_span,
    read_drafts,
    run_worker_in_process,
)
from valuelog.model.entry import clean_text
from valuelog.sources import OptionType, Source, Span
from valuelog.sources.calendar import SOURCE

pytest.importorskip("recurring_ical_events")

NEW_YORK = ZoneInfo("America/New_York")

CUSTOM = """BEGIN:VTIMEZONE
TZID:Our House
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0600
TZOFFSETTO:+0500
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0500
TZOFFSETTO:+0600
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE"""


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run_worker_in_process(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a calendar."""
    return tmp_path / "work.ics"


def texts_and_minutes(path: Path, on: Span | date = FRIDAY) -> list[tuple[str, int | None]]:
    """Return the texts and minutes of the drafts."""
    return [(draft.text, draft.minutes) for draft in read_drafts(path, on)]


def days(path: Path, first: date, last: date, zone: ZoneInfo = BERLIN) -> list[int]:
    """Return the days of the month with a draft."""
    between = (first + timedelta(days=by) for by in range((last - first).days + 1))
    return [day.day for day in between if read_drafts(path, make_span(day, zone))]


def test_calendar_source_has_paths_and_emails() -> None:
    source: Source = SOURCE
    assert source.name == "calendar"
    assert {option.name: option.value_type for option in source.options} == {
        "paths": OptionType.PATHS,
        "emails": OptionType.ADDRESSES,
    }


NINE = "DTSTART;TZID=Europe/Berlin:20261102T090000\nDTEND;TZID=Europe/Berlin:20261102T093000"
MOVED = "RECURRENCE-ID"
WEEKLY = f"{NINE}\nRRULE:FREQ=WEEKLY"

SERIES = {
    "weekly": (make_event(WEEKLY), [2, 9, 16, 23, 30]),
    "by weekday": (make_event(NINE, "RRULE:FREQ=WEEKLY;BYDAY=MO,FR"), [2, 6, 9, 13, 16, 20, 23, 27, 30]),
    "every other week": (make_event(NINE, "RRULE:FREQ=WEEKLY;INTERVAL=2"), [2, 16, 30]),
    "until": (make_event(NINE, "RRULE:FREQ=WEEKLY;UNTIL=20261116T080000Z"), [2, 9, 16]),
    "count": (make_event(NINE, "RRULE:FREQ=DAILY;COUNT=3"), [2, 3, 4]),
    "exdate": (make_event(WEEKLY, "EXDATE;TZID=Europe/Berlin:20261109T090000"), [2, 16, 23, 30]),
    "rdate": (make_event(NINE, "RDATE;TZID=Europe/Berlin:20261105T090000,20261107T090000"), [2, 5, 7]),
    "moved": (
        make_event(WEEKLY)
        + "\n"
        + make_event("RECURRENCE-ID;TZID=Europe/Berlin:20261109T090000", "DTSTART:20261111T100000Z", "DURATION:PT1H"),
        [2, 11, 16, 23, 30],
    ),
    "cancelled": (
        make_event(WEEKLY)
        + "\n"
        + make_event(f"{MOVED};TZID=Europe/Berlin:20261116T090000", NINE.replace("1102", "1116"), "STATUS:CANCELLED"),
        [2, 9, 23, 30],
    ),
    "this and future": (
        make_event(WEEKLY)
        + "\n"
        + make_event(f"{MOVED};RANGE=THISANDFUTURE;TZID=Europe/Berlin:20261116T090000", NINE.replace("1102", "1117")),
        [2, 9, 17, 24],
    ),
    "for years": (make_event(NINE.replace("2026", "1971"), "RRULE:FREQ=DAILY;INTERVAL=9"), [1, 10, 19, 28]),
    "every other week for years": (
        make_event(NINE.replace("20261102", "20010101"), "RRULE:FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=SU,TU"),
        [1, 3, 15, 17, 29],
    ),
    "last weekday of the month": (make_event(NINE, "RRULE:FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"), [2, 30]),
    "all day, several days": (make_event("DTSTART;VALUE=DATE:20261104", "DTEND;VALUE=DATE:20261107"), [4, 5, 6]),
    "all day without an end": (make_event("DTSTART;VALUE=DATE:20261104"), [4]),
    "all day that ends as it begins": (make_event("DTSTART;VALUE=DATE:20261104", "DTEND;VALUE=DATE:20261104"), [4]),
    "every month, for a week": (
        make_event("DTSTART;VALUE=DATE:20200129", "DURATION:P7D", "RRULE:FREQ=MONTHLY"), [1, 2, 3, 4, 29, 30],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SERIES)
def test_recurring_event_takes_place_on_its_days(path: Path, name: str) -> None:
    text, expected = SERIES[name]
    path.write_text(make_calendar(text))
    assert days(path, date(2026, 11, 1), date(2026, 11, 30)) == expected


def test_occurrence_keeps_its_origin_when_it_moves(path: Path) -> None:
    path.write_text(make_calendar(make_event(WEEKLY)))
    usual = read_drafts(path, date(2026, 11, 9))[0].origin
    path.write_text(make_calendar(SERIES["moved"][0]))
    assert [draft.origin for draft in read_drafts(path, date(2026, 11, 11))] == [usual]
    path.write_text(make_calendar(SERIES["this and future"][0]))
    assert len({read_drafts(path, date(2026, 11, day))[0].origin for day in (2, 9, 17, 24)}) == 4


def test_single_event_keeps_its_origin_when_it_moves(path: Path) -> None:
    seen = set()
    for hour, day in (("10", 20), ("15", 20), ("09", 23)):
        path.write_text(make_calendar(make_event(f"DTSTART:202611{day}T{hour}0000Z", "DURATION:PT1H")))
        seen |= {draft.origin for draft in read_drafts(path, date(2026, 11, day))}
    assert len(seen) == 1


def test_events_without_uid_differ_by_time(path: Path) -> None:
    lunches = (make_event(f"DTSTART:202611{day}T120000Z", "SUMMARY:lunch").replace("UID:1\n", "") for day in (19, 20))
    path.write_text(make_calendar(*lunches))
    assert read_drafts(path)[0].origin != read_drafts(path, date(2026, 11, 19))[0].origin


def test_each_day_of_a_long_event_has_its_own_origin(path: Path) -> None:
    path.write_text(make_calendar(SERIES["all day, several days"][0]))
    assert len({read_drafts(path, date(2026, 11, day))[0].origin for day in (4, 5, 6)}) == 3
    assert read_drafts(path, date(2026, 11, 4))[0].minutes is None


def test_event_across_midnight_is_clipped(path: Path) -> None:
    path.write_text(make_calendar(make_event("SUMMARY:release", "DTSTART:20261120T210000Z", "DTEND:20261121T003000Z")))
    assert texts_and_minutes(path) == [("release", 120)]
    assert texts_and_minutes(path, date(2026, 11, 21)) == [("release", 90)]
    assert texts_and_minutes(path, make_span(FRIDAY, hour=4)) == [("release", 210)]
    assert read_drafts(path)[0].origin != read_drafts(path, date(2026, 11, 21))[0].origin


def test_event_at_night_belongs_to_the_day_before(path: Path) -> None:
    path.write_text(make_calendar(make_event("SUMMARY:call", "DTSTART:20261121T010000", "DTEND:20261121T013000")))
    assert texts_and_minutes(path, make_span(FRIDAY, hour=4)) == [("call", 30)]
    assert texts_and_minutes(path, make_span(date(2026, 11, 21), hour=4)) == []
    assert texts_and_minutes(path, FRIDAY) == []


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, date(2026, 3, 29), 2), (BERLIN, date(2026, 10, 25), 4),
        (NEW_YORK, date(2026, 3, 8), 2), (NEW_YORK, date(2026, 11, 1), 4),
    ],
)  # fmt: skip
def test_minutes_count_elapsed_time_across_dst_changes(path: Path, zone: ZoneInfo, day: date, hours: int) -> None:
    when = (f"DTSTART;TZID={zone.key}:20260101T003000", f"DTEND;TZID={zone.key}:20260101T033000")
    path.write_text(make_calendar(make_event(*when, "RRULE:FREQ=DAILY")))
    assert texts_and_minutes(path, make_span(day, zone)) == [("meeting", hours * 60)]
    assert texts_and_minutes(path, make_span(day + timedelta(days=1), zone)) == [("meeting", 180)]


def test_recurring_event_keeps_its_local_hour(path: Path) -> None:
    path.write_text(make_calendar(make_event(WEEKLY.replace("20261102", "20200106"))))
    summer, winter = (read_drafts(path, date(2026, month, day))[0].origin[-6:] for month, day in ((7, 6), (11, 2)))
    assert (summer, winter) == ("070000", "080000")


@pytest.mark.parametrize(
    ("when", "utc"),
    [
        ("DTSTART:20261120T090000", "080000"),
        ("DTSTART:20261120T090000Z", "090000"),
        ("DTSTART;TZID=America/New_York:20261120T090000", "140000"),
        ("DTSTART;TZID=W. Europe Standard Time:20261120T090000", "080000"),
        ("DTSTART;TZID=Our House:20261120T090000", "040000"),
        ("DTSTART;TZID=Nowhere/Known:20261120T090000", "080000"),
    ],
)
def test_time_zones_of_every_form_are_supported(path: Path, when: str, utc: str) -> None:
    path.write_text(make_calendar(CUSTOM, make_event("SUMMARY:x", when, "DURATION:PT30M")))
    starts = int(utc[:2])
    inside = Span(
        day=FRIDAY,
        start=datetime(2026, 11, 20, starts, tzinfo=UTC).astimezone(BERLIN),
        end=datetime(2026, 11, 20, starts, 30, tzinfo=UTC).astimezone(BERLIN),
    )
    assert texts_and_minutes(path, inside) == [("x", 30)]


def test_custom_zones_of_two_calendars_are_separate(tmp_path: Path) -> None:
    lines = make_event("DTSTART;TZID=Our House:20261120T230000", "DURATION:PT30M", uid="2")
    (tmp_path / "a.ics").write_text(
        make_calendar(CUSTOM, make_event("DTSTART;TZID=Our House:20261120T230000", "DURATION:PT1H"))
    )
    (tmp_path / "b.ics").write_text(make_calendar(CUSTOM.replace("+05", "-05").replace("+06", "-04"), lines))
    assert texts_and_minutes(tmp_path) == [("meeting", 60)]
    assert texts_and_minutes(tmp_path, date(2026, 11, 21)) == [("meeting", 30)]


def test_floating_time_is_local_time(path: Path) -> None:
    path.write_text(make_calendar(make_event("DTSTART:20261120T233000", "DURATION:PT1H")))
    zone = timezone(timedelta(hours=-8))
    start = datetime(2026, 11, 20, tzinfo=zone)
    assert texts_and_minutes(path, Span(day=FRIDAY, start=start, end=start + timedelta(days=1))) == [("meeting", 30)]


@pytest.mark.parametrize(
    ("lines", "at"),
    [
        (["DTSTART:20261120T120000Z", "DURATION:PT1H"], "13:00"),
        (["DTSTART;TZID=America/New_York:20261120T120000", "DURATION:PT1H"], "18:00"),
        (["DTSTART:20261120T090000"], "09:00"),
        (["DTSTART;VALUE=DATE:20261120"], "None"),
        (["DTSTART:20261119T220000Z", "DURATION:PT9H"], "None"),
    ],
)
def test_time_of_day_is_local(path: Path, lines: list[str], at: str) -> None:
    path.write_text(make_calendar(make_event(*lines)))
    assert str(read_drafts(path)[0].at)[:5] == at[:5]


@pytest.mark.parametrize(
    ("lines", "minutes"),
    [
        (["DTSTART:20261120T120000Z", "DURATION:PT1H15M"], 75),
        (["DTSTART:20261120T120000Z", "DTEND:20261120T120000Z"], None),
        (["DTSTART:20261120T120000Z"], None),
        (["DTSTART:20261120T120000Z", "DTEND:20261120T110000Z"], None),
        (["DTSTART;VALUE=DATE:20261120", "DTEND;VALUE=DATE:20261118"], None),
        (["DTSTART:20261120T120000Z", "DTEND:20261120T110000Z", "RRULE:FREQ=DAILY"], None),
        (["DTSTART:20261120T120000Z", "DTEND:20261120T120020Z"], 1),
        (["DTSTART:20261118T120000Z", "DTEND:20261122T120000Z"], 1440),
        (["DTSTART:20261001T120000Z", "DURATION:P9W"], 1440),
    ],
)
def test_minutes_are_the_length_within_the_day(path: Path, lines: list[str], minutes: int | None) -> None:
    path.write_text(make_calendar(make_event(*lines)))
    assert texts_and_minutes(path) == [("meeting", minutes)]


@pytest.mark.parametrize(
    ("summary", "text"),
    [
        ("SUMMARY:Größe & Ωmega 🎉", "Größe & Ωmega 🎉"),
        ("SUMMARY:a long ti\n tle that is fol\n\tded", "a long title that is folded"),
        ("SUMMARY:first\\, with a comma\\nsecond", "first, with a comma"),
        ("SUMMARY;LANGUAGE=en:in English", "in English"),
        ("SUMMARY:", "meeting"),
        ("X-NOTHING:", "meeting"),
        ("SUMMARY:\x1b[31mred\u202egreen", "␛[31mred�green"),
    ],
)
def test_text_is_the_first_line_without_control_characters(path: Path, summary: str, text: str) -> None:
    path.write_text(make_calendar(make_event(NOON, summary)))
    assert [draft.text for draft in read_drafts(path)] == [text]
    assert clean_text(text) == text


def test_long_text_is_truncated(path: Path) -> None:
    path.write_text(make_calendar(make_event(NOON, "SUMMARY:" + "much " * 100)))
    assert len(read_drafts(path)[0].text) <= 200


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_file_with_several_calendars_and_either_newline(path: Path, end: str) -> None:
    text = make_calendar(make_event(NOON, "SUMMARY:one")) + make_calendar(make_event(NOON, "SUMMARY:two", uid="2"))
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", end).encode())
    assert texts_and_minutes(path) == [("one", 45), ("two", 45)]


def test_alarms_and_tasks_are_ignored(path: Path) -> None:
    alarm = "BEGIN:VALARM\nSUMMARY:wake up\nDURATION:PT9H\nEND:VALARM"
    path.write_text(
        make_calendar(make_event(NOON, alarm, "SUMMARY:x"), "BEGIN:VTODO\nDTSTART:20261120T120000Z\nEND:VTODO")
    )
    assert texts_and_minutes(path) == [("x", 45)]


def test_events_are_sorted_and_unique(tmp_path: Path) -> None:
    later = make_event("DTSTART:20261120T080000Z", "SUMMARY:early", uid="2")
    whole = make_event("DTSTART;VALUE=DATE:20261120", "SUMMARY:whole", uid="3")
    (tmp_path / "a.ics").write_text(make_calendar(make_event(NOON), later, whole))
    (tmp_path / "b.ics").write_text(make_calendar(make_event(NOON)))
    assert [draft.text for draft in read_drafts(tmp_path)] == ["whole", "early", "meeting"]
