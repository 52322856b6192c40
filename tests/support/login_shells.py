"""Logins in real shells on a pseudo-terminal."""

import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pexpect
import pytest

from support.env import NO_BACKUPS
from valuelog.cli.init import render_hook

WITHOUT_ROOT_ACCESS = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
"""Command prefix that makes file permissions effective even if the tests run as root."""


@dataclass(frozen=True, kw_only=True)
class LoginShell:
    """A shell, its home, and the state files of the hook."""

    shell: str
    home: Path
    state: Path

    @property
    def reminders(self) -> Path:
        """The file that valuelog writes."""
        return self.state / "reminders"

    @property
    def last_reminded(self) -> Path:
        """The file that the hook writes."""
        return self.state / "said"

    @property
    def hook_file(self) -> Path:
        """The hook as a file, for `source`."""
        return self.home / "hook"

    @property
    def rc_file(self) -> Path:
        """Its name is fixed by zsh."""
        return self.home / ".zshrc"

    def write_reminders(self, *lines: tuple[int, str]) -> None:
        """Write the reminders as valuelog does."""
        self.reminders.write_text("".join(f"{at}\t{message}\n" for at, message in lines))

    def eval_line(self) -> str:
        """Return the line for the rc file of a user."""
        return f"cat {self.hook_file} | source" if self.shell == "fish" else f'eval "$(cat {self.hook_file})"'

    def __call__(self, *rc: str, through: Sequence[str] = ()) -> list[str]:
        """Log in with these lines as the rc file, and return what the terminal shows."""
        self.write_hook()
        self.rc_file.write_text("\n".join(["echo BEGIN", *rc, "echo END", "exec true", ""]))
        shown = self.run_in_terminal(*through, *self.command())
        assert "END\r\n" in shown, f"{self.shell} did not get to the end of its rc file: {shown}"
        return shown.partition("BEGIN\r\n")[2].rpartition("END\r\n")[0].splitlines()

    def write_hook(self) -> None:
        """Write the hook to its file."""
        self.hook_file.write_text(render_hook(self.shell, self.reminders, self.last_reminded))

    def command(self) -> list[str]:
        """Return the command of an interactive shell that reads only this rc file."""
        return {
            "bash": ["bash", "--noprofile", "--rcfile", str(self.rc_file), "-i"],
            "zsh": ["zsh", "-d", "-i"],
            "fish": ["fish", "--no-config", "--init-command", f"source {self.rc_file}", "-i"],
        }[self.shell]

    def run_in_terminal(self, *command: str) -> str:
        """Return all that a command shows until it ends."""
        with self.spawn(*command) as child:
            child.ptyproc.delayafterclose = 0  # it has ended by then
            shown: str = child.read()
        return shown

    def spawn(self, *command: str) -> "pexpect.spawn[str]":
        """Start a command on a pseudo-terminal without any settings of the machine."""
        home = str(self.home)
        home_variables = {
            "HOME": home,
            "ZDOTDIR": home,
            "XDG_DATA_HOME": home,
            "XDG_CONFIG_HOME": home,
            "XDG_CACHE_HOME": home,
        }
        env = {"PATH": os.environ["PATH"], "TERM": "xterm", "LC_ALL": "C.UTF-8"} | home_variables | NO_BACKUPS
        return pexpect.spawn(
            command[0], list(command[1:]), env=env, cwd=home, encoding="utf-8", dimensions=(24, 400), timeout=20
        )


def make_login_shell(shell: str, home: Path, state: str = "state") -> LoginShell:
    if shutil.which(shell) is None:
        missing = pytest.fail if os.environ.get("CI") else pytest.skip
        missing(f"{shell} is not installed")
    (home / state).mkdir(mode=0o700)
    return LoginShell(shell=shell, home=home, state=home / state)
