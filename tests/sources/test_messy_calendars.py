"""Calendars as other programs write them: ends of series, zones, empty properties, cut off files, foreign encodings."""

from datetime import timedelta
from pathlib import Path

import pytest

from support.calendars import FRIDAY, NOON, make_calendar, make_event, make_span, read_drafts, run_worker_in_process
from valuelog.model.draft import Draft
from valuelog.sources import SourceFailed
from valuelog.sources.calendar import SOURCE

WEEKLY = "DTSTART;TZID=Europe/Berlin:20261106T100000\nDTEND;TZID=Europe/Berlin:20261106T110000"
FINE = make_event(NOON, "SUMMARY:Fine", uid="fine")


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run_worker_in_process(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a calendar."""
    return tmp_path / "work.ics"


def read_both(path: Path, *emails: str) -> tuple[list[Draft], str]:
    """Return the drafts of Friday, and what was left out."""
    drafts: list[Draft] = []
    try:
        drafts.extend(SOURCE.drafts(make_span(FRIDAY), {"paths": (path,), "emails": emails}, {}))
    except SourceFailed as error:
        return drafts, error.message
    return drafts, ""


@pytest.mark.parametrize(
    ("start", "rule", "there"),
    [
        (WEEKLY, "FREQ=WEEKLY;UNTIL=20261120", True),
        (WEEKLY, "FREQ=WEEKLY;UNTIL=20261119", False),
        (WEEKLY, "FREQ=WEEKLY; UNTIL=20261120;", True),
        (WEEKLY, "freq=weekly;until=20261120", True),
        (WEEKLY, "FREQ=DAILY;UNTIL=20261120;BYDAY=FR", True),
        ("DTSTART:20261106T100000Z", "FREQ=WEEKLY;UNTIL=20261120", True),
        ("DTSTART:20261106T100000", "FREQ=WEEKLY;UNTIL=20261120", True),
        ("DTSTART:20261106T223000", "FREQ=WEEKLY;UNTIL=20261120", True),
        ("DTSTART;VALUE=DATE:20261106", "FREQ=WEEKLY;UNTIL=20261120", True),
        ("DTSTART;VALUE=DATE:20261106", "FREQ=WEEKLY;UNTIL=20261120T000000Z", True),
        ("DTSTART;VALUE=DATE:20261106", "FREQ=WEEKLY;UNTIL=20261119T235959Z", False),
        ("DTSTART:20261106T100000", "FREQ=WEEKLY;UNTIL=20261120T235959Z", True),
        ("DTSTART;TZID=America/New_York:20261106T170000", "FREQ=WEEKLY;UNTIL=20261120", True),
        ("DTSTART;TZID=Asia/Tokyo:20261106T100000", "FREQ=WEEKLY;UNTIL=20261120", True),
        ("DTSTART;TZID=Europe/Berlin:20200103T100000", "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261120", True),
    ],
)
def test_last_day_of_a_series_takes_place(path: Path, start: str, rule: str, there: bool) -> None:  # noqa: FBT001
    path.write_text(make_calendar(make_event(start, f"RRULE:{rule}")))
    assert (len(read_drafts(path)) == 1) is there


def make_zone(*lines: str) -> str:
    """Return a VTIMEZONE."""
    return "\n".join(["BEGIN:VTIMEZONE", *lines, "END:VTIMEZONE"])


STANDARD = "BEGIN:STANDARD\nDTSTART:16010101T000000\nTZOFFSETFROM:+0300\nTZOFFSETTO:+0300\nEND:STANDARD"


@pytest.mark.parametrize(
    ("name", "parameter"),
    [
        (r"(UTC+03:00) Moscow\, Minsk", '"(UTC+03:00) Moscow, Minsk"'),
        (r"(UTC+03:00) Moscow\, Minsk", r'"(UTC+03:00) Moscow\, Minsk"'),
        ("(UTC+03:00) Moscow, Minsk", '"(UTC+03:00) Moscow, Minsk"'),
        (r"Moscow\, Minsk", r"Moscow\, Minsk"),
        (r"Moscow\; Minsk", '"Moscow; Minsk"'),
        ("(UTC+03:00) Moscow", "(UTC+03:00) Moscow"),
        ("Our Zone", "Our Zone"),
    ],
)
def test_zone_name_is_one_name_with_and_without_escapes(path: Path, name: str, parameter: str) -> None:
    event = make_event(f"DTSTART;TZID={parameter}:20261120T140000", f"DTEND;TZID={parameter}:20261120T150000")
    path.write_text(make_calendar(make_zone(f"TZID:{name}", STANDARD), event))
    (draft,) = read_drafts(path)
    assert (f"{draft.at:%H:%M}", draft.minutes) == ("12:00", 60)


@pytest.mark.parametrize("name", ["Europe/Berlin", "W. Europe Standard Time", "OurZone", 'Our, "Zone'])
@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("BEGIN:STANDARD\nDTSTART:18930401T000000\nTZOFFSETFROM:+5328\nTZOFFSETTO:+0100\nEND:STANDARD",),
        ("BEGIN:STANDARD\nDTSTART:nonsense\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nEND:STANDARD",),
        ("BEGIN:STANDARD\nTZOFFSETTO:+0100\nEND:STANDARD",),
    ],
)
def test_bad_zone_costs_only_the_meetings_that_name_it(path: Path, name: str, lines: tuple[str, ...]) -> None:
    zoned = make_event(f'DTSTART;TZID="{name}":20261120T120000', "SUMMARY:Zoned", uid="zoned")
    path.write_text(make_calendar(make_zone(f"TZID:{name}", *lines), zoned, FINE))
    drafts, left_out = read_both(path)
    texts = [draft.text for draft in drafts]
    assert "Fine" in texts
    assert ("Zoned" in texts) is not ("“Zoned”" in left_out)
    if name == "Europe/Berlin":
        assert [f"{draft.text} {draft.at:%H:%M}" for draft in drafts] == ["Zoned 12:00", "Fine 13:00"]


@pytest.mark.parametrize(
    "line",
    [
        "EXDATE;TZID=Europe/Berlin:", "EXDATE:", "RDATE;VALUE=DATE:", "EXDATE:20261113T090000Z,", "EXDATE:,",
        "EXDATE:20261113T090000Z, 20261127T090000Z", "RDATE:", "DURATION:", "SEQUENCE:", "ATTENDEE;CN=Sam:",
        "ORGANIZER:", "EXDATE: ", "ATTENDEE:MAILTO: ", "STATUS:", "TRANSP:", "SUMMARY:",
    ],
)  # fmt: skip
def test_empty_property_means_nothing(path: Path, line: str) -> None:
    path.write_text(make_calendar(make_event(WEEKLY, "RRULE:FREQ=WEEKLY", line), FINE))
    drafts, left_out = read_both(path)
    assert (len(drafts), left_out) == (2, "")


def test_odd_line_of_one_meeting_costs_only_that(path: Path) -> None:
    path.write_text(make_calendar(make_event(WEEKLY, "RRULE:FREQ=SOMETIMES", "SUMMARY:Odd"), FINE))
    drafts, left_out = read_both(path)
    assert [draft.text for draft in drafts] == ["Fine"]
    assert "“Odd” is malformed" in left_out


@pytest.mark.parametrize("kept", ["END:VCALENDAR", "END:VEVENT\nEND:VCALENDAR", "UID:last\nEND:VEVENT\nEND:VCALENDAR"])
def test_file_that_is_cut_off_keeps_its_whole_meetings(path: Path, kept: str) -> None:
    text = make_calendar(FINE, make_event(NOON, "SUMMARY:Last", "UID:last")).removesuffix("\n")
    path.write_text(text.removesuffix(kept))
    drafts, left_out = read_both(path)
    assert "Fine" in [draft.text for draft in drafts]
    assert "it ends in the middle of a" in left_out


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("line_end", ["\r", "\n", "\r\n"])
def test_any_encoding_and_line_ends(path: Path, encoding: str, line_end: str) -> None:
    path.write_bytes(make_calendar(make_event(NOON, "SUMMARY:Grüße")).replace("\n", line_end).encode(encoding))
    assert [draft.text for draft in read_drafts(path)] == ["Grüße"]


@pytest.mark.parametrize(
    "address", ["MAILTO: me@x.example", "mailto:ME@x.example ", "me@x.example", "Mailto:me@x.example"]
)
def test_declined_is_recognized_however_the_address_is_written(path: Path, address: str) -> None:
    path.write_text(make_calendar(make_event(NOON, f"ATTENDEE;PARTSTAT=DECLINED:{address}")))
    assert read_both(path, "me@x.example") == ([], "")


def test_addresses_that_are_in_no_meeting_are_named(path: Path) -> None:
    path.write_text(make_calendar(make_event(NOON, "ATTENDEE:mailto:me@work.example", "SUMMARY:x")))
    drafts, left_out = read_both(path, "me@home.example")
    assert (len(drafts), left_out) == (
        1,
        "calendar: none of your addresses (me@home.example) is in the meetings of that day.",
    )
    path.write_text(make_calendar(FINE))
    assert read_both(path, "me@home.example")[1] == ""


def test_folder_without_calendars_is_named(tmp_path: Path) -> None:
    (tmp_path / "work" / "empty").mkdir(parents=True)
    assert "it is a folder without .ics files" in read_both(tmp_path / "work")[1]
    (tmp_path / "work" / "empty" / "a.ics").write_text(make_calendar(FINE))
    assert read_both(tmp_path / "work")[1] == ""


def test_one_file_of_a_folder_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_text("nothing")
    (tmp_path / "b.ics").write_text(make_calendar(FINE))
    drafts, left_out = read_both(tmp_path)
    assert len(drafts) == 1
    assert "a.ics: it contains no calendar" in left_out


@pytest.mark.parametrize("suffix", ["", "Z"])
def test_event_from_midnight_to_midnight_is_a_whole_day(path: Path, suffix: str) -> None:
    times = f"DTSTART:20261120T000000{suffix}\nDTEND:20261121T000000{suffix}"
    path.write_text(make_calendar(make_event(times)))
    (draft,) = read_drafts(path, make_span(FRIDAY, hour=4))
    assert (draft.at, draft.minutes) == (None, None)
    for day in (FRIDAY - timedelta(days=1), FRIDAY + timedelta(days=1)):
        assert read_drafts(path, make_span(day, hour=4)) == []


@pytest.mark.parametrize("zone", ["Mars/City", "", "GMT+25", "Europe/Berlin"])
def test_unknown_default_zone_costs_no_meeting(path: Path, zone: str) -> None:
    path.write_text(make_calendar(f"X-WR-TIMEZONE:{zone}", FINE))
    drafts, left_out = read_both(path)
    assert ([f"{draft.at:%H:%M}" for draft in drafts], left_out) == (["13:00"], "")
