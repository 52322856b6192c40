"""Pain points, projects and promises: unexpected effects are noted, and timelines are complete."""

import json
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

UNDO_HINT = " · undo with: valuelog undo\n"
APPROVER = "the deploy waits on one approver"


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


@pytest.fixture
def pain(run: "Run") -> str:
    """Log a pain point on Monday; return its id."""
    run("pain", "add", APPROVER, "-d", "mon")
    return str(read_json(run, "pain")[0]["id"])


# Pain points


def test_pain_timeline_shows_a_carried_over_step(home: "Path", run: "Run") -> None:
    def at(day: int, *words: str) -> None:
        moment = datetime(2026, 11, day, 18, tzinfo=timezone(timedelta(hours=1)))
        assert run_with_answers(home, *words, now=lambda: moment).code == 0

    at(9, "pain", "add", APPROVER)
    name = read_json(run, "pain")[0]["id"]
    at(10, "pain", "plan", name, "ask", "--by", "2026-11-13")
    step = read_json(run, "promise")[0]["id"]
    at(16, "promise", "carry", step, "--by", "2026-11-20")
    at(17, "promise", "carry", step, "--by", "2026-12-04")
    at(17, "undo")
    at(19, "promise", "keep", step)
    story = [(one["day"], one["turn"], one["until"]) for one in read_json(run, "pain", "show", name)["story"]]
    assert story == [
        ("2026-11-09", "noticed", None),
        ("2026-11-10", "promised", "2026-11-13"),
        ("2026-11-16", "carried", "2026-11-20"),
        ("2026-11-19", "kept", None),
    ]
    assert "Mon 16 Nov  carried over to Fri 20 Nov: ask\n" in run("pain", "show", name).out


def test_history_of_a_pain_point_includes_sightings_and_steps(run: "Run", pain: str) -> None:
    run("pain", "seen", pain, "again and again")
    run("pain", "plan", pain, "ask around")
    run("promise", "keep", read_json(run, "promise")[0]["id"])
    run("pain", "add", "two tools want the same hours")
    past = [(one["act"], one["about"]) for one in read_json(run, "history", pain)]
    assert past == [
        ("add", [APPROVER]),
        ("seen", ["again and again"]),
        ("plan", ["ask around"]),
        ("kept", ["ask around"]),
    ]


def test_replacing_a_step_quotes_the_old_one(run: "Run", pain: str) -> None:
    run("pain", "plan", pain, "ask around")
    message = run("pain", "plan", pain, "ask the owner").err
    assert message == f"Planned {pain[:2]} · by Fri 27 Nov 2026 · instead of “ask around”{UNDO_HINT}"
    assert "instead of" not in run("pain", "plan", pain, "ask the owner", "--by", "2026-12-04").err


@pytest.mark.parametrize("words", [["two approvers"], []])
def test_pain_cannot_be_fixed_before_its_last_sighting(run: "Run", pain: str, words: list[str]) -> None:
    run("pain", "seen", pain, "-d", "wed")
    refused = run("pain", "fix", pain, *words, "-d", "tue", fails=2)
    assert_one_clear_message(refused, "Tue 17 Nov 2026 is too early: it was last seen on Wed 18 Nov 2026.")
    assert read_json(run, "pain")[0]["state"] == "open"
    run("pain", "fix", pain, "two approvers", "-d", "wed")


@pytest.mark.parametrize("words", [["fix", "two approvers"], ["fix"], ["drop", "no longer"]])
def test_pain_cannot_be_closed_before_its_step_was_promised(run: "Run", pain: str, words: list[str]) -> None:
    run("pain", "plan", pain, "ask around")
    refused = run("pain", words[0], pain, *words[1:], "-d", "thu", fails=2)
    assert_one_clear_message(refused, "Thu 19 Nov 2026 is too early: it was promised on Fri 20 Nov 2026.")
    assert read_json(run, "pain")[0]["state"] == "planned"


@pytest.mark.parametrize("answers", [None, ["two approvers", [], [], ""]])
def test_pain_fix_that_starts_a_project_notes_it(run: "Run", pain: str, answers: list[Any] | None) -> None:
    run("project", "start", "releases", "--aim", "x")
    words = [] if answers else ["two approvers"]
    messages = run("pain", "fix", pain, *words, "--project", "relaeses", answers=answers).err.splitlines()
    assert messages[1].endswith(" · starts the project relaeses; did you mean releases?" + UNDO_HINT.rstrip())


# Projects


def test_single_letter_mention_joins_an_open_project(run: "Run", home: "Path") -> None:
    run("add", "activity", "the value of +x")
    assert read_json(run, "project", "list", "--all") == []
    run("project", "start", "X", "--aim", "y")
    joined = run("add", "activity", "a plan for +x, and more", "--json")
    assert json.loads(joined.out)["project"] == "x"
    assert " · joins the project x · " in joined.err
    asked = run_with_answers(home, answers=["mails +x", ""]).prompts
    assert "This joins the project x." in asked
    run("today", "--insight", "it grows +x")
    assert sorted(str(one["project"]) for one in read_json(run, "list")) == ["None", "x", "x", "x"]
    run("project", "edit", "x", "--name", "Long flow")
    assert " · joins long-flow, formerly x · " in run("add", "activity", "more +x").err
    run("project", "drop", "x", "over")
    assert json.loads(run("add", "activity", "+x again", "--json").out)["project"] is None


def test_former_name_of_a_project_joins_it(run: "Run", home: "Path") -> None:
    run("project", "start", "Refunds", "--aim", "one day")
    run("project", "edit", "refunds", "--name", "Refund flow")
    joined = run("add", "activity", "mails +refunds", "--json")
    assert " · joins refund-flow, formerly refunds · " in joined.err
    assert json.loads(joined.out)["project"] == "refund-flow"
    assert (
        "This joins refund-flow, formerly refunds." in run_with_answers(home, answers=["a call +refunds", ""]).prompts
    )
    assert [one["slug"] for one in read_json(run, "project")] == ["refund-flow"]
    assert read_json(run, "project", "show", "refunds")["slug"] == "refund-flow"


def test_undone_or_reused_name_does_not_join_the_old_project(run: "Run") -> None:
    run("project", "start", "Refunds", "--aim", "one day")
    run("project", "edit", "refunds", "--name", "Refund flow")
    run("undo")
    assert "starts the project refund-flow" in run("add", "activity", "mails +refund-flow").err
    run("undo")
    run("project", "edit", "refunds", "--name", "Refund flow")
    run("project", "start", "Refunds", "--aim", "another")
    assert read_json(run, "project", "show", "refunds")["aim"] == "another"
    assert "joins" not in run("add", "activity", "mails +refunds").err
