"""The evening in a pseudo-terminal of 80 x 24, with menus and in accessible mode."""

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.env import process_environment
from support.pseudo_terminal import CTRL_C, CTRL_D, DOWN, ENTER, TAB
from support.terminal import Terminal
from valuelog.questions.catalogue import load_evening_questions

if TYPE_CHECKING:
    from pathlib import Path

IMPACT = "how big?"
ASKS = {prompt.id: prompt.text for prompt in load_evening_questions()}


@pytest.fixture
def configured_home(tmp_path: "Path") -> "Path":
    """Return a home without rotating questions in which @sam is known."""
    path = tmp_path / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[evening]\noff = ["rotating"]\n')
    run_valuelog(tmp_path, "add", "helped", "@sam can", "-d", "thu")
    return tmp_path


def run_valuelog(home: "Path", *words: str) -> str:
    """Run a command that asks nothing."""
    program = [sys.executable, "-m", "valuelog", *words]
    done = subprocess.run(program, env=process_environment(home), capture_output=True, text=True, check=True)
    return done.stdout


def entries_of_today(home: "Path") -> list[dict[str, Any]]:
    """Return the entries of the day."""
    listed: list[dict[str, Any]] = json.loads(run_valuelog(home, "list", "today", "--json"))
    return listed


def test_evening_with_menus_can_be_interrupted_and_resumed(configured_home: "Path") -> None:
    terminal = Terminal(configured_home, "today")
    terminal.wait_for("Fri 20 Nov 2026")
    terminal.wait_for("nothing logged yet")
    terminal.wait_for(ASKS["activity"])
    terminal.wait_for("›", at_cursor=True)
    terminal.type("audit mails", "› audit mails", at_cursor=True)
    terminal.type(ENTER, "  ›", at_cursor=True)
    terminal.type("planning with @s", "@sam")
    terminal.type(TAB, "planning with @sam", at_cursor=True)
    terminal.type(ENTER, "› planning with @sam")
    terminal.child.send(ENTER)
    terminal.wait_for(ASKS["promote"])
    terminal.wait_for("○ planning with @sam")
    terminal.type(DOWN + " ", "● planning with @sam")
    assert any("○ audit mails" in line for line in terminal.lines)
    terminal.type(ENTER, "what is it?")
    terminal.wait_for("Enter: improvement")
    terminal.type(ENTER, "what changed?", at_cursor=True)
    terminal.type("a date is set" + ENTER, IMPACT, at_cursor=True)
    terminal.type("l", ASKS["improvement"])
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type("the checklist is one page" + ENTER, "○ easier")
    terminal.type(DOWN + " ", "● faster")
    terminal.type(ENTER, "○ co-workers")
    terminal.wait_for("how is it better? [faster]")
    terminal.child.send(CTRL_C)
    terminal.wait_for("valuelog: Stopped. 4 answers saved for Fri 20 Nov 2026.")
    terminal.wait_for("Pick up where you left off: valuelog today")
    assert terminal.end() == 130
    assert [
        (one["kind"], one["text"], one["evidence"], one["effects"]) for one in entries_of_today(configured_home)
    ] == [
        ("activity", "audit mails", None, []),
        ("improvement", "planning with @sam", "a date is set", []),
        ("improvement", "the checklist is one page", None, ["faster"]),
    ]
    finish_evening(configured_home)


def finish_evening(home: "Path") -> None:
    """Resume the evening: only the remaining questions are asked."""
    terminal = Terminal(home, "today")
    terminal.wait_for("3 logged so far")
    terminal.wait_for(ASKS["outcome"])
    assert not any(ASKS["improvement"] in line for line in terminal.lines)
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type("refunds in a day" + ENTER, "which project?", at_cursor=True)
    terminal.type("Refund flow" + ENTER, "This starts the project refund-flow.")
    terminal.wait_for("how do you know?", at_cursor=True)
    terminal.type("214 cases" + ENTER, IMPACT, at_cursor=True)
    terminal.type(ENTER, "anything else?", at_cursor=True)
    terminal.type(ENTER, ASKS["helped"])
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(ENTER, ASKS["pain"])
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type("one approver" + ENTER, "Does it affect others too", at_cursor=True)
    terminal.type("all of us" + ENTER, "What would better look like?", at_cursor=True)
    terminal.type(ENTER, "What small thing", at_cursor=True)
    terminal.type(ENTER, "Who else would be glad", at_cursor=True)
    terminal.type(ENTER, "anything else?", at_cursor=True)
    terminal.type(ENTER, "Look at your week now?")
    terminal.wait_for("Saved 2 answers for Fri 20 Nov 2026. Undo: valuelog undo")
    terminal.wait_for("Today 3 value (2 proven) : 1 work")
    terminal.wait_for("Week so far 4 value (2 proven) : 1 work · 80 %")
    assert terminal.end() == 0
    assert "\x1b[?1049h" not in terminal.output


def test_ctrl_d_stops_an_evening_like_ctrl_c(configured_home: "Path") -> None:
    terminal = Terminal(configured_home, "today")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type("audit mails" + ENTER, "  ›", at_cursor=True)
    terminal.type(CTRL_D, "Stopped. 1 answer saved")
    assert terminal.end() == 130
    assert [one["text"] for one in entries_of_today(configured_home)] == ["audit mails"]


def test_closed_terminal_keeps_confirmed_answers(configured_home: "Path") -> None:
    terminal = Terminal(configured_home, "today")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type("audit mails" + ENTER, "› audit mails")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.child.send("half a th")
    terminal.child.close(force=True)
    assert [one["text"] for one in entries_of_today(configured_home)] == ["audit mails"]


LINES = [
    ("audit mails", "  > "),
    ("planning with @sam", "  > "),
    ("", "numbers, Enter for none > "),
    ("2 7", "Type numbers from 1 to 2, such as 1 3."),
    ("2", "what is it?  (o)utcome  (h)elped  (i)mprovement  Enter: improvement > "),
    ("1", "what changed? > "),
    ("a date is set", IMPACT),
    ("", ASKS["improvement"]),
    ("the checklist", "5  more reliable"),
    ("2 5", "3  company"),
    ("", "how do you know? > "),
    ("yes", "How did you see it? > "),
    ("", IMPACT),
    ("s", "anything else? > "),
    ("", ASKS["outcome"]),
    ("", ASKS["helped"]),
    ("", ASKS["pain"]),
    ("one approver", "Does it affect others too, or just you? > "),
    ("", "What would better look like? > "),
    ("", "What small thing could you try this week? > "),
    ("ask for two", "Who else would be glad to see it gone? > "),
    ("", "anything else? > "),
    ("", "Look at your week now?"),
]


@pytest.mark.parametrize("environ", [{"VALUELOG_ACCESSIBLE": "1"}, {"TERM": "dumb"}], ids=["accessible", "dumb"])
def test_evening_in_accessible_mode(configured_home: "Path", environ: dict[str, str]) -> None:
    terminal = Terminal(configured_home, "today", **environ)
    terminal.wait_for(ASKS["activity"])
    terminal.wait_for("  >", at_cursor=True)
    for line, then in LINES:
        terminal.answer(line, then)
    assert terminal.end() == 0
    assert [
        (one["kind"], one["text"], one["evidence"], one["effects"]) for one in entries_of_today(configured_home)
    ] == [
        ("activity", "audit mails", None, []),
        ("outcome", "planning with @sam", "a date is set", []),
        ("improvement", "the checklist", "yes", ["faster", "more-reliable"]),
    ]
    # The cursor never moves back, so that a screen reader can follow.
    assert not re.search(r"\x1b(?!\[[0-9;]*m)", terminal.output)
    review = Terminal(configured_home, "review", "--week", "--no-reflect", **environ)
    review.wait_for("3 value (1 proven) : 1 work")
    review.wait_for("too early for a trend")
    assert review.end() == 0


def test_invalid_input_at_the_prompt_is_asked_again(configured_home: "Path") -> None:
    terminal = Terminal(configured_home, "today", TERM="dumb", NO_COLOR="1")
    terminal.wait_for("  >", at_cursor=True)
    terminal.answer("a\x1bb", "a character that can't be saved: U+001B")
    os.write(terminal.child.child_fd, b"caf\xe9\r")
    terminal.wait_for("a character that can't be saved: U+DCE9")
    terminal.answer("good", "  > ")
    terminal.child.send(CTRL_C)
    terminal.wait_for("Stopped. 1 answer saved for Fri 20 Nov 2026.")  # a quick ^C may be echoed on the line before it
    assert terminal.end() == 130
    assert "\x1b[" not in terminal.output


def test_promote_and_purge_ask_on_a_terminal(configured_home: "Path") -> None:
    run_valuelog(configured_home, "add", "activity", "audit mails")
    (entry,) = entries_of_today(configured_home)
    terminal = Terminal(configured_home, "promote", entry["id"], "outcome")
    terminal.wait_for("what changed?", at_cursor=True)
    terminal.type("two tickets less" + ENTER, "○ easier")
    terminal.type(ENTER, "○ co-workers")
    terminal.wait_for("how is it better? (none)")
    terminal.type(" " + ENTER, "who benefits? [co-workers]")
    terminal.wait_for("Promoted to outcome")
    assert terminal.end() == 0
    (entry,) = entries_of_today(configured_home)
    assert (entry["evidence"], entry["effects"], entry["beneficiaries"]) == ("two tickets less", [], ["coworkers"])
    terminal = Terminal(configured_home, "delete", "--purge", entry["id"])
    terminal.wait_for("to erase it", at_cursor=True)
    beginning = terminal.cursor_line.split()[1]
    assert entry["id"].startswith(beginning)
    terminal.type(beginning + ENTER, "Erased for good")
    assert terminal.end() == 0
    assert entries_of_today(configured_home) == []


def test_purge_warning_has_no_control_characters(configured_home: "Path") -> None:
    name = json.loads(run_valuelog(configured_home, "add", "activity", "a secret", "--json"))["id"]
    terminal = Terminal(configured_home, "delete", "--purge", name)
    terminal.wait_for("to erase it")
    assert "␛" not in "\n".join(terminal.lines)
    terminal.child.send(CTRL_C)
    assert terminal.end() == 130
