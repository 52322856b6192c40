"""Child process of the calendar source: reads .ics files and expands the events around a day, or some days.

Calendars are untrusted, so this runs with limits on CPU time and memory. icalendar and recurring-ical-events know
RFC 5545; they need about 0.5 ms per event, so a text search first drops those from years ago.
Input: {"day": "2026-11-20", "files": [PATH, …]} as JSON, with the `last` day if there are several. Output: lines of
JSON that name a file by its index and hold `events` or an `error`; with neither, reading the file began.
"""

import json
import math
import os
import re
import signal
import stat
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from valuelog.model.encoding import detect_encoding
from valuelog.sources.sanitize import sanitize_line

TOTAL_CPU_SECONDS = 1.2
"""CPU time for all files together."""

MAX_FILE_SHARE = 0.75
"""Fraction of the remaining CPU time that one file gets, so that none starves those after it."""

SERIES_CPU_SECONDS = 0.4
"""CPU time for one series of events."""

MAX_MEMORY_BYTES = 200_000_000
"""Address space of the process."""

MAX_FILE_BYTES = 20_000_000

MAX_SERIES_BYTES = 300_000
"""Size of the events of a series, without descriptions and attachments."""

MAX_OCCURRENCES_PER_DAY = 24

MARGIN_DAYS = 2
"""Days searched before and after the day: time zones differ by more than one."""

TIMEOUT_MESSAGE = "it takes too long to expand"


class _TimeLimitExceeded(BaseException):
    """The CPU time is used up; a BaseException, so that no library catches it."""


class _Unreadable(Exception):
    """A file or series that cannot be read; the message says why."""


class _Days(NamedTuple):
    """The days that are searched, margins included."""

    first: date
    last: date

    @classmethod
    def around(cls, first: date, last: date) -> "_Days":
        """Add the margins to the days asked for."""
        margin = timedelta(days=MARGIN_DAYS)
        return cls(first - margin, last + margin)

    @property
    def length(self) -> int:
        """The number of days."""
        return (self.last - self.first).days + 1


@contextmanager
def _limit_cpu_time(seconds: float) -> Iterator[None]:
    """Raise _TimeLimitExceeded in a block that takes longer, and again every 0.1 s in case a library swallows it."""

    def stop(*_: object) -> None:
        raise _TimeLimitExceeded

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001), 0.1)  # 0 would mean no limit
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def expand_files(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the lines of output for a task."""
    first = date.fromisoformat(task["day"])
    days = _Days.around(first, date.fromisoformat(task.get("last", task["day"])))
    end = time.process_time() + TOTAL_CPU_SECONDS
    for index, path in enumerate(task["files"]):
        yield {"file": index}
        now = time.process_time()
        for result in _expand_file(path, days, now + MAX_FILE_SHARE * (end - now)):
            yield {"file": index, **result}


def _expand_file(path: str, days: _Days, deadline: float) -> Iterator[dict[str, Any]]:
    try:
        with _limit_cpu_time(deadline - time.process_time()):
            calendars = [_parse_calendar(text, days) for text in _split_calendars(_read_file(path))]
    except (_TimeLimitExceeded, Exception) as error:  # noqa: BLE001  a file may contain anything
        yield {"error": _describe_error(error)}
        return
    if incomplete := next((calendar.incomplete for calendar in calendars if calendar.incomplete), ""):
        yield {"error": f"it ends in the middle of a {incomplete}"}
    for calendar in calendars:
        yield from _expand_calendar(calendar, days, deadline)


def _describe_error(error: BaseException, subject: str = "it") -> str:
    match error:
        case _Unreadable():
            return str(error).format(subject)
        case OSError():
            return f"it cannot be read ({error.strerror})"
        case _TimeLimitExceeded():
            return f"{subject} takes too long to expand"
        case MemoryError():
            return f"{subject} takes too much memory to expand"
    return f"{subject} is malformed"


def _read_file(path: str) -> bytes:
    """Return the unfolded lines of a regular file; O_NONBLOCK so that a FIFO does not block."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123  a descriptor
        is_regular = stat.S_ISREG(os.fstat(file.fileno()).st_mode)
        data = file.read(MAX_FILE_BYTES + 1) if is_regular else b""
    if not is_regular or len(data) > MAX_FILE_BYTES:
        raise _Unreadable(f"it is not a regular file of at most {MAX_FILE_BYTES // 1_000_000} MB")
    if (encoding := detect_encoding(data)) != "utf-8":
        data = data.decode(encoding, "replace").encode()
    data = data.replace(b"\r\n", b"\n")
    data = data if b"\n" in data else data.replace(b"\r", b"\n")
    return data.replace(b"\n ", b"").replace(b"\n\t", b"")


# Text search: which events may concern a day


@dataclass(frozen=True, slots=True)
class _Calendar:
    """The part of a VCALENDAR that may concern a day, as iCalendar text."""

    header: str
    zones: list[str]
    series: list[list[bytes]]
    incomplete: str
    """The type of a component that the file ends in, or nothing."""


def _lines(*names: str) -> re.Pattern[bytes]:
    return re.compile(rb"^(?:%s)[;:].*" % "|".join(names).encode(), re.IGNORECASE | re.MULTILINE)


_HEADER = _lines("X-WR-TIMEZONE", "CALSCALE")
_TZID, _UID = _lines("TZID"), _lines("UID")
_SPAN, _DURATION = _lines("DTSTART", "DTEND"), _lines("DURATION")
_TIMES = _lines("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE")
_EXCEPTION, _RECURRING = _lines("RECURRENCE-ID"), _lines("RRULE", "RDATE", "RECURRENCE-ID")
_PARSED = _lines(
    "UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID",
    "SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "ATTENDEE", "ORGANIZER",
)  # fmt: skip
_IDENTIFYING = _lines("SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "ATTENDEE", "ORGANIZER")
_SUMMARY = re.compile(r"^SUMMARY(?:;[^:\n]*)?:(.*)", re.IGNORECASE | re.MULTILINE)
_OPEN_ENDED = re.compile(
    rb"^RECURRENCE-ID[^:\n]*RANGE=|^RDATE.*/|^RRULE(?!.*UNTIL=\d{8})", re.IGNORECASE | re.MULTILINE
)
_DATE, _UNTIL = re.compile(rb"(?<!\d)\d{8}(?!\d)"), re.compile(rb"UNTIL=(\d{8})", re.IGNORECASE)
_PERIOD = re.compile(rb"(\d{1,6})([WDHMS])", re.IGNORECASE)
_PERIOD_DAYS = {b"W": 7, b"D": 1, b"H": 1 / 24, b"M": 1 / 1440, b"S": 1 / 86400}


def _split_calendars(data: bytes) -> list[bytes]:
    """Return the contents of the calendars of a file; one that is cut off ends with the mark of this."""
    calendars, _, cut_off = _split_components(data, b"VCALENDAR")
    if not calendars and not cut_off:
        raise _Unreadable("it contains no calendar")
    return [*calendars, *(_CUT_OFF + calendar for calendar in cut_off)]


_CUT_OFF = b"\0"
"""Marks a calendar without an end."""


def _split_components(data: bytes, name: bytes) -> tuple[list[bytes], bytes, list[bytes]]:
    """Return the contents of all components of a name, the text around them, and those without an end; linear time."""
    around, *parts = re.split(rb"(?im)^BEGIN:%s[ \t]*$" % name, data)
    components: list[bytes] = []
    cut_off: list[bytes] = []
    rest = [around]
    for part in parts:
        component, *after = re.split(rb"(?im)^END:%s[ \t]*$" % name, part, maxsplit=1)
        (components if after else cut_off).append(component)
        rest += after
    return components, b"".join(rest), cut_off


def _parse_calendar(text: bytes, days: _Days) -> _Calendar:
    """Return the events that may concern a day, grouped by UID, and the time zones that they name."""
    first, last = days
    events, rest, cut_off = _split_components(text, b"VEVENT")
    incomplete = "VEVENT" if cut_off else "VCALENDAR" if text.startswith(_CUT_OFF) else ""
    series: dict[bytes, list[bytes]] = {}
    for index, event in enumerate(events):
        body = _split_components(event, b"VALARM")[1] if b"VALARM" in event else event
        if _RECURRING.search(body) or _may_occur(body, body, first, last):
            uid = _UID.search(body)
            lines = b"\n".join(filter(None, map(_clean_line, _PARSED.findall(body))))
            series.setdefault(uid[0] if uid else b"%d" % index, []).append(lines)
    near = [_drop_far_exceptions(group, first, last) for group in series.values() if _any_near(group, first, last)]
    text = b"\n".join(b"\n".join(group) for group in near)
    zones, rest, _ = _split_components(rest, b"VTIMEZONE") if text else ([], rest, [])
    zones = [_TZID.sub(lambda line: _unescape(line[0]), zone) for zone in zones]
    named = [zone for zone in zones if (tzid := _TZID.search(zone)) and tzid[0].partition(b":")[2].strip() in text]
    return _Calendar(
        header=_decode(b"\n".join(_HEADER.findall(rest))),
        zones=[f"BEGIN:VTIMEZONE\n{_decode(zone).strip()}\nEND:VTIMEZONE" for zone in named],
        series=near,
        incomplete=incomplete,
    )


_EMPTY = re.compile(
    rb"^(?:DTEND|DURATION|RRULE|RDATE|EXDATE|RECURRENCE-ID|SEQUENCE|ATTENDEE|ORGANIZER)(?:;.*)?:[ \t]*$", re.IGNORECASE
)
_DATE_LIST, _RULE = _lines("EXDATE", "RDATE"), _lines("RRULE")
_ZONE_NAME = re.compile(rb';TZID=(?:"([^"\n]*)"|([^"\n]*?))(?=:\d{8}|;[A-Z-]+=)', re.IGNORECASE)


def _clean_line(line: bytes) -> bytes:
    """Return a line without what other programs add; nothing for a property without a value, which means nothing."""
    line = _ZONE_NAME.sub(lambda name: b';TZID="%s"' % _unescape(name[1] or name[2] or b""), line)
    if _DATE_LIST.match(line):
        head, colon, dates = line.rpartition(b":")
        line = head + colon + b",".join(filter(None, map(bytes.strip, dates.split(b","))))
    if _RULE.match(line):
        line = re.sub(rb"[ \t]+|;+(?=;|$)", b"", line)
    return b"" if _EMPTY.match(line) else line


def _unescape(text: bytes) -> bytes:
    r"""Return the name of a time zone without escapes: Amsterdam\, Berlin is one name with or without them."""
    return re.sub(rb"\\([,;\\])", rb"\1", text)


def _decode(text: bytes) -> str:
    return text.decode("utf-8", "replace")


def _any_near(series: list[bytes], first: date, last: date) -> bool:
    text = b"\n".join(series)
    return _may_occur(text, text, first, last)


def _drop_far_exceptions(series: list[bytes], first: date, last: date) -> list[bytes]:
    text = b"\n".join(series)
    return [event for event in series if not _EXCEPTION.search(event) or _may_occur(event, text, first, last)]


def _may_occur(event: bytes, series: bytes, first: date, last: date) -> bool:
    """Return False if no date of an event, or of the occurrence that it replaces, is within some days."""
    text = b"\n".join(_TIMES.findall(event))
    dates = _parse_dates([*_DATE.findall(text), *_UNTIL.findall(event)])
    if not dates or min(dates) > last:
        return not dates
    return max(dates) >= first or _OPEN_ENDED.search(event) is not None or max(dates) + _max_length(series) >= first


def _parse_dates(digits: list[bytes]) -> list[date]:
    dates = []
    for yyyymmdd in digits:
        with suppress(ValueError):  # the libraries report invalid dates
            dates.append(date(int(yyyymmdd[:4]), int(yyyymmdd[4:6]), int(yyyymmdd[6:])))
    return dates


def _max_length(series: bytes) -> timedelta:
    """Return at least the length of the longest event."""
    dates = _parse_dates(_DATE.findall(b"\n".join(_SPAN.findall(series))))
    periods = _PERIOD.findall(b"".join(_DURATION.findall(series)))
    days = sum(int(number) * _PERIOD_DAYS[unit.upper()] for number, unit in periods)
    distance = (max(dates) - min(dates)).days if dates else 0
    return timedelta(days=min(1 + distance + days, 100_000))


# Expansion: when the events take place


def _expand_calendar(calendar: _Calendar, days: _Days, deadline: float) -> Iterator[dict[str, Any]]:
    """Yield the occurrences of one series after the other until the deadline."""
    if not calendar.series:
        return
    import icalendar  # noqa: PLC0415  an extra, and most files have no event near the day

    icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # resets icalendar's cache of custom time zones
    calendar = replace(calendar, header=_drop_unknown_zone(calendar.header))
    unreadable = []
    for zone in calendar.zones:
        try:
            with _limit_cpu_time(deadline - time.process_time()):
                icalendar.Calendar.from_ical(_calendar_text(calendar, zone))  # caches the time zone
        except _TimeLimitExceeded as error:
            yield {"error": _describe_error(error)}
            return
        except Exception:  # noqa: BLE001  the libraries raise anything
            unreadable.append(_zone_name(zone))
    unreadable = [name for name in unreadable if not _is_known_zone(name)]
    for series in calendar.series:
        if name := _find_zone(series, unreadable):
            yield {"error": f"{_quote_title(series[0])} has a malformed time zone, “{sanitize_line(name, 60)}”"}
            continue
        left = deadline - time.process_time()
        if left <= 0:
            yield {"error": TIMEOUT_MESSAGE}
            return
        yield _expand_series(calendar, series, days, min(SERIES_CPU_SECONDS, left))


def _drop_unknown_zone(header: str) -> str:
    """Return the header without a default time zone that the libraries do not know."""
    match = re.search(r"^X-WR-TIMEZONE[^:\n]*:(.*)\n?", header, re.IGNORECASE | re.MULTILINE)
    return header if not match or _is_known_zone(match[1].strip()) else header.replace(match[0], "")


def _zone_name(zone: str) -> str:
    match = _TZID.search(zone.encode())
    return _decode(match[0].partition(b":")[2].strip()) if match else ""


def _is_known_zone(name: str) -> bool:
    """Return True if the libraries know a time zone by its name."""
    from icalendar import Event  # noqa: PLC0415  an extra

    try:
        event: Any = Event.from_ical(f'BEGIN:VEVENT\nDTSTART;TZID="{name}":20260101T000000\nEND:VEVENT')
        return event["DTSTART"].dt.tzinfo is not None
    except Exception:  # noqa: BLE001  the libraries raise anything
        return False


def _find_zone(series: list[bytes], names: list[str]) -> str:
    """Return the first of some time zones that a series names, or nothing."""
    return next((name for name in names if any(b';TZID="%s"' % name.encode() in event for event in series)), "")


def _calendar_text(calendar: _Calendar, components: str) -> str:
    return "\n".join(filter(None, ("BEGIN:VCALENDAR", calendar.header, components, "END:VCALENDAR")))


def _expand_series(calendar: _Calendar, series: list[bytes], days: _Days, seconds: float) -> dict[str, Any]:
    try:
        with _limit_cpu_time(seconds):
            return {"events": _find_occurrences(calendar, series, days)}
    except (_TimeLimitExceeded, Exception) as error:  # noqa: BLE001  the libraries raise anything
        return {"error": _describe_error(error, _quote_title(series[0]))}


def _quote_title(event: bytes) -> str:
    """Return the title of an event in quotation marks, for an error message."""
    match = _SUMMARY.search(_decode(event[:MAX_SERIES_BYTES]))
    title = re.sub(r"\\(.)", lambda escaped: "\n" if escaped[1] in "nN" else escaped[1], match[1] if match else "")
    return f"“{line}”" if (line := sanitize_line(title, 60)) else "an event"


def _find_occurrences(calendar: _Calendar, series: list[bytes], days: _Days) -> list[dict[str, Any]]:
    from icalendar import Calendar as Parser  # noqa: PLC0415  an extra
    from recurring_ical_events import of  # noqa: PLC0415  an extra

    if sum(map(len, series)) > MAX_SERIES_BYTES:
        raise _Unreadable("{} has more dates or people than a real event")
    components = "\n".join(f"BEGIN:VEVENT\n{_decode(event)}\nEND:VEVENT" for event in series)
    parsed = Parser.from_ical(_calendar_text(calendar, components))
    events = parsed.walk("VEVENT")
    for event in events:
        if any(name == "RRULE" for name, _ in event.errors):
            raise ValueError  # icalendar before version 7 drops a rule that it cannot parse
        for rule in _list_values(event, "RRULE"):
            _check_rule(rule)
            _include_last_day(rule, event)
    _drop_negative_ends(parsed)
    _skip_old_occurrences(parsed, days.first)
    is_single = not any({"RRULE", "RDATE", "RECURRENCE-ID"} & set(event) for event in events)
    first = datetime.combine(days.first, datetime.min.time())  # in each event's own zone
    occurrences = of(parsed).between(first, timedelta(days=days.length))
    if len(occurrences) > MAX_OCCURRENCES_PER_DAY * days.length:
        raise _TimeLimitExceeded
    fallback_uid = _decode(b"\n".join(_IDENTIFYING.findall(series[0])))
    return [_event_to_json(event, fallback_uid, is_single=is_single) for event in occurrences]


def _check_rule(rule: Mapping[str, list[Any]]) -> None:
    """Raise _Unreadable for a rule that would keep the libraries busy."""
    frequency = str(rule.get("FREQ", [""])[0]).upper()
    if frequency in {"SECONDLY", "MINUTELY"}:
        raise _Unreadable("{} repeats more often than a real event")
    if int(rule.get("INTERVAL", [1])[0]) < 1:
        raise _Unreadable("{} repeats at an invalid interval")
    hours = 24 if frequency == "HOURLY" else len(rule.get("BYHOUR", [0]))
    if hours * len(rule.get("BYMINUTE", [0])) * len(rule.get("BYSECOND", [0])) > MAX_OCCURRENCES_PER_DAY:
        raise _Unreadable(f"{{}} repeats more than {MAX_OCCURRENCES_PER_DAY} times a day")


def _include_last_day(rule: dict[str, list[Any]], event: Any) -> None:  # noqa: ANN401  an icalendar.Event
    """Move the end of a rule to the end of its day if it is only a day, but the event has a time."""
    start, until = event["DTSTART"].dt, rule.get("UNTIL", [None])[0]
    if isinstance(start, datetime) and isinstance(until, date) and not isinstance(until, datetime):
        end = datetime.combine(until, datetime.max.time().replace(microsecond=0), start.tzinfo)
        rule["UNTIL"] = [end.astimezone(UTC) if start.tzinfo else end]


def _drop_negative_ends(parsed: Any) -> None:  # noqa: ANN401  an icalendar.Calendar
    """Remove ends before the start; recurring-ical-events would swap them."""
    for event in parsed.walk("VEVENT"):
        with suppress(TypeError):  # a date and a datetime, or naive and aware
            if event.get("DTEND", event["DTSTART"]).dt < event["DTSTART"].dt:
                del event["DTEND"]


def _skip_old_occurrences(parsed: Any, day: date) -> None:  # noqa: ANN401  an icalendar.Calendar
    """Move the start of long-running rules close to the day; the library iterates from the first occurrence."""
    events = parsed.walk("VEVENT")
    exceptions = [event for event in events if "RECURRENCE-ID" in event]
    if any("RANGE" in e["RECURRENCE-ID"].params or {"RRULE", "RDATE", "EXDATE"} & set(e) for e in exceptions):
        return
    for event in events:
        start, end = event["DTSTART"].dt, event.get("DTEND", event["DTSTART"]).dt
        moves_zone = "X-WR-TIMEZONE" in parsed and isinstance(start, datetime) and not start.utcoffset()
        if isinstance(rule := event.get("RRULE"), dict) and type(start) is type(end) and not moves_zone:
            length = abs(end - start) + getattr(event.get("DURATION"), "dt", timedelta())
            days = (day - date(start.year, start.month, start.day) - length).days
            for name in {"DTSTART", "DTEND"} & set(event):
                event[name].dt += timedelta(days=_days_to_skip(rule, days))


def _days_to_skip(rule: Mapping[str, list[Any]], days: int) -> int:
    """Return how many of `days` a rule can start later and still fall on the same days, keeping at least 40."""
    interval = int(rule.get("INTERVAL", [1])[0])
    steps = {"HOURLY": interval // math.gcd(interval, 24), "DAILY": interval, "WEEKLY": 7 * interval}
    step = steps.get(rule.get("FREQ", [""])[0])
    return (days - 40) // step * step if step and days > 40 and "COUNT" not in rule else 0  # noqa: PLR2004  see above


def _event_to_json(event: Any, fallback_uid: str, *, is_single: bool) -> dict[str, Any]:  # noqa: ANN401  an icalendar.Event
    """Return an event as JSON values; `id` distinguishes the occurrences of a series, and is empty for a single one."""
    moment = event["DTSTART"] if "RANGE" in event["RECURRENCE-ID"].params else event["RECURRENCE-ID"]
    names = ("SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
    start, end = _to_whole_days(event["DTSTART"].dt, event["DTEND"].dt)
    return {
        "uid": str(event.get("UID") or fallback_uid),
        "id": "" if is_single and event.get("UID") else _format_iso(moment.dt),
        "start": _format_iso(start),
        "end": _format_iso(end),
        **{name: str(value)[:1000] for name in names for value in _list_values(event, name)[:1]},
        "ORGANIZER": [_person_to_json(address) for address in _list_values(event, "ORGANIZER")],
        "ATTENDEE": [_person_to_json(address) for address in _list_values(event, "ATTENDEE")],
    }


def _to_whole_days(start: date, end: date) -> tuple[date, date]:
    """Return dates for an event from midnight to midnight in its own zone: so some programs write whole days."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        is_whole = start.time() == end.time() == datetime.min.time() and start.date() < end.date()
        return (start.date(), end.date()) if is_whole else (start, end)
    return start, end


def _list_values(component: Any, name: str) -> list[Any]:  # noqa: ANN401  an icalendar.Event
    values = component.get(name, [])
    return values if isinstance(values, list) else [values]


def _person_to_json(address: Any) -> dict[str, str]:  # noqa: ANN401  an icalendar.vCalAddress
    parameters = {name: str(address.params.get(name, "")) for name in ("CN", "EMAIL", "CUTYPE", "PARTSTAT")}
    return {"address": str(address), **parameters}


def _format_iso(moment: date) -> str:
    return moment.astimezone(UTC).isoformat() if isinstance(moment, datetime) and moment.tzinfo else moment.isoformat()


def main() -> None:
    """Read a task from stdin and write each result at once, so that a timeout loses none before it."""
    import resource  # noqa: PLC0415  POSIX only

    with suppress(ValueError, OSError):  # not supported everywhere
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
    for result in expand_files(json.load(sys.stdin)):
        sys.stdout.write(json.dumps(result) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
