"""jrnl: what `jrnl --format json` writes: entries with a title, a body, a day, a time, tags and a star.

jrnl knows no zones: its times are those of the clock on the wall. Its @tags are people, unless they begin with #. What
is written is the text that jrnl itself keeps and imports; value has a star there.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, time
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import Bad, Record, Where
from valuelog.exchange.json_records import Shape
from valuelog.exchange.records import Origins, listed, names_of, records, said, text_of, when
from valuelog.model.entry import Entry, Side, format_minutes, people_in, tags_in

SHAPE = Shape(name="jrnl", made_with="jrnl --format json", under="entries")

MIDNIGHT = ("", "00:00", "00:00:00")
"""Times that say only a day: nobody writes at that very minute, but jrnl may be set to put it there."""


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the entries of a jrnl journal; a starred one has the tag `starred`."""
    return records(stream, SHAPE, partial(_records, where=where, origins=Origins("jrnl")))


def _records(raw: Mapping[str, Any], place: str, where: Where, origins: Origins) -> Iterator[Record]:
    day_said, time_said, title, body = (said(raw, key) for key in ("date", "time", "title", "body"))
    day, created = when(day_said if time_said in MIDNIGHT else f"{day_said} {time_said}", where)
    tags = listed(raw, "tags")
    yield Record(
        place=place,
        day=day,
        text=text_of(title, body),
        people=names_of("people", (tag for tag in tags if tag.startswith("@"))),
        tags=names_of(
            "tags", [tag for tag in tags if not tag.startswith("@")] + ["starred"] * (raw.get("starred") is True)
        ),
        created=created,
        origin=origins.of_facts(day_said, time_said, title, body),
    )


NOON = time(12)
"""When an entry is said to be of that was written on another day."""


def write(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield entries as `jrnl --import` reads them; what jrnl has no place for stands on the last line of the body."""
    for entry in entries:
        title, *body = entry.text.split("\n")
        star = " *" if entry.side is Side.VALUE else ""
        facts = " · ".join(_facts(entry))
        head = f"[{_moment(entry):%Y-%m-%d %H:%M}] {_unstarred(title)}{star}"
        lines = [head, *map(_harmless, body), *([facts] if facts else [])]
        yield "\n".join(lines) + "\n\n"


def _moment(entry: Entry) -> datetime:
    """Return when an entry was written, as the clock on the wall showed it; noon if that was on another day."""
    written = entry.created.replace(tzinfo=None)
    return written if written.date() == entry.day else datetime.combine(entry.day, NOON)


def _harmless(line: str) -> str:
    """Return a line that does not begin as another entry does."""
    return re.sub(r"^(\s*)\[", r"\1\\[", line)


def _unstarred(title: str) -> str:
    """Return a title that gives no star by how it begins or ends."""
    return re.sub(r"^\*|\*$", "∗", title)


def _facts(entry: Entry) -> Iterator[str]:
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
