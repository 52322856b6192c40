"""Timewarrior: what `timew export` writes: intervals with tags and perhaps an annotation.

Its ids count from the newest interval back and change with each new one; as intervals never overlap, it is by its start
that one is known again.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import Bad, Record, Where
from valuelog.exchange.json_records import Shape
from valuelog.exchange.records import (
    Origins,
    Wrong,
    lasted,
    listed,
    lived,
    moment,
    named,
    names_of,
    records,
    said,
    shown,
)

MOMENT = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
"""How Timewarrior writes a moment, which tells its intervals from those of other tools."""

SHAPE = Shape(name="timewarrior", made_with="timew export")


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the intervals of Timewarrior; one that still runs is left for the day on which it has ended."""
    return records(stream, SHAPE, partial(_records, where=where, origins=Origins("timewarrior")))


def _records(raw: Mapping[str, Any], place: str, where: Where, origins: Origins) -> Iterator[Record]:
    start, end, tags = _moment(raw, "start", where), said(raw, "end"), listed(raw, "tags")
    if not end:
        return
    yield Record(
        place=place,
        day=lived(start, where),
        text=named(said(raw, "annotation").strip() or ", ".join(tags)),
        minutes=lasted(start, _moment(raw, "end", where)),
        tags=names_of("tags", tags),
        created=start,
        origin=origins.of_id(said(raw, "start")),
    )


def _moment(raw: Mapping[str, Any], key: str, where: Where) -> datetime:
    words = said(raw, key)
    if words and not MOMENT.fullmatch(words):
        raise Wrong(f"“{shown(words)}” is no moment as Timewarrior writes it.")
    return moment(words, where.zone)
