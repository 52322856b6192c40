"""Shell blocks of the docs can be typed as they are into bash, zsh and fish."""

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
FIRST_ENTRY = "umask; valuelog add insight 'the form has one field too many'"


def shell_lines(page: Path) -> str:
    """Return the lines of all shell blocks of a page."""
    return "".join(re.findall(r"^```sh\n(.*?)^```$", page.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE))


def run_in_shell(shell: str, home: Path, lines: str) -> str:
    """Run lines in a shell and return their output; each must succeed."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    env = process_environment(home)
    env["PATH"] = f"{Path(sys.executable).parent}:{env['PATH']}"
    checked = "".join(f"{line} || exit 9\n" for line in lines.splitlines())
    done = subprocess.run([shell], input=checked, cwd=home, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_no_comment_follows_a_command_on_its_line(page: Path) -> None:
    """A phone cuts it off, and zsh takes its words for arguments."""
    assert re.findall(r"^[^#\n].* # .*$", shell_lines(page), re.MULTILINE) == []


@pytest.mark.parametrize("shell", SHELLS)
def test_commands_of_the_backup_page_work_in_a_new_home(shell: str, tmp_path: Path) -> None:
    home = tmp_path / "my home"
    home.mkdir()
    lines = shell_lines(ROOT / "docs" / "backups.md")
    before = run_in_shell(shell, home, FIRST_ENTRY).splitlines()[0]
    assert run_in_shell(shell, home, f"{lines}umask\n").splitlines()[-1] == before
    shown = json.loads(run_in_shell(shell, home, "valuelog --journal ~/journal-copy.db list --json"))
    assert [entry["text"] for entry in shown] == ["the form has one field too many"]
