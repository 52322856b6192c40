"""A hundred thousand records are read one by one: the memory that takes does not grow with the file.

Run as a program, this file reads so many of one format and tells how many came and how much memory that took.
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

MANY = 100_000
MEMORY = 200_000_000
UNDER = {"dayone": "entries", "jrnl": "entries", "klog": "records"}


def lines(name: str) -> "Iterator[bytes]":
    """Yield a file of many records: the first of the sample, again and again."""
    if name == "csv":
        yield CSV.encode()
        yield from (f"2026-03-02,,the {n}. text,5,sam,a b,,,,\n".encode() for n in range(MANY))
        return
    said = json.loads(SAMPLES[name])
    record = json.dumps(said[UNDER[name]][0] if name in UNDER else said[0])
    yield b'{"%s": [' % UNDER[name].encode() if name in UNDER else b"["
    for _ in range(MANY):
        yield record.encode() + b",\n"
    yield record.encode() + (b"]}" if name in UNDER else b"]")


class Written(io.RawIOBase):
    """A file that is written while it is read."""

    def __init__(self, parts: "Iterator[bytes]") -> None:
        """Take what writes it."""
        self._parts = parts
        self._rest = b""

    def readable(self) -> bool:
        """Say yes."""
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        """Give what is there, or what comes next."""
        part = self._rest or b"".join(islice(self._parts, 100))
        size = min(len(part), len(buffer))
        buffer[:size] = part[:size]
        self._rest = part[size:]
        return size


def main(name: str) -> None:
    """Read many records, and tell."""
    came = sum(
        isinstance(one, Record) for one in load_reader(name)(io.BufferedReader(Written(lines(name))), BERLIN_CONTEXT)
    )
    json.dump([came, most_memory()], sys.stdout)


def most_memory() -> int:
    """Return the most bytes this program ever held; Linux counts in `ru_maxrss` what the one that started it held."""
    if (said := Path("/proc/self/status")).exists():
        return int(re.findall(r"VmHWM:\s*(\d+) kB", said.read_text())[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_memory_does_not_grow_with_the_file(name: str) -> None:
    tests = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, __file__, name], capture_output=True, text=True, check=True, env={"PYTHONPATH": tests}
    )
    came, memory = json.loads(done.stdout)
    assert came >= MANY
    assert memory < MEMORY


@pytest.mark.slow
def test_a_journal_in_a_zip_is_never_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise AssertionError

    packed = io.BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as into:
        into.writestr("Journal.json", SAMPLES["dayone"])
    for where, what in ((ZipFile, "extract"), (ZipFile, "extractall"), (tempfile, "mkstemp")):
        monkeypatch.setattr(where, what, refused)
    assert len(read_valid("dayone", packed.getvalue())) == 2


if __name__ == "__main__":
    main(sys.argv[1])
