"""Watson: its own file of frames, or what `watson log --json` writes. Both name a frame by the same id."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import Bad, Record, Where
from valuelog.exchange.json_records import Shape
from valuelog.exchange.records import (
    Origins,
    lasted,
    listed,
    lived,
    moment,
    moment_at,
    names_of,
    number,
    project_of,
    records,
    said,
    text_of,
)

SHAPE = Shape(
    name="watson",
    made_with="watson log --all --json, or it is Watson's own file “frames”",
    row=("start", "stop", "project", "id", "tags"),
)
"""In its own file a frame is a list; when it was last changed stands at its end."""


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the frames of Watson. A project and tags are all that they say, so that these are the text, too."""
    return records(stream, SHAPE, partial(_records, where=where, origins=Origins("watson")))


def _records(raw: Mapping[str, Any], place: str, where: Where, origins: Origins) -> Iterator[Record]:
    start = _moment(raw, "start", where)
    project, tags = said(raw, "project"), listed(raw, "tags")
    yield Record(
        place=place,
        day=lived(start, where),
        text=text_of(": ".join(part for part in (project, ", ".join(tags)) if part)),
        minutes=lasted(start, _moment(raw, "stop", where)),
        project=project_of(project),
        tags=names_of("tags", tags),
        created=start,
        origin=origins.of_id(said(raw, "id")) if raw.get("id") else origins.of_facts(start.timestamp(), project, tags),
    )


def _moment(raw: Mapping[str, Any], key: str, where: Where) -> datetime:
    """Return a moment, which is seconds in Watson's own file and words in its log."""
    found = raw.get(key)
    if isinstance(found, str):
        return moment(found, where.zone)
    return moment_at(number(found, key), where.zone)
