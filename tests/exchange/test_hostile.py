"""Files that mean harm: each ends in a clear error within 2 seconds and 300 MB, in a process that gets no more."""

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

MEMORY = 300_000_000
SECONDS = 2.0
MB = 1_000_000
GB = 1_000 * MB

UNENDING = {
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


class Unending(io.RawIOBase):
    """A file that begins as it is told and goes on with that for a gigabyte."""

    def __init__(self, start: bytes) -> None:
        """Take what to say."""
        self._says = start
        self._at = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Give the next bytes; the beginning comes only once."""
        if self._at > GB:
            return 0
        at = self._at % MB if self._at < MB else 100_000 + self._at % (len(self._says) - 100_000)
        part = self._says[at : at + len(buffer)]
        buffer[: len(part)] = part
        self._at += len(part)
        return len(part)


def outcome(name: str, what: str) -> str:
    """Say how reading a file ends."""
    try:
        with io.BufferedReader(Unending(UNENDING[what])) if what in UNENDING else Path(what).open("rb") as stream:
            found = list(load_reader(name)(stream, BERLIN_CONTEXT))
    except UnreadableFile as error:
        return error.message
    return f"{len(found)} records"


def main() -> None:
    """Read a file as often as there are readers, and tell how each ends, how long it took, and the most memory."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    told = {}
    for name in sys.argv[2:]:
        start = time.process_time()
        said = outcome(name, sys.argv[1])
        told[name] = (said, time.process_time() - start)
    json.dump(told, sys.stdout)


def endings(what: str, names: tuple[str, ...] = tuple(SAMPLES)) -> dict[str, str]:
    """Return how reading ends for each reader, none of which took long."""
    tests = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, __file__, what, *names], capture_output=True, text=True, check=False, env={"PYTHONPATH": tests}
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {name: took for name, (_, took) in told.items() if took > SECONDS} == {}
    return {name: said for name, (said, _) in told.items()}


@pytest.mark.parametrize("what", UNENDING)
def test_a_gigabyte_of_the_same_is_not_read_to_its_end(what: str) -> None:
    assert not [said for said in endings(what).values() if said.endswith(" records")]


@pytest.fixture
def bomb(tmp_path: Path) -> Path:
    return tmp_path / "bomb.zip"


def blown(bomb: Path, start: str, again: str, files: int = 1, size: int = 1 << 30) -> None:
    """Pack files that repeat the same up to a size."""
    with ZipFile(bomb, "w", ZIP_DEFLATED) as into:
        for number in range(files):
            with into.open(f"{number}.json", "w", force_zip64=True) as file:
                file.write(start.encode())
                part = (again * (MB // len(again))).encode()
                for _ in range(size // MB):
                    file.write(part)


ENTRY = '{"creationDate":"2026-03-02T12:00:00Z","text":"a"},'


@pytest.mark.parametrize(
    ("start", "again", "files", "size"),
    [
        ('{"entries":[', ENTRY, 1, 300 * MB),
        ('{"entries":[{"text":"', "a", 1, 300 * MB),
        ('{"entries":[', ENTRY, 30, 10 * MB),
        (" ", " ", 3, 100 * MB),
    ],
)
def test_what_is_blown_up_in_a_zip_is_not_read(bomb: Path, start: str, again: str, files: int, size: int) -> None:
    blown(bomb, start, again, files, size)
    assert "zip bomb" in endings(str(bomb), ("dayone",))["dayone"]
    assert endings(str(bomb), ("csv", "jrnl"))


def test_a_zip_that_lies_about_its_size_is_broken(bomb: Path) -> None:
    blown(bomb, '{"entries":[', ENTRY, size=100 * MB)
    packed = bytearray(bomb.read_bytes())
    table = packed.rfind(b"PK\x01\x02")
    struct.pack_into("<L", packed, table + 24, 50_000)
    bomb.write_bytes(packed)
    assert endings(str(bomb), ("dayone",))["dayone"].startswith("The zip is corrupt")


def test_a_table_of_contents_without_end_is_not_read(bomb: Path) -> None:
    with ZipFile(bomb, "w", ZIP_STORED) as into:
        into.writestr("Journal.json", DAYONE)
    packed = bomb.read_bytes()
    at = packed.find(b"PK\x01\x02")
    end = packed.find(b"PK\x05\x06")
    table = packed[at:end] * 400_000
    close = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(table), at, 0)
    bomb.write_bytes(packed[:at] + table + close)
    assert "table of contents" in endings(str(bomb), ("dayone",))["dayone"]


@pytest.mark.parametrize("how", ["locked", "lzma", "no journal", "empty", "cut"])
def test_a_zip_as_no_day_one_writes_it_is_refused(how: str) -> None:
    packed = bytearray(make_zip(Journal=DAYONE, more="{}"))
    if how == "locked":
        packed[packed.find(b"PK\x01\x02") + 8] |= 1
    if how == "lzma":
        into = io.BytesIO()
        with ZipFile(into, "w", ZIP_LZMA) as file:
            file.writestr("Journal.json", DAYONE)
        packed = bytearray(into.getvalue())
    if how in {"no journal", "empty"}:
        packed = bytearray(make_zip(photos__Journal=DAYONE) if how == "no journal" else make_zip())
    with pytest.raises(UnreadableFile) as caught:
        read_all("dayone", bytes(packed[: -30 if how == "cut" else None]))
    assert caught.value.hint


def test_a_zip_that_is_broken_anywhere_ends() -> None:
    chance = random.Random(6)  # noqa: S311  not for secrets
    packed = make_zip(Journal=DAYONE, More=DAYONE)
    for _ in range(3_000):
        broken = bytearray(packed)
        for _ in range(chance.randint(1, 4)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            read_all("dayone", bytes(broken[: chance.choice([None, chance.randrange(len(broken))])]))
        except UnreadableFile as error:
            assert error.hint  # noqa: PT017


if __name__ == "__main__":
    main()
