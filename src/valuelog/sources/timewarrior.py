"""Timewarrior source: the intervals of a day from `timew export`, one draft per task with its minutes.

A task is a combination of tags and annotation. An open interval has no length yet and is left out.
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
    """Proposes what Timewarrior tracked."""

    name = "timewarrior"
    about = "what Timewarrior tracked, if timew is installed"
    options: Sequence[Option] = ()

    def __init__(self, timeout: float = PROGRAM_TIMEOUT_SECONDS) -> None:
        """Set the time limit for timew, in seconds."""
        self._timeout = timeout

    def drafts(self, span: Span, options: Mapping[str, Any], environ: Mapping[str, str]) -> Iterator[Draft]:
        """Yield a draft per task; none without a database. Raises SourceFailed, also if timew is missing."""
        del options
        program = find_program("timew", environ)
        if not program:
            hint = f"Install it, or turn it off: valuelog config set sources.{self.name}.enabled no"
            raise SourceFailed(self.name, "timew is not installed.", hint)
        if _has_database(environ):
            start, end = (f"{moment.astimezone(UTC):{_TIMESTAMP_FORMAT}}" for moment in (span.start, span.end))
            exported = run_program(self.name, [program, "export", start, "-", end], environ, self._timeout)
            intervals, invalid_count = _parse_intervals(exported)
            yield from create_drafts(self.name, intervals, span)
            if invalid_count:
                count = f" ({invalid_count} of its intervals)" if intervals else ""
                raise SourceFailed(self.name, f"timew export printed invalid data{count}.", "Try: timew export")


SOURCE = TimewarriorSource()


def _has_database(environ: Mapping[str, str]) -> bool:
    """Return True if timew has data: without a database, `timew export` would create one."""
    home = Path(environ.get("HOME", "/"))
    configured = environ.get("TIMEWARRIORDB")
    data_home = environ.get("XDG_DATA_HOME") or home / ".local" / "share"
    folders = [Path(configured)] if configured else [home / ".timewarrior", Path(data_home) / "timewarrior"]
    return any(os.path.isdir(folder / "data") for folder in folders)  # noqa: PTH112  never raises


def _parse_intervals(exported: str) -> tuple[list[Interval], int]:
    """Parse the exported JSON into intervals and the number of invalid ones. Raises SourceFailed."""
    intervals: list[Interval] = []
    invalid_count = 0
    try:
        _, bracket, rest = f"\n{exported}".partition("\n[")  # timew may print a message before it
        documents = list(json.loads(bracket + rest))
    except (RecursionError, TypeError, ValueError) as error:
        raise SourceFailed("timewarrior", "timew export printed invalid data.", "Try: timew export") from error
    for document in documents:
        try:
            intervals.extend([_parse_interval(document)] if "end" in document else [])
        except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
            invalid_count += 1
    return intervals, invalid_count


def _parse_interval(interval: Mapping[str, Any]) -> Interval:
    start, end = (datetime.strptime(interval[key], _TIMESTAMP_FORMAT).replace(tzinfo=UTC) for key in ("start", "end"))
    tags = tuple(map(str, interval.get("tags", ())))
    note = str(interval.get("annotation", ""))
    return Interval(start=start.timestamp(), end=end.timestamp(), task="", tags=tags, note=note)
