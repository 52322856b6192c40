"""Timewarrior: the output of `timew export`, intervals with tags and perhaps an annotation.

Its ids are numbered from the newest interval and change with each new one, so the origin is the start of an interval.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import ImportContext, PassedOver, Record, Rejected
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    InvalidRecord,
    OriginFactory,
    excerpt,
    get_text,
    get_text_list,
    logical_day,
    minutes_between,
    parse_datetime,
    parse_names,
    read_records,
    text_or_placeholder,
)

TIMESTAMP = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
"""How Timewarrior writes times, which tells its intervals from those of other tools."""

RUNNING_INTERVAL = PassedOver("running interval", "running intervals")

JSON_FORMAT = JsonFormat(name="timewarrior", produced_by="timew export")


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the intervals of Timewarrior; one that is still running is passed over."""
    return read_records(
        stream, JSON_FORMAT, partial(_parse_records, context=context, origins=OriginFactory("timewarrior"))
    )


def _parse_records(
    raw: Mapping[str, Any], location: str, context: ImportContext, origins: OriginFactory
) -> Iterator[Record | PassedOver]:
    start, end, tags = _parse_timestamp(raw, "start", context), get_text(raw, "end"), get_text_list(raw, "tags")
    if not end:
        yield RUNNING_INTERVAL
        return
    yield Record(
        location=location,
        day=logical_day(start, context),
        text=text_or_placeholder(get_text(raw, "annotation").strip() or ", ".join(tags)),
        minutes=minutes_between(start, _parse_timestamp(raw, "end", context)),
        tags=parse_names("tags", tags),
        created=start,
        origin=origins.from_id(get_text(raw, "start")),
    )


def _parse_timestamp(raw: Mapping[str, Any], key: str, context: ImportContext) -> datetime:
    words = get_text(raw, key)
    if words and not TIMESTAMP.fullmatch(words):
        raise InvalidRecord(f"“{excerpt(words)}” is not a Timewarrior timestamp.")
    return parse_datetime(words, context.zone)
