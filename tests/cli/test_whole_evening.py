"""An evening with a follow-up, then a merge of pain points and a snooze, on a terminal of 80 x 24; all is undone."""

import json
from typing import TYPE_CHECKING, Any

from support.pseudo_terminal import ENTER
from support.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

RESULT = "one day instead of three"
LISTS = ("list 2026", "pain list --all", "finding list", "evidence")
"""What is compared as JSON before and after."""


def read_json(run: "Run", words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words.split(), "--json").out)


def run_on_terminal(home: "Path", *words: str, then: str) -> None:
    """Run a command that asks nothing, and check that its screen fits."""
    terminal = Terminal(home, *words)
    terminal.wait_for(then)
    assert terminal.end() == 0
    assert all(len(line) <= 80 for line in terminal.lines)


def undo_on_terminal(home: "Path") -> None:
    run_on_terminal(home, "undo", then="with: valuelog redo")


def test_evening_with_follow_up_merge_and_snooze_is_undone(home: "Path", run: "Run") -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[evening]\nquestions = ["activity", "pain", "follow-up"]\n')
    run("add", "outcome", RESULT, "-d", "2026-11-12")
    run("pain", "add", "the deploy waits on one approver", "-d", "2026-11-16")
    run("pain", "add", "hours are typed in twice", "-d", "2026-11-17")
    before = {words: read_json(run, words) for words in LISTS}

    terminal = Terminal(home, "today")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type("audit mails" + ENTER, "› audit mails")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(ENTER, "felt again?")
    terminal.wait_for("○ hours are typed in twice")
    terminal.type(" " + ENTER, "anything else?", at_cursor=True)
    terminal.type("deploys need two approvals" + ENTER, "» a new one")
    terminal.type(ENTER, "Does it affect others too", at_cursor=True)
    terminal.type(ENTER, "What would better look like?", at_cursor=True)
    terminal.type(ENTER, "What small thing", at_cursor=True)
    terminal.type(ENTER, "Who else would be glad", at_cursor=True)
    terminal.type(ENTER, "anything else?", at_cursor=True)
    terminal.type(ENTER, f"Last week: “{RESULT}”. Did it hold?")
    terminal.wait_for("Enter skips", at_cursor=True)
    terminal.type("y", "how do you know?", at_cursor=True)
    terminal.type("median of 214 cases" + ENTER, "how big?", at_cursor=True)
    terminal.type("l", "Saved 4 answers for Fri 20 Nov 2026. Undo: valuelog undo")
    assert terminal.end() == 0
    assert all(len(line) <= 80 for line in terminal.lines)

    (result,) = (entry for entry in read_json(run, "list 2026") if entry["text"] == RESULT)
    assert (result["evidence"], result["held"], result["impact"]) == ("median of 214 cases", "yes", "large")
    pains = {pain["text"]: pain["id"] for pain in read_json(run, "pain list")}
    merged, into = pains["deploys need two approvals"], pains["the deploy waits on one approver"]
    run_on_terminal(home, "pain", "merge", merged, into, then="seen twice")
    assert {pain["id"]: pain["days_seen"] for pain in read_json(run, "pain list")}[into] == 2
    run_on_terminal(home, "finding", "snooze", "thin-coverage", then="until")
    snoozed = {"id": "thin-coverage", "about": None, "until": "2026-12-04"}
    assert read_json(run, "finding list")["muted"] == [snoozed]

    undo_on_terminal(home)
    undo_on_terminal(home)
    assert len(read_json(run, "pain list")) == 3
    undo_on_terminal(home)
    assert {words: read_json(run, words) for words in LISTS} == before
