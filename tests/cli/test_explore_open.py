"""`valuelog explore --open`: how the browser gets the secret link, and that no other user of the machine does."""

import re
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from support.datasette_server import fetch, run_explore_server
from support.other_user import Spy, can_other_user_read
from support.pseudo_terminal import TIMEOUT_SECONDS
from support.sample_quarter import write_sample_quarter
from valuelog.cli import explore
from valuelog.cli.explore.open_page import OpenPage
from valuelog.cli.world import create_world

ROUNDS = 10

LINK = re.compile(r'href="(http://127\.0\.0\.1:\d+/[^"]+/)"')


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with the sample journal."""
    write_sample_quarter(tmp_path / "data" / "valuelog" / "journal.db")
    return tmp_path


@pytest.fixture
def public_home() -> Iterator[Path]:
    """Return a home that other users can look into, as many are; only what valuelog does itself protects it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    write_sample_quarter(folder / "data" / "valuelog" / "journal.db")
    for name in ("state", "state/valuelog"):
        (folder / name).mkdir(mode=0o755)
        (folder / name).chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def fake_browser(home: Path, delay: float = 0) -> str:
    """Return the command of a browser that takes a while to start, and writes its URL to a file."""
    path = home / "browser"
    path.write_text(f'#!/bin/sh\nsleep {delay}\nprintf %s "$1" > {home}/opening && mv {home}/opening {home}/opened\n')
    path.chmod(0o700)
    return f"{path} %s"


def wait_until_opened(home: Path) -> Path:
    """Return the page that the browser was started on."""
    wait_for((home / "opened").exists)
    return Path((home / "opened").read_text().removeprefix("file://"))


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def link_in(page: Path) -> str:
    match = LINK.search(page.read_text())
    assert match
    return match[1]


def pages(home: Path) -> list[Path]:
    """Return everything that explore keeps in the state folder."""
    folder = home / "state" / "valuelog" / "explore"
    return sorted(folder.rglob("*")) if folder.exists() else []


def test_browser_is_started_on_a_private_page_that_leads_on(home: Path) -> None:
    with run_explore_server(home, "--open", BROWSER=fake_browser(home)) as running:
        page = wait_until_opened(home)
        assert page.name == "open.html"
        assert stat.S_IMODE(page.stat().st_mode) == 0o600
        assert stat.S_IMODE(page.parent.stat().st_mode) == 0o700
        text = page.read_text()
        assert link_in(page) == running.url
        assert f'http-equiv="refresh" content="0; url={running.url}"' in text
        assert 'name="referrer" content="no-referrer"' in text
        assert "<script" not in text


def test_page_is_removed_after_the_first_request_with_the_secret(home: Path) -> None:
    with run_explore_server(home, "--open", BROWSER=fake_browser(home)) as running:
        page = wait_until_opened(home)
        assert fetch(f"{running.base_url}/").status == 403
        assert fetch(f"{running.base_url}/guessed/").status == 403
        assert page.exists()
        assert running.get().status == 200
        wait_for(lambda: not page.parent.exists())
        assert running.get().status == 200
        assert pages(home) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, -15), (signal.SIGHUP, -1)],
    ids=lambda value: getattr(value, "name", None),
)
def test_page_is_removed_when_the_server_ends(home: Path, number: int, code: int) -> None:
    with run_explore_server(home, "--open", BROWSER=fake_browser(home)) as running:
        page = wait_until_opened(home)
        assert page.exists()
        assert running.end(number)[0] == code
        assert pages(home) == []


def test_page_of_a_killed_run_is_removed_at_the_next_start(home: Path) -> None:
    with run_explore_server(home, "--open", BROWSER=fake_browser(home)) as killed:
        page = wait_until_opened(home)
        killed.end(signal.SIGKILL)
        assert page.exists()
    with run_explore_server(home) as running:
        assert not page.exists()
        assert running.get().status == 200


def test_page_of_another_run_is_left_alone(home: Path) -> None:
    with run_explore_server(home, "--open", BROWSER=fake_browser(home)) as first:
        page = wait_until_opened(home)
        with run_explore_server(home) as second:
            assert second.get().status == 200
            assert link_in(page) == first.url


def test_missing_browser_leaves_no_page(home: Path) -> None:
    with run_explore_server(home, "--open", BROWSER="/nowhere %s", PATH="") as running:
        assert running.process.stderr
        lines = [running.process.stderr.readline() for _ in range(2)]
        assert lines[1] == "Could not start a browser; open the link yourself.\n"
        assert pages(home) == []


def test_browser_that_opens_nothing_is_explained(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(explore, "open_in_browser", lambda *_: True)
    page = OpenPage(home / "page" / "open.html")
    explore.open_in_background(create_world(), page, patience=0.1)
    page.was_removed.set()
    explore.open_in_background(create_world(), page, patience=0.1)
    assert capsys.readouterr().err == f"{explore.UNOPENED}\n"


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/cmdline").exists(), reason="/proc lists command lines on Linux only")
@pytest.mark.parametrize("delay", [0, 1])
def test_another_user_who_polls_command_lines_gets_nothing(public_home: Path, delay: float) -> None:
    taken, tried = [], []
    for _ in range(ROUNDS // 2):
        (public_home / "opened").unlink(missing_ok=True)
        spy = Spy()
        with run_explore_server(public_home, "--open", BROWSER=fake_browser(public_home, delay)):
            page = wait_until_opened(public_home)
            time.sleep(0.3)  # for the spy's last try
            seen = spy.stop()
            taken += [line for line in seen if " read " in line]
            assert taken == []
            assert not can_other_user_read(page)
            assert fetch(link_in(page)).status == 200
        tried += [line for line in seen if str(page) in line]
    if delay:
        assert len(tried) == ROUNDS // 2  # the spy saw the page's name each time
