"""Timewarrior: what `timew export` writes: intervals with tags and perhaps an annotation.

Its ids count from the newest interval back and change with each new one; as intervals never overlap, it is by its start
that one is known again.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, BinaryIO

from valuelog.exchange import Bad, Record, Where
from valuelog.exchange.jsonlist import Shape
from valuelog.exchange.reading import Origins, lasted, listed, lived, moment, names_of, records, said, text_of

SHAPE = Shape(name="timewarrior", made_with="timew export")


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the intervals of Timewarrior; one that still runs is left for the day on which it has ended."""
    return records(stream, SHAPE, partial(_records, where=where, origins=Origins("timewarrior")))


def _records(raw: Mapping[str, Any], place: str, where: Where, origins: Origins) -> Iterator[Record]:
    start, end, tags = moment(said(raw, "start"), where.zone), said(raw, "end"), listed(raw, "tags")
    if not end:
        return
    yield Record(
        place=place,
        day=lived(start, where),
        text=text_of(said(raw, "annotation").strip() or ", ".join(tags)),
        minutes=lasted(start, moment(end, where.zone)),
        tags=names_of("tags", tags),
        created=start,
        origin=origins.of_id(said(raw, "start")),
    )
