"""Undoing, redoing, and the history of what was changed."""

import json
import re
from typing import TYPE_CHECKING

from support.messages import id_in_message

if TYPE_CHECKING:
    from conftest import Run


def test_undo_and_redo_walk_through_everything(run: "Run") -> None:
    run("add", "activity", "one")
    run("add", "activity", "two")
    run("off", "today")
    said = run("undo", "-n", "2").err
    assert (
        said
        == "Undone: days off “2026-11-20” · redo with: valuelog redo\nUndone: added “two” · redo with: valuelog redo\n"
    )
    assert run("redo").err == "Redone: added “two” · undo with: valuelog undo\n"
    assert run("redo").err.startswith("Redone: days off")
    run("redo", fails=1)
    assert run("undo", "-n", "99").err.count("Undone") == 3
    run("undo", fails=1)
    assert run("pain", "add", "x").code == 0
    assert run("undo").err == "Undone: added “x” · redo with: valuelog redo\n"


def test_history_says_what_was_changed_and_when(run: "Run") -> None:
    name = id_in_message(run("add", "activity", "one").err)
    run("edit", name, "two\nlines")
    run("today", "--helped", "@sam", "--pain", "x", "--activity", "y")
    run("undo")
    found = json.loads(run("history", "--json").out)
    assert [list(one) for one in found] == [["id", "act", "at", "undone", "count", "changes", "about"]] * 4
    assert [(one["act"], one["undone"]) for one in found] == [
        ("add", False), ("edit", False), ("today", True), ("undo", False),
    ]  # fmt: skip
    assert {one["at"] for one in found} == {"2026-11-20T18:30:00+01:00"}
    assert run("history", "-n", "1", "--plain").out.startswith("2026-11-20T18:30:00+01:00\tundo\t")
    assert all(line.count("\t") == 4 for line in run("history", "--plain").out.splitlines())
    assert [one["act"] for one in json.loads(run("history", name, "--json").out)] == ["add", "edit"]
    assert re.search(r"Fri 20 Nov, 18:30 +added +\w{4} +one", run("history").out)
    assert run("history", name).out.count("\n") == 2


def test_history_says_that_there_is_more(run: "Run") -> None:
    for number in range(3):
        run("add", "activity", f"number {number}")
    assert "Older ones" not in run("history", "-n", "3").out
    shown = run("history", "-n", "2").out
    assert shown.endswith("Older ones: valuelog history -n 10\n")
    assert "number 0" not in shown
