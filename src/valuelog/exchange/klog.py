"""klog: the output of `klog json`, days with a summary and entries, each with a duration, a summary and tags."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import ImportContext, PassedOver, Record, Rejected
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    OriginFactory,
    cap_minutes,
    get_objects,
    get_text,
    get_text_list,
    join_text,
    parse_date,
    parse_names,
    parse_number,
    read_records,
    reject_invalid,
    text_or_placeholder,
)

JSON_FORMAT = JsonFormat(
    name="klog",
    produced_by="klog json (if klog finds errors in your file, it prints them instead of the records)",
    list_key="records",
)

OPEN_RANGE = PassedOver("open range", "open ranges")
NEGATIVE_DURATION = PassedOver("negative duration", "negative durations")

JsonObject = Mapping[str, Any]


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the entries of klog. Open ranges and negative durations, which only shorten a day, are passed over."""
    _ = context  # days have no zone
    return read_records(stream, JSON_FORMAT, partial(_parse_records, origins=OriginFactory("klog")))


def _parse_records(raw: JsonObject, location: str, origins: OriginFactory) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the entries of a day. Its summary is the text of those without one, or else its own entry."""
    day = parse_date(get_text(raw, "date"))
    texts: set[str] = set()
    for number, entry in enumerate(get_objects(raw, "entries"), 1):
        entry_location = f"{location}, entry {number}"
        for record in reject_invalid(entry_location, _parse_entry(day, raw, entry, entry_location, origins)):
            texts |= {record.text} if isinstance(record, Record) else set()
            yield record
    summary = get_text(raw, "summary")
    if summary.strip() and join_text(summary) not in texts:
        yield from _parse_entry(day, raw, {"summary": summary}, location, origins)


def _parse_entry(
    day: date, raw: JsonObject, entry: JsonObject, location: str, origins: OriginFactory
) -> Iterator[Record | PassedOver]:
    minutes = parse_number(entry.get("total_mins", 0), "total_mins")
    if minutes < 0 or entry.get("type") == "open_range":
        yield NEGATIVE_DURATION if minutes < 0 else OPEN_RANGE
        return
    yield Record(
        location=location,
        day=day,
        text=text_or_placeholder(get_text(entry, "summary").strip() or get_text(raw, "summary")),
        minutes=cap_minutes(minutes) or None,
        tags=parse_names("tags", (*get_text_list(raw, "tags"), *get_text_list(entry, "tags"))),
        origin=origins.from_values(
            get_text(raw, "date"), get_text(entry, "start"), minutes, get_text(entry, "summary")
        ),
    )
