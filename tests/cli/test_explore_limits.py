"""How long an exhibition lasts that nobody ends, and how much a question may take."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from support.datasette_server import fetch
from support.env import process_environment
from support.pseudo_terminal import TIMEOUT_SECONDS
from support.sample_quarter import write_sample_quarter

if TYPE_CHECKING:
    from support.datasette_server import ExploreServer

MEMORY = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux tells what a process took")


# Whoever started it


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a quarter in it."""
    write_sample_quarter(tmp_path / "data" / "valuelog" / "journal.db")
    return tmp_path


@contextmanager
def started(home: Path, stdout: int | IO[bytes], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Start one that answers to something, and kill it in the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "valuelog", "explore", *words],
        env=process_environment(home), stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_it_ends_by_itself_when_nobody_reads_its_pipe_any_more(home: Path) -> None:
    with started(home, subprocess.PIPE) as process:
        assert process.stdout
        address = process.stdout.readline().decode().strip()
        time.sleep(1.5)
        assert fetch(address).status == 200
        process.stdout.close()
        assert process.wait(timeout=TIMEOUT_SECONDS) == 0


def test_a_socket_is_a_pipe_too(home: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, started(home, theirs.fileno()) as process:
        theirs.close()
        assert ours.recv(100).startswith(b"http://127.0.0.1:")
        ours.shutdown(socket.SHUT_WR)  # nothing more to say to it, which is no end
        time.sleep(1.5)
        assert process.poll() is None
        ours.close()
        assert process.wait(timeout=TIMEOUT_SECONDS) == 0


@pytest.mark.parametrize("name", [os.devnull, "link"])
def test_it_goes_on_where_nobody_reads_anyway(home: Path, name: str) -> None:
    port = free()
    with (home / name).open("wb") as stdout, started(home, stdout, "--port", str(port)) as process:
        stdout.close()
        end = time.monotonic() + TIMEOUT_SECONDS
        while not listens(port):
            assert time.monotonic() < end
            time.sleep(0.05)
        time.sleep(2)
        assert fetch(f"http://127.0.0.1:{port}/").status == 403
        assert process.poll() is None


def free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def listens(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


# Questions that ask for too much


MANY = "with recursive n(x) as (select 1 union all select x + 1 from n limit 300)"

LARGE = (
    "select hex(zeroblob(400000000))",
    "select zeroblob(400000000)",
    f"{MANY} select zeroblob(9000000) from n",
    f"{MANY} select max(z) from (select x, zeroblob(9000000 - x) as z from n order by x desc)",
    f"{MANY} select json_group_array(hex(zeroblob(900000))) from n",
)


@MEMORY
def test_what_asks_for_too_much_is_refused_and_takes_little(shown: "ExploreServer") -> None:
    for sql in LARGE:
        for path in ("journal", "journal.json"):
            came = shown.get(f"{path}?{urlencode({'sql': sql})}")
            assert came.status == 400, sql
            assert "This asks for more than fits into a page" in came.text
        assert len(shown.get(f"journal.csv?{urlencode({'sql': sql})}").text) < 100  # to say why is not its way
    assert taken(shown) < 1_000_000_000  # without a limit nearly five; how much at once, is up to the threads
    assert shown.rows("entry", _size="max")


def taken(running: "ExploreServer") -> int:
    """Return how much memory a process took at its height."""
    lines = Path(f"/proc/{running.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def test_what_somebody_has_written_in_years_is_not_too_much(shown: "ExploreServer") -> None:
    sql = f"{MANY} select count(*) as n, json_group_array(text) as texts from n, entry where x <= 100"
    (row,) = json.loads(shown.get(f"journal.json?{urlencode({'sql': sql, '_shape': 'array'})}").text)
    assert row["n"] > 20_000
