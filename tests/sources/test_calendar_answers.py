"""The test calendars of recurring-ical-events: our drafts are the events that the library finds."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from support.calendars import run_worker_in_process
from valuelog.sources import SourceFailed, Span, calendar
from valuelog.sources.sanitize import sanitize_line

pytestmark = pytest.mark.slow  # it doesn't depend on the Python version, so the main run is enough

recurring_ical_events = pytest.importorskip("recurring_ical_events")
icalendar = pytest.importorskip("icalendar")
of = recurring_ical_events.of

FOLDER = Path(recurring_ical_events.__file__).parent / "test" / "calendars"
UNREADABLE = FOLDER / "bad_rrule_missing_until_event.ics"
"""The library refuses it, and so does our source."""

REVERSED = {"end_before_start_event", "issue_132_swapped_start_and_end"}
"""Events that end before they start: the library swaps the times, our drafts have no minutes."""

READABLE = sorted(path for path in FOLDER.rglob("*.ics") if path != UNREADABLE and path.stem not in REVERSED)
HERE = ZoneInfo("UTC")
"""UTC, so that the library and our source agree on floating times."""

DAYS = 8
"""Number of days with events that are compared per calendar, plus the day after each."""


@pytest.fixture(autouse=True)
def _in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    run_worker_in_process(monkeypatch)


def a_span(day: date) -> Span:
    start = datetime(day.year, day.month, day.day, tzinfo=HERE)
    return Span(day=day, start=start, end=start + timedelta(days=1))


def moment(when: date) -> datetime:
    if not isinstance(when, datetime):
        return datetime(when.year, when.month, when.day, tzinfo=HERE)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=HERE)


def days_of(parsed: Any) -> list[date]:  # noqa: ANN401  a calendar of icalendar
    """Return some days with events, and the days after them."""
    firsts = [event["DTSTART"].dt for event in parsed.walk("VEVENT")]
    if not firsts:
        return []
    first = min(moment(when) for when in firsts)
    found = of(parsed).between(first - timedelta(days=1), first + timedelta(days=800))
    days = sorted({moment(event["DTSTART"].dt).date() for event in found})
    some = days[:: max(1, len(days) // DAYS)][:DAYS]
    return sorted({*some, *(day + timedelta(days=1) for day in some)})


def theirs(parsed: Any, span: Span) -> set[tuple[str, int | None]]:  # noqa: ANN401  likewise
    """Return the texts and minutes that the library finds on a day."""
    return {draft for event in of(parsed).between(span.start, span.end) for draft in texts_and_minutes(event, span)}


def texts_and_minutes(event: Any, span: Span) -> Iterator[tuple[str, int | None]]:  # noqa: ANN401  an event of icalendar
    start, end = event["DTSTART"].dt, event["DTEND"].dt
    text = sanitize_line(str(event.get("SUMMARY", ""))) or "meeting"
    if event.get("STATUS", "").upper() == "CANCELLED" or event.get("TRANSP", "").upper() == "TRANSPARENT":
        return
    if not isinstance(start, datetime):
        yield text, None
        return
    begins, ends = max(moment(start), span.start), min(moment(end), span.end)
    yield text, (ends - begins) // timedelta(minutes=1) or None


def ours(path: Path, span: Span) -> set[tuple[str, int | None]]:
    drafts = calendar.SOURCE.drafts(span, {"paths": (path,)}, {})
    return {(draft.text, draft.minutes) for draft in drafts}


def compared(path: Path) -> dict[date, set[tuple[str, int | None]]]:
    """Return the events that the library finds on some days."""
    parsed = icalendar.Calendar.from_ical(path.read_bytes())
    return {span.day: theirs(parsed, span) for span in map(a_span, days_of(parsed))}


def test_calendars_contain_events_to_compare() -> None:
    assert sum(any(compared(path).values()) for path in READABLE) > 60


@pytest.mark.parametrize("path", READABLE, ids=lambda path: path.stem)
def test_drafts_equal_the_events_of_the_library(path: Path) -> None:
    found = compared(path)
    assert {day: ours(path, a_span(day)) for day in found} == found


@pytest.mark.parametrize("name", sorted(REVERSED))
def test_event_that_ends_before_it_starts_has_no_minutes(name: str) -> None:
    path = FOLDER / f"{name}.ics"
    firsts = days_of(icalendar.Calendar.from_ical(path.read_bytes()))
    assert [minutes for day in firsts for _, minutes in ours(path, a_span(day))] == [None]


def test_calendar_that_the_library_refuses_is_named() -> None:
    with pytest.raises(SourceFailed, match="bad_rrule_missing_until_event"):
        ours(UNREADABLE, a_span(date(2019, 8, 8)))
