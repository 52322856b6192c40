"""jrnl: what `jrnl --format json` writes: entries with a title, a body, a day, a time, tags and a star.

jrnl knows no zones: its times are those of the clock on the wall. Its @tags are people, unless they begin with #.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import Bad, Record, Where
from valuelog.exchange.jsonlist import Shape
from valuelog.exchange.reading import Origins, listed, names_of, records, said, text_of, when

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
