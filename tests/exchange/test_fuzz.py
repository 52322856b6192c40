"""Five thousand broken files for each reader: each ends in records, bad ones or one clear error, soon and small.

Run as a program, this file reads them for one format in a process that gets no more memory than one is allowed.
"""

import json
import random
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from support.exchange_samples import DAYONE, FRAMES, SAMPLES, make_zip, read_all
from valuelog.exchange import Record, Rejected, UnreadableFile
from valuelog.model.entry import clean_text, normalize_names
from valuelog.model.project import slugify

CASES = 5_000
MEMORY = 300_000_000
SECONDS = 2.0

ODD: tuple[Any, ...] = (
    None, True, False, 0, -1, 1.5, 10**400, float("nan"), float("inf"), "", " ", "\0", "\ud800", "\x1b[2J",
    "=1+1", "a" * 100_001, "😀" * 500, "2026-02-30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "20261122T204336Z",
    "NaN",
    "2026-03-29T02:30:00", "2026-03-02T09:00:00+23:59", "../../etc/passwd", "@", "#", "-", [], {}, [[]], [{}], [None],
    ["a", 1], {"a": {"a": {}}}, "completed", "#a=b", "1h30m", [0] * 1_000, 1e300,
)  # fmt: skip
"""What nobody expects where something else should stand."""

TOKENS = [
    b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b";", b"\t", b"\n", b"\r", b"\0", b"'", b"=", b"NaN",
    b"-Infinity", b"1e999", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\ud800", b"\\u0000", b"null",
    b"[" * 200,
    b'{"a":' * 150, b"9" * 5_000, b'"a":1,"a":1,', b"/*", b"PK\x03\x04",
]  # fmt: skip

Change = Callable[[random.Random, bytes], bytes]


def flipped(chance: random.Random, data: bytes) -> bytes:
    """Turn bits around."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 8)):
        made[chance.randrange(len(made))] ^= 1 << chance.randrange(8)
    return bytes(made)


def cut(chance: random.Random, data: bytes) -> bytes:
    """Leave out the end, or something in between."""
    at = chance.randrange(len(data))
    return data[:at] + data[at + chance.randrange(len(data)) :]


def doubled(chance: random.Random, data: bytes) -> bytes:
    """Say something twice, perhaps elsewhere."""
    start = chance.randrange(len(data))
    part = data[start : start + chance.randrange(400)] * chance.randint(1, 4)
    at = chance.choice([start, chance.randrange(len(data))])
    return data[:at] + part + data[at:]


def strewn(chance: random.Random, data: bytes) -> bytes:
    """Put in what means something to a parser."""
    at = chance.randrange(len(data))
    return data[:at] + chance.choice(TOKENS) + data[at + chance.randint(0, 3) :]


def swapped(chance: random.Random, data: bytes) -> bytes:
    """Put something else in the place of values; of cells, where it is no JSON."""
    try:
        said = json.loads(data)
    except ValueError:
        cells = data.split(b",")
        cells[chance.randrange(len(cells))] = str(chance.choice(ODD)).encode("utf-8", "surrogatepass")
        return b",".join(cells)
    for _ in range(chance.randint(1, 3)):
        said = other(chance, said)
    return json.dumps(said, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def other(chance: random.Random, said: Any) -> Any:  # noqa: ANN401  whatever JSON holds
    """Return a value with something else in it, or in its place."""
    if not said or not isinstance(said, list | dict) or chance.random() < 0.1:
        return chance.choice(ODD)
    keys = list(said) if isinstance(said, dict) else range(len(said))
    key = chance.choice(keys)
    changed = dict(said) if isinstance(said, dict) else list(said)
    if isinstance(changed, dict) and chance.random() < 0.1:
        del changed[key]
    else:
        changed[key] = other(chance, said[key])
    return changed


CHANGES: tuple[Change, ...] = (flipped, cut, doubled, strewn, swapped, swapped)


def broken(name: str) -> Iterator[bytes]:
    """Yield the files of a format, each broken in its own way, the same in each run."""
    chance = random.Random(name)  # noqa: S311  not for secrets
    whole = [SAMPLES[name].encode(), FRAMES.encode() if name == "watson" else SAMPLES[name].encode()]
    for _ in range(CASES):
        data = chance.choice(whole)
        for _ in range(chance.choice([1, 1, 2, 5])):
            data = chance.choice(CHANGES)(chance, data) or b"[]"
        yield make_zip(Journal=data, More=DAYONE) if name == "dayone" and chance.random() < 0.2 else data


def insist_possible(found: Record | Rejected) -> None:
    """Fail for a record that no journal would take."""
    assert found.location
    if isinstance(found, Rejected):
        assert found.reason.isprintable()
        assert len(found.reason) < 400
        return
    assert found.text == clean_text(found.text)
    assert found.evidence is None or found.evidence == clean_text(found.evidence)
    assert found.project is None or slugify(found.project)
    assert found.minutes is None or 0 < found.minutes <= 1440
    assert (found.people, found.tags) == (normalize_names(found.people), normalize_names(found.tags))
    assert 1900 <= found.day.year <= 9998
    assert found.origin.isprintable()


def main(name: str) -> None:
    """Read all broken files of a format; tell how many there were of each end, and the longest time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    ends = {"records": 0, "bad": 0, "unreadable": 0, "slowest": 0.0}
    for data in broken(name):
        start = time.perf_counter()
        try:
            found = read_all(name, data)
        except UnreadableFile as error:
            found = [Rejected(location="all", reason=error.message)]
            ends["unreadable"] += 1
        ends["slowest"] = max(ends["slowest"], time.perf_counter() - start)
        for one in found:
            insist_possible(one)
        ends["bad"] += any(isinstance(one, Rejected) for one in found)
        ends["records"] += any(isinstance(one, Record) for one in found)
    json.dump(ends, sys.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_whatever_is_broken_there_is_no_traceback(name: str) -> None:
    tests = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, __file__, name], capture_output=True, text=True, check=False, env={"PYTHONPATH": tests}
    )
    assert done.returncode == 0, done.stderr
    ends = json.loads(done.stdout)
    assert ends["slowest"] < SECONDS
    assert min(ends["records"], ends["bad"], ends["unreadable"]) > CASES / 50, ends


if __name__ == "__main__":
    main(sys.argv[1])
