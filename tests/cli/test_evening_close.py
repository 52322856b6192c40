"""The end of an evening on the review day, and the short evening."""

import json
from typing import TYPE_CHECKING

import pytest

from support.evenings import run_with_answers
from support.makers import WEEK_OFFER
from support.pseudo_terminal import CTRL_C, ENTER
from support.terminal import NarrowTerminal, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

READY = "Your week is ready: valuelog review --week"


def ask_only(home: "Path", *ids: str) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[evening]\nquestions = {json.dumps(ids)}\n")


def close_evening(home: "Path", columns: int = 80) -> Terminal:
    """Answer one question on Friday and wait for the offer."""
    ask_only(home, "activity")
    terminal = Terminal(home, "today") if columns == 80 else NarrowTerminal(home, "today")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type("audit mails" + ENTER, "› audit mails")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(ENTER, WEEK_OFFER)
    terminal.wait_for("(Y/n)", at_cursor=True)
    return terminal


@pytest.mark.parametrize("columns", [80, 40])
def test_review_day_offers_the_week(home: "Path", columns: int) -> None:
    terminal = close_evening(home, columns)
    assert READY not in terminal.screen_text
    terminal.type("y", "Week 47")
    assert "Week 47" in terminal.screen_text
    terminal.child.send("q")
    terminal.child.send(CTRL_C)
    terminal.end()


def test_week_may_be_declined_or_interrupted(home: "Path", run: "Run") -> None:
    terminal = close_evening(home)
    terminal.type("n", f"{WEEK_OFFER} No")
    assert terminal.end() == 0
    assert "Week 47" not in terminal.screen_text
    run("undo")
    run("redo")
    terminal = Terminal(home, "today", "--again")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(ENTER, WEEK_OFFER)
    terminal.type(CTRL_C, "Stopped. Your answers are saved.")
    assert terminal.end() == 130


def test_week_is_only_named_without_a_terminal_and_on_other_days(home: "Path", run: "Run") -> None:
    assert READY in run("today", "--activity", "audit mails").out
    ask_only(home, "activity")
    other_day = run_with_answers(home, "today", "--date", "2026-11-19", answers=["audit mails"])
    assert READY not in other_day.out
    empty = run_with_answers(home, "today", "--date", "2026-11-06", answers=["", True])
    assert "Nothing logged" in empty.out
    shown = run_with_answers(home, "today", "--again", answers=["", True])
    assert "Week 47" in shown.out


def test_short_evening_asks_for_what_the_week_lacks(home: "Path", run: "Run") -> None:
    assert run_with_answers(home, "today", "--short").prompts[0] == "What kept you busy today?"
    run("add", "activity", "audit mails", "-d", "2026-11-17")
    run("add", "improvement", "one page less", "-d", "2026-11-17")
    run("pain", "add", "the deploy waits", "-d", "2026-11-17")
    pain = "the deploy waits\tseen once"
    result = run_with_answers(home, "today", "--short", "--again", answers=[[pain], "three days became one"])
    assert result.prompts[:4] == [
        "What did you feel again today?",
        "",
        "Where did you go further than you were asked to?",
        "",
    ]
    result = run_with_answers(home, "today", "--short", answers=["@sam deploys"])
    assert result.prompts == ["Who did you help move forward, and how?", "", ""]
    assert json.loads(run("pain", "list", "--json").out)[0]["days_seen"] == 2
    run("undo")
    run("undo")
    assert json.loads(run("pain", "list", "--json").out)[0]["days_seen"] == 1
    assert "--short asks questions" in run("today", "--short", "--pain", "x", fails=2).err


def test_stopped_short_evening_says_how_to_continue(home: "Path") -> None:
    result = run_with_answers(home, "today", "--short", answers=[KeyboardInterrupt])
    assert result.err.endswith("Pick up where you left off: valuelog today --short\n")
