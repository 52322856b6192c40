"""What the pages say to write into a shell's own files does in that shell what they say it does."""

import os
import re
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
FIRST = {
    "bash": "valuelog() { echo no''ted; }",
    "zsh": "HISTFILE=~/.zsh_history SAVEHIST=50; valuelog() { echo no''ted; }",
    "fish": "function valuelog; echo no''ted; end",
}
"""What stands before the lines of a page: a history, where a shell keeps none unless it is told to, and no valuelog."""

SAID = 'valuelog add insight "nobodys business"'


def lines_for(page: str, shell: str) -> list[str]:
    """Return the lines that a page says to put into the file of a shell, in their order."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"^# in ~/{re.escape(RC[shell])}\n(.*)$", text, re.MULTILINE)


def opened(shell: str, home: Path, *rc: str, words: tuple[str, ...] = ()) -> "pexpect.spawn[str]":
    """Open a shell at a terminal whose own file has these lines, in a home with nothing else."""
    make_login_shell(shell, home)  # or skip
    file = home / RC[shell]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*rc, ""]))
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "HOME": str(home), "TERM": "xterm", "LC_ALL": "C.UTF-8"}
    options = {"bash": ["--noprofile"], "zsh": ["-d"], "fish": []}[shell]
    return pexpect.spawn(shell, [*options, *words, "-i"], env=env, cwd=str(home), encoding="utf-8", timeout=20)


def remembered(shell: str, home: Path, line: str, *rc: str, words: tuple[str, ...] = ()) -> str:
    """Return what is left in the home of somebody who typed a line and left the shell."""
    terminal = opened(shell, home, FIRST[shell], *rc, words=words)
    terminal.send(f"{line}\r")
    terminal.expect_exact("noted")
    terminal.send("exit\r")
    terminal.expect(pexpect.EOF)
    terminal.close()
    files = (path for path in home.rglob("*") if path.is_file() and path != home / RC[shell])
    return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in files)


@pytest.mark.parametrize("shell", RC)
def test_a_blank_keeps_a_command_out_of_the_history(shell: str, tmp_path: Path) -> None:
    assert "nobodys business" not in remembered(shell, tmp_path, f" {SAID}", *lines_for("history.md", shell)[:1])


@pytest.mark.parametrize("shell", RC)
def test_without_a_blank_a_command_is_in_the_history(shell: str, tmp_path: Path) -> None:
    assert "nobodys business" in remembered(shell, tmp_path, SAID, *lines_for("history.md", shell)[:1])


@pytest.mark.parametrize("shell", RC)
def test_a_shell_can_be_told_to_keep_no_valuelog_at_all(shell: str, tmp_path: Path) -> None:
    private = ("--private",) if shell == "fish" else ()
    assert "nobodys business" not in remembered(
        shell, tmp_path, SAID, *lines_for("history.md", shell)[1:], words=private
    )


@pytest.mark.parametrize("shell", RC)
def test_the_line_for_a_shell_speaks_at_the_next_login(shell: str, tmp_path: Path) -> None:
    settings = tmp_path / ".config" / "valuelog" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text('workdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\nremind_at = "04:00"\n')
    (line,) = lines_for("login.md", shell)
    terminal = opened(shell, tmp_path, line)
    terminal.expect_exact("valuelog: two minutes for today?")
    terminal.send("exit\r")
    terminal.expect(pexpect.EOF)
    terminal.close()


def test_what_the_login_line_says_stands_in_its_page() -> None:
    week = Workdays(weekdays=frozenset(range(5)))
    when = ReminderSettings(remind_at=time(17), day_ends_at=time(4), review_day=4, workdays=week)
    page = (DOCS / "login.md").read_text(encoding="utf-8")
    friday = date(2026, 11, 20)
    said = {words for written in ([], [friday]) for _, words in schedule_reminders(friday, written, when) if words}
    assert said == set(re.findall(r"^\|[^|]*\| `(valuelog: .*)` \|$", page, re.MULTILINE))
