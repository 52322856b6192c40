"""Limits of `valuelog explore`: its lifetime without a reader of stdout, and the size of query results."""

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

MEMORY = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="/proc shows peak memory on Linux only")


# Lifetime


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with the sample journal."""
    write_sample_quarter(tmp_path / "data" / "valuelog" / "journal.db")
    return tmp_path


@contextmanager
def run_explore(home: Path, stdout: int | IO[bytes], *words: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run `valuelog explore` with the given stdout, and kill it at the end."""
    process = subprocess.Popen(
        [sys.executable, "-m", "valuelog", "explore", *words],
        env=process_environment(home), stdin=subprocess.DEVNULL, stdout=stdout, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def test_explore_stops_when_the_reader_of_its_pipe_is_gone(home: Path) -> None:
    with run_explore(home, subprocess.PIPE) as process:
        assert process.stdout
        address = process.stdout.readline().decode().strip()
        time.sleep(1.5)
        assert fetch(address).status == 200
        process.stdout.close()
        assert process.wait(timeout=TIMEOUT_SECONDS) == 0


def test_explore_stops_when_the_peer_of_its_socket_is_gone(home: Path) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs, run_explore(home, theirs.fileno()) as process:
        theirs.close()
        assert ours.recv(100).startswith(b"http://127.0.0.1:")
        ours.shutdown(socket.SHUT_WR)  # closing the other direction must not stop it
        time.sleep(1.5)
        assert process.poll() is None
        ours.close()
        assert process.wait(timeout=TIMEOUT_SECONDS) == 0


@pytest.mark.parametrize("name", [os.devnull, "link"])
def test_explore_continues_if_stdout_is_a_file(home: Path, name: str) -> None:
    port = free_port()
    with (home / name).open("wb") as stdout, run_explore(home, stdout, "--port", str(port)) as process:
        stdout.close()
        end = time.monotonic() + TIMEOUT_SECONDS
        while not is_listening(port):
            assert time.monotonic() < end
            time.sleep(0.05)
        time.sleep(2)
        assert fetch(f"http://127.0.0.1:{port}/").status == 403
        assert process.poll() is None


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def is_listening(port: int) -> bool:
    with socket.socket() as one:
        return one.connect_ex(("127.0.0.1", port)) == 0


# Query results


MANY = "with recursive n(x) as (select 1 union all select x + 1 from n limit 300)"

LARGE = (
    "select hex(zeroblob(400000000))",
    "select zeroblob(400000000)",
    f"{MANY} select zeroblob(9000000) from n",
    f"{MANY} select max(z) from (select x, zeroblob(9000000 - x) as z from n order by x desc)",
    f"{MANY} select json_group_array(hex(zeroblob(900000))) from n",
)


@MEMORY
def test_too_large_result_is_refused_within_bounded_memory(explore_server: "ExploreServer") -> None:
    for sql in LARGE:
        for path in ("journal", "journal.json"):
            response = explore_server.get(f"{path}?{urlencode({'sql': sql})}")
            assert response.status == 400, sql
            assert "This result is too large for a page" in response.text
        assert len(explore_server.get(f"journal.csv?{urlencode({'sql': sql})}").text) < 100  # CSV has no error message
    assert peak_memory(explore_server) < 1_000_000_000  # nearly 5 GB without limits; depends on the number of threads
    assert explore_server.rows("entry", _size="max")


def peak_memory(running: "ExploreServer") -> int:
    """Return the peak memory of a process in bytes."""
    lines = Path(f"/proc/{running.process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))


def test_result_with_years_of_entries_is_allowed(explore_server: "ExploreServer") -> None:
    sql = f"{MANY} select count(*) as n, json_group_array(text) as texts from n, entry where x <= 100"
    (row,) = json.loads(explore_server.get(f"journal.json?{urlencode({'sql': sql, '_shape': 'array'})}").text)
    assert row["n"] > 20_000
