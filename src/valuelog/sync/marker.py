"""The marker of a remote: a small file that tells which journal is there, and whether the key is right."""

import json
from collections.abc import Iterator
from typing import Final, NamedTuple

from valuelog.sync.errors import BadSegment
from valuelog.sync.padding import pack_text, unpack_lines
from valuelog.sync.sealing import seal, unseal
from valuelog.sync.segment import is_count, is_id, parse_header

MARKER_NAME: Final = "valuelog.age"
"""The name of its file on the remote."""

_AGE_HEADER = b"age-encryption.org/v1\n"


class Marker(NamedTuple):
    """The format of a remote, the id of the journal, and how many times the remote was rebuilt."""

    format: int
    journal: str
    generation: int


def pack(marker: Marker, key: str) -> bytes:
    """Return the file of a marker. Raises WrongKey, MissingExtra."""
    return seal(pack_text(f"{json.dumps(marker._asdict())}\n".encode()), key)


def unpack(data: bytes, key: str) -> Marker:
    """Read the file of a marker. Raises WrongKey, NewerFormat, BadSegment if it isn't one, MissingExtra."""
    if not data.startswith(_AGE_HEADER):
        raise BadSegment(MARKER_NAME, "valuelog didn't write it, or it is incomplete")
    text = unseal(data, key)
    try:
        return _parse(unpack_lines(text))
    except (ValueError, RecursionError) as error:
        raise BadSegment(MARKER_NAME, "its content can't be read") from error


def _parse(lines: Iterator[bytes]) -> Marker:
    header = parse_header(lines)
    journal, generation = header.get("journal"), header.get("generation")
    if not is_id(journal) or not is_count(generation) or next(lines, None) is not None:
        raise ValueError
    return Marker(header["format"], str(journal), int(str(generation)))
