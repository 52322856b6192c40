"""What the pages say to type into a shell can be typed as it stands: into bash, zsh and fish, in a new home."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from support.env import process_environment

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
SHELLS = ["bash", "zsh", "fish"]
WATCHED = "umask; valuelog add insight 'the form has one field too many'"


def typed(page: Path) -> str:
    """Return all that a page says to type."""
    return "".join(re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE))


def at(shell: str, home: Path, lines: str) -> str:
    """Let a shell run lines one after the other, and return what they say; each has to succeed."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    env = process_environment(home)
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    checked = "".join(f"{line} || exit 9\n" for line in lines.splitlines())
    done = subprocess.run([shell], input=checked, cwd=home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_comment_stands_behind_a_command(page: Path) -> None:
    """On a phone nobody sees it, and zsh takes its words for arguments."""
    assert re.findall(r"^[^#\n].* # .*$", typed(page), re.MULTILINE) == []


@pytest.mark.skipif(shutil.which("sqlite3") is None, reason="sqlite3 is not installed")
@pytest.mark.parametrize("shell", SHELLS)
def test_the_page_about_backups_is_followed_in_a_new_home(shell: str, tmp_path: Path) -> None:
    home, other = tmp_path / "my home", tmp_path / "other"
    for each in (home, other):
        each.mkdir()
    lines = typed(ROOT / "docs" / "backups.md")
    here, there = lines.split("valuelog import", 1)
    before = at(shell, home, WATCHED).splitlines()[0]
    assert at(shell, home, f"{here}umask\n").splitlines()[-1] == before
    at(shell, other, "valuelog add helped '@sam runs the release alone'")
    at(shell, other, f"valuelog export jsonl '{home}/sync/desktop.jsonl'")
    assert "1 → 2" in at(shell, home, f"valuelog import{there}")
    for copy in ("journal.db", "journal-*.db"):
        (file,) = (home / "backups").glob(copy)
        shown = json.loads(at(shell, home, f"valuelog --journal '{file}' list --json"))
        assert [entry["text"] for entry in shown] == ["the form has one field too many"]
    assert [(home / name).stat().st_mode & 0o777 for name in ("backups", "sync")] == [0o700, 0o700]
