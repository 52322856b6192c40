"""Ctrl-Z at every kind of prompt, in a shell with job control: `fg` shows the question again, with what was typed."""

import json
import shlex
import sys
import time
from typing import TYPE_CHECKING

import pytest

from support.env import process_environment
from support.pseudo_terminal import DOWN, ENTER, TIMEOUT_SECONDS, PseudoTerminal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

CTRL_Z = "\x1a"
SHELL = "ready: "


class Shell(PseudoTerminal):
    """bash with job control on a terminal of 80 x 24."""

    def __init__(self, home: "Path", **environ: str) -> None:
        """Start it without anyone's settings."""
        variables = process_environment(home, PS1=SHELL, **environ)
        super().__init__(["bash", "--norc", "--noprofile", "--noediting", "-i"], variables, wide=80, home=home)
        self.wait_for_shell()

    def run(self, *words: str) -> None:
        """Run valuelog."""
        self.child.send(shlex.join([sys.executable, "-m", "valuelog", *words]) + ENTER)

    def wait_for(self, text: str, *, at_cursor: bool = False) -> None:
        """Wait for a text on the screen, or on the line with the cursor."""
        end = time.monotonic() + TIMEOUT_SECONDS
        while text not in (self.cursor_line if at_cursor else self.screen_text):
            assert self.read() is not None, self.screen_text
            assert time.monotonic() < end, f"“{text}” did not appear:\n{self.screen_text}"

    def wait_for_shell(self) -> None:
        """Wait until the shell waits for a command."""
        self.wait_for(SHELL.strip(), at_cursor=True)

    def suspend_and_resume(self, text: str) -> None:
        """Press Ctrl-Z, run another command, and continue; wait for a text at the cursor."""
        self.child.send(CTRL_Z)
        self.wait_for("Stopped")
        self.wait_for_shell()
        self.child.send("clear; echo me$((20 + 3))" + ENTER)
        self.wait_for("me23")
        self.wait_for_shell()
        self.child.send("fg" + ENTER)
        self.wait_for(text, at_cursor=True)


@pytest.fixture
def only(home: "Path", run: "Run") -> "Path":
    """Configure an evening of few questions, one with a check list."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[evening]\nquestions = ["promote", "helped", "follow-up"]\n')
    run("add", "activity", "audit mails")
    run("add", "outcome", "one day instead of three", "-d", "2026-11-12")
    return home


def test_suspended_line_is_kept(only: "Path", run: "Run") -> None:
    shell = Shell(only)
    shell.run("today")
    shell.wait_for("○ audit mails")
    shell.child.send(" ")
    shell.wait_for("● audit mails")
    shell.suspend_and_resume("(Space selects, Enter continues)")
    shell.wait_for("● audit mails")
    shell.child.send(ENTER)
    shell.wait_for("Enter: improvement")
    shell.child.send(DOWN)
    shell.wait_for("Enter: outcome")
    shell.suspend_and_resume("Enter: outcome")
    shell.child.send("i")
    shell.wait_for("what changed?", at_cursor=True)
    shell.child.send("half of th")
    shell.wait_for("half of th", at_cursor=True)
    shell.suspend_and_resume("what changed? half of th")
    shell.child.send("em came back" + ENTER)
    shell.wait_for("how big?")
    shell.suspend_and_resume("Enter skips")
    shell.child.send("l")
    shell.wait_for("how big? large")
    shell.wait_for("›", at_cursor=True)
    shell.child.send("@sam deploys")
    shell.wait_for("@sam deploys", at_cursor=True)
    shell.suspend_and_resume("› @sam deploys")
    shell.suspend_and_resume("› @sam deploys")
    shell.child.send(ENTER)
    shell.wait_for("  › @sam deploys\n  ›")
    shell.child.send(ENTER)
    shell.wait_for("Did it hold?")
    shell.wait_for("Enter skips", at_cursor=True)
    shell.suspend_and_resume("Enter skips")
    shell.child.send(ENTER)
    shell.wait_for("Look at your week now? (Y/n)", at_cursor=True)
    shell.suspend_and_resume("Look at your week now? (Y/n)")
    shell.child.send("n")
    shell.wait_for_shell()
    listed = {one["text"]: one["evidence"] for one in json.loads(run("list", "today", "--json").out)}
    assert listed == {"audit mails": "half of them came back", "@sam deploys": None}


def test_suspended_confirmation_and_menu(home: "Path", run: "Run") -> None:
    run("pain", "add", "the deploy waits on one approver")
    shell = Shell(home, VALUELOG_TODAY="2026-11-21")
    shell.run("pain", "add", "the deploy waits on an approver again")
    shell.wait_for("» a new one")
    shell.suspend_and_resume("(Use arrow keys, or 1 to 2)")
    shell.child.send("1")
    shell.wait_for("Seen")
    shell.wait_for_shell()
    shell.run("today", "--catch-up")
    shell.wait_for("Log it now? (Y/n)", at_cursor=True)
    shell.suspend_and_resume("Log it now? (Y/n)")
    shell.child.send("y")
    shell.wait_for("What kept you busy today?")


def test_suspended_question_in_accessible_mode_is_shown_again(only: "Path", run: "Run") -> None:
    shell = Shell(only, VALUELOG_ACCESSIBLE="1")
    shell.run("today")
    shell.wait_for("numbers, Enter for none >", at_cursor=True)
    shell.suspend_and_resume("numbers, Enter for none >")
    shell.child.send(ENTER)
    shell.wait_for("  >", at_cursor=True)
    shell.suspend_and_resume("  >")
    shell.child.send("@sam deploys" + ENTER)
    shell.wait_for("@sam deploys\n  >")
    shell.child.send("\x03")
    shell.wait_for("Stopped. 1 answer saved")
    shell.wait_for_shell()
    assert "@sam deploys" in run("list", "today").out
