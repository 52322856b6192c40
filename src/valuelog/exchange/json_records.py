"""Split a JSON file into the bytes of its records, reading it in chunks.

Records are found by their brackets and quotes, without decoding, so each byte is scanned once, deep nesting does not
recurse, and an invalid record does not hide those after it. `valuelog.exchange.records` decodes them. Libraries were
tried: ijson takes 626 MB for 16,000 nested arrays and cannot continue after an invalid record; `json.load` takes six
times the size of the file.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from valuelog.exchange import MAX_FILE_BYTES, MAX_NESTING, MAX_RECORD_BYTES, UnreadableFile
from valuelog.exchange.transcode import CHUNK_BYTES, SupportsRead, read_as_utf8

MAX_SCANNED_BYTES = 2 * MAX_RECORD_BYTES
"""Scanning gives up in a record longer than this."""

MAX_KEYS = 1_000
"""How many keys an object that contains the list of records may have."""

_WHITESPACE = re.compile(rb"[ \t\r\n]*")
_BARE_TOKEN = re.compile(rb'[^\s,:"\[\]{}]*')
_STRING_CONTENT = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_NO_BRACKETS = rb'[^"{}\[\]]*(?:' + _STRING + rb'[^"{}\[\]]*)*'
_FLAT_CONTAINER = rb"[{\[]" + _NO_BRACKETS + rb"[}\]]"
_LIST_START = re.compile(rb"^(?=\[\s*(?:[\[{\]]|\Z))", re.MULTILINE)
_OBJECT_START = re.compile(rb'^(?=\{\s*(?:["}]|\Z))', re.MULTILINE)
"""A line where the document may begin; a message may begin with a bracket too, such as [warning]."""

_NESTING = re.compile(
    _NO_BRACKETS + rb"(?P<flat>" + _FLAT_CONTAINER + _NO_BRACKETS + rb")*(?P<run>[{\[]+|[}\]]+)?", re.DOTALL
)
"""Content without containers in containers, then a run of opening or of closing brackets."""


@dataclass(frozen=True, kw_only=True, slots=True)
class JsonFormat:
    """How a JSON format holds its records: in a list, or in an object with the list under `list_key`.

    A record is an object, or with `row_keys` a list of the values of these keys. `produced_by` is the command or menu
    that creates such a file.
    """

    name: str
    produced_by: str
    list_key: str = ""
    row_keys: tuple[str, ...] = ()

    def not_this_format(self, reason: str) -> UnreadableFile:
        """Return the error of a file that has another format."""
        return UnreadableFile(f"This is not a {self.name} file: {reason}", f"Create one with: {self.produced_by}")


@dataclass(frozen=True, kw_only=True, slots=True)
class RawRecord:
    """The bytes of one record, or the reason why it is invalid."""

    location: str
    raw: bytes = b""
    reason: str = ""


class _UnexpectedEnd(Exception):
    """The file ends inside a value."""


@dataclass(slots=True)
class _ValueBuffer:
    """The bytes of a value, kept up to MAX_RECORD_BYTES."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    max_depth: int = 0

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size <= MAX_RECORD_BYTES:
            self.parts.append(part)
        elif self.size > MAX_SCANNED_BYTES:
            raise UnreadableFile(f"A record has more than {MAX_SCANNED_BYTES:,} bytes.", "Is this the right file?")

    def to_raw_record(self, location: str) -> RawRecord:
        if self.max_depth > MAX_NESTING:
            return RawRecord(
                location=location, reason=f"It is nested {self.max_depth:,} levels deep; the limit is {MAX_NESTING}."
            )
        if self.size > MAX_RECORD_BYTES:
            return RawRecord(
                location=location, reason=f"It has {self.size:,} bytes; the limit is {MAX_RECORD_BYTES:,}."
            )
        return RawRecord(location=location, raw=b"".join(self.parts))


class _JsonScanner:
    """Scans a JSON file, holding one chunk of it."""

    def __init__(self, stream: SupportsRead) -> None:
        """Read the first chunk."""
        self._stream = read_as_utf8(stream)
        self._buffer = b""
        self._position = 0
        self._bytes_left = MAX_FILE_BYTES
        self._refill()

    def _refill(self) -> bool:
        """Replace the consumed part of the buffer by the next chunk. Returns False at the end of the file."""
        fresh = self._stream.read(CHUNK_BYTES)
        self._bytes_left -= len(fresh)
        if self._bytes_left < 0:
            raise UnreadableFile(f"The file is larger than {MAX_FILE_BYTES:,} bytes.", "Split it.")
        self._buffer = self._buffer[self._position :] + fresh
        self._position = 0
        return bool(fresh)

    def peek(self) -> bytes:
        """Skip white space and return the next byte without consuming it, or b"" at the end."""
        blank = 0
        while (mark := self._consume_match(_WHITESPACE, None)) == b"" and blank <= MAX_RECORD_BYTES:
            blank += len(self._buffer)
            if not self._refill():
                return b""
        if blank > MAX_RECORD_BYTES:
            raise UnreadableFile(
                f"The file is blank for more than {MAX_RECORD_BYTES:,} bytes.", "Is this the right file?"
            )
        return mark

    def skip_messages(self, start: re.Pattern[bytes], other: re.Pattern[bytes]) -> None:
        """Skip lines that a program printed before its JSON: move to the first start of a document in the chunk.

        A document of the other type is not skipped.
        """
        chunk = self._buffer[self._position :]
        match = start.search(chunk)
        if match and not other.match(chunk):
            self._position += match.start()

    def advance(self) -> None:
        """Consume the byte that `peek` returned."""
        self._position += 1

    def read_value(self) -> _ValueBuffer:
        """Consume the next value, of any type. Raises _UnexpectedEnd."""
        value = _ValueBuffer()
        first = self.peek()
        if first in {b"{", b"["}:
            self._read_container(value)
        elif first == b'"':
            self._read_string(value)
        else:
            self._read_bare_token(value)
        return value

    def _consume_match(self, pattern: re.Pattern[bytes], buffer: _ValueBuffer | None) -> bytes:
        """Consume a match of a pattern and return the byte after it, or b"" at the end of the chunk."""
        match = pattern.match(self._buffer, self._position)
        end = match.end() if match else self._position
        if buffer is not None:
            buffer.add(self._buffer[self._position : end])
        self._position = end
        return self._buffer[end : end + 1]

    def _read_container(self, buffer: _ValueBuffer) -> None:
        """Consume an object or a list up to its closing bracket. Raises _UnexpectedEnd."""
        self._position += 1
        buffer.add(self._buffer[self._position - 1 : self._position])
        depth = 1
        while depth := self._read_nested(buffer, depth):
            if self._buffer[self._position : self._position + 1] == b'"':
                self._read_string(buffer)
            elif not self._refill():
                raise _UnexpectedEnd

    def _read_nested(self, buffer: _ValueBuffer, depth: int) -> int:
        """Consume what the chunk holds of a container and return the depth reached: 0 after its closing bracket."""
        start = at = self._position
        while match := _NESTING.match(self._buffer, at):
            at, brackets = match.end(), match["run"]
            buffer.max_depth = max(buffer.max_depth, depth + bool(match["flat"]))
            if not brackets:
                break
            if brackets[0] in b"{[":
                depth += len(brackets)
                buffer.max_depth = max(buffer.max_depth, depth)
            else:
                at -= max(0, len(brackets) - depth)
                depth = max(0, depth - len(brackets))
            if not depth:
                break
        buffer.add(self._buffer[start:at])
        self._position = at
        return depth

    def _read_string(self, buffer: _ValueBuffer) -> None:
        buffer.add(b'"')
        self._position += 1
        while (
            self._consume_match(_STRING_CONTENT, buffer) != b'"'
        ):  # at the end of the chunk, or at a backslash before it
            if not self._refill():
                raise _UnexpectedEnd
        buffer.add(b'"')
        self._position += 1

    def _read_bare_token(self, buffer: _ValueBuffer) -> None:
        """Consume a bare token; consume one byte on error to guarantee progress."""
        while not self._consume_match(_BARE_TOKEN, buffer):
            if not self._refill():
                break
        if not buffer.size:
            buffer.add(self._buffer[self._position : self._position + 1])
            self._position += 1


def split_records(stream: SupportsRead, json_format: JsonFormat) -> Iterator[RawRecord]:
    """Yield the raw records of a file. Raises UnreadableFile if it does not have the expected structure."""
    scanner = _JsonScanner(stream)
    if not scanner.peek():
        raise json_format.not_this_format("it is empty.")
    if json_format.list_key:
        scanner.skip_messages(_OBJECT_START, _LIST_START)
    else:
        scanner.skip_messages(_LIST_START, _OBJECT_START)
    if scanner.peek() != (b"{" if json_format.list_key else b"["):
        raise json_format.not_this_format(
            "it is not a JSON object." if json_format.list_key else "it is not a JSON list."
        )
    scanner.advance()
    yield from _read_wrapped_list(scanner, json_format) if json_format.list_key else _read_list(scanner)
    if scanner.peek():
        yield RawRecord(location="the end", reason="There is more after the end of the JSON document.")


def _read_list(scanner: _JsonScanner) -> Iterator[RawRecord]:
    """Yield the records of a list whose opening bracket is consumed."""
    for number in count(1):
        mark = scanner.peek()
        if mark == b"]":
            return scanner.advance()
        if not mark:
            yield RawRecord(location="the end", reason="The file ends before its list is closed.")
            return None
        location = f"record {number}"
        try:
            yield scanner.read_value().to_raw_record(location)
        except _UnexpectedEnd:
            yield RawRecord(location=location, reason="The file ends in the middle of this record.")
            return None
        yield from _expect_comma(scanner, location)
    return None


def _expect_comma(scanner: _JsonScanner, location: str) -> Iterator[RawRecord]:
    """Consume a comma, or yield a record that says it is missing."""
    mark = scanner.peek()
    if mark == b",":
        scanner.advance()
    elif mark not in {b"]", b""}:
        yield RawRecord(location=f"after {location}", reason="A comma is missing.")


def _read_wrapped_list(scanner: _JsonScanner, json_format: JsonFormat) -> Iterator[RawRecord]:
    """Yield the records of the list in an object whose opening brace is consumed; skip its other keys."""
    is_found = False
    for _ in range(MAX_KEYS):
        if scanner.peek() != b'"':
            break
        is_list_key = _read_key(scanner, json_format) == json_format.list_key.encode()
        if is_list_key and is_found:
            yield RawRecord(location="the end", reason=f"It has “{json_format.list_key}” twice.")
        if is_list_key and not is_found and scanner.peek() == b"[":
            is_found = True
            scanner.advance()
            yield from _read_list(scanner)
        else:
            _skip_value(scanner)
        if scanner.peek() == b",":
            scanner.advance()
    yield from _expect_closing_brace(scanner, json_format, is_found=is_found)


def _read_key(scanner: _JsonScanner, json_format: JsonFormat) -> bytes:
    """Consume a key and its colon."""
    try:
        key = scanner.read_value().to_raw_record("").raw.strip(b'"')
    except _UnexpectedEnd:
        key = b""
    if scanner.peek() != b":":
        raise json_format.not_this_format("it is invalid JSON outside its records.")
    scanner.advance()
    return key


def _skip_value(scanner: _JsonScanner) -> None:
    """Consume a value; the caller notices if the file ends inside it."""
    try:
        scanner.read_value()
    except _UnexpectedEnd:
        return


def _expect_closing_brace(scanner: _JsonScanner, json_format: JsonFormat, *, is_found: bool) -> Iterator[RawRecord]:
    if not is_found:
        raise json_format.not_this_format(f"it has no list “{json_format.list_key}”.")
    if scanner.peek() == b"}":
        scanner.advance()
    elif not scanner.peek():
        yield RawRecord(location="the end", reason="The file ends before its object is closed.")
