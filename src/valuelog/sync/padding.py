"""What is inside every sealed file: its length, compressed text, and zeros that hide the exact size.

The size is rounded up as Padmé does: K. Nikitin et al. (2019), Reducing Metadata Leakage from Encrypted Files and
Communication with PURBs. It adds at most 12 %, and less for larger files; of a file of L bytes, its size reveals
O(log log L) bits.
"""

import zlib
from collections.abc import Iterator

MAX_TEXT_BYTES = 512_000_000
"""Limit for the text of a file, far above that of a million changes. Only holders of the key can try to exceed it."""

MAX_LINE_BYTES = 16_000_000
"""Limit for a line of the text. A compression bomb has one longer line, or lines that are no changes."""

_LENGTH_BYTES = 8
_CHUNK_BYTES = 65_536
_MAX_CHUNK_TEXT_BYTES = 1_000_000


def padded_size(size: int) -> int:
    """Return the size of a file after padding (Padmé): at most log2(log2(size)) bits of it are significant."""
    if size < 2:  # noqa: PLR2004  the logarithm of the logarithm is not defined
        return size
    exponent = size.bit_length() - 1
    mask = (1 << (exponent - exponent.bit_length())) - 1
    return (size + mask) & ~mask


def pack_text(text: bytes) -> bytes:
    """Compress and pad a text."""
    compressed = zlib.compress(text)
    content = len(compressed).to_bytes(_LENGTH_BYTES, "big") + compressed
    return content.ljust(padded_size(len(content)), b"\0")


def unpack_lines(data: bytes) -> Iterator[bytes]:
    """Yield the lines of a text one by one, without expanding more of it than is read. Raises ValueError."""
    pending = b""
    for text in _expand(_strip_padding(data)):
        *lines, pending = (pending + text).split(b"\n")
        yield from lines
        if len(pending) > MAX_LINE_BYTES:
            raise ValueError("a line is too long")
    if pending:
        raise ValueError("the last line is incomplete")


def _strip_padding(data: bytes) -> memoryview:
    length = int.from_bytes(data[:_LENGTH_BYTES], "big")
    end = _LENGTH_BYTES + length
    if len(data) != padded_size(end) or data.count(0, end) != len(data) - end:
        raise ValueError("its length or padding is wrong")
    return memoryview(data)[_LENGTH_BYTES:end]


def _expand(compressed: memoryview) -> Iterator[bytes]:
    """Yield a decompressed text in pieces of limited size. Raises ValueError."""
    decompressor, size = zlib.decompressobj(), 0
    try:
        for start in range(0, len(compressed), _CHUNK_BYTES):
            rest = bytes(compressed[start : start + _CHUNK_BYTES])
            while rest:
                text = decompressor.decompress(rest, _MAX_CHUNK_TEXT_BYTES)
                rest = decompressor.unconsumed_tail
                size += len(text)
                if size > MAX_TEXT_BYTES:
                    raise ValueError("its text is too long")
                yield text
                if decompressor.eof:
                    break
    except zlib.error as error:
        raise ValueError("it can't be decompressed") from error
    if not decompressor.eof or decompressor.unused_data:
        raise ValueError("its compressed text is incomplete or too long")
