"""What happens in calendars around a day: asks icalendar and recurring-ical-events, which know RFC 5545.

Runs as a process of its own, with little time and little memory: a calendar comes from other people. It reads a task
as JSON, the calendars that ics.py picked, and writes a line of JSON for each series of meetings.
"""

import json
import math
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from typing import Any

from valuelog.sources.ics import NEAR, OFTEN, title

TOTAL_CPU_SECONDS = 0.7
"""So much time of a processor all calendars together get."""

SERIES_CPU_SECONDS = 0.4
"""So much of it a series of meetings gets."""

MAX_CALENDAR_SHARE = 0.75
"""So much of the time that is left a calendar gets: one that takes it all hides none of those that follow."""

MAX_MEMORY_BYTES = 200_000_000
"""So many bytes the process may address."""

TIMEOUT_MESSAGE = "it would take too long to find out when its meetings are"


class _TimeLimitExceeded(BaseException):
    """The time is up; no library may catch it."""


@contextmanager
def _limit_cpu_time(seconds: float) -> Iterator[None]:
    """Raise _TimeLimitExceeded within what takes longer, and again shortly after, should it be lost."""

    def stop(*_: object) -> None:
        raise _TimeLimitExceeded

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001), 0.1)  # none at all would be for ever
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def expand_events(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what happens around a day, or why that cannot be said, each with the number of its file."""
    import icalendar  # noqa: PLC0415  an extra

    day, ends = date.fromisoformat(task["day"]), time.process_time() + TOTAL_CPU_SECONDS
    for calendar in task["calendars"]:
        icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # which forgets the zones of the calendar before
        now = time.process_time()
        for told in _expand_calendar(calendar, day, now + MAX_CALENDAR_SHARE * (ends - now)):
            yield {"file": calendar["file"], **told}


def _expand_calendar(calendar: Mapping[str, Any], day: date, deadline: float) -> Iterator[dict[str, Any]]:
    """Tell of one series of a calendar after the other, until its time is up."""
    for series in ([], *calendar["series"]):  # first the zones alone, so that they are read once
        left = deadline - time.process_time()
        told = (
            _expand_series(calendar, series, day, min(SERIES_CPU_SECONDS, left))
            if left > 0
            else {"why": TIMEOUT_MESSAGE}
        )
        yield told
        if left <= 0 or ("why" in told and not series):
            return


def _expand_series(calendar: Mapping[str, Any], series: list[list[str]], day: date, seconds: float) -> dict[str, Any]:
    try:
        with _limit_cpu_time(seconds):
            return {"found": _find_occurrences(calendar, series, day)}
    except _TimeLimitExceeded:
        return {
            "why": f"it would take too long to find out when {_title(series)} takes place"
            if series
            else TIMEOUT_MESSAGE
        }
    except MemoryError:
        return {"why": "it would take too much memory to find out when its meetings are"}
    except Exception:  # noqa: BLE001  the libraries raise whatever a malformed line leads to
        return {"why": f"{_title(series)} cannot be understood" if series else "it cannot be understood"}


def _title(series: list[list[str]]) -> str:
    return title(series[0][1])


def _find_occurrences(calendar: Mapping[str, Any], series: list[list[str]], day: date) -> list[dict[str, Any]]:
    from icalendar import Calendar as Parsed  # noqa: PLC0415  an extra
    from recurring_ical_events import of  # noqa: PLC0415  likewise

    events = [f"BEGIN:VEVENT\n{dated}\nX-PLACE:{place}\nEND:VEVENT" for place, (dated, _) in enumerate(series)]
    lines = ["BEGIN:VCALENDAR", calendar["head"], *(events or calendar["zones"]), "END:VCALENDAR"]
    parsed = Parsed.from_ical("\n".join(lines).encode())
    _drop_negative_ends(parsed)
    _skip_old_occurrences(parsed, day)
    alone = not any({"RRULE", "RDATE", "RECURRENCE-ID"} & set(event) for event in parsed.walk("VEVENT"))
    first = datetime.combine(day - timedelta(days=NEAR), datetime.min.time())  # each in its own zone
    found = of(parsed).between(first, timedelta(days=2 * NEAR + 1))
    if len(found) > OFTEN * (2 * NEAR + 1):
        raise _TimeLimitExceeded
    return [_event_to_json(event, series[int(event["X-PLACE"])][1], alone=alone) for event in found]


def _drop_negative_ends(parsed: Any) -> None:  # noqa: ANN401  a calendar of icalendar
    """Take the end from meetings that end before they begin; the libraries would turn them around."""
    for event in parsed.walk("VEVENT"):
        with suppress(TypeError):  # a day and a moment, or one with a zone and one without
            if event.get("DTEND", event["DTSTART"]).dt < event["DTSTART"].dt:
                del event["DTEND"]


def _skip_old_occurrences(parsed: Any, day: date) -> None:  # noqa: ANN401  a calendar of icalendar
    """Let series that run for years begin shortly before a day; the libraries count from the first date on."""
    events = parsed.walk("VEVENT")
    later = [event for event in events if "RECURRENCE-ID" in event]
    if any("RANGE" in event["RECURRENCE-ID"].params or {"RRULE", "RDATE", "EXDATE"} & set(event) for event in later):
        return
    for event in events:
        start, end = event["DTSTART"].dt, event.get("DTEND", event["DTSTART"]).dt
        moved = "X-WR-TIMEZONE" in parsed and isinstance(start, datetime) and not start.utcoffset()
        if isinstance(rule := event.get("RRULE"), dict) and type(start) is type(end) and not moved:
            lasts = abs(end - start) + getattr(event.get("DURATION"), "dt", timedelta())
            by = timedelta(days=_days_to_skip(rule, (day - date(start.year, start.month, start.day) - lasts).days))
            for name in {"DTSTART", "DTEND"} & set(event):
                event[name].dt += by


def _days_to_skip(rule: Mapping[str, list[Any]], days: int) -> int:
    """Say by how many of so many days a rule can begin later and still fall on the same days; 40 stay at least."""
    every = int(rule.get("INTERVAL", [1])[0])
    step = {"HOURLY": every // math.gcd(every, 24), "DAILY": every, "WEEKLY": 7 * every}.get(rule.get("FREQ", [""])[0])
    return (days - 40) // step * step if step and days > 40 and "COUNT" not in rule else 0  # noqa: PLR2004  as said


def _event_to_json(event: Any, source_text: str, *, alone: bool) -> dict[str, Any]:  # noqa: ANN401  an event of icalendar
    """Tell an event as plain values; `id` tells it from others of its series, and is empty for one that is alone."""
    from icalendar import Event as Parsed  # noqa: PLC0415  an extra

    words = Parsed.from_ical(f"BEGIN:VEVENT\n{source_text}\nEND:VEVENT".encode())
    first = event["DTSTART"] if "RANGE" in event["RECURRENCE-ID"].params else event["RECURRENCE-ID"]
    names = ("SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
    return {
        "uid": str(event.get("UID") or source_text),
        "id": "" if alone and event.get("UID") else _format_iso(first.dt),
        "start": _format_iso(event["DTSTART"].dt),
        "end": _format_iso(event["DTEND"].dt),
        **{name: str(value)[:1000] for name in names for value in _list_values(words, name)[:1]},
        "ORGANIZER": [_person_to_json(one) for one in _list_values(words, "ORGANIZER")],
        "ATTENDEE": [_person_to_json(one) for one in _list_values(words, "ATTENDEE")],
    }


def _list_values(component: Any, name: str) -> list[Any]:  # noqa: ANN401  an event of icalendar
    values = component.get(name, [])
    return values if isinstance(values, list) else [values]


def _person_to_json(address: Any) -> dict[str, str]:  # noqa: ANN401  an address of icalendar
    params = {name: str(address.params.get(name, "")) for name in ("CN", "EMAIL", "CUTYPE", "PARTSTAT")}
    return {"address": str(address), **params}


def _format_iso(moment: date) -> str:
    return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) and moment.tzinfo else moment.isoformat()


def main() -> None:
    """Read a task, and write what happens line by line, so that what was found before the time was up is not lost."""
    import resource  # noqa: PLC0415  not every system has it

    with suppress(ValueError, OSError):  # not every system can
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
    for told in expand_events(json.load(sys.stdin)):
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
