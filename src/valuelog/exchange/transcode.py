"""Read any text file as UTF-8 with the line ends of today: other encodings by their byte order mark, and CR alone."""

from codecs import BOM_UTF8, getincrementaldecoder
from io import BufferedReader, IncrementalNewlineDecoder, RawIOBase
from typing import IO, Any, Protocol, cast

from valuelog.exchange import UnreadableFile
from valuelog.model.encoding import detect_encoding

CHUNK_BYTES = 1 << 16


class SupportsRead(Protocol):
    """A binary stream."""

    def read(self, size: int, /) -> bytes:
        """Return up to `size` bytes, none at the end."""
        ...


class PeekedStream:
    """A stream with its first bytes put back."""

    def __init__(self, head: bytes, stream: SupportsRead) -> None:
        """Take what was read from a stream already, and the stream."""
        self._head = head
        self._stream = stream

    def read(self, size: int, /) -> bytes:
        """Return the first bytes, then those of the stream."""
        head, self._head = self._head, b""
        return head or self._stream.read(size)


def read_as_utf8(stream: SupportsRead) -> IO[bytes]:
    """Return a stream of the same text in UTF-8 without a byte order mark. Raises UnreadableFile while it is read.

    A file that is UTF-8 already is not decoded: invalid bytes stay, so that they are reported with their record.
    """
    return BufferedReader(cast("Any", _Utf8Reader(stream)), CHUNK_BYTES)


_OTHER_FILES = (
    (b"\x1f\x8b", "It is compressed with gzip.", "Unpack it first: gunzip FILE"),
    (b"BZh", "It is compressed with bzip2.", "Unpack it first: bunzip2 FILE"),
    (b"\xfd7zXZ\0", "It is compressed with xz.", "Unpack it first: unxz FILE"),
    (b"\x28\xb5\x2f\xfd", "It is compressed with zstd.", "Unpack it first: unzstd FILE"),
    (b"PK\x03\x04", "It is a zip or a spreadsheet, not a text file.", "Unpack it first, or save it as CSV."),
    (b"%PDF-", "It is a PDF, not a text file.", "Export it in another format."),
    (
        b"SQLite format 3\0",
        "It is a database, not a text file.",
        "If it is a valuelog journal, import it with: valuelog import journal FILE",
    ),
)
"""The first bytes of files that are named by mistake, what they are, and what to do."""


def _require_text(head: bytes) -> None:
    """Raise UnreadableFile for a file that cannot be text."""
    for mark, message, hint in _OTHER_FILES:
        if head.startswith(mark):
            raise UnreadableFile(message, hint)


class _Utf8Reader(RawIOBase):
    """Transcodes a stream chunk by chunk."""

    def __init__(self, stream: SupportsRead) -> None:
        """Read the first chunk, which tells the encoding and the line ends."""
        self._stream = stream
        head = stream.read(CHUNK_BYTES)
        _require_text(head)
        self._encoding = detect_encoding(head)
        is_utf8 = self._encoding.startswith("utf-8")
        body = head.removeprefix(BOM_UTF8) if is_utf8 else head
        has_old_line_ends = is_utf8 and b"\r" in body and b"\n" not in body
        self._errors = "surrogateescape" if is_utf8 else "strict"
        decoder = getincrementaldecoder("utf-8" if is_utf8 else self._encoding)(self._errors)
        is_decoded = has_old_line_ends or not is_utf8
        self._decoder = IncrementalNewlineDecoder(decoder, translate=True) if is_decoded else None
        self._pending = self._transcode(body, is_end=not head)

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: Any, /) -> int:  # noqa: ANN401  any writable buffer
        """Fill a buffer, and return the number of bytes."""
        is_end = False
        while not self._pending and not is_end:
            raw = self._stream.read(CHUNK_BYTES)
            is_end = not raw
            self._pending = self._transcode(raw, is_end=is_end)
        chunk, self._pending = self._pending[: len(buffer)], self._pending[len(buffer) :]
        buffer[: len(chunk)] = chunk
        return len(chunk)

    def _transcode(self, raw: bytes, *, is_end: bool) -> bytes:
        if not self._decoder:
            return raw
        try:
            return self._decoder.decode(raw, final=is_end).encode("utf-8", self._errors)
        except UnicodeError as error:
            name = self._encoding.upper()
            raise UnreadableFile(f"The file is not valid {name}.", "Save it again as UTF-8.") from error
