"""The programs that valuelog starts: where they are found, and that no command line has text of the journal."""

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest

from support.env import process_environment
from support.git_repositories import MY_EMAIL, make_repository
from support.pseudo_terminal import TIMEOUT_SECONDS

if TYPE_CHECKING:
    from conftest import Run

CANARY = "quokka"

RECORDER = """
import json, os, sys

def record(event, args):
    if event in {"subprocess.Popen", "os.posix_spawn", "os.exec", "os.system", "os.spawn"}:
        command = args[1] if event != "os.system" else [args[0]]
        words = [os.fsdecode(word) for word in ([args[0]] if args[0] else []) + list(command)]
        with open(os.environ["RECORDED"], "a") as file:
            print(json.dumps(words), file=file)

sys.addaudithook(record)
"""
"""A sitecustomize module that records the command lines of all child processes."""

PROGRAMS = ("vi", "less", "git", "did", "timew", "xdg-open", "firefox", "www-browser", "sh", "bash")


@pytest.fixture
def recorded(home: Path) -> Path:
    """Return the file with the command lines of child processes, one JSON list a line."""
    (home / "recorder").mkdir()
    (home / "recorder" / "sitecustomize.py").write_text(RECORDER)
    return home / "recorded"


def install(folder: Path, *names: str) -> None:
    """Write programs that note that they ran; an editor writes a text."""
    folder.mkdir(exist_ok=True)
    for name in names:
        program = folder / name
        program.write_text(
            f'#!/bin/sh\necho "{name}" >> {folder}/ran\n'
            'for file; do :; done\n[ -f "$file" ] && echo "changed text" > "$file"\n'
            "[ -t 0 ] || cat > /dev/null\n"
        )
        program.chmod(0o755)


def run_on_terminal(home: Path, *words: str, cwd: Path, **environ: str) -> str:
    """Run a command on a small terminal; return what it shows."""
    env = process_environment(home, TERM="xterm", **environ)
    with pexpect.spawn(
        sys.executable, ["-m", "valuelog", *words], env=env, encoding="utf-8", dimensions=(4, 80),
        timeout=TIMEOUT_SECONDS, cwd=str(cwd),
    ) as child:  # fmt: skip
        shown: str = child.read()
    return shown


SCENES = (
    ("edit", "k3"),
    ("add", "helped"),
    ("list",),
    ("review", "--week", "--no-input"),
    ("brag", "--open"),
    ("review", "--week", "--open", "--no-input"),
    ("gather", "--no-input"),
    ("config", "edit"),
    ("project", "show", CANARY),
    ("search", CANARY),
)


@pytest.mark.slow
def test_no_command_line_has_text_of_the_journal(home: Path, run: "Run", recorded: Path) -> None:
    run("add", "helped", f"@{CANARY} runs the {CANARY} release alone now #{CANARY}", "--evidence", CANARY)
    run("project", "start", CANARY, "--problem", CANARY, "--measure", CANARY, "--aim", CANARY)
    run("pain", "add", f"the {CANARY} is slow", "--new")
    entry_id = json.loads(run("list", "--json").out)[0]["id"]
    install(home / "bin", "ed1", "pager", "browser", "did", "timew")
    make_repository(home / "code" / "one", "a commit")
    run("config", "set", "sources.git.paths", str(home / "code"))
    run("config", "set", "sources.git.emails", MY_EMAIL)
    run("config", "set", "sources.did.enabled", "yes")
    run("config", "set", "sources.timewarrior.enabled", "yes")
    environ = {
        "PYTHONPATH": str(home / "recorder"), "RECORDED": str(recorded), "EDITOR": "ed1", "PAGER": "pager",
        "BROWSER": "browser %s", "PATH": f"{home / 'bin'}:{os.environ['PATH']}",
    }  # fmt: skip
    for words in SCENES:
        run_on_terminal(home, *(entry_id if word == "k3" else word for word in words), cwd=home, **environ)
    commands = [json.loads(line) for line in recorded.read_text().splitlines()]
    started = {Path(command[0]).name for command in commands}
    assert started >= {"ed1", "pager", "browser", "git", "did"}
    assert [command for command in commands if CANARY in " ".join(command).lower()] == []


@pytest.mark.parametrize(
    "words",
    [
        ("edit", "k3"),
        ("list",),
        ("gather", "--no-input"),
        ("review", "--week", "--open", "--no-input"),
        ("config", "edit"),
    ],
    ids=" ".join,
)
def test_no_program_of_the_current_folder_is_run(home: Path, run: "Run", words: tuple[str, ...]) -> None:
    run("add", "helped", "@sam runs the release alone now")
    for number in range(4):
        run("add", "activity", f"mail {number}")
    run("config", "set", "sources.git.paths", str(home))
    run("config", "set", "sources.did.enabled", "yes")
    run("config", "set", "sources.timewarrior.enabled", "yes")
    entry_id = json.loads(run("list", "--json").out)[0]["id"]
    trap = home / "trap"
    install(trap, *PROGRAMS)
    install(trap / "bin", *PROGRAMS)
    for path in ("", ".:bin:"):
        typed = [entry_id if word == "k3" else word for word in words]
        assert "bug" not in run_on_terminal(home, *typed, cwd=trap, PATH=path, DISPLAY=":9")
    assert list(home.rglob("ran")) == []


def test_absolute_folders_of_path_are_searched(home: Path, run: "Run") -> None:
    run("add", "helped", "@sam runs the release alone now")
    entry_id = json.loads(run("list", "--json").out)[0]["id"]
    install(home / "bin", "ed1")
    run_on_terminal(home, "edit", entry_id, cwd=home, EDITOR="ed1", PATH=f".:{home / 'bin'}:{os.environ['PATH']}")
    assert "changed text" in run("list").out
