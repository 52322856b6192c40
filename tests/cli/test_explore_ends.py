"""Start and end of `valuelog explore`: terminal, signals, browser, port, missing journal or extra."""

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

OPEN = "A copy of your journal, for anyone with this link. Stop it with Ctrl-C.\n"

LINUX = pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="/proc lists open files on Linux only")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with the sample journal, and a folder for temporary files."""
    write_sample_quarter(tmp_path / "data" / "valuelog" / "journal.db")
    (tmp_path / "temporary").mkdir()
    return tmp_path


def test_explore_prints_the_link_and_runs_until_ctrl_c(home: Path) -> None:
    terminal = Terminal(home, "explore")
    terminal.wait_for("Stop it with Ctrl-C.")
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
def test_explore_leaves_no_files_behind_after_a_signal(home: Path, number: int, code: int) -> None:
    before = read_all_files(home)
    with run_explore_server(home, TMPDIR=str(home / "temporary"), SQLITE_TMPDIR=str(home / "temporary")) as running:
        assert running.get("journal/entry").status == 200
        assert read_all_files(home) == before
        ended, out, err = running.end(number)
    assert (ended, out, err.rstrip("\n")) == (code, "", OPEN.rstrip("\n"))
    assert read_all_files(home) == before


def test_explore_stops_at_once_during_a_slow_query(home: Path) -> None:
    slow = "journal.json?sql=with+recursive+n(x)+as+(select+1+union+all+select+x%2B1+from+n)+select+count(*)+from+n"
    with run_explore_server(home) as running, socket.create_connection(("127.0.0.1", running.port)) as visitor:
        path = running.url.removeprefix(running.base_url)
        visitor.sendall(f"GET {path}{slow} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        time.sleep(0.3)
        began = time.monotonic()
        assert running.end(signal.SIGINT)[0] == 130
        assert time.monotonic() - began < TIMEOUT_SECONDS / 2


def test_queries_are_not_logged(home: Path) -> None:
    with run_explore_server(home) as running:
        for path in (
            "journal?sql=select+quokka",
            "journal/entry?_sort=quokka",
            "journal/entry?_search=%22quokka&_searchmode=raw",
        ):
            assert running.get(path).status >= 400
        assert running.end()[1:] == ("", f"{OPEN}\n")


@LINUX
def test_journal_is_closed_and_writable_while_explore_runs(home: Path, run: "Run") -> None:
    with run_explore_server(home) as running:
        assert running.get("journal/entry").status == 200
        assert not [one for one in open_files(running) if one.startswith(str(home))]
        run("add", "helped", "quokka found her way alone")
        assert running.rows("entry", _search="quokka") == []


def open_files(running: ExploreServer) -> set[str]:
    """Return the targets of the open file descriptors of a process."""
    files = set()
    for one in Path(f"/proc/{running.process.pid}/fd").iterdir():
        with suppress(FileNotFoundError):
            files.add(str(one.readlink()))
    return files


SORTED = "with recursive n(x) as (select 1 union all select x + 1 from n limit 1500000) select x from n order by -x"


@LINUX
def test_large_sorts_use_no_temporary_file(home: Path) -> None:
    with run_explore_server(home) as running, ThreadPoolExecutor(1) as visitors:
        coming = visitors.submit(running.get, f"journal.json?{urlencode({'sql': SORTED})}")
        held = set()
        while not coming.done():
            held |= open_files(running)
            time.sleep(0.005)
        assert coming.result().status in {200, 400}
        assert not [one for one in held if "(deleted)" in one or "etilqs" in one]


def fake_browser(home: Path) -> Path:
    """Return a fake browser that writes its URL to a file."""
    path = home / "browser"
    path.write_text(f'#!/bin/sh\nprintf %s "$1" > {home}/opening && mv {home}/opening {home}/opened\n')
    path.chmod(0o700)
    return path


def test_no_browser_is_started_without_open(home: Path) -> None:
    with run_explore_server(home, BROWSER=f"{fake_browser(home)} %s") as running:
        assert running.get().status == 200
    assert not (home / "opened").exists()


def test_missing_browser_is_reported_and_explore_continues(home: Path) -> None:
    with run_explore_server(home, "--open", BROWSER="/nowhere %s", PATH="") as running:
        assert running.process.stderr
        lines = [running.process.stderr.readline() for _ in range(2)]
        assert lines == [OPEN, "Could not start a browser; open the link yourself.\n"]
        assert running.get().status == 200


def test_port_option_and_a_port_in_use(home: Path, run: "Run") -> None:
    with run_explore_server(home) as running:
        result = run("explore", "--port", str(running.port), fails=1)
        assert result.err.startswith(f"valuelog: Port {running.port} cannot be used: Address already in use.\n")
        assert result.out == ""
        port = running.port
        running.end()
        with run_explore_server(home, "--port", str(port)) as again:
            assert again.port == port
            assert again.get().status == 200


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web"])
def test_invalid_port_is_refused(run: "Run", port: str) -> None:
    assert "--port" in run("explore", "--port", port, fails=2).err


# Missing journal or extra


def test_missing_journal_is_not_created(run: "Run", tmp_path: Path) -> None:
    result = run("--journal", str(tmp_path / "none" / "journal.db"), "explore")
    assert (result.out, result.err) == ("", "There is nothing to explore yet. Start with: valuelog today\n")
    assert not (tmp_path / "none").exists()


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("missing", ["datasette", "datasette_dashboards"])
def test_missing_extra_names_the_install_command(run: "Run", monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    monkeypatch.setitem(sys.modules, missing, None)
    result = run("explore", fails=1)
    assert result.out == ""
    assert result.err == (
        "valuelog: explore needs Datasette, which is not installed.\n"
        "pipx inject valuelog datasette-dashboards   or, in your clone: uv tool install '.[explore]'\n"
    )


@pytest.mark.usefixtures("home")
@pytest.mark.parametrize("broken", ["from datasette import nowhere", "import os; os.nowhere", "1 +"])
def test_broken_datasette_names_the_reinstall_command(
    run: "Run", monkeypatch: pytest.MonkeyPatch, tmp_path: Path, broken: str
) -> None:
    (tmp_path / "datasette").mkdir()
    (tmp_path / "datasette" / "__init__.py").write_text(broken)
    monkeypatch.syspath_prepend(tmp_path)
    for name in [
        one for one in sys.modules if one.partition(".")[0] == "datasette" or one.endswith("explore.datasette_app")
    ]:
        monkeypatch.delitem(sys.modules, name)
    result = run("explore", fails=1)
    assert result.out == ""
    assert result.err.startswith("valuelog: The installed Datasette is broken or has the wrong version (")
    assert "bug" not in result.err
    assert "valuelog 'datasette<1' datasette-dashboards" in result.err


def test_file_that_is_no_journal_is_left_alone(run: "Run", tmp_path: Path) -> None:
    other = tmp_path / "notes.db"
    other.write_text("not a journal")
    assert "not a valuelog journal" in run("--journal", str(other), "explore", fails=1).err
    assert other.read_text() == "not a journal"
