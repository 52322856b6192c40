"""bragfile: what `brag export --format json` writes: a list of things done, each with what it changed.

Its ids begin at 1 in each of its files, so that only with its time of creation an id is the same everywhere.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import Bad, Record, Where
from valuelog.exchange.json_records import Shape
from valuelog.exchange.records import Origins, evidence_of, names_of, project_of, records, said, text_of, when

SHAPE = Shape(name="bragfile", made_with="brag export --format json")


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the entries of bragfile: their impact is evidence, their type a tag."""
    return records(stream, SHAPE, partial(_records, where=where, origins=Origins("bragfile")))


def _records(raw: Mapping[str, Any], place: str, where: Where, origins: Origins) -> Iterator[Record]:
    day, created = when(said(raw, "created_at"), where)
    yield Record(
        place=place,
        day=day,
        text=text_of(said(raw, "title"), said(raw, "description")),
        tags=names_of("tags", (*said(raw, "tags").split(","), said(raw, "type"))),
        project=project_of(said(raw, "project")),
        evidence=evidence_of(said(raw, "impact")),
        created=created,
        origin=_origin(raw, origins),
    )


def _origin(raw: Mapping[str, Any], origins: Origins) -> str:
    number, created = raw.get("id"), said(raw, "created_at")
    if isinstance(number, int | str):
        return origins.of_id(f"{number}-{created}")
    return origins.of_facts(created, said(raw, "title"), said(raw, "description"))
