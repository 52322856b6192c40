"""Watson: its own file of frames, or the output of `watson log --json`. Both have the same ids."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import ImportContext, PassedOver, Record, Rejected
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    OriginFactory,
    datetime_from_timestamp,
    get_text,
    get_text_list,
    join_text,
    logical_day,
    minutes_between,
    parse_datetime,
    parse_names,
    parse_number,
    parse_project,
    read_records,
)

JSON_FORMAT = JsonFormat(
    name="watson",
    produced_by="watson log --all --json; Watson's own file “frames” works too",
    row_keys=("start", "stop", "project", "id", "tags"),
)
"""In its own file, a frame is a list of these and the time of the last change."""


RUNNING_FRAME = PassedOver("running frame", "running frames")


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the frames of Watson. They have only a project and tags, which also become the text.

    One that is still running is passed over.
    """
    return read_records(stream, JSON_FORMAT, partial(_parse_records, context=context, origins=OriginFactory("watson")))


def _parse_records(
    raw: Mapping[str, Any], location: str, context: ImportContext, origins: OriginFactory
) -> Iterator[Record | PassedOver]:
    if raw.get("start") is not None and raw.get("stop", "") is None:
        yield RUNNING_FRAME
        return
    start = _parse_timestamp(raw, "start", context)
    project, tags = get_text(raw, "project"), get_text_list(raw, "tags")
    yield Record(
        location=location,
        day=logical_day(start, context),
        text=join_text(": ".join(part for part in (project, ", ".join(tags)) if part)),
        minutes=minutes_between(start, _parse_timestamp(raw, "stop", context)),
        project=parse_project(project),
        tags=parse_names("tags", tags),
        created=start,
        origin=origins.from_id(get_text(raw, "id"))
        if raw.get("id")
        else origins.from_values(start.timestamp(), project, tags),
    )


def _parse_timestamp(raw: Mapping[str, Any], key: str, context: ImportContext) -> datetime:
    """Parse a time: a number of seconds in Watson's own file, an ISO time in its log."""
    value = raw.get(key)
    if isinstance(value, str):
        return parse_datetime(value, context.zone)
    return datetime_from_timestamp(parse_number(value, key), context.zone)
