"""undo, redo and history."""

import json
import re
from typing import TYPE_CHECKING

from support.messages import id_in_message

if TYPE_CHECKING:
    from conftest import Run


def test_undo_and_redo_go_through_all_changes(run: "Run") -> None:
    run("add", "activity", "one")
    run("add", "activity", "two")
    run("off", "today")
    message = run("undo", "-n", "2").err
    assert (
        message
        == "Undone: days off “2026-11-20” · redo with: valuelog redo\nUndone: added “two” · redo with: valuelog redo\n"
    )
    assert run("redo").err == "Redone: added “two” · undo with: valuelog undo\n"
    assert run("redo").err.startswith("Redone: days off")
    run("redo", fails=1)
    assert run("undo", "-n", "99").err.count("Undone") == 3
    run("undo", fails=1)
    assert run("pain", "add", "x").code == 0
    assert run("undo").err == "Undone: added “x” · redo with: valuelog redo\n"


def test_history_shows_what_changed_and_when(run: "Run") -> None:
    name = id_in_message(run("add", "activity", "one").err)
    run("edit", name, "two\nlines")
    run("today", "--helped", "@sam", "--pain", "x", "--activity", "y")
    run("undo")
    batches = json.loads(run("history", "--json").out)
    assert [list(one) for one in batches] == [["id", "act", "at", "undone", "count", "changes", "about"]] * 4
    assert [(one["act"], one["undone"]) for one in batches] == [
        ("add", False), ("edit", False), ("today", True), ("undo", False),
    ]  # fmt: skip
    assert {one["at"][:19] for one in batches} == {"2026-11-20T18:30:00"}
    assert re.match(r"2026-11-20T18:30:00(\.\d+)?\+01:00\tundo\t", run("history", "-n", "1", "--plain").out)
    assert all(line.count("\t") == 4 for line in run("history", "--plain").out.splitlines())
    assert [one["act"] for one in json.loads(run("history", name, "--json").out)] == ["add", "edit"]
    assert re.search(r"Fri 20 Nov, 18:30 +added +\w{4} +one", run("history").out)
    assert run("history", name).out.count("\n") == 2


def test_history_shows_how_to_list_older_changes(run: "Run") -> None:
    for number in range(3):
        run("add", "activity", f"number {number}")
    assert "Older ones" not in run("history", "-n", "3").out
    shown = run("history", "-n", "2").out
    assert shown.endswith("Older ones: valuelog history -n 10\n")
    assert "number 0" not in shown
