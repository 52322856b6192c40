"""Calendars as text (iCalendar, RFC 5545), and what happens in them around a day.

The first half picks out of a file what may concern a day, by its text alone: most of a calendar lies years back, and
a rule that would keep a machine busy never reaches a library. The second half runs as a process of its own, with
little time and little memory, and asks icalendar and recurring-ical-events. Knows nothing of drafts.
"""

import json
import math
import re
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from valuelog.model.errors import ValuelogError

PARTS = 80_000
"""So many components (meetings, alarms, zones) a file may have."""

DEEPEST = 10
"""So many components may stand in one another."""

LONGEST = 300_000
"""So many bytes a meeting or a zone may have, without its description and what is attached."""

MOST_SERIES = 20_000
"""So many meetings that repeat, or exceptions from that, a calendar may have."""

MOST_ZONES = 1000
"""So many time zones a calendar may have."""

OFTEN = 24
"""So many times a day something may repeat."""

NEAR = 2
"""So many days around a day are looked at: zones differ by more than one."""

SECONDS = 0.8
"""So much time of a processor all calendars together get."""

SECONDS_EACH = 0.4
"""So much of it a series of meetings gets."""

MEMORY = 200_000_000
"""So many bytes the process may address."""

_PART = re.compile(rb"^(BEGIN|END):([A-Z0-9-]+)[ \t]*\r?$", re.IGNORECASE | re.MULTILINE)
_DAY = re.compile(rb"(?<!\d)\d{8}(?!\d)")
_LENGTH = re.compile(rb"(\d{1,6})([WDHMS])", re.IGNORECASE)
_IN_DAYS = {b"W": 7, b"D": 1, b"H": 1 / 24, b"M": 1 / 1440, b"S": 1 / 86400}


def _lines(*names: str) -> re.Pattern[bytes]:
    return re.compile(rb"^(?:%s)[;:].*" % "|".join(names).encode(), re.IGNORECASE | re.MULTILINE)


_HEAD = _lines("X-WR-TIMEZONE", "CALSCALE")
_ZONE = _lines("BEGIN", "END", "TZID", "DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "TZNAME", "RRULE", "RDATE")
_TZID = _lines("TZID")
_SPAN = _lines("DTSTART", "DTEND")
_WHEN = _lines("DTSTART", "DTEND", "RECURRENCE-ID", "RDATE")
_DATED = _lines(
    "UID", "SEQUENCE", "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID"
)  # fmt: skip
_SAID = _lines("SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS", "ATTENDEE", "ORGANIZER")
_UID, _RULE, _DURATION = _lines("UID"), _lines("RRULE"), _lines("DURATION")
_EXCEPTION, _SERIAL = _lines("RECURRENCE-ID"), _lines("RRULE", "RDATE", "RECURRENCE-ID")
_OPEN = re.compile(rb"^RECURRENCE-ID[^:\n]*RANGE=|^RDATE.*/|^RRULE(?!.*UNTIL=\d{8})", re.IGNORECASE | re.MULTILINE)
_UNTIL = re.compile(rb"UNTIL=(\d{8})", re.IGNORECASE)


class Unreadable(ValuelogError):
    """A file that holds no calendar, or more than any real one."""


@dataclass(frozen=True, slots=True)
class Event:
    """A VEVENT: the lines that say when, and those that say what and who."""

    dated: bytes
    said: bytes


@dataclass(slots=True)
class Calendar:
    """A VCALENDAR: its own lines, its zones by name, its meetings by UID, and why some of those were left out."""

    head: bytes = b""
    zones: dict[bytes, bytes] = field(default_factory=dict)
    series: dict[bytes, list[Event]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    many: int = 0

    def add(self, event: Event) -> None:
        """Keep a meeting. Raises Unreadable for one too many."""
        self.many += 1
        if self.many > MOST_SERIES:
            raise Unreadable(f"more than {MOST_SERIES:,} of its meetings repeat")
        uid = _value(_UID, event.dated) or b"\n%d" % self.many
        self.series.setdefault(uid, []).append(event)

    def size(self) -> int:
        """Count the bytes of its meetings."""
        return sum(len(event.dated) + len(event.said) for events in self.series.values() for event in events)

    def task(self) -> dict[str, Any]:
        """Return it as text for `happenings`, without zones that no meeting names."""
        dated = b"\n".join(map(_together, self.series.values()))
        series = [[(_text(event.dated), _text(event.said)) for event in events] for events in self.series.values()]
        zones = [_text(zone) for name, zone in self.zones.items() if name in dated]
        return {"head": _text(self.head), "zones": zones, "series": series}


def _text(lines: bytes) -> str:
    return lines.replace(b"\r", b"").decode("utf-8", "replace")


def _picked(lines: re.Pattern[bytes], text: bytes) -> bytes:
    """Return the lines of these names, a little more at most than any may have."""
    return b"\n".join(lines.findall(text))[: LONGEST + 1]


def _value(line: re.Pattern[bytes], text: bytes) -> bytes:
    found = line.search(text)
    return found[0].partition(b":")[2].strip() if found else b""


def _count(day: bytes) -> int:
    """Count days as if each month had 31: in order, never too few between two days, and no day is invalid."""
    return (int(day[:4]) * 12 + int(day[4:6])) * 31 + int(day[6:])


def _counts(lines: re.Pattern[bytes], text: bytes) -> list[int]:
    return [_count(day) for day in _DAY.findall(b"\n".join(lines.findall(text)))]


def calendars(data: bytes, day: date) -> Iterator[Calendar]:
    """Yield the calendars of a file with what may concern a day. Raises Unreadable, after what could be read."""
    first, last = (_count(f"{day + timedelta(days=by):%Y%m%d}".encode()) for by in (-NEAR, NEAR))
    calendar, any_there = Calendar(), False
    for depth, name, text in _parts(_unfolded(data)):
        if (depth, name) == (0, b"VCALENDAR"):
            calendar.head = _picked(_HEAD, text)
            yield _checked(calendar, first, last)
            calendar, any_there = Calendar(), True
        elif (depth, name) == (1, b"VTIMEZONE"):
            zone = _picked(_ZONE, text)
            calendar.zones[_value(_TZID, zone)] = zone
        elif (depth, name) == (1, b"VEVENT"):
            dated = _picked(_DATED, text)
            if _SERIAL.search(dated) or _near(dated, first, last):  # alone, or with others of its series
                calendar.add(Event(dated, _picked(_SAID, text)))
    if not any_there:
        raise Unreadable("it holds no calendar")


def _unfolded(data: bytes) -> bytes:
    for fold in (b"\r\n ", b"\r\n\t", b"\n ", b"\n\t"):
        data = data.replace(fold, b"")
    return data.removeprefix(b"\xef\xbb\xbf")


def _parts(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield each component when it ends: how deep it stands, its name, and its text; of a zone also what is in it."""
    around: list[tuple[bytes, int, list[bytes]]] = []
    last = 0
    for number, mark in enumerate(_PART.finditer(data)):
        if number > 2 * PARTS:
            raise Unreadable(f"it has more than {PARTS:,} meetings, alarms and zones")
        if around and around[-1][0] in (b"VCALENDAR", b"VEVENT"):
            around[-1][2].append(data[last : mark.start()])
        name, last = mark[2].upper(), mark.end()
        if mark[1].upper() == b"BEGIN":
            around.append((name, mark.start(), []))
        elif not around:
            raise Unreadable("a part of it ends that did not begin")
        else:
            name, start, own = around.pop()
            yield len(around), name, data[start:last] if name == b"VTIMEZONE" else b"".join(own)
        if len(around) > DEEPEST:
            raise Unreadable(f"its parts stand more than {DEEPEST} deep in one another")
    if around:
        raise Unreadable("it ends in the middle")


def _near(dated: bytes, first: int, last: int) -> bool:
    """Whether the dates of events of a series may lie near a day; whoever reads them in full sees if there are none."""
    days = _counts(_WHEN, dated)
    if not days or min(days) > last:
        return not days
    ends = max(days + [_count(until) for until in _UNTIL.findall(dated)])
    return ends >= first or _OPEN.search(dated) is not None or ends + _length(dated) >= first


def _length(dated: bytes) -> float:
    """So many days events take at most, or a few more: months do not have 31 days."""
    days = _counts(_SPAN, dated)
    written = _LENGTH.findall(b"".join(_DURATION.findall(dated)))
    lasts = sum(int(number) * _IN_DAYS[unit.upper()] for number, unit in written)
    return 5 + 1.2 * (max(days, default=0) - min(days, default=0) + lasts)


def _checked(calendar: Calendar, first: int, last: int) -> Calendar:
    """Leave only what may concern a day and can be asked for; what cannot becomes a fault."""
    near = {uid: events for uid, events in calendar.series.items() if _near(_together(events), first, last)}
    faults = {uid: _fault(events) for uid, events in near.items()}
    calendar.series = {uid: _thinned(events, first, last) for uid, events in near.items() if not faults[uid]}
    calendar.faults = [fault for fault in faults.values() if fault]
    if calendar.series and (wrong := _zones_fault(calendar.zones.values())):
        calendar.series, calendar.faults = {}, [*calendar.faults, wrong]
    return calendar


def _together(events: list[Event]) -> bytes:
    return b"\n".join(event.dated for event in events)


def _thinned(events: list[Event], first: int, last: int) -> list[Event]:
    """Leave out the exceptions of a series that were far from a day, and still are."""
    reach = math.ceil(_length(_together([event for event in events if not _EXCEPTION.search(event.dated)])))
    return [e for e in events if not _EXCEPTION.search(e.dated) or _near(e.dated, first - reach, last)]


def _fault(events: list[Event]) -> str:
    if any(len(event.dated) > LONGEST or len(event.said) > LONGEST for event in events):
        return "a meeting has more dates or people than any real one"
    rules = (_text(rule) for event in events for rule in _RULE.findall(event.dated))
    return next(filter(None, map(rule_fault, rules)), "")


def _zones_fault(zones: Collection[bytes]) -> str:
    rules = (_parsed(_text(rule)) for zone in zones for rule in _RULE.findall(zone))
    if len(zones) > MOST_ZONES or any(len(zone) > LONGEST for zone in zones):
        return "it has more time zones than any real one"
    if any(rule.get("FREQ") != "YEARLY" or _interval(rule) < 1 for rule in rules):
        return "a time zone of it changes more often than any real one"
    return ""


def rule_fault(line: str) -> str:
    """Say why nobody should wait for the dates of a rule; nothing if it is like any other."""
    rule = _parsed(line)
    if rule.get("FREQ") in {"SECONDLY", "MINUTELY"} or len(line) > LONGEST // 100:
        return "a meeting repeats more often than anybody meets"
    if _interval(rule) < 1:
        return "a meeting repeats after no time at all"
    hours = 24 if rule.get("FREQ") == "HOURLY" else _listed(rule, "BYHOUR")
    often = hours * _listed(rule, "BYMINUTE") * _listed(rule, "BYSECOND")
    return f"a meeting repeats more than {OFTEN} times a day" if often > OFTEN else ""


def _parsed(line: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in line.upper().partition(":")[2].split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _interval(rule: Mapping[str, str]) -> int:
    words = rule.get("INTERVAL", "1")
    return int(words) if re.fullmatch(r"[0-9]{1,5}", words) else 0


def _listed(rule: Mapping[str, str], name: str) -> int:
    return rule.get(name, "").count(",") + 1


class _TooLong(BaseException):
    """The time is up; no library may catch it."""


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Raise _TooLong within what takes longer, and again shortly after, should it be lost."""
    import signal  # noqa: PLC0415  only the process that reads needs it

    def stop(*_: object) -> None:
        raise _TooLong

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, max(seconds, 0.001), 0.1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def happenings(task: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield what happens around a day, or why that cannot be said, each with the number of its file."""
    import icalendar  # noqa: PLC0415  an extra

    day, ends = date.fromisoformat(task["day"]), time.process_time() + SECONDS
    for calendar in task["calendars"]:
        icalendar.use_zoneinfo()  # type: ignore[no-untyped-call]  # which forgets the zones of the calendar before
        for series in ([], *calendar["series"]):  # first the zones alone, so that they are read once
            told = _told(calendar, series, day, min(SECONDS_EACH, ends - time.process_time()))
            yield {"file": calendar["file"], **told}
            if "why" in told and not series:
                break


def _told(calendar: Mapping[str, Any], series: list[list[str]], day: date, seconds: float) -> dict[str, Any]:
    try:
        with _at_most(seconds):
            return {"found": _found(calendar, series, day)}
    except _TooLong:
        return {"why": "it would take too long to find out when its meetings are"}
    except MemoryError:
        return {"why": "it would take too much memory to find out when its meetings are"}
    except Exception:  # noqa: BLE001  the libraries raise whatever a malformed line leads to
        return {"why": "a meeting of it cannot be understood"}


def _found(calendar: Mapping[str, Any], series: list[list[str]], day: date) -> list[dict[str, Any]]:
    from icalendar import Calendar as Parsed  # noqa: PLC0415  an extra
    from recurring_ical_events import of  # noqa: PLC0415  likewise

    events = [f"BEGIN:VEVENT\n{dated}\nX-PLACE:{place}\nEND:VEVENT" for place, (dated, _) in enumerate(series)]
    lines = ["BEGIN:VCALENDAR", calendar["head"], *(events or calendar["zones"]), "END:VCALENDAR"]
    parsed = Parsed.from_ical("\n".join(lines).encode())
    _hurry(parsed, day)
    first = datetime.combine(day - timedelta(days=NEAR), datetime.min.time())  # each in its own zone
    found = of(parsed).between(first, timedelta(days=2 * NEAR + 1))
    if len(found) > OFTEN * (2 * NEAR + 1):
        raise _TooLong
    return [_happening(event, series[int(event["X-PLACE"])][1]) for event in found]


def _hurry(parsed: Any, day: date) -> None:  # noqa: ANN401  a calendar of icalendar
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
            by = timedelta(days=_steps(rule, (day - date(start.year, start.month, start.day) - lasts).days))
            for name in {"DTSTART", "DTEND"} & set(event):
                event[name].dt += by


def _steps(rule: Mapping[str, list[Any]], days: int) -> int:
    """Say by how many of so many days a rule can begin later and still fall on the same days; 40 stay at least."""
    every = int(rule.get("INTERVAL", [1])[0])
    step = {"HOURLY": every // math.gcd(every, 24), "DAILY": every, "WEEKLY": 7 * every}.get(rule.get("FREQ", [""])[0])
    return (days - 40) // step * step if step and days > 40 and "COUNT" not in rule else 0  # noqa: PLR2004  as said


def _happening(event: Any, said: str) -> dict[str, Any]:  # noqa: ANN401  an event of icalendar
    """Tell an event as plain values; what its series and its first time have in common is in `id`."""
    from icalendar import Event as Parsed  # noqa: PLC0415  an extra

    words = Parsed.from_ical(f"BEGIN:VEVENT\n{said}\nEND:VEVENT".encode())
    first = event["DTSTART"] if "RANGE" in event["RECURRENCE-ID"].params else event["RECURRENCE-ID"]
    names = ("SUMMARY", "STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS")
    return {
        "uid": str(event.get("UID", said)),
        "id": _moment(first.dt),
        "start": _moment(event["DTSTART"].dt),
        "end": _moment(event["DTEND"].dt),
        **{name: str(value)[:1000] for name in names for value in _all(words, name)[:1]},
        "ORGANIZER": [_person(one) for one in _all(words, "ORGANIZER")],
        "ATTENDEE": [_person(one) for one in _all(words, "ATTENDEE")],
    }


def _all(event: Any, name: str) -> list[Any]:  # noqa: ANN401  an event of icalendar
    values = event.get(name, [])
    return values if isinstance(values, list) else [values]


def _person(address: Any) -> dict[str, str]:  # noqa: ANN401  an address of icalendar
    params = {name: str(address.params.get(name, "")) for name in ("CN", "EMAIL", "CUTYPE", "PARTSTAT")}
    return {"address": str(address), **params}


def _moment(when: date) -> str:
    return when.astimezone(UTC).isoformat() if isinstance(when, datetime) and when.tzinfo else when.isoformat()


def main() -> None:
    """Read a task, and write what happens line by line, so that what was found before the time was up is not lost."""
    import resource  # noqa: PLC0415  only the process that reads needs it

    with suppress(ValueError, OSError):  # not every system can
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (3, 3))
    for told in happenings(json.load(sys.stdin)):
        sys.stdout.write(json.dumps(told) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
