"""Padding and compression of sealed files, and what is refused."""

import zlib

import pytest

from valuelog.sync import padding
from valuelog.sync.padding import pack_text, padded_size, unpack_lines


@pytest.mark.parametrize(
    ("size", "padded"),
    [(0, 0), (1, 1), (2, 2), (8, 8), (9, 10), (100, 104), (1000, 1024), (1025, 1088), (65_537, 67_584)],
)
def test_padded_size_follows_padme(size: int, padded: int) -> None:
    assert padded_size(size) == padded


def test_padding_adds_at_most_twelve_percent_and_keeps_padded_sizes() -> None:
    for size in range(1, 50_000):
        assert size <= padded_size(size) <= size * 1.12
        assert padded_size(padded_size(size)) == padded_size(size)


@pytest.mark.parametrize("lines", [[], [b"a"], [b"a", b"", "b é".encode()], [b"x" * 3_000_000, b"y"], [b"z"] * 70_000])
def test_text_survives_packing(lines: list[bytes]) -> None:
    data = pack_text(b"".join(line + b"\n" for line in lines))
    assert list(unpack_lines(data)) == lines
    assert len(data) == padded_size(len(data))


def test_pieces_of_exactly_the_largest_size_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    text = bytes(range(11, 200)) * 20 + b"\n"
    for size in (1, 7, len(text) - 1, len(text), len(text) + 1):
        monkeypatch.setattr(padding, "_MAX_CHUNK_TEXT_BYTES", size)
        assert b"\n".join([*unpack_lines(pack_text(text)), b""]) == text


def as_data(compressed: bytes) -> bytes:
    content = len(compressed).to_bytes(8, "big") + compressed
    return content.ljust(padded_size(len(content)), b"\0")


GOOD = pack_text(b"a\nb\n")
PADDED = next(data for data in (pack_text(b"%d\n" % 7**n) for n in range(500)) if data.endswith(b"\0\0"))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\0" * 8,
        b"\xff" * 8,
        GOOD[:-1],
        GOOD + b"\0",
        PADDED[:-1] + b"\1",
        PADDED[:-2] + b"\1\0",
        as_data(b"not zlib"),
        as_data(zlib.compress(b"a\n")[:-1]),
        as_data(zlib.compress(b"a\n") + b"more"),
        as_data(zlib.compress(b"a\nb")),
    ],
)
def test_damaged_data_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        list(unpack_lines(data))


def test_bomb_of_one_line_is_refused_early(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(padding, "MAX_LINE_BYTES", 3_000_000)
    with pytest.raises(ValueError, match="a line is too long"):
        list(unpack_lines(as_data(zlib.compress(b"a" * 60_000_000))))


def test_too_long_text_is_refused_and_the_longest_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    data = as_data(zlib.compress(b"\n" * 5_000_000))
    monkeypatch.setattr(padding, "MAX_TEXT_BYTES", 5_000_000)
    assert sum(1 for _ in unpack_lines(data)) == 5_000_000
    monkeypatch.setattr(padding, "MAX_TEXT_BYTES", 4_999_999)
    with pytest.raises(ValueError, match="its text is too long"):
        list(unpack_lines(data))
