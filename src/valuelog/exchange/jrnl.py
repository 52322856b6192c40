"""jrnl: reads the output of `jrnl --format json` and its text files, writes the text that `jrnl --import` reads.

Times in jrnl are local. Tags that begin with @ become people. Value entries are starred on export.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import ImportContext, PassedOver, Record, Rejected
from valuelog.exchange.jrnl_text import TextEntry, is_text, parse_text, split_entries
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    OriginFactory,
    get_text,
    get_text_list,
    join_text,
    limit_rejected,
    parse_date_or_datetime,
    parse_datetime,
    parse_names,
    read_records,
    reject_invalid,
)
from valuelog.exchange.transcode import CHUNK_BYTES, PeekedStream, SupportsRead
from valuelog.model.encoding import decode_text
from valuelog.model.entry import Entry, Side, format_minutes, people_in, tags_in
from valuelog.model.fields import labeled_texts

JSON_FORMAT = JsonFormat(name="jrnl", produced_by="jrnl --format json", list_key="entries")


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the entries of a jrnl journal, in JSON or text. Starred ones get the tag `starred`."""
    origins = OriginFactory("jrnl")
    head = stream.read(CHUNK_BYTES)
    whole = PeekedStream(head, stream)
    if is_text(decode_text(head, "replace")):
        return limit_rejected(_read_text(whole, context, origins))
    return read_records(whole, JSON_FORMAT, partial(_parse_records, context=context, origins=origins))


def _read_text(
    stream: SupportsRead, context: ImportContext, origins: OriginFactory
) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the entries of a text file. Their tags are in their text."""
    for entry in split_entries(stream):
        yield from reject_invalid(entry.location, _parse_text_entry(entry, context, origins))


def _parse_text_entry(entry: TextEntry, context: ImportContext, origins: OriginFactory) -> Iterator[Record]:
    title, body, is_starred = parse_text(entry)
    written = parse_datetime(entry.written, context.zone)
    raw = {"title": title, "body": body, "date": f"{written:%Y-%m-%d}", "time": f"{written:%H:%M}"}
    yield from _parse_records({**raw, "starred": is_starred}, entry.location, context, origins)


def _parse_records(
    raw: Mapping[str, Any], location: str, context: ImportContext, origins: OriginFactory
) -> Iterator[Record]:
    date, time_, title, body = (get_text(raw, key) for key in ("date", "time", "title", "body"))
    day, created = parse_date_or_datetime(f"{date} {time_}".strip(), context)
    tags = get_text_list(raw, "tags")
    yield Record(
        location=location,
        day=day,
        text=join_text(title, body),
        people=parse_names("people", (tag for tag in tags if tag.startswith("@"))),
        tags=parse_names(
            "tags", [tag for tag in tags if not tag.startswith("@")] + ["starred"] * (raw.get("starred") is True)
        ),
        created=created,
        origin=origins.from_values(date, time_, title, body),
    )


NOON = time(12)
"""The time of an entry that was created on another day."""


def write(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield entries in the text format of jrnl. Fields that jrnl does not have become the last line of the body."""
    for entry in entries:
        title, *body = entry.text.split("\n")
        star = " *" if entry.side is Side.VALUE else ""
        details = " · ".join(_format_details(entry))
        header = f"[{_entry_datetime(entry):%Y-%m-%d %H:%M}] {_escape_stars(title)}{star}"
        lines = [header, *map(_escape_header, body), *([details] if details else [])]
        yield "\n".join(lines) + "\n\n"


def _entry_datetime(entry: Entry) -> datetime:
    """Return the local time at which an entry was created; noon if that was on another day."""
    created = entry.created.replace(tzinfo=None)
    return created if created.date() == entry.day else datetime.combine(entry.day, NOON)


def _escape_header(line: str) -> str:
    """Escape a line that jrnl would take for the header of another entry."""
    return re.sub(r"^(\s*)\[", r"\1\\[", line)


def _escape_stars(title: str) -> str:
    """Replace an asterisk at the start or end of a title, which jrnl would read as a star."""
    return re.sub(r"^\*|\*$", "∗", title)


def _format_details(entry: Entry) -> Iterator[str]:
    """Yield the fields of an entry other than its text."""
    if entry.side is Side.VALUE:
        yield str(entry.kind)
    if entry.minutes:
        yield format_minutes(entry.minutes)
    yield from (effect.replace("-", " ") for effect in entry.effects)
    yield from (f"for {beneficiary}" for beneficiary in entry.beneficiaries)
    if entry.project:
        yield f"project {entry.project}"
    yield from (f"@{name}" for name in entry.people if name not in people_in(entry.text))
    yield from (f"#{tag}" for tag in entry.tags if tag not in tags_in(entry.text))
    yield from (f"{label}: {' '.join(text.split())}" for label, text in labeled_texts("entry", entry))
