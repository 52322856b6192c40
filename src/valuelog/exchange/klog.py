"""klog: what `klog json` writes: days with a summary and entries, each a span of time with a summary and #tags."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import ImportContext, Record, Rejected
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
    text_or_placeholder,
)
from valuelog.model.errors import BadInput

JSON_FORMAT = JsonFormat(
    name="klog",
    produced_by="klog json (if klog finds errors in your file, it shows them instead of the records)",
    list_key="records",
)

JsonObject = Mapping[str, Any]


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected]:
    """Yield the entries of klog. What still runs is left for later, and what only shortens a day (-30m) is left out."""
    _ = context  # klog writes days, which need no zone
    return read_records(stream, JSON_FORMAT, partial(_parse_records, origins=OriginFactory("klog")))


def _parse_records(raw: JsonObject, location: str, origins: OriginFactory) -> Iterator[Record | Rejected]:
    """Yield the entries of a day. Its summary speaks for those that have none, or else stands for itself."""
    on = parse_date(get_text(raw, "date"))
    found = [
        one
        for nth, entry in enumerate(get_objects(raw, "entries"), 1)
        for one in _parse_or_reject(on, raw, entry, f"{location}, entry {nth}", origins)
    ]
    yield from found
    if (summary := get_text(raw, "summary")).strip():
        text = join_text(summary)
        if not any(isinstance(one, Record) and one.text == text for one in found):
            yield from _parse_entry(on, raw, {"summary": summary}, location, origins)


def _parse_or_reject(
    day: date, raw: JsonObject, entry: JsonObject, location: str, origins: OriginFactory
) -> Iterator[Record | Rejected]:
    try:
        yield from _parse_entry(day, raw, entry, location, origins)
    except BadInput as error:
        yield Rejected(location=location, reason=error.message)


def _parse_entry(
    day: date, raw: JsonObject, entry: JsonObject, location: str, origins: OriginFactory
) -> Iterator[Record]:
    length = parse_number(entry.get("total_mins", 0), "total_mins")
    if length < 0 or entry.get("type") == "open_range":
        return
    yield Record(
        location=location,
        day=day,
        text=text_or_placeholder(
            get_text(entry, "summary") if get_text(entry, "summary").strip() else get_text(raw, "summary")
        ),
        minutes=cap_minutes(length) or None,
        tags=parse_names("tags", (*get_text_list(raw, "tags"), *get_text_list(entry, "tags"))),
        origin=origins.from_values(get_text(raw, "date"), get_text(entry, "start"), length, get_text(entry, "summary")),
    )
