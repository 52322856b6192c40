"""Honest endings: why a project was dropped, what it taught, and what it took."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def read(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


@pytest.fixture
def region(run: "Run") -> "Run":
    """Start a project that took 14 hours and moved nothing."""
    run("project", "start", "New region", "--problem", "the north waits", "-d", "2026-11-02")
    run("add", "activity", "calls +new-region", "-m", "8h", "-d", "mon")
    run("add", "activity", "slides +new-region", "-m", "6h", "-d", "tue")
    return run


def ending(run: "Run") -> tuple[str, str | None, str | None]:
    project = read(run, "project", "show", "new-region")
    return project["state"], project["result"], project["lesson"]


def test_drop_keeps_reason_and_lesson_apart(region: "Run") -> None:
    region("project", "drop", "new-region", "nobody", "asked", "--lesson", "ask who needs it first")
    assert ending(region) == ("dropped", "nobody asked", "ask who needs it first")
    shown = region("project", "show", "new-region").out
    assert "why         nobody asked\nlesson      ask who needs it first\n" in shown
    assert "why         nobody asked\n" in region("show", read(region, "project", "show", "new-region")["id"]).out


def test_drop_with_a_reason_alone_asks_nothing(region: "Run") -> None:
    region("project", "drop", "new-region", "nobody asked")
    assert ending(region) == ("dropped", "nobody asked", None)


@pytest.mark.parametrize(("taught", "lesson"), [("ask first", "ask first"), ("", None)])
def test_drop_asks_why_and_what_it_taught(region: "Run", home: "Path", taught: str, lesson: str | None) -> None:
    asked = run_with_answers(home, "project", "drop", "new-region", answers=["nobody asked", taught])
    assert asked.prompts == ["why drop it?", "What did it teach you?", ""]
    assert ending(region) == ("dropped", "nobody asked", lesson)
    region("undo")
    assert ending(region) == ("open", None, None)


def test_drop_with_a_lesson_asks_only_why(region: "Run", home: "Path") -> None:
    asked = run_with_answers(home, "project", "drop", "new-region", "--lesson", "ask", answers=["nobody asked"])
    assert asked.prompts == ["why drop it?"]
    assert ending(region) == ("dropped", "nobody asked", "ask")


def test_stopping_at_the_lesson_keeps_the_reason(region: "Run") -> None:
    region("project", "drop", "new-region", answers=["nobody asked", KeyboardInterrupt], fails=130)
    assert ending(region) == ("dropped", "nobody asked", None)
    region("undo")
    assert ending(region) == ("open", None, None)


def test_hours_are_shown_beside_what_moved(region: "Run") -> None:
    assert "0 value : 2 work · 14 h, nothing moved yet\n" in region("project", "show", "new-region").out
    assert "14 h, nothing moved yet\n" in region("project", "list").out
    assert (
        read(region, "project", "list")[0]["minutes"] == read(region, "project", "show", "new-region")["minutes"] == 840
    )
    region("add", "outcome", "a price list +new-region")
    assert (
        "1 value : 2 work · evidence for 0 of 1 · 14 h in 2 of 3 entries\n"
        in region("project", "show", "new-region").out
    )
    assert "nothing moved" not in region("project", "list").out


def test_entries_are_counted_where_no_minutes_are_known(run: "Run") -> None:
    run("add", "activity", "calls +alerts")
    assert "1 entry, nothing moved yet\n" in run("project", "list").out
    assert read(run, "project", "list")[0]["minutes"] is None
    run("add", "outcome", "calm nights +alerts")
    assert "entries" not in run("project", "list").out
