"""Files of calendars: which are read, and what is said of those that cannot be."""

import os
import sys
from pathlib import Path

import pytest

from support.calendars import FRIDAY, NOON, make_calendar, make_event, make_span, read_drafts, run_worker_in_process
from valuelog.sources import SourceFailed, calendar
from valuelog.sources.calendar import SOURCE

pytest.importorskip("recurring_ical_events")


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run_worker_in_process(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return where a calendar goes."""
    return tmp_path / "work.ics"


def test_folders_are_searched_but_not_what_is_hidden_or_linked(tmp_path: Path) -> None:
    for number, name in enumerate(
        ("a/b/c/x.ics", "a/Y.ICS", "a/.tmp.ics", ".git/z.ics", "a/notes.txt", "1/2/3/4/5/6/7.ics")
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(make_calendar(make_event(NOON, f"SUMMARY:{name}", uid=str(number))))
    (tmp_path / "a" / "loop").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.ics")
    assert {draft.text for draft in read_drafts(tmp_path)} == {"a/b/c/x.ics", "a/Y.ICS"}


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("nothing", "no calendar"),
        (make_calendar(make_event("SUMMARY:x")), "cannot be understood"),
        (make_calendar(make_event("DTSTART:20261120T250000")), "cannot be understood"),
        (make_calendar(make_event(NOON)).removesuffix("END:VCALENDAR\n"), "in the middle"),
        ("END:VCALENDAR\n", "did not begin"),
        (make_calendar("CALSCALE:JULIAN", make_event(NOON)), "cannot be understood"),
    ],
)
def test_a_broken_file_is_named_after_what_could_be_read(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.ics").write_text(text)
    (tmp_path / "b.ics").write_text(make_calendar(make_event(NOON, "SUMMARY:fine")))
    proposed = iter(SOURCE.drafts(make_span(FRIDAY), {"paths": (tmp_path,)}, {}))
    assert next(proposed).text == "fine"
    with pytest.raises(SourceFailed, match=f"calendar: .*a.ics: .*{why}"):
        next(proposed)


def test_a_broken_meeting_does_not_hide_the_others_of_its_file(path: Path) -> None:
    path.write_text(make_calendar(make_event("DTSTART:20261120T250000"), make_event(NOON, uid="2")))
    assert next(iter(SOURCE.drafts(make_span(FRIDAY), {"paths": (path,)}, {}))).minutes == 45


@pytest.mark.parametrize("name", ["missing.ics", "pipe", "folder/secret.ics"])
def test_what_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceFailed, match=name):
        read_drafts(tmp_path / name)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([f"{NOON}\nRRULE:FREQ=SECONDLY"], "“Stand-up, daily” repeats more often than anybody meets"),
        ([f"{NOON}\nRRULE:FREQ=DAILY;INTERVAL=0"], "“Stand-up, daily” repeats after no time at all"),
        ([f"{NOON}\nRRULE:FREQ=NEVER"], "“Stand-up, daily” cannot be understood"),
        (["DTSTART:20261120T250000"], "“Stand-up, daily” cannot be understood"),
    ],
)
def test_a_meeting_that_cannot_be_read_is_named(path: Path, lines: list[str], why: str) -> None:
    path.write_text(make_calendar(make_event(*lines, "SUMMARY;LANGUAGE=en:Stand-up\\, da\n ily\\nand more")))
    with pytest.raises(SourceFailed, match=f"work.ics: {why}\\."):
        read_drafts(path)


def test_a_file_that_is_too_large_is_not_read(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(calendar.MAX_FILE_BYTES + 1)
    with pytest.raises(SourceFailed, match="20 MB"):
        read_drafts(path)


def test_without_paths_it_says_how_to_set_them() -> None:
    with pytest.raises(SourceFailed, match=r"^calendar: no calendars are set\.$") as failed:
        list(SOURCE.drafts(make_span(FRIDAY), {}, {}))
    assert failed.value.hint == "Set them with: valuelog config set sources.calendar.paths ~/calendars"


def test_without_the_libraries_it_says_how_to_get_them(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "recurring_ical_events", None)
    with pytest.raises(SourceFailed) as failed:
        read_drafts(path)
    assert failed.value.hint.startswith("pipx inject valuelog icalendar recurring-ical-events")


def test_files_that_lie_far_from_the_day_start_no_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(500):
        when = f"DTSTART:20{number % 25:02}0101T120000Z"
        (tmp_path / f"{number}.ics").write_text(make_calendar(make_event(when, "DURATION:PT1H", uid=str(number))))
    monkeypatch.delattr(calendar, "_run_worker")
    assert read_drafts(tmp_path) == []


def test_nobody_waits_longer_on_a_busy_machine(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(make_calendar(make_event(NOON)))
    monkeypatch.setattr(calendar, "SCAN_TIMEOUT_SECONDS", 0.0)
    with pytest.raises(SourceFailed, match="more calendars than can be read"):
        read_drafts(path)
    assert calendar.SCAN_TIMEOUT_SECONDS + calendar.MIN_WORKER_SECONDS <= calendar.TOTAL_TIMEOUT_SECONDS
