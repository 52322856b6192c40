"""Taskwarrior: the output of `task export`, of which only completed tasks are imported."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import ImportContext, PassedOver, Record, Rejected
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    InvalidRecord,
    OriginFactory,
    excerpt,
    get_objects,
    get_text,
    get_text_list,
    join_text,
    logical_day,
    parse_datetime,
    parse_names,
    parse_project,
    read_records,
)

JSON_FORMAT = JsonFormat(name="taskwarrior", produced_by="task export")

STATUSES = ("completed", "pending", "waiting", "recurring", "deleted")


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the completed tasks of Taskwarrior, each on the day it ended; the others are passed over."""
    return read_records(
        stream, JSON_FORMAT, partial(_parse_records, context=context, origins=OriginFactory("taskwarrior"))
    )


def _parse_records(
    raw: Mapping[str, Any], location: str, context: ImportContext, origins: OriginFactory
) -> Iterator[Record | PassedOver]:
    status = get_text(raw, "status")
    if status not in STATUSES:
        raise InvalidRecord(f"“{excerpt(status)}” is not a task status.")
    if status != "completed":
        yield PassedOver(f"{status} task", f"{status} tasks")
        return
    end, description = parse_datetime(get_text(raw, "end"), context.zone), get_text(raw, "description")
    yield Record(
        location=location,
        day=logical_day(end, context),
        text=join_text(description, *(get_text(note, "description") for note in get_objects(raw, "annotations"))),
        project=parse_project(get_text(raw, "project")),
        tags=parse_names("tags", get_text_list(raw, "tags")),
        created=end,
        origin=origins.from_id(get_text(raw, "uuid"))
        if raw.get("uuid")
        else origins.from_values(get_text(raw, "end"), description),
    )
