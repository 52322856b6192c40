"""Day One: the JSON that it exports, or the zip around one or more of these. Photos and sounds stay where they are.

An entry says its moment in UTC and the zone in which it was written; its day is the day there. Nothing is unpacked:
only .json files at the top of the zip are read, in chunks, and only if their sizes are those of a journal.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from typing import IO, Any, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from valuelog.exchange import LARGEST, LONGEST_LINE, Bad, Record, Unreadable, Where
from valuelog.exchange.json_records import Shape
from valuelog.exchange.records import Origins, listed, lived, moment, names_of, records, said, shown, text_of

SHAPE = Shape(name="Day One", made_with="File, Export, JSON in Day One", under="entries")

WORDLESS = "A picture, or something else without words"
"""The text of an entry that has none: what it holds stays in Day One."""

MOST_JOURNALS = 1_000
"""So many journals a zip may have."""

MOST_PACKED = 100
"""A file of which less than this part is left in a zip is no journal."""

LARGEST_TABLE = 6_000_000
"""So many bytes the table of contents of a zip may have: about 50,000 photos."""

_BROKEN = (BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError, RuntimeError, LookupError)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\(dayone-moment:[^)\n]*\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(stream: BinaryIO, where: Where) -> Iterator[Record | Bad]:
    """Yield the entries of Day One; a starred one has the tag `starred`."""
    understand = partial(_records, where=where, origins=Origins("dayone"))
    head = stream.read(4)
    if head.startswith(b"PK"):
        yield from _unzipped(stream, understand)
    else:
        yield from records(_Headed(head, stream), SHAPE, understand)


class _Headed:
    """A stream whose first bytes were read before."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        head, self._head = self._head, b""
        return head or self._stream.read(size)


def _records(raw: Mapping[str, Any], place: str, where: Where, origins: Origins) -> Iterator[Record]:
    when, text = said(raw, "creationDate"), said(raw, "text")
    created = moment(when, _zone(said(raw, "timeZone")) or where.zone)
    yield Record(
        place=place,
        day=lived(created, where),
        text=text_of(_plain(text).strip() or WORDLESS),
        tags=names_of("tags", listed(raw, "tags") + ["starred"] * (raw.get("starred") is True)),
        created=created,
        origin=origins.of_id(said(raw, "uuid")) if raw.get("uuid") else origins.of_facts(when, text),
    )


def _plain(markdown: str) -> str:
    """Take out pictures, which stay in Day One, and the backslashes that it puts before every sign."""
    return _ESCAPED.sub(r"\1", _PICTURE.sub("", markdown))


@lru_cache(maxsize=256)
def _zone(name: str) -> ZoneInfo | None:
    """Return a zone of this name; none if there is none."""
    if not re.fullmatch(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}", name):
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


class _Careful:
    """The file of a zip as `zipfile` sees it: one that never gives more than a real one has to."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        if size > LARGEST_TABLE:
            raise Unreadable("The zip's table of contents is larger than any real one.", "Unpack it, and look at it.")
        return self._stream.read(size if size >= 0 else LARGEST_TABLE)


class _Member:
    """A file in a zip. Raises Unreadable where it is broken."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        try:
            return self._file.read(size)
        except _BROKEN as error:
            raise _broken(error) from error


def _unzipped(stream: BinaryIO, understand: partial[Iterator[Record]]) -> Iterator[Record | Bad]:
    """Yield the entries of all journals in a zip."""
    if not stream.seekable():
        raise Unreadable("A zip cannot be read from a pipe.", "Give the file itself.")
    packed = _opened(stream)
    for info in _journals(packed):
        member = _Member(_entered(packed, info))
        for one in records(member, SHAPE, understand):
            yield one._replace(place=f"{shown(info.filename)}, {one.place}")


def _opened(stream: BinaryIO) -> ZipFile:
    try:
        return ZipFile(cast("IO[bytes]", _Careful(stream)))
    except _BROKEN as error:
        raise _broken(error) from error


def _entered(packed: ZipFile, info: ZipInfo) -> IO[bytes]:
    try:
        return packed.open(info)
    except _BROKEN as error:
        raise _broken(error) from error


def _broken(error: Exception) -> Unreadable:
    return Unreadable(f"The zip is broken: {shown(str(error)) or 'it ends too early'}.", "Export it once more.")


def _journals(packed: ZipFile) -> list[ZipInfo]:
    """Return the .json files at the top of a zip. Raises Unreadable if there are none, or not such as are read."""
    found = [info for info in packed.infolist() if _is_journal(info.filename)]
    if not found:
        raise SHAPE.broken("there is no .json file at the top of the zip.")
    if len(found) > MOST_JOURNALS:
        raise Unreadable(f"The zip holds {len(found):,} journals, more than {MOST_JOURNALS:,}.", "Split it.")
    if sum(info.file_size for info in found) > LARGEST:
        raise Unreadable(f"Unpacked, it is larger than {LARGEST:,} bytes.", "Export a shorter time.")
    for info in found:
        _insist_real(info)
    return found


def _is_journal(name: str) -> bool:
    return name.lower().endswith(".json") and not name.startswith(".") and not set(name) & set("/\\:")


def _insist_real(info: ZipInfo) -> None:
    """Raise Unreadable for a file that is locked, packed as no Day One does, or blown up."""
    name = shown(info.filename)
    if info.flag_bits & 1:
        raise Unreadable(f"{name} in the zip is locked with a password.", "Unpack it, and import what is in it.")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise Unreadable(f"{name} in the zip is packed in an unusual way.", "Unpack it, and import what is in it.")
    if info.file_size > max(LONGEST_LINE, MOST_PACKED * info.compress_size):
        raise Unreadable(f"{name} in the zip is {info.file_size:,} bytes blown up: no journal.", "Do not unpack it.")
