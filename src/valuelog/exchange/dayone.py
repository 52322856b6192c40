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

from valuelog.exchange import MAX_FILE_BYTES, MAX_RECORD_BYTES, ImportContext, Record, Rejected, UnreadableFile
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    OriginFactory,
    excerpt,
    get_text,
    get_text_list,
    join_text,
    logical_day,
    parse_datetime,
    parse_names,
    read_records,
)

JSON_FORMAT = JsonFormat(name="Day One", produced_by="File, Export, JSON in Day One", list_key="entries")

PLACEHOLDER_TEXT = "A picture, or something else without words"
"""The text of an entry that has none: what it holds stays in Day One."""

MAX_JOURNALS = 1_000
"""So many journals a zip may have."""

MAX_COMPRESSION_RATIO = 100
"""A file of which less than this part is left in a zip is no journal."""

MAX_CENTRAL_DIRECTORY_BYTES = 6_000_000
"""So many bytes the table of contents of a zip may have: about 50,000 photos."""

_ZIP_ERRORS = (BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError, RuntimeError, LookupError)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\(dayone-moment:[^)\n]*\)")
_ESCAPED_CHARACTER = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected]:
    """Yield the entries of Day One; a starred one has the tag `starred`."""
    understand = partial(_parse_records, context=context, origins=OriginFactory("dayone"))
    head = stream.read(4)
    if head.startswith(b"PK"):
        yield from _read_zip(stream, understand)
    else:
        yield from read_records(_PeekedStream(head, stream), JSON_FORMAT, understand)


class _PeekedStream:
    """A stream whose first bytes were read before."""

    def __init__(self, head: bytes, stream: BinaryIO) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        head, self._head = self._head, b""
        return head or self._stream.read(size)


def _parse_records(
    raw: Mapping[str, Any], location: str, context: ImportContext, origins: OriginFactory
) -> Iterator[Record]:
    when, text = get_text(raw, "creationDate"), get_text(raw, "text")
    created = parse_datetime(when, _load_zone(get_text(raw, "timeZone")) or context.zone)
    yield Record(
        location=location,
        day=logical_day(created, context),
        text=join_text(_strip_markdown(text).strip() or PLACEHOLDER_TEXT),
        tags=parse_names("tags", get_text_list(raw, "tags") + ["starred"] * (raw.get("starred") is True)),
        created=created,
        origin=origins.from_id(get_text(raw, "uuid")) if raw.get("uuid") else origins.from_values(when, text),
    )


def _strip_markdown(markdown: str) -> str:
    """Take out pictures, which stay in Day One, and the backslashes that it puts before every sign."""
    return _ESCAPED_CHARACTER.sub(r"\1", _IMAGE.sub("", markdown))


@lru_cache(maxsize=256)
def _load_zone(name: str) -> ZoneInfo | None:
    """Return a zone of this name; none if there is none."""
    if not re.fullmatch(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}", name):
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


class _BoundedStream:
    """The file of a zip as `zipfile` sees it: one that never gives more than a real one has to."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        if size > MAX_CENTRAL_DIRECTORY_BYTES:
            raise UnreadableFile(
                "The zip's table of contents is larger than any real one.", "Unpack it, and look at it."
            )
        return self._stream.read(size if size >= 0 else MAX_CENTRAL_DIRECTORY_BYTES)


class _ZipMember:
    """A file in a zip. Raises UnreadableFile where it is broken."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        try:
            return self._file.read(size)
        except _ZIP_ERRORS as error:
            raise _broken_zip_error(error) from error


def _read_zip(stream: BinaryIO, parse_record: partial[Iterator[Record]]) -> Iterator[Record | Rejected]:
    """Yield the entries of all journals in a zip."""
    if not stream.seekable():
        raise UnreadableFile("A zip cannot be read from a pipe.", "Give the file itself.")
    zip_file = _open_zip(stream)
    for info in _list_journals(zip_file):
        member = _ZipMember(_open_member(zip_file, info))
        for one in read_records(member, JSON_FORMAT, parse_record):
            yield one._replace(location=f"{excerpt(info.filename)}, {one.location}")


def _open_zip(stream: BinaryIO) -> ZipFile:
    try:
        return ZipFile(cast("IO[bytes]", _BoundedStream(stream)))
    except _ZIP_ERRORS as error:
        raise _broken_zip_error(error) from error


def _open_member(zip_file: ZipFile, info: ZipInfo) -> IO[bytes]:
    try:
        return zip_file.open(info)
    except _ZIP_ERRORS as error:
        raise _broken_zip_error(error) from error


def _broken_zip_error(error: Exception) -> UnreadableFile:
    return UnreadableFile(f"The zip is broken: {excerpt(str(error)) or 'it ends too early'}.", "Export it once more.")


def _list_journals(zip_file: ZipFile) -> list[ZipInfo]:
    """Return the .json files at the top of a zip. Raises UnreadableFile if there are none, or not such as are read."""
    found = [info for info in zip_file.infolist() if _is_journal(info.filename)]
    if not found:
        raise JSON_FORMAT.not_this_format("there is no .json file at the top of the zip.")
    if len(found) > MAX_JOURNALS:
        raise UnreadableFile(f"The zip holds {len(found):,} journals, more than {MAX_JOURNALS:,}.", "Split it.")
    if sum(info.file_size for info in found) > MAX_FILE_BYTES:
        raise UnreadableFile(f"Unpacked, it is larger than {MAX_FILE_BYTES:,} bytes.", "Export a shorter time.")
    for info in found:
        _require_safe_member(info)
    return found


def _is_journal(name: str) -> bool:
    return name.lower().endswith(".json") and not name.startswith(".") and not set(name) & set("/\\:")


def _require_safe_member(info: ZipInfo) -> None:
    """Raise UnreadableFile for a file that is locked, packed as no Day One does, or blown up."""
    name = excerpt(info.filename)
    if info.flag_bits & 1:
        raise UnreadableFile(f"{name} in the zip is locked with a password.", "Unpack it, and import what is in it.")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise UnreadableFile(f"{name} in the zip is packed in an unusual way.", "Unpack it, and import what is in it.")
    if info.file_size > max(MAX_RECORD_BYTES, MAX_COMPRESSION_RATIO * info.compress_size):
        raise UnreadableFile(
            f"{name} in the zip is {info.file_size:,} bytes blown up: no journal.", "Do not unpack it."
        )
