"""The meetings in .ics files, and in folders of them as vdirsyncer and khal keep them.

Knows which files there are and what makes a meeting a Draft; what stands in a file, ics.py knows, and what happens
when, calendar_worker.py finds out, in a process of its own: a calendar comes from other people.
"""

import os
import re
import stat
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from importlib.util import find_spec
from itertools import islice
from pathlib import Path
from subprocess import PIPE, TimeoutExpired
from typing import Any

from valuelog.model.draft import Draft
from valuelog.model.entry import MAX_MINUTES, normalize_names
from valuelog.sources import Option, OptionType, SourceFailed, Span, ics
from valuelog.sources.attendees import is_attended, list_other_attendees
from valuelog.sources.sanitize import sanitize_line
from valuelog.sources.subprocesses import digest, start_process

NAME = "calendar"

INSTALL_HINT = "pipx inject valuelog icalendar recurring-ical-events   or, in your clone: uv tool install '.[calendar]'"

MAX_FILE_BYTES = 20_000_000
"""So many bytes a file may have."""

MAX_FILES = 20_000
"""So many files are looked at."""

MAX_DEPTH = 5
"""So many folders may stand in one another."""

MAX_EVENT_BYTES = 4_000_000
"""So many bytes all meetings that may concern a day may have."""

SCAN_CPU_SECONDS = 0.7
"""So much time of a processor looking through files may take."""

SCAN_TIMEOUT_SECONDS, TOTAL_TIMEOUT_SECONDS = 2.5, 5.0
"""After so many seconds looking through files ends on however busy a machine, and so does all of it."""

MIN_WORKER_SECONDS = 1.0
"""So many seconds the process that reads gets at least."""

MAX_PEOPLE = 10
"""So many people a draft names."""


@dataclass(slots=True)
class _Scan:
    """What was found so far, and what could not be read, the first of it first."""

    day: date
    started_at: float = field(default_factory=time.monotonic)
    cpu_deadline: float = field(default_factory=lambda: time.thread_time() + SCAN_CPU_SECONDS)
    files: list[Path] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    event_bytes: int = 0

    def is_over_limit(self) -> bool:
        """Whether looking through files took too long, or found too much."""
        return (
            time.thread_time() > self.cpu_deadline
            or self.elapsed() > SCAN_TIMEOUT_SECONDS
            or self.event_bytes > MAX_EVENT_BYTES
        )

    def elapsed(self) -> float:
        """Return how many seconds somebody waits already."""
        return time.monotonic() - self.started_at

    def add_fault(self, path: object, reason: str) -> None:
        """Remember the first thing that is wrong with a file."""
        self.faults.setdefault(sanitize_line(str(path)), reason)


class CalendarSource:
    """The source of meetings."""

    name: str = NAME
    about: str = "the meetings in .ics files and folders of them"
    options: Sequence[Option] = (
        Option(name="paths", value_type=OptionType.PATHS, about="the .ics files, or folders of them"),
        Option(name="emails", value_type=OptionType.WORDS, about="your own addresses, to know what you declined"),
    )

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield the meetings of a day in their order; then raise SourceFailed if there was something unreadable."""
        del environ
        paths: Sequence[Path] = options.get("paths", ())
        if not paths:
            hint = f"Set them with: valuelog config set sources.{NAME}.paths ~/calendars"
            raise SourceFailed(NAME, "no calendars are set.", hint)
        _require_libraries()
        reading = _Scan(span.day)
        _scan_files(reading, paths)
        me = frozenset(word.casefold() for word in options.get("emails", ()))
        found = [fact for fact in _expand_events(reading) if is_attended(fact, me)]
        yield from _create_drafts(found, span, me)
        if reading.faults:
            raise _unreadable_files_error(reading.faults)


SOURCE = CalendarSource()


def _require_libraries() -> None:
    if not (find_spec("icalendar") and find_spec("recurring_ical_events")):
        raise SourceFailed(NAME, "the libraries that read calendars are missing.", INSTALL_HINT)


def _unreadable_files_error(faults: Mapping[str, str]) -> SourceFailed:
    """Name the first file, and say how many others there are."""
    (path, why), others = next(iter(faults.items())), len(faults) - 1
    more = f" ({others} more could not be read in full either)" if others else ""
    hint = f"Mend it, or take it out of what `paths` names under [sources.{NAME}]."
    return SourceFailed(NAME, f"{path}: {why}{more}.", hint)


def _scan_files(scan: _Scan, paths: Iterable[Path]) -> None:
    """Look through all files for what may concern the day."""
    for number, path in enumerate(_walk_files(scan, paths)):
        if number >= MAX_FILES or scan.is_over_limit():
            scan.add_fault(path, "there are more calendars than can be read; it and what follows were left out")
            return
        try:
            _scan_file(scan, path)
        except ics.Unreadable as error:
            scan.add_fault(path, error.message)
        except OSError as error:
            scan.add_fault(path, f"it cannot be read ({error.strerror})")


def _walk_files(scan: _Scan, paths: Iterable[Path], depth: int = 0) -> Iterator[Path]:
    """Yield what is given, and the .ics files of folders in the order of their names; links to folders are not gone."""
    for path in paths:
        try:
            within = _list_folder(path) if path.is_dir() else None
        except OSError as error:
            scan.add_fault(path, f"it cannot be read ({error.strerror})")
            continue
        if within is None or scan.is_over_limit():
            yield path
        elif depth < MAX_DEPTH:
            yield from _walk_files(scan, within, depth + 1)


def _list_folder(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in islice(filter(_is_calendar_or_folder, entries), MAX_FILES + 1))


def _is_calendar_or_folder(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    return entry.is_dir(follow_symlinks=False) or (entry.name.lower().endswith(".ics") and entry.is_file())


def _scan_file(scan: _Scan, path: Path) -> None:
    for calendar in ics.calendars(_read_bytes(path), scan.day):
        for fault in calendar.faults:
            scan.add_fault(path, fault)
        scan.event_bytes += calendar.size()
        if scan.event_bytes > MAX_EVENT_BYTES:
            raise ics.Unreadable("it has more meetings around this day than can be read")
        if calendar.series:
            scan.tasks.append({"file": len(scan.files), **calendar.task()})
            scan.files.append(path)


def _read_bytes(path: Path) -> bytes:
    """Return a file; whatever is no plain file is not waited for."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123  a descriptor
        about = os.fstat(file.fileno())
        data = (
            file.read(MAX_FILE_BYTES + 1) if stat.S_ISREG(about.st_mode) and about.st_size <= MAX_FILE_BYTES else None
        )
    if data is None or len(data) > MAX_FILE_BYTES:
        raise ics.Unreadable(f"it is no file of at most {MAX_FILE_BYTES // 1_000_000} MB")
    return data


def _expand_events(scan: _Scan) -> Iterator[dict[str, Any]]:
    """Let a process of its own find what happens around the day; how far it came counts even if it had to be ended."""
    if not scan.tasks:
        return
    import json  # noqa: PLC0415  most days of most calendars need no process

    task = json.dumps({"day": scan.day.isoformat(), "calendars": scan.tasks}).encode()
    told, complete = _run_worker(task, max(MIN_WORKER_SECONDS, TOTAL_TIMEOUT_SECONDS - scan.elapsed()))
    reached = 0
    for answer in map(json.loads, told):
        reached = answer["file"]
        if "why" in answer:
            scan.add_fault(scan.files[reached], answer["why"])
        yield from answer.get("found", ())
    if not complete:
        scan.add_fault(scan.files[reached], "it would take too long to find out when its meetings are")


def _run_worker(task: bytes, timeout: float) -> tuple[list[bytes], bool]:
    """Return the lines that the process wrote in full, and whether it came to its end in time."""
    command = [sys.executable, "-P", "-W", "ignore", "-m", "valuelog.sources.calendar_worker"]
    with start_process(command, os.environ, PIPE) as process:
        try:
            said, _ = process.communicate(task, timeout)
        except TimeoutExpired as late:
            return (late.stdout or b"").split(b"\n")[:-1], False
    return said.split(b"\n")[:-1], process.returncode == 0


def _create_drafts(events: Iterable[Mapping[str, Any]], span: Span, me: frozenset[str]) -> list[Draft]:
    """Make drafts of what lies within a day, in order, each once."""
    timed = ((_clip_to_day(fact, span), fact) for fact in events)
    ordered = sorted(((times, fact) for times, fact in timed if times), key=lambda pair: (pair[0], pair[1]["uid"]))
    drafts = (_create_draft(fact, times, span, me) for times, fact in ordered)
    return list({draft.origin: draft for draft in drafts}.values())


def _clip_to_day(event: Mapping[str, Any], span: Span) -> tuple[datetime, datetime] | None:
    """Return when a meeting begins and ends within a day, if it does; a whole day begins and ends with it."""
    day_starts, day_ends = span.start.astimezone(UTC), span.end.astimezone(UTC)
    if "T" not in event["start"]:
        first, after = (date.fromisoformat(event[name][:10]) for name in ("start", "end"))
        return (day_starts, day_starts) if first <= span.day < max(after, first + timedelta(days=1)) else None
    begins, ends = (_localize(datetime.fromisoformat(event[name]), span) for name in ("start", "end"))
    within = begins < day_ends and ends > day_starts if begins < ends else begins in span
    return (max(begins, day_starts), min(ends, day_ends)) if within else None


def _localize(moment: datetime, span: Span) -> datetime:
    """Return a moment in UTC; one without a zone is where the person is."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=_day_zone(span))).astimezone(UTC)


def _day_zone(span: Span) -> tzinfo | None:
    """Return the zone of a day; none where the clocks change within it, and only the system knows when."""
    fixed = isinstance(span.start.tzinfo, timezone) and span.start.utcoffset() != span.end.utcoffset()
    return None if fixed else span.start.tzinfo


def _create_draft(event: Mapping[str, Any], times: tuple[datetime, datetime], span: Span, me: frozenset[str]) -> Draft:
    minutes = -((times[0] - times[1]) // timedelta(minutes=1))
    return Draft(
        origin=_origin(event, span),
        day=span.day,
        text=sanitize_line(event.get("SUMMARY", "")) or "meeting",
        at=times[0].astimezone(_day_zone(span)).time()
        if "T" in event["start"] and not _continues_from_day_before(event, span)
        else None,
        minutes=min(minutes, MAX_MINUTES) or None,
        people=normalize_names(list(list_other_attendees(event, me))[:MAX_PEOPLE]),
    )


def _origin(event: Mapping[str, Any], span: Span) -> str:
    """Name a meeting, and what goes on from the day before by the day too: each day has its part of it."""
    first = re.sub(r"[-:]|\+00:00$", "", event["id"])
    return ":".join(
        filter(
            None, (NAME, digest(event["uid"]), first, f"{span.day:%Y%m%d}" * _continues_from_day_before(event, span))
        )
    )


def _continues_from_day_before(event: Mapping[str, Any], span: Span) -> bool:
    """Whether a meeting goes on from the day before."""
    start = event["start"]
    return _localize(datetime.fromisoformat(start), span) < span.start if "T" in start else start < str(span.day)
