"""Several terminals at one journal: nothing is lost, and no error about locks is shown."""

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

ERROR_WORDS = re.compile(
    "locked|busy|readonly|read-only|unable to open|malformed|bug in valuelog|Traceback", re.IGNORECASE
)


@dataclass(frozen=True)
class Output:
    """What a command printed."""

    out: str
    err: str


@dataclass(frozen=True)
class Home:
    """The home of a user with several terminals."""

    folder: Path

    @property
    def journal(self) -> Path:
        """The journal."""
        return self.folder / "data" / "valuelog" / "journal.db"

    def run(self, *words: str, stdin: str = "") -> Output:
        """Run a command; fail if it fails or prints an error about the journal."""
        process = subprocess.run(
            [sys.executable, "-m", "valuelog", *words],
            env={**os.environ, **xdg_variables(self.folder), "VALUELOG_TODAY": "2026-11-20"},
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert process.returncode == 0, process.stderr
        assert not ERROR_WORDS.search(process.stdout + process.stderr), process.stderr
        return Output(out=process.stdout, err=process.stderr)

    def texts(self) -> list[str]:
        """Return the texts of all entries."""
        return [entry["text"] for entry in json.loads(self.run("list", "2026", "--json").out)]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(folder=tmp_path)


def run_in_parallel(*terminals: Callable[[], object]) -> None:
    """Run functions in parallel."""
    with ThreadPoolExecutor(len(terminals)) as pool:
        for future in [pool.submit(terminal) for terminal in terminals]:
            future.result()


def is_undamaged(home: Home) -> bool:
    result = run_child("list_damage", home.journal)
    assert result.texts == []
    return result.code == 0


def test_concurrent_writers_and_readers_lose_nothing(home: Home) -> None:
    added = [[f"terminal {number} adds {count}" for count in range(12)] for number in range(3)]
    evenings = [[f"evening {count} answer {kind}" for kind in ("helped", "outcome", "activity")] for count in range(6)]

    def add_all(texts: list[str]) -> Callable[[], object]:
        return lambda: [home.run("add", "outcome", text, "--project", "Refunds") for text in texts]

    def run_evenings() -> None:
        for evening in evenings:
            lines = [json.dumps({"kind": text.split()[-1], "text": text, "project": "Refunds"}) for text in evening]
            home.run("today", "--answers", "-", stdin="\n".join(lines))

    def read() -> None:
        for _ in range(8):
            home.run("review", "--week", "--json")
            home.run("list")
            home.run("search", "terminal")
            home.run("history")

    run_in_parallel(*map(add_all, added), run_evenings, read)
    expected = [text for texts in (*added, *evenings) for text in texts]
    assert sorted(home.texts()) == sorted(expected)
    assert len(json.loads(home.run("review", "--week", "--json").out)["projects"]) == 1
    assert is_undamaged(home)


def test_concurrent_undo_reverts_whole_batches(home: Home) -> None:
    for number in range(20):
        home.run("add", "activity", f"from before {number}")
    messages: list[str] = []

    def add_all() -> None:
        for number in range(15):
            home.run("add", "activity", f"meanwhile {number}")

    def undo_all() -> None:
        messages.extend(home.run("undo").err for _ in range(10))

    run_in_parallel(add_all, undo_all, undo_all)
    assert len(home.texts()) == 20 + 15 - 20
    assert sum(text.startswith("Undone") for text in messages) == 20
    undone = re.findall("“(.*?)”", "".join(messages))
    assert sorted([*home.texts(), *undone]) == sorted(
        [*(f"from before {number}" for number in range(20)), *(f"meanwhile {number}" for number in range(15))]
    )
    assert is_undamaged(home)


def test_continuous_writers_and_readers(home: Home) -> None:
    home.run("add", "activity", "the first")
    children = [start_child("add_after_release", home.journal, 60) for _ in range(3)]
    children += [start_child("undo_and_redo", home.journal, 40)]
    children += [start_child("fail_to_write", home.journal, 60)]
    children += [start_child("read_repeatedly", home.journal, 60) for _ in range(2)]
    release_children(*children)
    results = [wait_for_child(child) for child in children]
    assert [(result.code, result.error, result.message) for result in results] == [(0, "", "")] * len(children)
    expected = [text for result in results[:3] for text in result.texts]
    assert set(expected) <= set(run_child("read", home.journal).texts)
    assert is_undamaged(home)


def test_readers_survive_killed_writers(home: Home) -> None:
    home.run("add", "activity", "the first")
    readers = [start_child("read_repeatedly", home.journal, 60) for _ in range(2)]
    release_children(*readers)
    for _ in range(4):
        run_child("die_during_transaction", home.journal)
    results = [wait_for_child(reader) for reader in readers]
    assert [(result.code, result.error, result.message, result.texts) for result in results] == [
        (0, "", "", ["the first"])
    ] * 2
    assert is_undamaged(home)
