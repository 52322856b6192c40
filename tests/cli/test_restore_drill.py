"""A drill on a terminal: after each mishap, what the program says leads to everything being back."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.env import process_environment
from support.makers import FRIDAY, make_entry, open_test_journal
from support.pseudo_terminal import CTRL_C, ENTER
from support.terminal import Terminal
from valuelog.journal import entries
from valuelog.journal.backups import make_backup

pytestmark = pytest.mark.slow

FIRST_DAY = FRIDAY - timedelta(days=60)
WORDS = "wrote down why the deploy waits"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with two months of entries and a backup of each of the last ten workdays."""
    folder = tmp_path / "data" / "valuelog"
    (tmp_path / "state" / "valuelog").mkdir(parents=True)
    (tmp_path / "state" / "valuelog" / "device").write_text("a-laptop")
    (tmp_path / "state" / "valuelog" / "journal").write_text(f"{folder / 'journal.db'}\n")
    for day in workdays():
        journal = open_test_journal(folder)
        made = [
            make_entry(id=f"{day:%y%m%d}{number:04}", day=day, text=f"{WORDS}, {day} {number}") for number in range(3)
        ]
        entries.add(journal, made)
        journal.close()
        if day > FRIDAY - timedelta(days=14):
            make_backup(journal.path, now=datetime(day.year, day.month, day.day, 17, tzinfo=UTC))
    return tmp_path


def workdays() -> Iterator[date]:
    days = (FIRST_DAY + timedelta(days=number) for number in range(61))
    return (day for day in days if day.weekday() < 5)


def journal_of(home: Path) -> Path:
    return home / "data" / "valuelog" / "journal.db"


def run_valuelog(home: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    program = [sys.executable, "-m", "valuelog", *words]
    return subprocess.run(program, env=process_environment(home), capture_output=True, text=True, check=False)


def read_entries(home: Path) -> Any:  # noqa: ANN401  JSON
    return json.loads(run_valuelog(home, "list", "-n", "1000", "--json").stdout)


def answer_menu(home: Path) -> None:
    """Start an evening; take the first option that it offers; leave."""
    terminal = Terminal(home, "today")
    terminal.wait_for("What do you want to do?")
    terminal.type(ENTER, then="Restored")
    terminal.wait_for("›", at_cursor=True)
    terminal.child.send(CTRL_C)
    terminal.end()


def pick_newest(home: Path, *, newer: str = "") -> None:
    """Run the command that errors name; pick the newest backup, keep what is newer, and confirm."""
    terminal = Terminal(home, "restore")
    terminal.wait_for("Which backup?")
    if newer:
        terminal.type(ENTER, then=f"Keep the {newer} too?")
        terminal.type("y", then="Restore it?", at_cursor=True)
    else:
        terminal.type(ENTER, then="Restore it?")
    terminal.type("y", then="Restored")
    assert terminal.end() == 0


def delete(path: Path) -> None:
    path.unlink()


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip_text(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    start = 0
    while (start := raw.find(b"deploy", start + 1)) > 0:
        position = start
    raw[position] ^= 1
    path.write_bytes(raw)


def put_back_older_copy(path: Path) -> None:
    copies = sorted((path.parent / "backups").glob("*.db"))
    shutil.copy(next(copy for copy in copies if "2026-11-16" in copy.name), path)


def test_deleted_journal_comes_back(home: Path) -> None:
    before = read_entries(home)
    assert len(before) == 3 * len(list(workdays()))
    delete(journal_of(home))
    assert "valuelog restore" in run_valuelog(home, "list").stderr
    answer_menu(home)
    assert read_entries(home) == before


def test_truncated_journal_comes_back(home: Path) -> None:
    before = read_entries(home)
    truncate(journal_of(home))
    assert "with: valuelog restore" in run_valuelog(home, "list").stderr
    pick_newest(home)
    assert read_entries(home) == before


def test_flipped_bit_goes_away(home: Path) -> None:
    before = read_entries(home)
    run_valuelog(home, "add", "helped", "Sam with the", "release")
    after = read_entries(home)
    assert len(after) == len(before) + 1
    flip_text(journal_of(home))
    pick_newest(home, newer="newer change")
    assert read_entries(home) == after


def test_older_copy_put_in_place_by_hand_is_noticed(home: Path) -> None:
    before = read_entries(home)
    put_back_older_copy(journal_of(home))
    assert len(read_entries(home)) < len(before)
    terminal = Terminal(home, "today")
    terminal.wait_for("valuelog restore")
    terminal.wait_for("›", at_cursor=True)
    terminal.child.send(CTRL_C)
    terminal.end()
    pick_newest(home)
    assert read_entries(home) == before


@pytest.mark.parametrize("damage", [delete, truncate])
def test_scripts_restore_without_a_terminal(home: Path, damage: Callable[[Path], None]) -> None:
    before = read_entries(home)
    damage(journal_of(home))
    assert run_valuelog(home, "restore").returncode == 2
    assert run_valuelog(home, "restore", "--yes").returncode == 0
    assert read_entries(home) == before
