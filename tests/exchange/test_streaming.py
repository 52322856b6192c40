"""Readers hold one record at a time, so memory does not grow with the file.

As a program, this file reads 100,000 records of one format and prints their number and the peak memory.
"""

import io
import json
import re
import resource
import subprocess
import sys
import tempfile
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from support.exchange_samples import BERLIN_CONTEXT, CSV, SAMPLES, load_reader, read_valid
from valuelog.exchange import Record

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDS = 100_000
MEMORY = 200_000_000
LIST_KEYS = {"dayone": "entries", "jrnl": "entries", "klog": "records"}


def file_parts(name: str) -> "Iterator[bytes]":
    """Yield the parts of a file that repeats the first record of the sample."""
    if name == "csv":
        yield CSV.encode()
        yield from (f"2026-03-02,,the {n}. text,5,sam,a b,,,,\n".encode() for n in range(RECORDS))
        return
    document = json.loads(SAMPLES[name])
    record = json.dumps(document[LIST_KEYS[name]][0] if name in LIST_KEYS else document[0])
    yield b'{"%s": [' % LIST_KEYS[name].encode() if name in LIST_KEYS else b"["
    for _ in range(RECORDS):
        yield record.encode() + b",\n"
    yield record.encode() + (b"]}" if name in LIST_KEYS else b"]")


class GeneratedFile(io.RawIOBase):
    """A file that is generated while it is read."""

    def __init__(self, parts: "Iterator[bytes]") -> None:
        """Set the source of its content."""
        self._parts = parts
        self._rest = b""

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Fill a buffer from the rest of a part or the next ones."""
        part = self._rest or b"".join(islice(self._parts, 100))
        size = min(len(part), len(buffer))
        buffer[:size] = part[:size]
        self._rest = part[size:]
        return size


def main(name: str) -> None:
    """Read the records; print their number and the peak memory."""
    count = sum(
        isinstance(one, Record)
        for one in load_reader(name)(io.BufferedReader(GeneratedFile(file_parts(name))), BERLIN_CONTEXT)
    )
    json.dump([count, peak_memory()], sys.stdout)


def peak_memory() -> int:
    """Return the peak memory in bytes. On Linux, `ru_maxrss` would include that of the parent process."""
    if (document := Path("/proc/self/status")).exists():
        return int(re.findall(r"VmHWM:\s*(\d+) kB", document.read_text())[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_memory_does_not_grow_with_the_file(name: str) -> None:
    tests = str(Path(__file__).parent.parent)
    process = subprocess.run(
        [sys.executable, __file__, name], capture_output=True, text=True, check=True, env={"PYTHONPATH": tests}
    )
    count, memory = json.loads(process.stdout)
    assert count >= RECORDS
    assert memory < MEMORY


@pytest.mark.slow
def test_zip_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> None:
        raise AssertionError

    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        archive.writestr("Journal.json", SAMPLES["dayone"])
    for owner, name in ((ZipFile, "extract"), (ZipFile, "extractall"), (tempfile, "mkstemp")):
        monkeypatch.setattr(owner, name, forbidden)
    assert len(read_valid("dayone", packed.getvalue())) == 2


if __name__ == "__main__":
    main(sys.argv[1])
