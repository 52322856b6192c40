"""Calendars as text (iCalendar, RFC 5545): picks out of a file what may concern a day, by its text alone.

Most of a calendar lies years back, and a rule that would keep a machine busy never reaches a library. When something
happens, calendar_worker.py finds out. Knows nothing of drafts.
"""

import math
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from valuelog.model.errors import ValuelogError
from valuelog.sources.sanitize import sanitize_line

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
_SUMMARY = re.compile(r"^SUMMARY(?:;[^:\n]*)?:(.*)", re.IGNORECASE | re.MULTILINE)
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
    """Say what is wrong with a meeting, and which one it is; nothing if it is like any other."""
    rules = (_text(rule) for event in events for rule in _RULE.findall(event.dated))
    if any(len(event.dated) > LONGEST or len(event.said) > LONGEST for event in events):
        fault = "has more dates or people than any real one"
    else:
        fault = next(filter(None, map(rule_fault, rules)), "")
    return fault and f"{title(_text(events[0].said))} {fault}"


def title(said: str) -> str:
    """Return what a meeting is called, in quotes, for a sentence about it."""
    written = _SUMMARY.search(said)
    plain = re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], written[1] if written else "")
    return f"“{named}”" if (named := sanitize_line(plain, 60)) else "a meeting"


def _zones_fault(zones: Collection[bytes]) -> str:
    rules = (_parsed(_text(rule)) for zone in zones for rule in _RULE.findall(zone))
    if len(zones) > MOST_ZONES or any(len(zone) > LONGEST for zone in zones):
        return "it has more time zones than any real one"
    if any(rule.get("FREQ") != "YEARLY" or _interval(rule) < 1 for rule in rules):
        return "a time zone of it changes more often than any real one"
    return ""


def rule_fault(written: str) -> str:
    """Say why nobody should wait for the dates of a rule; nothing if it is like any other."""
    rule = _parsed(written)
    if rule.get("FREQ") in {"SECONDLY", "MINUTELY"} or len(written) > LONGEST // 100:
        return "repeats more often than anybody meets"
    if _interval(rule) < 1:
        return "repeats after no time at all"
    hours = 24 if rule.get("FREQ") == "HOURLY" else _listed(rule, "BYHOUR")
    often = hours * _listed(rule, "BYMINUTE") * _listed(rule, "BYSECOND")
    return f"repeats more than {OFTEN} times a day" if often > OFTEN else ""


def _parsed(written: str) -> dict[str, str]:
    pairs = (pair.partition("=") for pair in written.upper().partition(":")[2].split(";"))
    return {name.strip(): value.strip() for name, _, value in pairs}


def _interval(rule: Mapping[str, str]) -> int:
    words = rule.get("INTERVAL", "1")
    return int(words) if re.fullmatch(r"[0-9]{1,5}", words) else 0


def _listed(rule: Mapping[str, str], name: str) -> int:
    return rule.get(name, "").count(",") + 1
