"""`demo --shell`: the user's shell, in which valuelog uses the demo, whatever its start-up files do."""

import os
import re
import shutil
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("there is no pseudo-terminal on Windows", allow_module_level=True)

import pexpect

SHELLS = ["sh", "bash", "zsh", "fish"]

START_UP_FILES = {
    "sh": (".shrc", "alias valuelog=false; PATH=$HOME/own:$PATH; echo MY-FILE\n"),
    "bash": (
        ".bashrc",
        "alias valuelog=false; PATH=$HOME/own:$PATH; export VALUELOG_JOURNAL=/nowhere/j.db; echo MY-FILE\n",
    ),
    "zsh": (
        ".zshrc",
        "alias valuelog=false; PATH=$HOME/own:$PATH; export VALUELOG_JOURNAL=/nowhere/j.db; echo MY-FILE\n",
    ),
    "fish": (
        ".config/fish/config.fish",
        "alias valuelog false; set -gx PATH $HOME/own $PATH; set -gx VALUELOG_JOURNAL /nowhere/j.db; echo MY-FILE\n",
    ),
}
"""What hides `valuelog` and names another journal."""


@contextmanager
def open_demo_shell(shell: str, home: Path) -> Iterator["pexpect.spawn[str]"]:
    """Start `demo --shell` in a home whose shell has a start-up file."""
    path = shutil.which(shell)
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{shell} is not installed")
    name, text = START_UP_FILES[shell]
    (home / name).parent.mkdir(parents=True, exist_ok=True)
    (home / name).write_text(text)
    (home / "own").mkdir()
    (home / "own" / "valuelog").write_text("#!/bin/sh\necho HIDDEN\n")
    (home / "own" / "valuelog").chmod(0o755)
    (home / "tmp").mkdir()
    environ = {
        "PATH": os.environ["PATH"], "HOME": str(home), "SHELL": str(path), "TERM": "dumb", "LC_ALL": "C.UTF-8",
        "TMPDIR": str(home / "tmp"), "ENV": str(home / ".shrc"), "VALUELOG_TODAY": "2026-11-20",
    }  # fmt: skip
    child = pexpect.spawn(
        sys.executable, ["-m", "valuelog", "demo", "--shell"],
        env=environ, cwd=str(home), encoding="utf-8", dimensions=(24, 200), timeout=30,
    )  # fmt: skip
    try:
        yield child
    finally:
        child.close(force=True)


def list_files(home: Path) -> set[str]:
    """Return the files of valuelog in a home; fish makes completions from its man page by itself."""
    found = {str(path.relative_to(home)) for path in home.rglob("*valuelog*")} - {"own/valuelog"}
    return {name for name in found if "/fish/generated_completions/" not in name}


@pytest.mark.parametrize("shell", SHELLS)
def test_valuelog_uses_the_demo_in_every_shell(tmp_path: Path, shell: str) -> None:
    with open_demo_shell(shell, tmp_path) as child:
        child.expect_exact("This shell is in the demo")
        child.expect_exact("MY-FILE")
        child.expect_exact("(demo) ")
        child.sendline("valuelog paths --plain")
        child.expect(r"journal\t(\S+)")
        assert isinstance(child.match, re.Match)
        folder = Path(child.match[1]).parent
        assert folder.parent == tmp_path / "tmp"
        child.sendline("valuelog --color never trend")
        child.expect_exact("steady, usually 13 %")
        child.sendline("false")
        child.sendline("exit")
        child.expect_exact("You left the demo, and it is deleted.")
        child.expect(pexpect.EOF)
        child.close()
        assert child.exitstatus == 0
    assert not folder.exists()
    assert list_files(tmp_path) == set()


def test_closing_the_terminal_deletes_the_demo(tmp_path: Path) -> None:
    with open_demo_shell("sh", tmp_path) as child:
        child.expect_exact("(demo) ")
        assert list((tmp_path / "tmp").iterdir())
        child.kill(signal.SIGHUP)
        child.expect(pexpect.EOF)
    deadline = time.monotonic() + 20
    while list((tmp_path / "tmp").iterdir()) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not list((tmp_path / "tmp").iterdir())


def test_missing_shell_is_named(tmp_path: Path) -> None:
    environ = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "SHELL": "/no/such/shell"}
    command = ["-m", "valuelog", "demo", "--shell"]
    child = pexpect.spawn(sys.executable, command, env=environ, encoding="utf-8", timeout=30)
    child.expect_exact("The shell “/no/such/shell” could not be started.")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 1
