"""Malicious calendars: each is bounded in CPU time and memory, and hides no other calendar."""

import json
import os
import resource
import subprocess
import sys
from contextlib import suppress
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from valuelog.sources import SourceFailed, Span, calendar, calendar_worker

pytest.importorskip("recurring_ical_events")

SECONDS = 2.0
MEMORY = 300_000_000
START = datetime(2026, 11, 20, tzinfo=ZoneInfo("Europe/Berlin"))
TODAY = Span(day=date(2026, 11, 20), start=START, end=START + timedelta(days=1))
NOON = "DTSTART:20261120T120000Z\nDTEND:20261120T123000Z\nSUMMARY:lunch"


def event(*lines: str, uid: str = "bomb") -> str:
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def a_calendar(*parts: str) -> str:
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *parts, "END:VCALENDAR", ""])


SINCE = "DTSTART:19700101T090000Z\nDTEND:19700101T093000Z"
MANY_DATES = ",".join(f"{2000 + number // 365:04}0101T{number % 24:02}0000Z" for number in range(80_000))
BOMBS = {
    "each second": event(SINCE, "RRULE:FREQ=SECONDLY"),
    "each second for ten thousand years": event(SINCE, "RRULE:FREQ=SECONDLY;UNTIL=99991231T235959Z"),
    "each minute": event(SINCE, "RRULE:FREQ=MINUTELY"),
    "after no time at all": event(SINCE, "RRULE:FREQ=DAILY;INTERVAL=0"),
    "back in time": event(SINCE, "RRULE:FREQ=DAILY;INTERVAL=-1"),
    "daily for ten thousand years": event(SINCE.replace("1970", "0001"), "RRULE:FREQ=DAILY;UNTIL=99991231T235959Z"),
    "a count without end": event(SINCE, f"RRULE:FREQ=DAILY;COUNT={10**18}"),
    "an hour, each second of it": event(SINCE, "RRULE:FREQ=HOURLY;BYSECOND=" + ",".join(map(str, range(60)))),
    "never again": event(SINCE, "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    "never again, hour by hour": event(SINCE, "RRULE:FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"),
    "eighty thousand dates": event(SINCE, f"RDATE:{MANY_DATES}"),
    "eighty thousand exceptions": event(SINCE, "RRULE:FREQ=DAILY", f"EXDATE:{MANY_DATES}"),
    "thirty thousand series": "\n".join(
        event(SINCE, "RRULE:FREQ=DAILY", uid=str(number)) for number in range(30_000)
    ),
    "two thousand series": "\n".join(
        event(SINCE, "RRULE:FREQ=MONTHLY;BYDAY=-1FR", uid=str(number)) for number in range(2_000)
    ),
    "parts in parts": "BEGIN:VEVENT\n" * 100_000,
    "one long line": event(NOON, "DESCRIPTION:" + "x" * 19_000_000),
    "folded to death": event(NOON, "DESCRIPTION:" + "x\n " * 6_000_000),
    "a zone that never rests": "\n".join(
        ["BEGIN:VTIMEZONE", "TZID:Mad", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100",
         "TZOFFSETTO:+0200", "RRULE:FREQ=SECONDLY", "END:STANDARD", "END:VTIMEZONE",
         event("DTSTART;TZID=Mad:20261120T100000", "DURATION:PT1H")]
    ),
    "a hundred thousand people": event(NOON, *(f"ATTENDEE:mailto:{number}@example.org" for number in range(100_000))),
}  # fmt: skip


def main(folder: str) -> None:
    """Read the calendars in a folder; print the texts of drafts, the CPU seconds and the peak memory as JSON."""
    found = set()
    with suppress(SourceFailed):
        for draft in calendar.SOURCE.drafts(TODAY, {"paths": (Path(folder),)}, {}):
            found.add(draft.text)
    times = os.times()
    seconds = times.user + times.system + times.children_user + times.children_system
    json.dump([sorted(found), seconds, peak_memory()], sys.stdout)


def peak_memory() -> int:
    """Return the peak memory of this process and its children in bytes."""
    return max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)) * 1024


@pytest.mark.slow
@pytest.mark.parametrize("bomb", BOMBS)
def test_malicious_calendar_is_bounded_and_does_not_hide_others(tmp_path: Path, bomb: str) -> None:
    (tmp_path / "a.ics").write_text(a_calendar(BOMBS[bomb]))
    (tmp_path / "b.ics").write_text(a_calendar(event(NOON, uid="fine")))
    # Through a shell: Linux counts the memory of a process before exec, and this one is large.
    program = ["/bin/sh", "-c", '"$0" "$1" "$2"; exit $?', sys.executable, __file__, str(tmp_path)]
    done = subprocess.run(program, capture_output=True, text=True, check=True, env={"PATH": os.defpath})
    found, seconds, memory = json.loads(done.stdout)
    assert "lunch" in found
    assert seconds < SECONDS
    assert memory < MEMORY


REFUSED = [
    "each second",
    "after no time at all",
    "thirty thousand series",
    "two thousand series",
    "parts in parts",
    "a hundred thousand people",
]


@pytest.mark.parametrize("bomb", REFUSED)
def test_malicious_calendar_is_named(tmp_path: Path, bomb: str) -> None:
    (tmp_path / "a.ics").write_text(a_calendar(BOMBS[bomb]))
    with pytest.raises(SourceFailed, match=r"a\.ics: ") as failed:
        list(calendar.SOURCE.drafts(TODAY, {"paths": (tmp_path,)}, {}))
    assert "\n" not in failed.value.message


def test_daily_rule_for_ten_thousand_years_is_expanded(tmp_path: Path) -> None:
    (tmp_path / "a.ics").write_text(a_calendar(BOMBS["daily for ten thousand years"].replace("0001", "1000", 2)))
    assert [draft.minutes for draft in calendar.SOURCE.drafts(TODAY, {"paths": (tmp_path,)}, {})] == [30]


WORKER = """
import resource
from valuelog.sources import calendar_worker
names = "RLIMIT_AS", "RLIMIT_CPU"
calendar_worker.expand_files = lambda task: [{name: resource.getrlimit(getattr(resource, name))[1] for name in names}]
calendar_worker.main()
"""
"""The worker, which answers with its limits instead of events."""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may have no such limits")
def test_worker_memory_and_cpu_time_are_limited() -> None:
    worker = [sys.executable, "-c", WORKER]
    done = subprocess.run(worker, input="{}", capture_output=True, text=True, check=True)
    limits = json.loads(done.stdout)
    assert limits == {"RLIMIT_AS": calendar_worker.MAX_MEMORY_BYTES, "RLIMIT_CPU": 3}
    assert limits["RLIMIT_AS"] <= MEMORY


if __name__ == "__main__":
    main(sys.argv[1])
