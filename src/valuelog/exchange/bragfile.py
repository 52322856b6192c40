"""bragfile: the output of `brag export --format json`, a list of achievements with their impact.

Ids start at 1 in each of its databases, so an origin also has the time of creation.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import ImportContext, PassedOver, Record, Rejected
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    OriginFactory,
    get_text,
    get_text_list,
    join_text,
    parse_date_or_datetime,
    parse_names,
    parse_optional_text,
    parse_project,
    read_records,
)

JSON_FORMAT = JsonFormat(name="bragfile", produced_by="brag export --format json")


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the entries of bragfile. Their impact becomes evidence, their type a tag."""
    return read_records(
        stream, JSON_FORMAT, partial(_parse_records, context=context, origins=OriginFactory("bragfile"))
    )


def _parse_records(
    raw: Mapping[str, Any], location: str, context: ImportContext, origins: OriginFactory
) -> Iterator[Record]:
    day, created = parse_date_or_datetime(get_text(raw, "created_at"), context)
    yield Record(
        location=location,
        day=day,
        text=join_text(get_text(raw, "title"), get_text(raw, "description")),
        tags=parse_names("tags", (*_get_tags(raw), get_text(raw, "type"))),
        project=parse_project(get_text(raw, "project")),
        evidence=parse_optional_text(get_text(raw, "impact")),
        created=created,
        origin=_create_origin(raw, origins),
    )


def _get_tags(raw: Mapping[str, Any]) -> list[str]:
    """Return the tags: a text with commas, or a list as newer exports have."""
    return get_text_list(raw, "tags") if isinstance(raw.get("tags"), list) else get_text(raw, "tags").split(",")


def _create_origin(raw: Mapping[str, Any], origins: OriginFactory) -> str:
    number, created = raw.get("id"), get_text(raw, "created_at")
    if isinstance(number, int | str):
        return origins.from_id(f"{number}-{created}")
    return origins.from_values(created, get_text(raw, "title"), get_text(raw, "description"))
