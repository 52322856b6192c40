"""Factories for iCalendar texts, and the drafts they produce for a day."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from valuelog.model.draft import Draft
from valuelog.sources import Span, calendar, calendar_worker
from valuelog.sources.calendar import SOURCE

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 11, 20)
NOON = "DTSTART:20261120T120000Z\nDTEND:20261120T124500Z"


def make_event(*lines: str, uid: str = "1") -> str:
    """Return a VEVENT."""
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", *lines, "END:VEVENT"])


def make_calendar(*parts: str) -> str:
    """Return a VCALENDAR with these components."""
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *parts, "END:VCALENDAR", ""])


def make_span(day: date, zone: ZoneInfo = BERLIN, hour: int = 0) -> Span:
    """Return the span of a day that starts at an hour."""
    start, end = (datetime(on.year, on.month, on.day, hour, tzinfo=zone) for on in (day, day + timedelta(days=1)))
    return Span(day=day, start=start, end=end)


def run_worker_in_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the worker in this process, which is faster; test_calendar_bombs.py uses the real child process."""

    def run_worker(task: bytes, _: float) -> tuple[list[bytes], bool]:
        return [json.dumps(result).encode() for result in calendar_worker.expand_files(json.loads(task))], True

    monkeypatch.setattr(calendar, "_run_worker", run_worker)


def read_drafts(paths: Path, on: Span | date = FRIDAY, *emails: str) -> list[Draft]:
    """Return the drafts for a day."""
    options: dict[str, Any] = {"paths": (paths,), "emails": emails}
    return list(SOURCE.drafts(on if isinstance(on, Span) else make_span(on), options, {}))
