"""klog: what `klog json` writes: days with a summary and entries, each a span of time with a summary and #tags."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import Bad, Record, Where
from valuelog.exchange.json_records import Shape
from valuelog.exchange.records import (
    Origins,
    capped,
    day,
    listed,
    named,
    names_of,
    number,
    objects,
    records,
    said,
    text_of,
)
from valuelog.model.errors import BadInput

SHAPE = Shape(
    name="klog",
    made_with="klog json (if klog finds errors in your file, it shows them instead of the records)",
    under="records",
)

Raw = Mapping[str, Any]


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the entries of klog. What still runs is left for later, and what only shortens a day (-30m) is left out."""
    _ = where  # klog writes days, which need no zone
    return records(stream, SHAPE, partial(_records, origins=Origins("klog")))


def _records(raw: Raw, place: str, origins: Origins) -> Iterator[Record | Bad]:
    """Yield the entries of a day. Its summary speaks for those that have none, or else stands for itself."""
    on = day(said(raw, "date"))
    found = [
        one
        for nth, entry in enumerate(objects(raw, "entries"), 1)
        for one in _understood(on, raw, entry, f"{place}, entry {nth}", origins)
    ]
    yield from found
    if (summary := said(raw, "summary")).strip():
        text = text_of(summary)
        if not any(isinstance(one, Record) and one.text == text for one in found):
            yield from _record(on, raw, {"summary": summary}, place, origins)


def _understood(on: date, raw: Raw, entry: Raw, place: str, origins: Origins) -> Iterator[Record | Bad]:
    try:
        yield from _record(on, raw, entry, place, origins)
    except BadInput as error:
        yield Bad(place=place, why=error.message)


def _record(on: date, raw: Raw, entry: Raw, place: str, origins: Origins) -> Iterator[Record]:
    length = number(entry.get("total_mins", 0), "total_mins")
    if length < 0 or entry.get("type") == "open_range":
        return
    yield Record(
        place=place,
        day=on,
        text=named(said(entry, "summary") if said(entry, "summary").strip() else said(raw, "summary")),
        minutes=capped(length) or None,
        tags=names_of("tags", (*listed(raw, "tags"), *listed(entry, "tags"))),
        origin=origins.of_facts(said(raw, "date"), said(entry, "start"), length, said(entry, "summary")),
    )
