"""Stopping at a question about pain points, projects and promises keeps confirmed answers only."""

import json
from typing import TYPE_CHECKING

import pytest

from support.makers import make_pain, make_project, open_test_journal
from valuelog.journal import pains, projects

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


@pytest.fixture
def filled_journal(journal_path: "Path") -> "Path":
    """Fill the journal with a pain point, p2, and an open project."""
    journal = open_test_journal(journal_path.parent)
    journal.write("add", pains.creation_changes([make_pain(id="p200000000")]))
    journal.write("start", [projects.creation_change(make_project("Refund flow", id="g200000000"))])
    journal.close()
    return journal_path


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
@pytest.mark.parametrize(
    "words",
    [
        "pain plan p2",
        "pain fix p2",
        "pain drop p2",
        "pain add the deploy waits for approvers",
        "project start New region",
        "project drop refund-flow",
        "promise make stop",
    ],
)
def test_stopping_before_the_first_answer_changes_nothing(
    run: "Run", filled_journal: "Path", words: str, end: type[BaseException]
) -> None:
    before = filled_journal.read_bytes()
    assert "bug in valuelog" not in run(*words.split(), answers=[end], fails=130).err
    assert filled_journal.read_bytes() == before


@pytest.mark.parametrize("words", ["pain drop p2", "project drop refund-flow"])
def test_drop_without_a_reason_is_refused(run: "Run", filled_journal: "Path", words: str) -> None:
    before = filled_journal.read_bytes()
    assert "Say why in a few words." in run(*words.split(), answers=[""], fails=2).err
    assert filled_journal.read_bytes() == before


@pytest.mark.usefixtures("filled_journal")
def test_stopping_a_fix_keeps_confirmed_answers(run: "Run") -> None:
    run("pain", "fix", "p2", answers=["two approvers now", ["faster"], KeyboardInterrupt], fails=130)
    fixed = json.loads(run("pain", "show", "p2", "--json").out)
    assert (fixed["state"], fixed["how"]) == ("fixed", "two approvers now")
    assert json.loads(run("show", fixed["fix"], "--json").out)["effects"] == ["faster"]
    run("undo")
    assert json.loads(run("pain", "show", "p2", "--json").out)["state"] != "fixed"


@pytest.mark.usefixtures("filled_journal")
def test_stopping_project_start_or_close_keeps_confirmed_answers(run: "Run") -> None:
    begun = run("project", "start", "New region", answers=["a problem", "a measure", EOFError], fails=130)
    assert "Stopped. “New region” is started; your answers are saved." in begun.err
    project = json.loads(run("project", "show", "new-region", "--json").out)
    assert (project["problem"], project["measure"], project["aim"]) == ("a problem", "a measure", None)
    ended = run("project", "close", "new-region", answers=["a result", KeyboardInterrupt], fails=130)
    assert "Stopped. “New region” is still open; your answers are saved." in ended.err
    project = json.loads(run("project", "show", "new-region", "--json").out)
    assert (project["state"], project["result"]) == ("open", "a result")
    run("project", "close", "new-region", answers=["", "", "a lesson"])
    project = json.loads(run("project", "show", "new-region", "--json").out)
    assert (project["state"], project["result"], project["lesson"]) == ("closed", "a result", "a lesson")
