"""Drafts in a real terminal, with a real repository and calendar."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from support.env import process_environment
from support.git_repositories import MY_EMAIL, make_repository
from support.pseudo_terminal import CTRL_C, DOWN, ENTER, TIMEOUT_SECONDS
from support.terminal import Terminal

pytest.importorskip("recurring_ical_events")

MEETINGS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:test
BEGIN:VEVENT
UID:planning
DTSTART:20261106T100000Z
DTEND:20261106T104500Z
RRULE:FREQ=WEEKLY
SUMMARY:Weekly planning
ATTENDEE;CN=Maya:mailto:maya@example.org
END:VEVENT
BEGIN:VEVENT
UID:interview
DTSTART:20261120T130000Z
DURATION:PT1H
SUMMARY:Interview
END:VEVENT
END:VCALENDAR
"""


@pytest.fixture
def gather_home(tmp_path: Path) -> Path:
    """Create a home with two repositories, a calendar and settings for both."""
    make_repository(tmp_path / "code" / "refunds", "Refunds go out the same day", "Tell @sam")
    make_repository(tmp_path / "code" / "website", "New colours")
    (tmp_path / "work.ics").write_text(MEETINGS)
    path = tmp_path / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text(
        f'[evening]\noff = ["rotating"]\n[sources.git]\npaths = ["{tmp_path}/code"]\nemails = ["{MY_EMAIL}"]\n'
        f'[sources.calendar]\npaths = ["{tmp_path}/work.ics"]\n'
    )
    return tmp_path


def run_valuelog(home: Path, *words: str) -> Any:  # noqa: ANN401  any JSON
    """Run a command with --json and parse its output."""
    program = [sys.executable, "-m", "valuelog", *words, "--json"]
    return json.loads(
        subprocess.run(
            program, env=process_environment(home, TZ="UTC"), capture_output=True, text=True, check=True
        ).stdout
    )


def test_drafts_can_be_deselected_promoted_and_never_return(gather_home: Path) -> None:
    terminal = Terminal(gather_home, "today", TZ="UTC")
    terminal.wait_for("Which of these should go into your journal?")
    terminal.wait_for("● 13:00 Interview · 1h")
    assert [line.strip(" »") for line in terminal.lines if "●" in line] == [
        "● refunds: 2 commits: Refunds go out the same day, Tell @sam  git",
        "● website: New colours                                        git",
        "● 10:00 Weekly planning · 45m · @maya                         calendar",
        "● 13:00 Interview · 1h                                        calendar",
    ]
    terminal.type(DOWN + " ", "○ website: New colours")
    terminal.type(DOWN + " ", "○ 10:00 Weekly planning · 45m · @maya")
    terminal.type(ENTER, "What kept you busy today?")
    terminal.wait_for("›", at_cursor=True)
    terminal.type(ENTER, "○ refunds: 2 commits: Refunds go out the same day, Tell @sam")
    terminal.wait_for("○ Interview")
    terminal.type(" ", "● refunds")
    terminal.type(ENTER, "what is it?")
    terminal.type(ENTER, "what changed?", at_cursor=True)
    terminal.type("214 on the day" + ENTER, "how big?", at_cursor=True)
    terminal.type(ENTER, "how long did it take?")
    terminal.type("2", "What works better")
    assert any("how long did it take? 30m" in line for line in terminal.lines)
    terminal.wait_for("›", at_cursor=True)
    terminal.type(CTRL_C, "Stopped. 3 answers saved for Fri 20 Nov 2026.")
    assert terminal.end() == 130
    assert [
        (one["text"], one["kind"], one["minutes"], one["source"], one["evidence"])
        for one in run_valuelog(gather_home, "list", "today")
    ] == [
        ("refunds: 2 commits: Refunds go out the same day, Tell @sam", "improvement", 30, "git", "214 on the day"),
        ("Interview", "activity", 60, "calendar", None),
    ]
    assert run_valuelog(gather_home, "gather") == []
    again = Terminal(gather_home, "today", TZ="UTC")
    again.wait_for("What works better")
    assert "Which of these should go into your journal?" not in again.output
    again.wait_for("›", at_cursor=True)
    again.type(CTRL_C, "Stopped.")
    again.end()


def test_many_drafts_can_be_scrolled_and_deselected_at_once(gather_home: Path) -> None:
    meetings = (
        f"BEGIN:VEVENT\nUID:{number}\nDTSTART:20261120T{number % 20 + 4:02}0000Z\nDURATION:PT{number + 1}M\n"
        f"SUMMARY:Meeting {number} {'about everything ' * 9}\nEND:VEVENT\n"
        for number in range(60)
    )
    (gather_home / "work.ics").write_text(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:t\n" + "".join(meetings) + "END:VCALENDAR\n"
    )
    terminal = Terminal(gather_home, "today", TZ="UTC")
    terminal.wait_for("0 for all or none")
    terminal.wait_for("● refunds: 2 commits")
    end = time.monotonic() + TIMEOUT_SECONDS
    while not all(line.endswith(("git", "calendar")) for line in terminal.lines if "●" in line):
        assert terminal.read() is not None, terminal.screen_text  # it comes in however many pieces
        assert time.monotonic() < end, terminal.screen_text
    for _ in range(61):
        terminal.child.send(DOWN)
    terminal.wait_for("» ● 23:00 Meeting 59")
    terminal.type("0", "» ○ 23:00 Meeting 59")
    terminal.type(" ", "» ● 23:00 Meeting 59")
    terminal.type(ENTER, "What kept you busy today?")
    terminal.wait_for("›", at_cursor=True)
    terminal.type(CTRL_C, "Stopped. 1 answer saved")
    terminal.end()
    assert run_valuelog(gather_home, "gather") == []


def test_numbered_mode_enter_accepts_all_and_0_none(gather_home: Path) -> None:
    terminal = Terminal(gather_home, "today", TZ="UTC", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for("4  13:00 Interview · 1h · calendar")
    terminal.wait_for("numbers, Enter for all, 0 for none >", at_cursor=True)
    terminal.answer("7", "Type numbers from 1 to 4, such as 1 3.")
    terminal.answer("0", "What kept you busy today?")
    terminal.wait_for(">", at_cursor=True)
    terminal.type(CTRL_C, "Stopped.")
    assert terminal.end() == 130
    assert run_valuelog(gather_home, "list", "today") == []
    assert run_valuelog(gather_home, "gather") == []


def processes() -> list[list[str]]:
    """Return the id, state and command line of each running process."""
    done = subprocess.run(["ps", "-eo", "pid=,stat=,args="], capture_output=True, text=True, check=True)  # noqa: S607
    return [row.split(maxsplit=2) for row in done.stdout.splitlines()]


@pytest.mark.parametrize("command", ["gather", "today"])
def test_ctrl_c_while_gathering_kills_all_tools_at_once(gather_home: Path, command: str) -> None:
    did = gather_home / "did"
    did.write_text(f"#!/bin/sh\necho $$ >{gather_home}/pids\nsleep 60 & echo $! >>{gather_home}/pids\nwait\n")
    did.chmod(0o755)
    slow = gather_home / "code" / "website" / ".git" / "config"
    slow.unlink()
    os.mkfifo(slow)
    path = gather_home / "config" / "valuelog" / "config.toml"
    path.write_text(path.read_text() + f'[sources.did]\ncommand = "{did}"\n')
    terminal = Terminal(gather_home, command, TZ="UTC")
    terminal.wait_for("asking your tools")
    begun = time.monotonic()
    terminal.type(CTRL_C, "Stopped. Nothing was added.")
    assert terminal.end() == 130
    assert time.monotonic() - begun < 1
    started = (gather_home / "pids").read_text().split()
    assert len(started) == 2
    assert not [
        pid for pid, state, args in processes() if state[0] != "Z" and (pid in started or str(gather_home) in args)
    ]


def test_slow_tool_shows_progress_and_the_evening_continues(gather_home: Path) -> None:
    did = gather_home / "did"
    did.write_text("#!/bin/sh\nsleep 3\necho '* Reviews: 1'\necho '  * Read the plan'\n")
    did.chmod(0o755)
    path = gather_home / "config" / "valuelog" / "config.toml"
    path.write_text(path.read_text() + f'[sources.did]\ncommand = "{did}"\n')
    terminal = Terminal(gather_home, "today", TZ="UTC")
    terminal.wait_for("asking your tools")
    terminal.wait_for("● Reviews: 1: Read the plan")
    assert not any("asking your tools" in line for line in terminal.lines)
    terminal.type(CTRL_C, "Stopped. Nothing new was saved for Fri 20 Nov 2026.")
    assert terminal.end() == 130
