"""How an exhibition begins and ends: in a terminal, by signals, in a browser, and where there is nothing to show."""

import signal
import socket
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest

from support.datasette_server import ExploreServer, fetch, run_explore_server
from support.journal_files import read_all_files
from support.pseudo_terminal import CTRL_C, TIMEOUT_SECONDS
from support.sample_quarter import write_sample_quarter
from support.terminal import Terminal

if TYPE_CHECKING:
    from conftest import Run

OPEN = "A copy of your journal as it is now, for whoever has this link. Ctrl-C ends it.\n"

LINUX = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux tells what a process has open")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a quarter in it, and a folder for what is kept for a while."""
    write_sample_quarter(tmp_path / "data" / "valuelog" / "journal.db")
    (tmp_path / "while").mkdir()
    return tmp_path


def test_in_a_terminal_it_says_where_it_is_until_ctrl_c(home: Path) -> None:
    terminal = Terminal(home, "explore")
    terminal.wait_for("Ctrl-C ends it.")
    address = next(line for line in terminal.lines if line.startswith("http://127.0.0.1:"))
    assert fetch(address).status == 200
    terminal.child.send(CTRL_C)
    assert terminal.end() == 130
    assert "Traceback" not in terminal.output


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGHUP, -1), (signal.SIGKILL, -9)],
    ids=lambda value: getattr(value, "name", None),
)
def test_however_it_ends_nothing_is_left_behind(home: Path, number: int, code: int) -> None:
    before = read_all_files(home)
    with run_explore_server(home, TMPDIR=str(home / "while"), SQLITE_TMPDIR=str(home / "while")) as running:
        assert running.get("journal/entry").status == 200
        assert read_all_files(home) == before
        ended, out, err = running.end(number)
    assert (ended, out, err.rstrip("\n")) == (code, "", OPEN.rstrip("\n"))
    assert read_all_files(home) == before


def test_it_ends_at_once_although_a_visitor_waits(home: Path) -> None:
    slow = "journal.json?sql=with+recursive+n(x)+as+(select+1+union+all+select+x%2B1+from+n)+select+count(*)+from+n"
    with run_explore_server(home) as running, socket.create_connection(("127.0.0.1", running.port)) as visitor:
        path = running.url.removeprefix(running.base_url)
        visitor.sendall(f"GET {path}{slow} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        time.sleep(0.3)
        began = time.monotonic()
        assert running.end(signal.SIGINT)[0] == 130
        assert time.monotonic() - began < TIMEOUT_SECONDS / 2


def test_what_was_asked_is_told_nowhere(home: Path) -> None:
    with run_explore_server(home) as running:
        for path in (
            "journal?sql=select+quokka",
            "journal/entry?_sort=quokka",
            "journal/entry?_search=%22quokka&_searchmode=raw",
        ):
            assert running.get(path).status >= 400
        assert running.end()[1:] == ("", f"{OPEN}\n")


@LINUX
def test_it_has_the_journal_open_no_longer_and_others_write_on(home: Path, run: "Run") -> None:
    with run_explore_server(home) as running:
        assert running.get("journal/entry").status == 200
        assert not [one for one in held_by(running) if one.startswith(str(home))]
        run("add", "helped", "quokka found her way alone")
        assert running.rows("entry", _search="quokka") == []


def held_by(running: ExploreServer) -> set[str]:
    """Return what a process has open."""
    found = set()
    for one in Path(f"/proc/{running.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            found.add(str(one.readlink()))
    return found


SORTED = "with recursive n(x) as (select 1 union all select x + 1 from n limit 1500000) select x from n order by -x"


@LINUX
def test_even_a_long_list_is_sorted_in_memory(home: Path) -> None:
    with run_explore_server(home) as running, ThreadPoolExecutor(1) as visitors:
        coming = visitors.submit(running.get, f"journal.json?{urlencode({'sql': SORTED})}")
        held = set()
        while not coming.done():
            held |= held_by(running)
            time.sleep(0.005)
        assert coming.result().status in {200, 400}
        assert not [one for one in held if "(deleted)" in one or "etilqs" in one]


def test_the_browser_is_started_with_a_link_that_works_once(home: Path) -> None:
    with run_explore_server(home, "--open", BROWSER=f"{recorder(home)} %s") as running:
        told = waited_for(home / "opened")
        assert told.startswith(running.base_url)
        assert told != running.url
        assert fetch(told).url == running.url
        assert fetch(told).status == 403
        assert running.get().status == 200


def recorder(home: Path) -> Path:
    """Return a browser that writes down what it was started with."""
    path = home / "browser"
    path.write_text(f'#!/bin/sh\nprintf %s "$1" > {home}/opening && mv {home}/opening {home}/opened\n')
    path.chmod(0o700)
    return path


def waited_for(path: Path) -> str:
    end = time.monotonic() + TIMEOUT_SECONDS
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    return path.read_text()


def test_no_browser_is_started_by_itself(home: Path) -> None:
    with run_explore_server(home, BROWSER=f"{recorder(home)} %s") as running:
        assert running.get().status == 200
    assert not (home / "opened").exists()


def test_without_a_browser_it_says_so_and_goes_on(home: Path) -> None:
    with run_explore_server(home, "--open", BROWSER="/nowhere %s", PATH="") as running:
        assert running.process.stderr
        said = [running.process.stderr.readline() for _ in range(2)]
        assert said == [OPEN, "No browser could be started: open the link yourself.\n"]
        assert running.get().status == 200


def test_a_port_can_be_chosen_unless_it_is_taken(home: Path, run: "Run") -> None:
    with run_explore_server(home) as running:
        came = run("explore", "--port", str(running.port), fails=1)
        assert came.err.startswith(f"valuelog: Port {running.port} cannot be used: Address already in use.\n")
        assert came.out == ""
        port = running.port
        running.end()
        with run_explore_server(home, "--port", str(port)) as again:
            assert again.port == port
            assert again.get().status == 200


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web"])
def test_what_is_no_port_is_refused(run: "Run", port: str) -> None:
    assert "--port" in run("explore", "--port", port, fails=2).err


# Nothing to show


def test_without_a_journal_none_is_made(run: "Run", tmp_path: Path) -> None:
    came = run("--journal", str(tmp_path / "none" / "journal.db"), "explore")
    assert (came.out, came.err) == ("", "There is nothing to explore yet. It begins with: valuelog today\n")
    assert not (tmp_path / "none").exists()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("missing", ["datasette", "datasette_dashboards"])
def test_without_the_extra_it_says_how_to_get_it(run: "Run", monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    came = run("explore", fails=1)
    assert came.out == ""
    assert came.err == (
        "valuelog: Exploring needs Datasette, which is not installed.\n"
        "pipx inject valuelog datasette-dashboards   or, in your clone: uv tool install '.[explore]'\n"
    )


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("broken", ["from datasette import nowhere", "import os; os.nowhere", "1 +"])
def test_a_datasette_that_does_not_fit_is_told_apart(
    run: "Run", monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broken: str
) -> None:
    (tmp_path / "datasette").mkdir()
    (tmp_path / "datasette" / "__init__.py").write_text(broken)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [one for one in sys.modules if one.partition(".")[0] == "datasette" or one.endswith("exploring.site")]:
        monkeypatch.delitem(sys.modules, name)
    came = run("explore", fails=1)
    assert came.out == ""
    assert came.err.startswith("valuelog: The Datasette that is installed does not fit, or is broken (")
    assert "mistake" not in came.err
    assert "valuelog 'datasette<1' datasette-dashboards" in came.err


def test_a_file_that_is_no_journal_is_left_alone(run: "Run", tmp_path: Path) -> None:
    other = tmp_path / "notes.db"
    other.write_text("not a journal")
    assert "not a valuelog journal" in run("--journal", str(other), "explore", fails=1).err
    assert other.read_text() == "not a journal"
