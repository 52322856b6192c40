"""Lines that the docs add to shell startup files work in bash, zsh and fish."""

import os
import re
import subprocess
import sys
from datetime import date, time
from pathlib import Path

import pexpect
import pytest

from support.login_shells import make_login_shell
from valuelog.model.schedule import Workdays
from valuelog.workflows.reminders import ReminderSettings, schedule_reminders

DOCS = Path(__file__).parents[2] / "docs"
RC = {"bash": ".bashrc", "zsh": ".zshrc", "fish": ".config/fish/config.fish"}
SETUP = {
    "bash": "valuelog() { echo no''ted; }",
    "zsh": "HISTFILE=~/.zsh_history SAVEHIST=50; valuelog() { echo no''ted; }",
    "fish": "function valuelog; echo no''ted; end",
}
"""Lines before those of a page: they enable the history and replace valuelog."""

COMMAND = 'valuelog add insight "nobodys business"'


def lines_for(page: str, shell: str) -> list[str]:
    """Return the lines that a page adds to the startup file of a shell, in order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^# in ~/{re.escape(RC[shell])}\n(.*)$", text, re.MULTILINE)


def commands_for(page: str, shell: str) -> str:
    """Return the commands that a page gives to the user of a shell."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return str(re.findall(rf"^# {shell}\n(.*?)^(?:```)?$", text, re.MULTILINE | re.DOTALL)[0])


def open_shell(shell: str, home: Path, *rc: str, words: tuple[str, ...] = ()) -> "pexpect.spawn[str]":
    """Open a shell on a terminal in an empty home whose startup file has these lines."""
    make_login_shell(shell, home)  # or skip
    file = home / RC[shell]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*rc, ""]))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    options = {"bash": ["--noprofile"], "zsh": ["-d"], "fish": []}[shell]
    return pexpect.spawn(shell, [*options, *words, "-i"], env=env, cwd=str(home), encoding="utf-8", timeout=20)


def text_in_files_after(shell: str, home: Path, line: str, *rc: str, words: tuple[str, ...] = ()) -> str:
    """Type a line, exit the shell, and return the text of all files in its home."""
    terminal = open_shell(shell, home, SETUP[shell], *rc, words=words)
    terminal.send(f"{line}\r")
    terminal.expect_exact("noted")
    terminal.send("exit\r")
    terminal.expect(pexpect.EOF)
    terminal.close()
    files = (path for path in home.rglob("*") if path.is_file() and path != home / RC[shell])
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


@pytest.mark.parametrize("shell", RC)
def test_leading_space_keeps_a_command_out_of_the_history(shell: str, tmp_path: Path) -> None:
    assert "nobodys business" not in text_in_files_after(
        shell, tmp_path, f" {COMMAND}", *lines_for("history.md", shell)[:1]
    )


@pytest.mark.parametrize("shell", RC)
def test_command_without_a_leading_space_is_in_the_history(shell: str, tmp_path: Path) -> None:
    assert "nobodys business" in text_in_files_after(shell, tmp_path, COMMAND, *lines_for("history.md", shell)[:1])


@pytest.mark.parametrize("shell", RC)
def test_history_settings_exclude_every_valuelog_command(shell: str, tmp_path: Path) -> None:
    private = ("--private",) if shell == "fish" else ()
    assert "nobodys business" not in text_in_files_after(
        shell, tmp_path, COMMAND, *lines_for("history.md", shell)[1:], words=private
    )


@pytest.mark.parametrize("shell", RC)
def test_login_line_prints_a_reminder_at_the_next_login(shell: str, tmp_path: Path) -> None:
    settings = tmp_path / ".config" / "valuelog" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('workdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\nremind_at = "04:00"\n')
    (tmp_path / ".config" / "fish" / "conf.d").mkdir(parents=True)  # as fish has it
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(tmp_path)}
    subprocess.run(["/bin/sh", "-ec", commands_for("login.md", shell)], env=env, check=True)
    file = tmp_path / RC[shell]
    terminal = open_shell(shell, tmp_path, file.read_text() if file.exists() else "")
    terminal.expect_exact("valuelog: two minutes for today?")
    terminal.send("exit\r")
    terminal.expect(pexpect.EOF)
    terminal.close()


def test_login_page_lists_every_reminder() -> None:
    week = Workdays(weekdays=frozenset(range(5)))
    when = ReminderSettings(remind_at=time(17), day_ends_at=time(4), review_day=4, workdays=week)
    page = (DOCS / "login.md").read_text(encoding="utf-8")
    friday = date(2026, 11, 20)
    messages = {words for logged in ([], [friday]) for _, words in schedule_reminders(friday, logged, when) if words}
    assert messages == set(re.findall(r"^\|[^|]*\| `(valuelog: .*)` \|$", page, re.MULTILINE))
