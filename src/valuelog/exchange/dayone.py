"""Day One: its JSON export, or the zip of one or more of them. Photos and other media are ignored.

An entry has a UTC time and the zone it was written in, which decides its day. The zip is never unpacked: only its
topmost .json files are read, in chunks, and only if their sizes are plausible.
"""

import re
import zlib
from collections.abc import Iterator, Mapping
from functools import lru_cache, partial
from pathlib import PurePosixPath
from typing import IO, Any, BinaryIO, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo
from zoneinfo import ZoneInfo

from valuelog.exchange import (
    MAX_FILE_BYTES,
    MAX_RECORD_BYTES,
    ImportContext,
    PassedOver,
    Record,
    Rejected,
    UnreadableFile,
)
from valuelog.exchange.json_records import JsonFormat
from valuelog.exchange.records import (
    OriginFactory,
    decode_json,
    excerpt,
    get_objects,
    get_text,
    get_text_list,
    join_text,
    logical_day,
    parse_datetime,
    parse_names,
    read_records,
)
from valuelog.exchange.transcode import PeekedStream

JSON_FORMAT = JsonFormat(name="Day One", produced_by="File > Export > JSON in Day One", list_key="entries")

PLACEHOLDER_TEXT = "Entry without text (photo or other media)"
"""The text of an entry without any."""

MAX_JOURNALS = 1_000
"""How many journals a zip may hold."""

MAX_COMPRESSION_RATIO = 100
"""The ratio of sizes above which a member is taken for a zip bomb."""

MAX_CENTRAL_DIRECTORY_BYTES = 6_000_000
"""The largest central directory of a zip: about 50,000 photos."""

_ZIP_ERRORS = (BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError, RuntimeError, LookupError)
_IMAGE = re.compile(r"!\[[^\]\n]*\]\(dayone-moment:[^)\n]*\)")
_ESCAPED_CHARACTER = re.compile(r"\\([!-/:-@\[-`{-~])")


def read(stream: BinaryIO, context: ImportContext) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the entries of Day One. Starred ones get the tag `starred`."""
    parse_record = partial(_parse_records, context=context, origins=OriginFactory("dayone"))
    head = stream.read(4)
    if head.startswith(b"PK"):
        yield from _read_zip(stream, parse_record)
    else:
        yield from read_records(PeekedStream(head, stream), JSON_FORMAT, parse_record)


def _parse_records(
    raw: Mapping[str, Any], location: str, context: ImportContext, origins: OriginFactory
) -> Iterator[Record]:
    when, text = get_text(raw, "creationDate"), get_text(raw, "text") or _rich_text(raw)
    created = parse_datetime(when, _load_zone(get_text(raw, "timeZone")) or context.zone)
    yield Record(
        location=location,
        day=created.date() if raw.get("isAllDay") is True else logical_day(created, context),
        text=join_text(_strip_markdown(text).strip() or PLACEHOLDER_TEXT),
        tags=parse_names("tags", get_text_list(raw, "tags") + ["starred"] * (raw.get("starred") is True)),
        created=created,
        origin=origins.from_id(get_text(raw, "uuid")) if raw.get("uuid") else origins.from_values(when, text),
    )


def _rich_text(raw: Mapping[str, Any]) -> str:
    """Return the words of `richText`, a JSON document of its own; pictures in it have none."""
    words = get_text(raw, "richText")
    document = decode_json(words.encode("utf-8", "surrogatepass")) if words.strip() else {}
    parts = get_objects(document, "contents") if isinstance(document, Mapping) else []
    return "".join(get_text(part, "text") for part in parts)


def _strip_markdown(markdown: str) -> str:
    """Remove images, and the backslashes that Day One puts before punctuation."""
    return _ESCAPED_CHARACTER.sub(r"\1", _IMAGE.sub("", markdown))


@lru_cache(maxsize=256)
def _load_zone(name: str) -> ZoneInfo | None:
    """Return the time zone of this name, or None."""
    if not re.fullmatch(r"[A-Za-z0-9_+-]{1,40}(/[A-Za-z0-9_+-]{1,40}){0,2}", name):
        return None
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return None


class _BoundedStream:
    """A zip as `zipfile` reads it, with a limit for its central directory."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.seek = stream.seek
        self.tell = stream.tell
        self.seekable = stream.seekable

    def read(self, size: int = -1, /) -> bytes:
        if size > MAX_CENTRAL_DIRECTORY_BYTES:
            raise UnreadableFile(
                f"The zip's table of contents has more than {MAX_CENTRAL_DIRECTORY_BYTES:,} bytes.",
                "Unpack it, and import the .json file in it.",
            )
        return self._stream.read(size if size >= 0 else MAX_CENTRAL_DIRECTORY_BYTES)


class _ZipMember:
    """A file in a zip. Raises UnreadableFile if it is corrupt."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def read(self, size: int, /) -> bytes:
        try:
            return self._file.read(size)
        except _ZIP_ERRORS as error:
            raise _broken_zip_error(error) from error


def _read_zip(stream: BinaryIO, parse_record: partial[Iterator[Record]]) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the entries of all journals in a zip. Raises UnreadableFile."""
    if not stream.seekable():
        raise UnreadableFile("A zip cannot be read from a pipe.", "Pass the file itself.")
    zip_file = _open_zip(stream)
    journals = _list_journals(zip_file)
    for info in journals:
        try:
            for record in _read_journal(zip_file, info, parse_record):
                yield (
                    record
                    if isinstance(record, PassedOver)
                    else record._replace(location=f"{excerpt(info.filename)}, {record.location}")
                )
        except UnreadableFile as error:
            if len(journals) == 1:
                raise
            yield Rejected(location=excerpt(info.filename), reason=error.message)


def _read_journal(
    zip_file: ZipFile, info: ZipInfo, parse_record: partial[Iterator[Record]]
) -> Iterator[Record | Rejected | PassedOver]:
    """Yield the entries of one journal in a zip. Raises UnreadableFile."""
    yield from read_records(_ZipMember(_open_member(zip_file, info)), JSON_FORMAT, parse_record)


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
    return UnreadableFile(f"The zip is corrupt: {excerpt(str(error)) or 'it is truncated'}.", "Export it again.")


def _list_journals(zip_file: ZipFile) -> list[ZipInfo]:
    """Return the topmost .json files of a zip: one that was packed again may have them in a folder.

    Raises UnreadableFile if there are none, or too much.
    """
    found = [(len(path.parts), info) for info in zip_file.infolist() if (path := _journal_path(info.filename))]
    depths = [depth for depth, _ in found]
    journals = [info for depth, info in found if depth == min(depths)]
    if not journals:
        raise JSON_FORMAT.not_this_format("the zip has no .json file.")
    if len(journals) > MAX_JOURNALS:
        raise UnreadableFile(f"The zip holds {len(journals):,} journals; the limit is {MAX_JOURNALS:,}.", "Split it.")
    if sum(info.file_size for info in journals) > MAX_FILE_BYTES:
        raise UnreadableFile(f"Unpacked, it is larger than {MAX_FILE_BYTES:,} bytes.", "Export a shorter period.")
    for info in journals:
        _require_safe_member(info)
    return journals


def _journal_path(name: str) -> PurePosixPath | None:
    """Return the path of a journal in a zip; None for other files, hidden ones, and paths out of the zip."""
    path = PurePosixPath(name.replace("\\", "/"))
    is_hidden = any(part.startswith((".", "__MACOSX")) for part in path.parts)
    is_inside = not path.is_absolute() and ":" not in name
    return path if path.suffix.lower() == ".json" and is_inside and not is_hidden else None


def _require_safe_member(info: ZipInfo) -> None:
    """Raise UnreadableFile for a member that is encrypted, of unusual compression, or a zip bomb."""
    name = excerpt(info.filename)
    if info.flag_bits & 1:
        raise UnreadableFile(f"{name} in the zip is encrypted.", "Unpack it, and import the .json file in it.")
    if info.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
        raise UnreadableFile(
            f"{name} in the zip has an unknown compression.", "Unpack it, and import the .json file in it."
        )
    if info.file_size > max(MAX_RECORD_BYTES, MAX_COMPRESSION_RATIO * info.compress_size):
        raise UnreadableFile(
            f"{name} in the zip unpacks to {info.file_size:,} bytes: it looks like a zip bomb.", "Do not unpack it."
        )
