"""An evening in which nothing was saved leaves nothing to see or to undo behind."""

import json
from typing import TYPE_CHECKING

from support.evenings import run_with_answers

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def test_empty_evening_is_not_in_the_history(home: "Path", run: "Run") -> None:
    assert run_with_answers(home).code == 0
    assert json.loads(run("history", "--json").out) == []
    assert run("undo", fails=1).err.startswith("valuelog: Nothing to undo.")
    assert "every question for this day" in run_with_answers(home).err  # it is remembered that they were asked


def test_undo_and_redo_pass_over_an_empty_evening(home: "Path", run: "Run") -> None:
    run("add", "activity", "audit mails")
    run_with_answers(home)
    assert "audit mails" in run("undo").err
    assert run_with_answers(home, "today", "--date", "yesterday").code == 0
    assert "audit mails" in run("redo").err
    assert [batch["act"] for batch in json.loads(run("history", "--json").out)] == ["add", "undo", "redo"]
    assert "audit mails" in run("list").out
