"""Malicious files end in a clear error within 2 seconds and 300 MB, in a process with that limit."""

import io
import json
import random
import resource
import struct
import subprocess
import sys
import time
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest

from support.exchange_samples import BERLIN_CONTEXT, DAYONE, SAMPLES, load_reader, make_zip, read_all
from valuelog.exchange import UnreadableFile

pytestmark = pytest.mark.slow  # it doesn't depend on the Python version, so the main run is enough

MEMORY = 300_000_000
SECONDS = 2.0
MB = 1_000_000
GB = 1_000 * MB

ENDLESS = {
    "text": b'[{"a": "' + b"a" * MB,
    "escapes": b'[{"a": "' + rb"\n" * MB,
    "number": b"[" + b"1" * MB,
    "opening": b"[" * MB,
    "opening objects": b'[{"a":' * MB,
    "lists": b"[[" + b"[[]]" * MB,
    "texts": b'[["' + b'",["' * MB,
    "closing": b"[" + b"}" * MB,
    "numbers": b"[" + b"0," * MB,
    "keys": b"{" + b'"a":1,' * MB,
    "within jrnl": b'{"entries": ' + b'[{"":' * MB,
    "empty records": b'{"entries": [' + b"{}," * MB,
    "empty days": b'{"records": [' + b"{}," * MB,
    "empty tasks": b"[" + b"{}," * MB,
    "blanks": b" " * MB,
    "line ends": b"\n" * MB,
    "zeros": b"\0" * MB,
    "open quote": b'day,text\n"' + b"a\n" * MB,
    "cells": b"day,text\n" + b"," * MB,
    "quoted cells": b"day,text\n" + b'"\n",' * MB,
    "blank rows": b"day,text\n" + b",\n" * MB,
}


class EndlessFile(io.RawIOBase):
    """A file that repeats some content up to a gigabyte."""

    def __init__(self, start: bytes) -> None:
        """Set the content."""
        self._says = start
        self._at = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill a buffer; the start of the content is not repeated."""
        if self._at > GB:
            return 0
        offset = self._at % MB if self._at < MB else 100_000 + self._at % (len(self._says) - 100_000)
        part = self._says[offset : offset + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def read_outcome(name: str, content: str) -> str:
    """Return how reading a file ends."""
    try:
        with (
            io.BufferedReader(EndlessFile(ENDLESS[content]))
            if content in ENDLESS
            else Path(content).open("rb") as stream
        ):
            records = list(load_reader(name)(stream, BERLIN_CONTEXT))
    except UnreadableFile as error:
        return error.message
    return f"{len(records)} records"


def main() -> None:
    """Read a file with each reader; print how each ends and the seconds it took."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    results = {}
    for name in sys.argv[2:]:
        start = time.process_time()
        result = read_outcome(name, sys.argv[1])
        results[name] = (result, time.process_time() - start)
    json.dump(results, sys.stdout)


def read_outcomes(content: str, names: tuple[str, ...] = tuple(SAMPLES)) -> dict[str, str]:
    """Return how reading ends for each reader; fail for a slow one."""
    tests = str(Path(__file__).parent.parent)
    process = subprocess.run(
        [sys.executable, __file__, content, *names],
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": tests},
    )
    assert process.returncode == 0, process.stderr
    results = json.loads(process.stdout)
    assert {name: seconds for name, (_, seconds) in results.items() if seconds > SECONDS} == {}
    return {name: result for name, (result, _) in results.items()}


@pytest.mark.parametrize("content", ENDLESS)
def test_endless_input_is_rejected_early(content: str) -> None:
    assert not [result for result in read_outcomes(content).values() if result.endswith(" records")]


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    return tmp_path / "bomb.zip"


def write_bomb(bomb: Path, start: str, repeated: str, files: int = 1, size: int = 1 << 30) -> None:
    """Write a zip of files that repeat some content up to a size."""
    with ZipFile(bomb, "w", ZIP_DEFLATED) as archive:
        for number in range(files):
            with archive.open(f"{number}.json", "w", force_zip64=True) as file:
                file.write(start.encode())
                part = (repeated * (MB // len(repeated))).encode()
                for _ in range(size // MB):
                    file.write(part)


ENTRY = '{"creationDate":"2026-03-02T12:00:00Z","text":"a"},'


@pytest.mark.parametrize(
    ("start", "repeated", "files", "size"),
    [
        ('{"entries":[', ENTRY, 1, 300 * MB),
        ('{"entries":[{"text":"', "a", 1, 300 * MB),
        ('{"entries":[', ENTRY, 30, 10 * MB),
        (" ", " ", 3, 100 * MB),
    ],
)
def test_zip_bomb_is_not_read(bomb: Path, start: str, repeated: str, files: int, size: int) -> None:
    write_bomb(bomb, start, repeated, files, size)
    assert "zip bomb" in read_outcomes(str(bomb), ("dayone",))["dayone"]
    assert read_outcomes(str(bomb), ("csv", "jrnl"))


def test_zip_with_a_wrong_size_is_corrupt(bomb: Path) -> None:
    write_bomb(bomb, '{"entries":[', ENTRY, size=100 * MB)
    packed = bytearray(bomb.read_bytes())
    table = packed.rfind(b"PK\x01\x02")
    struct.pack_into("<L", packed, table + 24, 50_000)
    bomb.write_bytes(packed)
    assert read_outcomes(str(bomb), ("dayone",))["dayone"].startswith("The zip is corrupt")


def test_huge_central_directory_is_not_read(bomb: Path) -> None:
    with ZipFile(bomb, "w", ZIP_STORED) as archive:
        archive.writestr("Journal.json", DAYONE)
    packed = bomb.read_bytes()
    offset = packed.find(b"PK\x01\x02")
    end = packed.find(b"PK\x05\x06")
    table = packed[offset:end] * 400_000
    close = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(table), offset, 0)
    bomb.write_bytes(packed[:offset] + table + close)
    assert "table of contents" in read_outcomes(str(bomb), ("dayone",))["dayone"]


def test_zip_with_too_many_journals_is_not_read() -> None:
    with pytest.raises(UnreadableFile, match="1,001 journals; the limit is 1,000"):
        read_all("dayone", make_zip(**{f"journal {number}": "" for number in range(1_001)}))


def test_zip_that_unpacks_to_more_than_a_gigabyte_is_not_read() -> None:
    packed = bytearray(make_zip(Journal=DAYONE, More=DAYONE))
    first = packed.find(b"PK\x01\x02")
    for table in (first, packed.find(b"PK\x01\x02", first + 1)):
        struct.pack_into("<LL", packed, table + 20, 10 * MB, 600 * MB)  # the packed size makes it no bomb
    with pytest.raises(UnreadableFile, match="Unpacked, it is larger than 1,000,000,000 bytes"):
        read_all("dayone", bytes(packed))


@pytest.mark.parametrize("damage", ["locked", "lzma", "no journal", "empty", "cut"])
def test_unusual_zip_is_rejected(damage: str) -> None:
    packed = bytearray(make_zip(Journal=DAYONE, more="{}"))
    if damage == "locked":
        packed[packed.find(b"PK\x01\x02") + 8] |= 1
    if damage == "lzma":
        archive = io.BytesIO()
        with ZipFile(archive, "w", ZIP_LZMA) as file:
            file.writestr("Journal.json", DAYONE)
        packed = bytearray(archive.getvalue())
    if damage in {"no journal", "empty"}:
        packed = bytearray(make_zip(**{".photos__Journal": DAYONE}) if damage == "no journal" else make_zip())
    with pytest.raises(UnreadableFile) as caught:
        read_all("dayone", bytes(packed[: -30 if damage == "cut" else None]))
    assert caught.value.hint


def test_zip_fuzz() -> None:
    rng = random.Random(6)  # noqa: S311  not for secrets
    packed = make_zip(Journal=DAYONE, More=DAYONE)
    for _ in range(3_000):
        broken = bytearray(packed)
        for _ in range(rng.randint(1, 4)):
            broken[rng.randrange(len(broken))] = rng.randrange(256)
        try:
            read_all("dayone", bytes(broken[: rng.choice([None, rng.randrange(len(broken))])]))
        except UnreadableFile as error:
            assert error.hint  # noqa: PT017


if __name__ == "__main__":
    main()
