"""Taskwarrior: what `task export` writes: tasks with annotations, a project and tags. Only completed ones were done."""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import Bad, Record, Where
from valuelog.exchange.json_records import Shape
from valuelog.exchange.records import (
    Origins,
    Wrong,
    listed,
    lived,
    moment,
    names_of,
    objects,
    project_of,
    records,
    said,
    shown,
    text_of,
)

SHAPE = Shape(name="taskwarrior", made_with="task export")

STATUSES = ("completed", "pending", "waiting", "recurring", "deleted")


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the completed tasks of Taskwarrior, each on the day on which it ended."""
    return records(stream, SHAPE, partial(_records, where=where, origins=Origins("taskwarrior")))


def _records(raw: Mapping[str, Any], place: str, where: Where, origins: Origins) -> Iterator[Record]:
    status = said(raw, "status")
    if status not in STATUSES:
        raise Wrong(f"There is no status “{shown(status)}” of a task.")
    if status != "completed":
        return
    end, description = moment(said(raw, "end"), where.zone), said(raw, "description")
    yield Record(
        place=place,
        day=lived(end, where),
        text=text_of(description, *(said(note, "description") for note in objects(raw, "annotations"))),
        project=project_of(said(raw, "project")),
        tags=names_of("tags", listed(raw, "tags")),
        created=end,
        origin=origins.of_id(said(raw, "uuid")) if raw.get("uuid") else origins.of_facts(said(raw, "end"), description),
    )
