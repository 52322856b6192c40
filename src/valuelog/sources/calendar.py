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
from valuelog.sources import Option, Reads, SourceFailed, Span, ics
from valuelog.sources.attendees import people, takes_part
from valuelog.sources.sanitize import line
from valuelog.sources.subprocesses import digest, running

NAME = "calendar"

INSTALL = "pipx inject valuelog icalendar recurring-ical-events   or, in your clone: uv tool install '.[calendar]'"

LARGEST = 20_000_000
"""So many bytes a file may have."""

MOST_FILES = 20_000
"""So many files are looked at."""

DEEPEST = 5
"""So many folders may stand in one another."""

MOST_KEPT = 4_000_000
"""So many bytes all meetings that may concern a day may have."""

SECONDS = 0.7
"""So much time of a processor looking through files may take."""

LONGEST_LOOK, LONGEST_WAIT = 2.5, 5.0
"""After so many seconds looking through files ends on however busy a machine, and so does all of it."""

SHORTEST_WAIT = 1.0
"""So many seconds the process that reads gets at least."""

MOST_PEOPLE = 10
"""So many people a draft names."""


@dataclass(slots=True)
class _Reading:
    """What was found so far, and what could not be read, the first of it first."""

    day: date
    begun: float = field(default_factory=time.monotonic)
    ends: float = field(default_factory=lambda: time.thread_time() + SECONDS)
    files: list[Path] = field(default_factory=list)
    tasks: list[dict[str, Any]] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    kept: int = 0

    def late(self) -> bool:
        """Whether looking through files took too long, or found too much."""
        return time.thread_time() > self.ends or self.waited() > LONGEST_LOOK or self.kept > MOST_KEPT

    def waited(self) -> float:
        """Return how many seconds somebody waits already."""
        return time.monotonic() - self.begun

    def fail(self, path: object, why: str) -> None:
        """Remember the first thing that is wrong with a file."""
        self.faults.setdefault(line(str(path)), why)


class Calendars:
    """The source of meetings."""

    name: str = NAME
    about: str = "the meetings in .ics files and folders of them"
    options: Sequence[Option] = (
        Option(name="paths", reads=Reads.PATHS, about="the .ics files, or folders of them"),
        Option(name="emails", reads=Reads.WORDS, about="your own addresses, to know what you declined"),
    )

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield the meetings of a day in their order; then raise SourceFailed if there was something unreadable."""
        del environ
        paths: Sequence[Path] = options.get("paths", ())
        if not paths:
            hint = f"Set them with: valuelog config set sources.{NAME}.paths ~/calendars"
            raise SourceFailed(NAME, "no calendars are set.", hint)
        _needs_libraries()
        reading = _Reading(span.day)
        _read(reading, paths)
        me = frozenset(word.casefold() for word in options.get("emails", ()))
        found = [fact for fact in _asked(reading) if takes_part(fact, me)]
        yield from _in_order(found, span, me)
        if reading.faults:
            raise _failed(reading.faults)


SOURCE = Calendars()


def _needs_libraries() -> None:
    if not (find_spec("icalendar") and find_spec("recurring_ical_events")):
        raise SourceFailed(NAME, "the libraries that read calendars are missing.", INSTALL)


def _failed(faults: Mapping[str, str]) -> SourceFailed:
    """Name the first file, and say how many others there are."""
    (path, why), others = next(iter(faults.items())), len(faults) - 1
    more = f" ({others} more could not be read in full either)" if others else ""
    hint = f"Mend it, or take it out of what `paths` names under [sources.{NAME}]."
    return SourceFailed(NAME, f"{path}: {why}{more}.", hint)


def _read(reading: _Reading, paths: Iterable[Path]) -> None:
    """Look through all files for what may concern the day."""
    for number, path in enumerate(_files(reading, paths)):
        if number >= MOST_FILES or reading.late():
            reading.fail(path, "there are more calendars than can be read; it and what follows were left out")
            return
        try:
            _read_one(reading, path)
        except ics.Unreadable as error:
            reading.fail(path, error.message)
        except OSError as error:
            reading.fail(path, f"it cannot be read ({error.strerror})")


def _files(reading: _Reading, paths: Iterable[Path], deep: int = 0) -> Iterator[Path]:
    """Yield what is given, and the .ics files of folders in the order of their names; links to folders are not gone."""
    for path in paths:
        try:
            within = _within(path) if path.is_dir() else None
        except OSError as error:
            reading.fail(path, f"it cannot be read ({error.strerror})")
            continue
        if within is None or reading.late():
            yield path
        elif deep < DEEPEST:
            yield from _files(reading, within, deep + 1)


def _within(folder: Path) -> list[Path]:
    with os.scandir(folder) as entries:
        return sorted(Path(entry.path) for entry in islice(filter(_wanted, entries), MOST_FILES + 1))


def _wanted(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return False
    return entry.is_dir(follow_symlinks=False) or (entry.name.lower().endswith(".ics") and entry.is_file())


def _read_one(reading: _Reading, path: Path) -> None:
    for calendar in ics.calendars(_bytes(path), reading.day):
        for fault in calendar.faults:
            reading.fail(path, fault)
        reading.kept += calendar.size()
        if reading.kept > MOST_KEPT:
            raise ics.Unreadable("it has more meetings around this day than can be read")
        if calendar.series:
            reading.tasks.append({"file": len(reading.files), **calendar.task()})
            reading.files.append(path)


def _bytes(path: Path) -> bytes:
    """Return a file; whatever is no plain file is not waited for."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:  # noqa: PTH123  a descriptor
        about = os.fstat(file.fileno())
        data = file.read(LARGEST + 1) if stat.S_ISREG(about.st_mode) and about.st_size <= LARGEST else None
    if data is None or len(data) > LARGEST:
        raise ics.Unreadable(f"it is no file of at most {LARGEST // 1_000_000} MB")
    return data


def _asked(reading: _Reading) -> Iterator[dict[str, Any]]:
    """Let a process of its own find what happens around the day; how far it came counts even if it had to be ended."""
    if not reading.tasks:
        return
    import json  # noqa: PLC0415  most days of most calendars need no process

    task = json.dumps({"day": reading.day.isoformat(), "calendars": reading.tasks}).encode()
    told, complete = _answers(task, max(SHORTEST_WAIT, LONGEST_WAIT - reading.waited()))
    reached = 0
    for answer in map(json.loads, told):
        reached = answer["file"]
        if "why" in answer:
            reading.fail(reading.files[reached], answer["why"])
        yield from answer.get("found", ())
    if not complete:
        reading.fail(reading.files[reached], "it would take too long to find out when its meetings are")


def _answers(task: bytes, patience: float) -> tuple[list[bytes], bool]:
    """Return the lines that the process wrote in full, and whether it came to its end in time."""
    command = [sys.executable, "-P", "-W", "ignore", "-m", "valuelog.sources.calendar_worker"]
    with running(command, os.environ, PIPE) as process:
        try:
            said, _ = process.communicate(task, patience)
        except TimeoutExpired as late:
            return (late.stdout or b"").split(b"\n")[:-1], False
    return said.split(b"\n")[:-1], process.returncode == 0


def _in_order(facts: Iterable[Mapping[str, Any]], span: Span, me: frozenset[str]) -> list[Draft]:
    """Make drafts of what lies within a day, in order, each once."""
    timed = ((_clipped(fact, span), fact) for fact in facts)
    ordered = sorted(((times, fact) for times, fact in timed if times), key=lambda pair: (pair[0], pair[1]["uid"]))
    drafts = (_draft(fact, times, span, me) for times, fact in ordered)
    return list({draft.origin: draft for draft in drafts}.values())


def _clipped(fact: Mapping[str, Any], span: Span) -> tuple[datetime, datetime] | None:
    """Return when a meeting begins and ends within a day, if it does; a whole day begins and ends with it."""
    day_starts, day_ends = span.start.astimezone(UTC), span.end.astimezone(UTC)
    if "T" not in fact["start"]:
        first, after = (date.fromisoformat(fact[name][:10]) for name in ("start", "end"))
        return (day_starts, day_starts) if first <= span.day < max(after, first + timedelta(days=1)) else None
    begins, ends = (_zoned(datetime.fromisoformat(fact[name]), span) for name in ("start", "end"))
    within = begins < day_ends and ends > day_starts if begins < ends else begins in span
    return (max(begins, day_starts), min(ends, day_ends)) if within else None


def _zoned(moment: datetime, span: Span) -> datetime:
    """Return a moment in UTC; one without a zone is where the person is."""
    return (moment if moment.tzinfo else moment.replace(tzinfo=_zone(span))).astimezone(UTC)


def _zone(span: Span) -> tzinfo | None:
    """Return the zone of a day; none where the clocks change within it, and only the system knows when."""
    fixed = isinstance(span.start.tzinfo, timezone) and span.start.utcoffset() != span.end.utcoffset()
    return None if fixed else span.start.tzinfo


def _draft(fact: Mapping[str, Any], times: tuple[datetime, datetime], span: Span, me: frozenset[str]) -> Draft:
    minutes = -((times[0] - times[1]) // timedelta(minutes=1))
    return Draft(
        origin=_origin(fact, span),
        day=span.day,
        text=line(fact.get("SUMMARY", "")) or "meeting",
        at=times[0].astimezone(_zone(span)).time() if "T" in fact["start"] and not _since(fact, span) else None,
        minutes=min(minutes, MAX_MINUTES) or None,
        people=normalize_names(list(people(fact, me))[:MOST_PEOPLE]),
    )


def _origin(fact: Mapping[str, Any], span: Span) -> str:
    """Name a meeting, and what goes on from the day before by the day too: each day has its part of it."""
    first = re.sub(r"[-:]|\+00:00$", "", fact["id"])
    return ":".join(filter(None, (NAME, digest(fact["uid"]), first, f"{span.day:%Y%m%d}" * _since(fact, span))))


def _since(fact: Mapping[str, Any], span: Span) -> bool:
    """Whether a meeting goes on from the day before."""
    start = fact["start"]
    return _zoned(datetime.fromisoformat(start), span) < span.start if "T" in start else start < str(span.day)
