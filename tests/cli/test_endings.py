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
    assert "1 value (0 proven) : 2 work · 14 h in 2 of 3 entries\n" in region("project", "show", "new-region").out
    assert "nothing moved" not in region("project", "list").out


def test_entries_are_counted_where_no_minutes_are_known(run: "Run") -> None:
    run("add", "activity", "calls +alerts")
    assert "1 entry, nothing moved yet\n" in run("project", "list").out
    assert read(run, "project", "list")[0]["minutes"] is None
    run("add", "outcome", "calm nights +alerts")
    assert "entries" not in run("project", "list").out


@pytest.fixture
def ended(region: "Run") -> "Run":
    """Drop the region, close a project with a result, and learn and notice something."""
    region("project", "drop", "new-region", "nobody asked", "--lesson", "ask who needs it first")
    region("project", "start", "Refund flow", "--problem", "late", "--measure", "days", "-d", "2026-10-05")
    region("project", "close", "refund-flow", "--result", "one day", "--lesson", "ask finance early", "-d", "wed")
    region("add", "learned", "how a merge join is planned")
    region("add", "insight", "two teams write the same report")
    return region


def test_review_lists_endings_learning_and_insights(ended: "Run") -> None:
    shown = ended("review", "--week").out
    assert (
        "Closed      +refund-flow  one day\n"
        "            learned: ask finance early\n"
        "Dropped     +new-region  nobody asked (14 h)\n"
        "            learned: ask who needs it first\n"
        "Learned     how a merge join is planned\n"
        "Noticed     two teams write the same report                       not raised yet\n"
    ) in shown
    assert shown.count("merge join") == 1


def test_review_lists_endings_as_markdown_and_html(ended: "Run", home: "Path") -> None:
    text = ended("review", "--week", "--markdown").out
    assert "## Closed\n\n- Refund flow: one day (learned: ask finance early)\n" in text
    assert "## Dropped\n\n- New region: nobody asked (14 h) (learned: ask who needs it first)\n" in text
    assert "## Learned\n\n- how a merge join is planned\n" in text
    assert "## Noticed\n\n- two teams write the same report (not raised yet)\n" in text
    page = home / "review.html"
    ended("review", "--week", "--html", str(page))
    html = page.read_text(encoding="utf-8")
    for words in ("nobody asked (14 h)", "ask who needs it first", "how a merge join is planned", "two teams write"):
        assert html.count(words) == 1


def test_review_has_endings_in_json_and_plain_records(ended: "Run") -> None:
    review = read(ended, "review", "--week")
    facts = [
        (each["slug"], each["state"], each["closed_on"], each["result"], each["lesson"], each["minutes"])
        for each in review["projects"]
    ]
    assert facts == [
        ("new-region", "dropped", "2026-11-20", "nobody asked", "ask who needs it first", 840),
        ("refund-flow", "closed", "2026-11-18", "one day", "ask finance early", None),
    ]
    learned = [(each["day"], each["text"], each["project"]) for each in review["learned"]]
    assert learned == [
        ("2026-11-18", "ask finance early", "refund-flow"),
        ("2026-11-20", "how a merge join is planned", None),
        ("2026-11-20", "ask who needs it first", "new-region"),
    ]
    assert [each["text"] for each in review["noticed"]] == ["two teams write the same report"]
    assert "ended\tnew-region\tdropped\t2026-11-20\t2\t840\tnobody asked\t" in ended("review", "--week", "--plain").out


@pytest.mark.parametrize(("period", "is_listed"), [("2026-W46", False), ("2026-W47", True), ("2026-11", True)])
def test_a_period_lists_only_projects_that_ended_in_it(ended: "Run", period: str, is_listed: bool) -> None:  # noqa: FBT001
    slugs = [each["slug"] for each in read(ended, "review", period)["projects"]]
    assert ("refund-flow" in slugs) == is_listed
    assert ("nobody asked" in ended("review", period).out) == is_listed
    assert ("nobody asked" in ended("brag", period).out) == is_listed


def test_a_week_of_learning_alone_is_not_empty(run: "Run") -> None:
    run("add", "learned", "how a merge join is planned")
    shown = run("review", "--week").out
    assert "No work and no value is logged for these days yet.\n" in shown
    assert "Learned     how a merge join is planned\n" in shown


def test_brag_tells_what_ended_early_and_what_was_learned(ended: "Run", home: "Path") -> None:
    text = ended("brag", "--quarter").out
    assert (
        "## What I learned\n\n- how a merge join is planned\n"
        "- New region (dropped 20 Nov after 14 h): nobody asked – it taught: ask who needs it first\n"
    ) in text
    assert text.count("ask finance early") == 1
    brag = read(ended, "brag", "--quarter")
    assert [(each["slug"], each["minutes"], each["lesson"]) for each in brag["dropped"]] == [
        ("new-region", 840, "ask who needs it first")
    ]
    assert [each["text"] for each in brag["learned"]] == ["how a merge join is planned"]
    page = home / "brag.html"
    ended("brag", "--quarter", "--html", str(page))
    html = page.read_text(encoding="utf-8")
    assert "<h2>What I learned</h2>" in html
    assert html.count("it taught: ask who needs it first") == 1


def test_brag_counts_entries_of_a_dropped_project_without_minutes(run: "Run") -> None:
    for day in ("mon", "tue", "wed"):
        run("add", "activity", "calls +alerts", "-d", day)
    run("project", "drop", "alerts", "nobody asked")
    assert "- alerts (dropped 20 Nov after 3 entries): nobody asked\n" in run("brag").out
