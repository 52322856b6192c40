"""jrnl: what `jrnl --format json` writes: entries with a title, a body, a day, a time, tags and a star.

jrnl knows no zones: its times are those of the clock on the wall. Its @tags are people, unless they begin with #. What
is written is the text that jrnl itself keeps and imports; value has a star there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import ImportContext, Record, Rejected
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    OriginFactory,
    get_text,
    get_text_list,
    join_text,
    parse_date_or_datetime,
    parse_names,
    read_records,
)
from valuelog.model.entry import Entry, Side, format_minutes, people_in, tags_in

JSON_FORMAT = JsonFormat(name="jrnl", produced_by="jrnl --format json", list_key="entries")

MIDNIGHT_TIMES = ("", "00:00", "00:00:00")
"""Times that say only a day: nobody writes at that very minute, but jrnl may be set to put it there."""


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected]:
    """Yield the entries of a jrnl journal; a starred one has the tag `starred`."""
    return read_records(stream, JSON_FORMAT, partial(_parse_records, context=context, origins=OriginFactory("jrnl")))


def _parse_records(
    raw: Mapping[str, Any], location: str, context: ImportContext, origins: OriginFactory
) -> Iterator[Record]:
    day_said, time_said, title, body = (get_text(raw, key) for key in ("date", "time", "title", "body"))
    day, created = parse_date_or_datetime(
        day_said if time_said in MIDNIGHT_TIMES else f"{day_said} {time_said}", context
    )
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
        origin=origins.from_values(day_said, time_said, title, body),
    )


NOON = time(12)
"""When an entry is said to be of that was written on another day."""


def write(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield entries as `jrnl --import` reads them; what jrnl has no place for stands on the last line of the body."""
    for entry in entries:
        title, *body = entry.text.split("\n")
        star = " *" if entry.side is Side.VALUE else ""
        facts = " · ".join(_format_details(entry))
        head = f"[{_entry_datetime(entry):%Y-%m-%d %H:%M}] {_escape_stars(title)}{star}"
        lines = [head, *map(_escape_header, body), *([facts] if facts else [])]
        yield "\n".join(lines) + "\n\n"


def _entry_datetime(entry: Entry) -> datetime:
    """Return when an entry was written, as the clock on the wall showed it; noon if that was on another day."""
    written = entry.created.replace(tzinfo=None)
    return written if written.date() == entry.day else datetime.combine(entry.day, NOON)


def _escape_header(line: str) -> str:
    """Return a line that does not begin as another entry does."""
    return re.sub(r"^(\s*)\[", r"\1\\[", line)


def _escape_stars(title: str) -> str:
    """Return a title that gives no star by how it begins or ends."""
    return re.sub(r"^\*|\*$", "∗", title)


def _format_details(entry: Entry) -> Iterator[str]:
    """Yield what an entry says besides its text."""
    if entry.side is Side.VALUE:
        yield str(entry.kind)
    if entry.minutes:
        yield format_minutes(entry.minutes)
    yield from (effect.label for effect in entry.effects)
    yield from (f"for {one}" for one in entry.beneficiaries)
    if entry.project:
        yield f"project {entry.project}"
    yield from (f"@{name}" for name in entry.people if name not in people_in(entry.text))
    yield from (f"#{tag}" for tag in entry.tags if tag not in tags_in(entry.text))
    if entry.evidence:
        yield f"evidence: {' '.join(entry.evidence.split())}"
