"""Several terminals at one journal: nothing is lost, and nobody hears that it is locked."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.env import xdg_variables
from support.subprocesses import release_children, run_child, start_child, wait_for_child

pytestmark = pytest.mark.slow

TROUBLE = re.compile(
    "locked|busy|readonly|read-only|unable to open|malformed|mistake in valuelog|Traceback", re.IGNORECASE
)


@dataclass(frozen=True)
class Done:
    """What a terminal showed."""

    out: str
    err: str


@dataclass(frozen=True)
class Home:
    """Somebody's home with several terminals."""

    folder: Path

    @property
    def journal(self) -> Path:
        """The journal."""
        return self.folder / "data" / "valuelog" / "journal.db"

    def run(self, *words: str, stdin: str = "") -> Done:
        """Run a command to its end, which has to be a good one."""
        done = subprocess.run(
            [sys.executable, "-m", "valuelog", *words],
            env={**os.environ, **xdg_variables(self.folder), "VALUELOG_TODAY": "2026-11-20"},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not TROUBLE.search(done.stdout + done.stderr), done.stderr
        return Done(out=done.stdout, err=done.stderr)

    def texts(self) -> list[str]:
        """Return all that is listed."""
        return [entry["text"] for entry in json.loads(self.run("list", "2026", "--json").out)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(folder=tmp_path)


def at_once(*terminals: Callable[[], object]) -> None:
    """Let all terminals go on at the same time."""
    with ThreadPoolExecutor(len(terminals)) as pool:
        for future in [pool.submit(terminal) for terminal in terminals]:
            future.result()


def sound(home: Home) -> bool:
    came = run_child("list_damage", home.journal)
    assert came.texts == []
    return came.code == 0


def test_terminals_that_add_and_sit_down_and_read_lose_nothing(home: Home) -> None:
    added = [[f"terminal {number} adds {count}" for count in range(12)] for number in range(3)]
    evenings = [[f"evening {count} said {kind}" for kind in ("helped", "outcome", "activity")] for count in range(6)]

    def adding(texts: list[str]) -> Callable[[], object]:
        return lambda: [home.run("add", "outcome", text, "--project", "Refunds") for text in texts]

    def sitting() -> None:
        for evening in evenings:
            lines = [json.dumps({"kind": text.split()[-1], "text": text, "project": "Refunds"}) for text in evening]
            home.run("today", "--answers", "-", stdin="\n".join(lines))

    def reading() -> None:
        for _ in range(8):
            home.run("review", "--week", "--json")
            home.run("list")
            home.run("search", "terminal")
            home.run("history")

    at_once(*map(adding, added), sitting, reading)
    wanted = [text for texts in (*added, *evenings) for text in texts]
    assert sorted(home.texts()) == sorted(wanted)
    assert len(json.loads(home.run("review", "--week", "--json").out)["projects"]) == 1
    assert sound(home)


def test_every_undo_and_redo_beside_it_is_about_one_whole_change(home: Home) -> None:
    for number in range(20):
        home.run("add", "activity", f"from before {number}")
    said: list[str] = []

    def adding() -> None:
        for number in range(15):
            home.run("add", "activity", f"meanwhile {number}")

    def undoing() -> None:
        said.extend(home.run("undo").err for _ in range(10))

    at_once(adding, undoing, undoing)
    assert len(home.texts()) == 20 + 15 - 20
    assert sum(text.startswith("Undone") for text in said) == 20
    taken = re.findall("“(.*?)”", "".join(said))
    assert sorted([*home.texts(), *taken]) == sorted(
        [*(f"from before {number}" for number in range(20)), *(f"meanwhile {number}" for number in range(15))]
    )
    assert sound(home)


def test_writers_and_readers_without_a_pause(home: Home) -> None:
    home.run("add", "activity", "the first")
    crowd = [start_child("add_after_release", home.journal, 60) for _ in range(3)]
    crowd += [start_child("undo_and_redo", home.journal, 40)]
    crowd += [start_child("fail_to_write", home.journal, 60)]
    crowd += [start_child("read_repeatedly", home.journal, 60) for _ in range(2)]
    release_children(*crowd)
    came = [wait_for_child(each) for each in crowd]
    assert [(each.code, each.error, each.message) for each in came] == [(0, "", "")] * len(crowd)
    wanted = [text for each in came[:3] for text in each.texts]
    assert set(wanted) <= set(run_child("read", home.journal).texts)
    assert sound(home)


def test_readers_come_to_no_harm_while_writers_die(home: Home) -> None:
    home.run("add", "activity", "the first")
    readers = [start_child("read_repeatedly", home.journal, 60) for _ in range(2)]
    release_children(*readers)
    for _ in range(4):
        run_child("die_during_transaction", home.journal)
    came = [wait_for_child(reader) for reader in readers]
    assert [(each.code, each.error, each.message, each.texts) for each in came] == [(0, "", "", ["the first"])] * 2
    assert sound(home)
