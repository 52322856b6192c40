"""Timewarrior: the intervals of a day, as `timew export` tells them: one draft a task and day, with its minutes.

A task is what has the same tags and annotation. An interval that is still running has no length yet and is left out.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from valuelog.model.draft import Draft
from valuelog.sources import Option, SourceFailed, Span
from valuelog.sources.intervals import Interval, create_drafts
from valuelog.sources.subprocesses import PROGRAM_TIMEOUT_SECONDS, find_program, run_program

_TIMESTAMP_FORMAT = "%Y%m%dT%H%M%SZ"


class TimewarriorSource:
    """The intervals that Timewarrior tracked."""

    name = "timewarrior"
    about = "what Timewarrior tracked, if timew is installed"
    options: Sequence[Option] = ()

    def __init__(self, timeout: float = PROGRAM_TIMEOUT_SECONDS) -> None:
        """Remember how many seconds timew has."""
        self._timeout = timeout

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft a task; none if it never tracked anything. Raises SourceFailed, also if there is no timew."""
        del options
        program = find_program("timew", environ)
        if not program:
            leave = f"Install it, or leave it out: valuelog config set sources.{self.name}.enabled no"
            raise SourceFailed(self.name, "timew is not installed.", leave)
        if _has_database(environ):
            days = [f"{moment.astimezone(UTC):{_TIMESTAMP_FORMAT}}" for moment in (span.start, span.end)]
            said = run_program(self.name, [program, "export", days[0], "-", days[1]], environ, self._timeout)
            yield from create_drafts(self.name, _parse_intervals(said), span)


SOURCE = TimewarriorSource()


def _has_database(environ: Mapping[str, str]) -> bool:
    """Whether there are data: timew would make a database where there is none, even if nobody can be asked."""
    home = Path(environ.get("HOME", "/"))
    named = environ.get("TIMEWARRIORDB")
    data = environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    places = [Path(named)] if named else [home / ".timewarrior", Path(data) / "timewarrior"]
    return any(os.path.isdir(place / "data") for place in places)  # noqa: PTH112  never raises


def _parse_intervals(exported: str) -> Iterator[Interval]:
    """Read the list of intervals. Raises SourceFailed."""
    try:
        _, bracket, rest = f"\n{exported}".partition("\n[")  # now and then it tells of its tags first
        for interval in json.loads(bracket + rest):
            if "end" in interval:
                yield _parse_interval(interval)
    except (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise SourceFailed(
            "timewarrior", "what timew export said cannot be understood.", "Try: timew export"
        ) from error


def _parse_interval(interval: Mapping[str, Any]) -> Interval:
    start, end = (datetime.strptime(interval[key], _TIMESTAMP_FORMAT).replace(tzinfo=UTC) for key in ("start", "end"))
    tags = tuple(map(str, interval.get("tags", ())))
    note = str(interval.get("annotation", ""))
    return Interval(start=start.timestamp(), end=end.timestamp(), task="", tags=tags, note=note)
