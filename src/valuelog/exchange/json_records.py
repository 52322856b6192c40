"""The records of a JSON file, one at a time: finds where each begins and ends, and hands on its bytes.

A record is cut out by its brackets and quotes before anything is decoded, in chunks, each byte seen once. Decoding into
a growing buffer would try a long record again with every chunk, would recurse where brackets nest, and could not go on
behind a record that is broken inside. Knows nothing of what records say; `valuelog.exchange.records` decodes them.
"""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Protocol

from valuelog.exchange import MAX_FILE_BYTES, MAX_NESTING, MAX_RECORD_BYTES, UnreadableFile

CHUNK_BYTES = 1 << 16

MAX_SCANNED_BYTES = 2 * MAX_RECORD_BYTES
"""A record longer than this is not looked at to its end."""

MAX_KEYS = 1_000
"""So many keys may stand beside the list in a file that is an object."""

_WHITESPACE = re.compile(rb"[ \t\r\n]*")
_BARE_TOKEN = re.compile(rb'[^\s,:"\[\]{}]*')
_STRING_CONTENT = re.compile(rb'[^"\\]*(?:\\.[^"\\]*)*', re.DOTALL)
_STRING = rb'"[^"\\]*(?:\\.[^"\\]*)*"'
_NO_BRACKETS = rb'[^"{}\[\]]*(?:' + _STRING + rb'[^"{}\[\]]*)*'
_FLAT_CONTAINER = rb"[{\[]" + _NO_BRACKETS + rb"[}\]]"
_NESTING = re.compile(_NO_BRACKETS + rb"(?:" + _FLAT_CONTAINER + _NO_BRACKETS + rb")*([{\[]+|[}\]]+)?", re.DOTALL)
"""What nests nothing, as far as it goes, and then the brackets that do."""


class SupportsRead(Protocol):
    """Something that gives so many bytes, or fewer, and none at its end."""

    def read(self, size: int, /) -> bytes:
        """Return the next bytes."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class JsonFormat:
    """How a format wraps its records: a list, or an object with the list `under` a key. `made_with` says by what.

    A record is an object; where there is a `row`, it may also be a list with the values of these keys.
    """

    name: str
    produced_by: str
    list_key: str = ""
    row_keys: tuple[str, ...] = ()

    def not_this_format(self, reason: str) -> UnreadableFile:
        """Return the error of a file that is something else."""
        return UnreadableFile(
            f"This is not what {self.name} writes: {reason}", f"Such a file comes from: {self.produced_by}"
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class RawRecord:
    """The bytes of one record, or why there are none."""

    location: str
    raw: bytes = b""
    reason: str = ""


class _UnexpectedEnd(Exception):
    """The file ended where a value should go on."""


@dataclass(slots=True)
class _ValueBuffer:
    """The bytes of a value so far, as long as there are not too many."""

    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    max_depth: int = 0

    def add(self, part: bytes) -> None:
        self.size += len(part)
        if self.size <= MAX_RECORD_BYTES:
            self.parts.append(part)
        elif self.size > MAX_SCANNED_BYTES:
            raise UnreadableFile(
                f"One of its records has more than {MAX_SCANNED_BYTES:,} bytes.", "No tool writes such a record."
            )

    def to_raw_record(self, location: str) -> RawRecord:
        if self.max_depth > MAX_NESTING:
            return RawRecord(
                location=location, reason=f"It nests {self.max_depth:,} deep; at most {MAX_NESTING} are read."
            )
        if self.size > MAX_RECORD_BYTES:
            return RawRecord(
                location=location, reason=f"It has {self.size:,} bytes; at most {MAX_RECORD_BYTES:,} are read."
            )
        return RawRecord(location=location, raw=b"".join(self.parts))


class _JsonScanner:
    """A JSON file of which a chunk at a time is held."""

    def __init__(self, stream: SupportsRead) -> None:
        """Look at how the file begins. Raises UnreadableFile for UTF-16."""
        self._stream = stream
        self._buffer = b""
        self._position = 0
        self._bytes_left = MAX_FILE_BYTES
        self._refill()
        if self._buffer.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
            raise UnreadableFile("It is UTF-16.", "Save it as UTF-8.")
        self._position = len(BOM_UTF8) if self._buffer.startswith(BOM_UTF8) else 0

    def _refill(self) -> bool:
        """Drop what was taken and take in more; false at the end."""
        fresh = self._stream.read(CHUNK_BYTES)
        self._bytes_left -= len(fresh)
        if self._bytes_left < 0:
            raise UnreadableFile(f"It is larger than {MAX_FILE_BYTES:,} bytes.", "Split it.")
        self._buffer = self._buffer[self._position :] + fresh
        self._position = 0
        return bool(fresh)

    def peek(self) -> bytes:
        """Return the next byte that is no white space, without taking it; nothing at the end."""
        blank = 0
        while (mark := self._consume_match(_WHITESPACE, None)) == b"" and blank <= MAX_RECORD_BYTES:
            blank += len(self._buffer)
            if not self._refill():
                return b""
        if blank > MAX_RECORD_BYTES:
            raise UnreadableFile(f"It is blank for more than {MAX_RECORD_BYTES:,} bytes.", "Is this the right file?")
        return mark

    def advance(self) -> None:
        """Pass over the byte that was peeked at."""
        self._position += 1

    def read_value(self) -> _ValueBuffer:
        """Take the value that begins here, whatever it is. Raises _UnexpectedEnd."""
        kept = _ValueBuffer()
        first = self.peek()
        if first in {b"{", b"["}:
            self._read_container(kept)
        elif first == b'"':
            self._read_string(kept)
        else:
            self._read_bare_token(kept)
        return kept

    def _consume_match(self, pattern: re.Pattern[bytes], buffer: _ValueBuffer | None) -> bytes:
        """Take what fits a pattern out of the buffer and return the byte behind it; nothing at the buffer's end."""
        found = pattern.match(self._buffer, self._position)
        end = found.end() if found else self._position
        if buffer is not None:
            buffer.add(self._buffer[self._position : end])
        self._position = end
        return self._buffer[end : end + 1]

    def _read_container(self, buffer: _ValueBuffer) -> None:
        """Take an object or a list up to the bracket that closes it. Raises _UnexpectedEnd."""
        self._position += 1
        buffer.add(self._buffer[self._position - 1 : self._position])
        depth = 1
        while depth := self._read_nested(buffer, depth):
            if self._buffer[self._position : self._position + 1] == b'"':
                self._read_string(buffer)
            elif not self._refill():
                raise _UnexpectedEnd

    def _read_nested(self, buffer: _ValueBuffer, depth: int) -> int:
        """Take what the buffer holds of a container; return how deep that ends, which is 0 at its own end."""
        start = at = self._position
        while found := _NESTING.match(self._buffer, at):
            at, run = found.end(), found[1]
            if not run:
                break
            if run[0] in b"{[":
                depth += len(run)
                buffer.max_depth = max(buffer.max_depth, depth)
            else:
                at -= max(0, len(run) - depth)
                depth = max(0, depth - len(run))
            if not depth:
                break
        buffer.add(self._buffer[start:at])
        self._position = at
        return depth

    def _read_string(self, buffer: _ValueBuffer) -> None:
        buffer.add(b'"')
        self._position += 1
        while self._consume_match(_STRING_CONTENT, buffer) != b'"':  # else a backslash, or nothing, ends the buffer
            if not self._refill():
                raise _UnexpectedEnd
        buffer.add(b'"')
        self._position += 1

    def _read_bare_token(self, buffer: _ValueBuffer) -> None:
        """Take a number or a word, or one byte of what is neither, so that it always goes on."""
        while not self._consume_match(_BARE_TOKEN, buffer):
            if not self._refill():
                break
        if not buffer.size:
            buffer.add(self._buffer[self._position : self._position + 1])
            self._position += 1


def split_records(stream: SupportsRead, json_format: JsonFormat) -> Iterator[RawRecord]:
    """Yield the records of a file, each on its own. Raises UnreadableFile if it does not hold them as it should."""
    text = _JsonScanner(stream)
    first = text.peek()
    if not first:
        raise json_format.not_this_format("it is empty.")
    if first != (b"{" if json_format.list_key else b"["):
        raise json_format.not_this_format("it is no JSON object." if json_format.list_key else "it is no JSON list.")
    text.advance()
    yield from _read_wrapped_list(text, json_format) if json_format.list_key else _read_list(text)
    if text.peek():
        yield RawRecord(location="the end", reason="Something follows what should be all.")


def _read_list(scanner: _JsonScanner) -> Iterator[RawRecord]:
    """Yield what stands in a list whose bracket was taken."""
    for number in count(1):
        mark = scanner.peek()
        if mark == b"]":
            return scanner.advance()
        if not mark:
            yield RawRecord(location="the end", reason="The file ends before its list does.")
            return None
        place = f"record {number}"
        try:
            yield scanner.read_value().to_raw_record(place)
        except _UnexpectedEnd:
            yield RawRecord(location=place, reason="The file ends in the middle of it.")
            return None
        yield from _expect_comma(scanner, place)
    return None


def _expect_comma(scanner: _JsonScanner, location: str) -> Iterator[RawRecord]:
    """Take a comma; say so where something else stands."""
    mark = scanner.peek()
    if mark == b",":
        scanner.advance()
    elif mark not in {b"]", b""}:
        yield RawRecord(location=f"after {location}", reason="A comma is missing.")


def _read_wrapped_list(scanner: _JsonScanner, json_format: JsonFormat) -> Iterator[RawRecord]:
    """Yield what stands in the list under a key of an object whose bracket was taken; pass over what else it holds."""
    found = False
    for _ in range(MAX_KEYS):
        if scanner.peek() != b'"':
            break
        wanted = _read_key(scanner, json_format) == json_format.list_key.encode()
        if wanted and found:
            yield RawRecord(location="the end", reason=f"It says “{json_format.list_key}” twice.")
        if wanted and not found and scanner.peek() == b"[":
            found = True
            scanner.advance()
            yield from _read_list(scanner)
        else:
            _skip_value(scanner)
        if scanner.peek() == b",":
            scanner.advance()
    yield from _expect_closing_brace(scanner, json_format, found=found)


def _read_key(scanner: _JsonScanner, json_format: JsonFormat) -> bytes:
    """Take a key and its colon."""
    try:
        key = scanner.read_value().to_raw_record("").raw.strip(b'"')
    except _UnexpectedEnd:
        key = b""
    if scanner.peek() != b":":
        raise json_format.not_this_format("it is broken beside its records.")
    scanner.advance()
    return key


def _skip_value(scanner: _JsonScanner) -> None:
    """Pass over a value; if the file ends within it, whoever comes next sees that."""
    try:
        scanner.read_value()
    except _UnexpectedEnd:
        return


def _expect_closing_brace(scanner: _JsonScanner, json_format: JsonFormat, *, found: bool) -> Iterator[RawRecord]:
    if not found:
        raise json_format.not_this_format(f"it holds no list of “{json_format.list_key}”.")
    if scanner.peek() == b"}":
        scanner.advance()
    elif not scanner.peek():
        yield RawRecord(location="the end", reason="The file ends too early.")
