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


def read_as_utf8(stream: SupportsRead) -> IO[bytes]:
    """Return a stream of the same text in UTF-8 without a byte order mark. Raises UnreadableFile while it is read.

    A file that is UTF-8 already is not decoded: invalid bytes stay, so that they are reported with their record.
    """
    return BufferedReader(cast("Any", _Utf8Reader(stream)), CHUNK_BYTES)


class _Utf8Reader(RawIOBase):
    """Transcodes a stream chunk by chunk."""

    def __init__(self, stream: SupportsRead) -> None:
        """Read the first chunk, which tells the encoding and the line ends."""
        self._stream = stream
        head = stream.read(CHUNK_BYTES)
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
