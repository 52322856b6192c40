"""Calendar source: the events in .ics files, and in folders of them as vdirsyncer and khal keep them.

This module finds files and turns events into drafts. Calendars are untrusted: calendar_worker.py reads them in a child
process with little time and memory.
"""

import json
import os
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from subprocess import PIPE, TimeoutExpired
from typing import Any, NamedTuple

from valuelog.model.draft import Draft
from valuelog.model.entry import MAX_MINUTES, normalize_names
from valuelog.sources import Option, OptionType, SourceFailed, Span
from valuelog.sources.sanitize import sanitize_line
from valuelog.sources.subprocesses import digest, start_process

NAME = "calendar"

INSTALL_HINT = "pipx inject valuelog icalendar recurring-ical-events   or, in your clone: uv tool install '.[calendar]'"

MAX_FILES = 20_000

MAX_DEPTH = 5
"""Levels of subfolders that are searched."""

SEARCH_TIMEOUT_SECONDS, TOTAL_TIMEOUT_SECONDS = 2.5, 5.0
"""Wall clock limits for finding files, and for everything."""

MIN_WORKER_SECONDS = 1.0
"""Wall clock time that the worker gets in any case."""

MAX_WHOLE_DAYS = 62
"""A longer event is no holiday."""

MAX_PEOPLE = 10
"""Number of people in a draft."""


class CalendarSource:
    """Proposes the events of calendars."""

    name: str = NAME
    about: str = "the meetings in your .ics calendars"
    options: Sequence[Option] = (
        Option(name="paths", value_type=OptionType.PATHS, about="the .ics files, or folders that contain them"),
        Option(name="emails", value_type=OptionType.ADDRESSES, about="your own addresses, to skip what you declined"),
    )

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield the events of a day by time; then raise SourceFailed if something could not be read."""
        del environ
        paths: Sequence[Path] = options.get("paths", ())
        if not paths:
            hint = f"Set them with: valuelog config set sources.{NAME}.paths ~/calendars"
            raise SourceFailed(NAME, "no calendars are set.", hint)
        _require_libraries()
        me = frozenset(word.casefold() for word in options.get("emails", ()))
        search = _Search()
        files = search.find_files(paths)
        events = list(_read_events(files, span.day, search))
        yield from _create_drafts((event for event in events if _is_attended(event, me)), span, me)
        if search.errors:
            raise _unreadable_files_error(search.errors)
        _require_known_address([event for event in events if _clip_to_day(event, span)], me)


SOURCE = CalendarSource()


def _require_known_address(events: Sequence[Mapping[str, Any]], me: frozenset[str]) -> None:
    """Raise SourceFailed if events have attendees, but no event has an address of the user."""
    people = [person for event in events for person in (*event["ORGANIZER"], *event["ATTENDEE"])]
    if me and people and not any(_addresses(person) & me for person in people):
        reason = f"none of your addresses ({', '.join(sorted(me))}) is in the meetings of that day."
        hint = f"Add the one that they have: valuelog config set sources.{NAME}.emails ADDRESS,ADDRESS"
        raise SourceFailed(NAME, reason, hint)


def _require_libraries() -> None:
    """Raise SourceFailed unless the libraries of the extra are installed."""
    if not (find_spec("icalendar") and find_spec("recurring_ical_events")):
        raise SourceFailed(NAME, "the libraries that read calendars are not installed.", INSTALL_HINT)


class LeftOut(NamedTuple):
    """An event that is no day off, and why."""

    title: str
    reason: str


class WholeDays(NamedTuple):
    """The all-day events of a calendar: the titles of each day, and the events left out."""

    titles: Mapping[date, Sequence[str]]
    left_out: tuple[LeftOut, ...]


def read_whole_days(path: Path, first: date, last: date) -> WholeDays:
    """Return the days from `first` to `last` with all-day events, as calendars of public holidays have them.

    Whether an event shows you as busy doesn't matter. Raises SourceFailed if the file holds nothing that can be read.
    """
    _require_libraries()
    search = _Search()
    results = list(_run_task(search.find_files([path]), first, last, TOTAL_TIMEOUT_SECONDS))
    errors = [*search.errors.values(), *(result["error"] for result in results if "error" in result)]
    events = [event for result in results for event in result.get("events", ())]
    if errors and not events:
        raise SourceFailed(NAME, f"{path}: {errors[0]}.", "Is this a calendar file (.ics)?")
    titles: dict[date, dict[str, None]] = {}
    left_out = dict.fromkeys(LeftOut("", error) for error in errors)
    for event in sorted(events, key=lambda event: (event["start"], event["uid"])):
        days = [day for day in _days_of(event) if first <= day <= last]
        reason, title = _reason_to_leave_out(event), sanitize_line(event.get("SUMMARY", "")) or "day off"
        left_out |= {LeftOut(title, reason): None} if reason and days else {}
        for day in () if reason else days:
            titles.setdefault(day, {})[title] = None
    return WholeDays({day: tuple(titles[day]) for day in sorted(titles)}, tuple(left_out))


def _days_of(event: Mapping[str, Any]) -> Iterator[date]:
    """Yield the days of an event; the end of an all-day event is the day after, if it has one."""
    first, end = (date.fromisoformat(event[name][:10]) for name in ("start", "end"))
    last = end if "T" in event["start"] else end - timedelta(days=1)
    for ahead in range(min(max(0, (last - first).days), MAX_WHOLE_DAYS) + 1):
        yield first + timedelta(days=ahead)


def _reason_to_leave_out(event: Mapping[str, Any]) -> str:
    """Return why an event is no day off; an empty text if it is one."""
    if "T" in event["start"]:
        return "it has a time of day"
    if event.get("STATUS", "").strip().upper() == "CANCELLED":
        return "it was cancelled"
    is_too_long = len(list(_days_of(event))) > MAX_WHOLE_DAYS
    return f"it is longer than {MAX_WHOLE_DAYS} days" if is_too_long else ""


def _unreadable_files_error(errors: Mapping[str, str]) -> SourceFailed:
    """Name the first file and the number of others."""
    (path, reason), others = next(iter(errors.items())), len(errors) - 1
    more = f" (and {others} more with problems)" if others else ""
    hint = f"Fix it, or remove it from paths under [sources.{NAME}]."
    return SourceFailed(NAME, f"{path}: {reason}{more}.", hint)


@dataclass(slots=True)
class _Search:
    """Finds files, and collects the first error of each path."""

    started_at: float = field(default_factory=time.monotonic)
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self.started_at

    def add_error(self, path: object, reason: str) -> None:
        """Record an error unless the path has one."""
        self.errors.setdefault(sanitize_line(str(path)), reason)

    def find_files(self, paths: Iterable[Path]) -> list[Path]:
        """Return the given files and the .ics files in the given folders, within the limits."""
        files: list[Path] = []
        paths = tuple(paths)
        for path in self._walk(paths):
            if len(files) >= MAX_FILES or self.elapsed > SEARCH_TIMEOUT_SECONDS:
                self.add_error(path, "there are too many calendars; this and later ones were skipped")
                break
            files.append(path)
        for path in paths:
            if not any(file.is_relative_to(path) for file in files):
                self.add_error(path, "it is a folder without .ics files")
        return files

    def _walk(self, paths: Iterable[Path], depth: int = 0) -> Iterator[Path]:
        """Yield files; those of a folder by name. Symlinks to folders are not followed."""
        for path in paths:
            try:
                children = _list_folder(path) if path.is_dir() else None
            except OSError as error:
                self.add_error(path, f"it cannot be read ({error.strerror})")
                continue
            if children is None or self.elapsed > SEARCH_TIMEOUT_SECONDS:
                yield path
            elif depth < MAX_DEPTH:
                yield from self._walk(children, depth + 1)


def _list_folder(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in islice(filter(_is_calendar_or_folder, entries), MAX_FILES + 1))


def _is_calendar_or_folder(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    return entry.is_dir(follow_symlinks=False) or (entry.name.lower().endswith(".ics") and entry.is_file())


def _read_events(files: Sequence[Path], day: date, search: _Search) -> Iterator[dict[str, Any]]:
    """Yield the events around a day as JSON values (see calendar_worker.py), also if the worker had to be killed."""
    for result in _run_task(files, day, day, max(MIN_WORKER_SECONDS, TOTAL_TIMEOUT_SECONDS - search.elapsed)):
        if "error" in result:
            search.add_error(files[result["file"]], result["error"])
        yield from result.get("events", ())


def _run_task(files: Sequence[Path], first: date, last: date, timeout: float) -> Iterator[dict[str, Any]]:
    """Yield what the worker says about the events from one day to another, and an error if it had to be killed."""
    if not files:
        return
    names = [os.path.abspath(file) for file in files]  # noqa: PTH100  the worker runs in /
    task = json.dumps({"day": first.isoformat(), "last": last.isoformat(), "files": names})
    lines, is_complete = _run_worker(task.encode(), timeout)
    index = 0
    for result in map(json.loads, lines):
        index = result["file"]
        yield result
    if not is_complete:
        yield {"file": index, "error": "it takes too long to expand"}


def _run_worker(task: bytes, timeout: float) -> tuple[list[bytes], bool]:
    """Return the complete lines that the worker wrote, and whether it finished in time."""
    command = [sys.executable, "-P", "-W", "ignore", "-m", "valuelog.sources.calendar_worker"]
    with start_process(command, os.environ, PIPE) as process:
        try:
            output, _ = process.communicate(task, timeout)
        except TimeoutExpired as error:
            return (error.stdout or b"").split(b"\n")[:-1], False
    return output.split(b"\n")[:-1], process.returncode == 0


def _is_attended(event: Mapping[str, Any], me: frozenset[str]) -> bool:
    """Return False for an event that was cancelled, takes no time, or was declined by `me`."""
    absent = {"STATUS": "CANCELLED", "TRANSP": "TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE"}
    if any(event.get(name, "").strip().upper() == value for name, value in absent.items()):
        return False
    is_organizer = any(_addresses(person) & me for person in event["ORGANIZER"])
    return is_organizer or not any(_has_declined(person) and _addresses(person) & me for person in event["ATTENDEE"])


def _addresses(person: Mapping[str, str]) -> set[str]:
    return {_address(person), person["EMAIL"].strip().casefold()} - {""}


def _address(person: Mapping[str, str]) -> str:
    return re.sub(r"^mailto:\s*", "", person["address"].strip().casefold())


def _has_declined(person: Mapping[str, str]) -> bool:
    return person["PARTSTAT"].upper() == "DECLINED"


def _list_other_attendees(event: Mapping[str, Any], me: frozenset[str]) -> Iterator[str]:
    """Yield the names of the other people who did not decline; rooms, resources and groups are left out."""
    for person in event["ATTENDEE"]:
        is_person = (person["CUTYPE"].upper() or "INDIVIDUAL") not in {"ROOM", "RESOURCE", "GROUP"}
        is_google_room = _address(person).endswith("@resource.calendar.google.com")
        if is_person and not is_google_room and not _has_declined(person) and not _addresses(person) & me:
            yield _display_name(person)


def _display_name(person: Mapping[str, str]) -> str:
    """Return the common name, or the local part of the address, which some programs also put into the name."""
    name = person["CN"].strip()[:60]
    local, at, _ = (name if "@" in name or not name else "").partition("@")
    return local if at else name or _address(person).rpartition("@")[0]


def _create_drafts(events: Iterable[Mapping[str, Any]], span: Span, me: frozenset[str]) -> list[Draft]:
    """Return drafts of the events within a day, sorted by time, without duplicates."""
    clipped = ((_clip_to_day(event, span), event) for event in events)
    ordered = sorted(((times, event) for times, event in clipped if times), key=lambda pair: (pair[0], pair[1]["uid"]))
    drafts = (_create_draft(event, times, span, me) for times, event in ordered)
    return list({draft.origin: draft for draft in drafts}.values())


def _clip_to_day(event: Mapping[str, Any], span: Span) -> tuple[datetime, datetime] | None:
    """Return the start and end of an event within a day in UTC; None outside. An all-day event is at its start."""
    day_starts, day_ends = span.start.astimezone(UTC), span.end.astimezone(UTC)
    if "T" not in event["start"]:
        first, after = (date.fromisoformat(event[name][:10]) for name in ("start", "end"))
        return (day_starts, day_starts) if first <= span.day < max(after, first + timedelta(days=1)) else None
    begins, ends = (_localize(datetime.fromisoformat(event[name]), span) for name in ("start", "end"))
    within = begins < day_ends and ends > day_starts if begins < ends else begins in span
    return (max(begins, day_starts), min(ends, day_ends)) if within else None


def _localize(moment: datetime, span: Span) -> datetime:
    """Return a time in UTC; a naive one is local time."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=_day_zone(span))).astimezone(UTC)


def _day_zone(span: Span) -> tzinfo | None:
    """Return the time zone of a day; None (the system's) if it is a fixed offset that changes within the day."""
    fixed = isinstance(span.start.tzinfo, timezone) and span.start.utcoffset() != span.end.utcoffset()
    return None if fixed else span.start.tzinfo


def _create_draft(event: Mapping[str, Any], times: tuple[datetime, datetime], span: Span, me: frozenset[str]) -> Draft:
    minutes = -((times[0] - times[1]) // timedelta(minutes=1))  # rounded up
    has_time = "T" in event["start"] and not _continues_from_day_before(event, span)
    return Draft(
        origin=_origin(event, span),
        day=span.day,
        text=sanitize_line(event.get("SUMMARY", "")) or "meeting",
        at=times[0].astimezone(_day_zone(span)).time() if has_time else None,
        minutes=min(minutes, MAX_MINUTES) or None,
        people=normalize_names(list(_list_other_attendees(event, me))[:MAX_PEOPLE]),
    )


def _origin(event: Mapping[str, Any], span: Span) -> str:
    """Return the origin of an event; each later day of a long one has its own."""
    occurrence = re.sub(r"[-:]|\+00:00$", "", event["id"])
    day = f"{span.day:%Y%m%d}" if _continues_from_day_before(event, span) else ""
    return ":".join(filter(None, (NAME, digest(event["uid"]), occurrence, day)))


def _continues_from_day_before(event: Mapping[str, Any], span: Span) -> bool:
    start = event["start"]
    return _localize(datetime.fromisoformat(start), span) < span.start if "T" in start else start < str(span.day)
