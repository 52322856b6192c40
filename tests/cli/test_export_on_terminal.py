"""`export` to a terminal: control characters of a journal that another program wrote to are made visible."""

import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from support.env import process_environment
from support.pseudo_terminal import TIMEOUT_SECONDS

if TYPE_CHECKING:
    from conftest import Run

HOSTILE = "\x1b[2J\x1b]0;owned\x07a\x9b31mb\u202egnp.exe\u2066c\x7f\u200b"
UNSAFE = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u200b]")
FORMATS = ("csv", "jrnl", "jsonl", "markdown")


@pytest.fixture
def tampered(run: "Run", journal_path: Path) -> Path:
    """Return the home of a journal that another program wrote control characters into."""
    run("add", "helped", "@sam runs the release alone now", "--evidence", "x")
    database = sqlite3.connect(journal_path)
    database.execute("UPDATE entry SET text = ?, evidence = ?", (HOSTILE, HOSTILE))
    database.commit()
    database.close()
    return journal_path.parents[2]


@pytest.mark.damages_journal
@pytest.mark.parametrize("format_", FORMATS)
def test_export_to_a_terminal_is_made_visible(tampered: Path, format_: str) -> None:
    with pexpect.spawn(
        sys.executable,
        ["-m", "valuelog", "export", format_, "-"],
        env=process_environment(tampered, TERM="xterm"),
        encoding="utf-8",
        timeout=TIMEOUT_SECONDS,
    ) as child:
        shown: str = child.read()
    assert "owned" in shown
    assert not UNSAFE.search(shown)
    assert "␍" not in shown


@pytest.mark.damages_journal
@pytest.mark.parametrize("format_", ["csv", "jrnl", "jsonl"])
def test_export_to_a_pipe_is_the_same_as_to_a_file(tampered: Path, format_: str) -> None:
    command = [sys.executable, "-m", "valuelog", "export", format_]
    environ = process_environment(tampered)
    piped = subprocess.run([*command, "-"], env=environ, capture_output=True, check=True).stdout
    subprocess.run([*command, str(tampered / "file")], env=environ, capture_output=True, check=True)
    assert piped == (tampered / "file").read_bytes()
    assert HOSTILE.encode() in piped or format_ == "jsonl"
    assert format_ != "csv" or b"\r\n" in piped
