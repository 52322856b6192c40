"""Five thousand broken files for each reader end in records, rejections or an error, within time and memory.

As a program, this file reads them for one format in a process with a memory limit.
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
"""Unexpected values."""

TOKENS = [
    b'"', b"\\", b"{", b"}", b"[", b"]", b",", b":", b";", b"\t", b"\n", b"\r", b"\0", b"'", b"=", b"NaN",
    b"-Infinity", b"1e999", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\\ud800", b"\\u0000", b"null",
    b"[" * 200,
    b'{"a":' * 150, b"9" * 5_000, b'"a":1,"a":1,', b"/*", b"PK\x03\x04",
]  # fmt: skip

Change = Callable[[random.Random, bytes], bytes]


def flip_bits(rng: random.Random, data: bytes) -> bytes:
    """Flip some bits."""
    mutated = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        mutated[rng.randrange(len(mutated))] ^= 1 << rng.randrange(8)
    return bytes(mutated)


def remove_part(rng: random.Random, data: bytes) -> bytes:
    """Remove the end, or a part."""
    at = rng.randrange(len(data))
    return data[:at] + data[at + rng.randrange(len(data)) :]


def repeat_part(rng: random.Random, data: bytes) -> bytes:
    """Repeat a part, there or elsewhere."""
    start = rng.randrange(len(data))
    part = data[start : start + rng.randrange(400)] * rng.randint(1, 4)
    at = rng.choice([start, rng.randrange(len(data))])
    return data[:at] + part + data[at:]


def insert_token(rng: random.Random, data: bytes) -> bytes:
    """Insert a token that means something to a parser."""
    at = rng.randrange(len(data))
    return data[:at] + rng.choice(TOKENS) + data[at + rng.randint(0, 3) :]


def replace_values(rng: random.Random, data: bytes) -> bytes:
    """Replace values, or cells where the data is not JSON."""
    try:
        document = json.loads(data)
    except ValueError:
        cells = data.split(b",")
        cells[rng.randrange(len(cells))] = str(rng.choice(ODD)).encode("utf-8", "surrogatepass")
        return b",".join(cells)
    for _ in range(rng.randint(1, 3)):
        document = replace_value(rng, document)
    return json.dumps(document, ensure_ascii=rng.random() < 0.5).encode("utf-8", "surrogatepass")


def replace_value(rng: random.Random, document: Any) -> Any:  # noqa: ANN401  any JSON value
    """Replace a value, or a part of it."""
    if not document or not isinstance(document, list | dict) or rng.random() < 0.1:
        return rng.choice(ODD)
    keys = list(document) if isinstance(document, dict) else range(len(document))
    key = rng.choice(keys)
    changed = dict(document) if isinstance(document, dict) else list(document)
    if isinstance(changed, dict) and rng.random() < 0.1:
        del changed[key]
    else:
        changed[key] = replace_value(rng, document[key])
    return changed


CHANGES: tuple[Change, ...] = (flip_bits, remove_part, repeat_part, insert_token, replace_values, replace_values)


def broken_files(name: str) -> Iterator[bytes]:
    """Yield mutated files of a format, the same in each run."""
    rng = random.Random(name)  # noqa: S311  not for secrets
    whole = [SAMPLES[name].encode(), FRAMES.encode() if name == "watson" else SAMPLES[name].encode()]
    for _ in range(CASES):
        data = rng.choice(whole)
        for _ in range(rng.choice([1, 1, 2, 5])):
            data = rng.choice(CHANGES)(rng, data) or b"[]"
        yield make_zip(Journal=data, More=DAYONE) if name == "dayone" and rng.random() < 0.2 else data


def assert_valid(records: Record | Rejected) -> None:
    """Fail for a record that a journal could not store."""
    assert records.location
    if isinstance(records, Rejected):
        assert records.reason.isprintable()
        assert len(records.reason) < 400
        return
    assert records.text == clean_text(records.text)
    assert records.evidence is None or records.evidence == clean_text(records.evidence)
    assert records.project is None or slugify(records.project)
    assert records.minutes is None or 0 < records.minutes <= 1440
    assert (records.people, records.tags) == (normalize_names(records.people), normalize_names(records.tags))
    assert 1900 <= records.day.year <= 9998
    assert records.origin.isprintable()


def main(name: str) -> None:
    """Read all broken files of a format; print the number of each outcome and the longest time."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    outcomes = {"records": 0, "bad": 0, "unreadable": 0, "slowest": 0.0}
    for data in broken_files(name):
        start = time.perf_counter()
        try:
            records = read_all(name, data)
        except UnreadableFile as error:
            records = [Rejected(location="all", reason=error.message)]
            outcomes["unreadable"] += 1
        outcomes["slowest"] = max(outcomes["slowest"], time.perf_counter() - start)
        for record in records:
            assert_valid(record)
        outcomes["bad"] += any(isinstance(record, Rejected) for record in records)
        outcomes["records"] += any(isinstance(record, Record) for record in records)
    json.dump(outcomes, sys.stdout)


@pytest.mark.slow
@pytest.mark.parametrize("name", SAMPLES)
def test_broken_files_never_raise_unexpected_errors(name: str) -> None:
    tests = str(Path(__file__).parent.parent)
    done = subprocess.run(
        [sys.executable, __file__, name], capture_output=True, text=True, check=False, env={"PYTHONPATH": tests}
    )
    assert done.returncode == 0, done.stderr
    outcomes = json.loads(done.stdout)
    assert outcomes["slowest"] < SECONDS
    assert min(outcomes["records"], outcomes["bad"], outcomes["unreadable"]) > CASES / 50, outcomes


if __name__ == "__main__":
    main(sys.argv[1])
