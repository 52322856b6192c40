"""Which calendar files are read, and the errors of those that cannot be."""

import os
import sys
from pathlib import Path

import pytest

from support.calendars import FRIDAY, NOON, make_calendar, make_event, make_span, read_drafts, run_worker_in_process
from valuelog.sources import SourceFailed, calendar, calendar_worker
from valuelog.sources.calendar import SOURCE

pytest.importorskip("recurring_ical_events")


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run_worker_in_process(monkeypatch)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a calendar."""
    return tmp_path / "work.ics"


def test_folders_are_searched_except_hidden_and_linked_ones(tmp_path: Path) -> None:
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
        ("nothing", "contains no calendar"),
        (make_calendar(make_event("SUMMARY:x")), "“x” is malformed"),
        (make_calendar(make_event("DTSTART:20261120T250000")), "an event is malformed"),
        (make_calendar(make_event(NOON)).removesuffix("END:VCALENDAR\n"), "ends in the middle of a VCALENDAR"),
        ("END:VCALENDAR\n", "contains no calendar"),
        (make_calendar("CALSCALE:JULIAN", make_event(NOON)), "an event is malformed"),
    ],
)
def test_broken_file_is_named_after_the_drafts_of_others(tmp_path: Path, text: str, why: str) -> None:
    (tmp_path / "a.ics").write_text(text)
    (tmp_path / "b.ics").write_text(make_calendar(make_event(NOON, "SUMMARY:fine")))
    proposed = iter(SOURCE.drafts(make_span(FRIDAY), {"paths": (tmp_path,)}, {}))
    assert next(proposed).text == "fine"
    with pytest.raises(SourceFailed, match=f"calendar: .*a.ics: .*{why}"):
        next(proposed)


def test_broken_event_does_not_hide_others_in_its_file(path: Path) -> None:
    path.write_text(make_calendar(make_event("DTSTART:20261120T250000"), make_event(NOON, uid="2")))
    assert next(iter(SOURCE.drafts(make_span(FRIDAY), {"paths": (path,)}, {}))).minutes == 45


@pytest.mark.parametrize("name", ["missing.ics", "pipe", "folder/secret.ics"])
def test_unreadable_path_is_named(tmp_path: Path, name: str) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceFailed, match=name):
        read_drafts(tmp_path / name)


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([f"{NOON}\nRRULE:FREQ=SECONDLY"], "“Stand-up, daily” repeats more often than a real event"),
        ([f"{NOON}\nRRULE:FREQ=DAILY;INTERVAL=0"], "“Stand-up, daily” repeats at an invalid interval"),
        ([f"{NOON}\nRRULE:FREQ=NEVER"], "“Stand-up, daily” is malformed"),
        (["DTSTART:20261120T250000"], "“Stand-up, daily” is malformed"),
    ],
)
def test_malformed_event_is_named(path: Path, lines: list[str], why: str) -> None:
    path.write_text(make_calendar(make_event(*lines, "SUMMARY;LANGUAGE=en:Stand-up\\, da\n ily\\nand more")))
    with pytest.raises(SourceFailed, match=f"work.ics: {why}\\."):
        read_drafts(path)


def test_too_large_file_is_not_read(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(calendar_worker.MAX_FILE_BYTES + 1)
    with pytest.raises(SourceFailed, match="20 MB"):
        read_drafts(path)


def test_missing_paths_name_the_setting() -> None:
    with pytest.raises(SourceFailed, match=r"^calendar: no calendars are set\.$") as failed:
        list(SOURCE.drafts(make_span(FRIDAY), {}, {}))
    assert failed.value.hint == "Set them with: valuelog config set sources.calendar.paths ~/calendars"


def test_missing_libraries_name_the_install_command(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "recurring_ical_events", None)
    with pytest.raises(SourceFailed) as failed:
        read_drafts(path)
    assert failed.value.hint.startswith("pipx inject valuelog icalendar recurring-ical-events")


def test_events_far_from_the_day_are_not_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(500):
        when = f"DTSTART:20{number % 25:02}0101T120000Z"
        (tmp_path / f"{number}.ics").write_text(make_calendar(make_event(when, "DURATION:PT1H", uid=str(number))))
    monkeypatch.delattr(calendar_worker, "_expand_series")
    assert read_drafts(tmp_path) == []


def test_search_for_files_has_a_time_limit(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path.write_text(make_calendar(make_event(NOON)))
    monkeypatch.setattr(calendar, "SEARCH_TIMEOUT_SECONDS", 0.0)
    with pytest.raises(SourceFailed, match="too many calendars"):
        read_drafts(path)
    assert calendar.SEARCH_TIMEOUT_SECONDS + calendar.MIN_WORKER_SECONDS <= calendar.TOTAL_TIMEOUT_SECONDS
