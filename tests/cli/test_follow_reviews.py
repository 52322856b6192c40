"""Pain points, projects and promises in the status and in empty or small reviews, in each format."""

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Run

LEVEL = "asked why twice"


@pytest.fixture
def run_with_follow_ups(run: "Run") -> "Run":
    """Log a due promise, a recurring pain point, a stalled project and a reflection; return `run`."""
    run("promise", "make", "stop", "the weekly status mail", "--by", "fri", VALUELOG_TODAY="2026-11-16")
    run("pain", "add", "one approver", "-d", "mon")
    name = run("pain", "--plain").out.split("\t")[0]
    for day in ("tue", "wed"):
        run("pain", "seen", name, "-d", day)
    run("project", "start", "Refund flow", "--problem", "slow", "--measure", "days", VALUELOG_TODAY="2026-10-05")
    for number in range(2, 8):
        run("add", "activity", f"meeting {number} +refund-flow", "-d", f"2026-11-0{number}")
    run("review", "--week", "last", "--level", LEVEL)
    return run


BEGUN = [
    (["promise", "make", "stop", "the status mail", "--by", "fri"], "Overdue: stop the status mail"),
    (["project", "start", "Refunds", "--aim", "no calls"], "Refunds has no problem and no measure"),
    (["pain", "add", "one approver"], "Week 0 value : 0 work"),
]


@pytest.mark.parametrize(("words", "shown"), BEGUN, ids=["promise", "project", "pain"])
def test_status_is_empty_only_without_any_entity(run: "Run", words: list[str], shown: str) -> None:
    assert "Start your journal with" in run().out
    run(*words, VALUELOG_TODAY="2026-11-09")
    assert "Start your journal with" not in run().out
    assert shown in run().out


FINDINGS = (
    "▸ Refund flow: 6 activities, no value",
    "▸ “one approver”: seen 3 times, nothing planned yet",
    "Did you keep it?",
)


def test_empty_week_shows_findings_about_followed(run_with_follow_ups: "Run") -> None:
    screen = run_with_follow_ups("review", "--week").out
    before, after = screen.split("Nothing is logged for these days yet.")
    assert all(finding in before for finding in FINDINGS)
    assert "▸" not in after
    assert "workdays logged:" not in screen


def test_small_week_shows_no_findings_about_figures(run_with_follow_ups: "Run") -> None:
    run_with_follow_ups("add", "outcome", "refunds have an owner", "-d", "mon")
    screen = run_with_follow_ups("review", "--week").out
    before, after = screen.split("You delivered a result.")
    assert all(finding in before for finding in FINDINGS)
    assert "▸" not in after
    assert "workdays logged:" not in screen
    assert "thin-coverage" in run_with_follow_ups("review", "--week", "--json").out


@pytest.mark.parametrize("entries", [0, 1, 6])
def test_markdown_review_lists_everything_followed(run_with_follow_ups: "Run", entries: int) -> None:
    for place in range(entries):
        run_with_follow_ups("add", "activity", f"call {place}")
    document = run_with_follow_ups("review", "--week", "--markdown").out
    for line in (
        "- Stop: the weekly status mail (due Fri 20 Nov)",
        "- one approver (felt 3 times, nothing planned)",
        "- Refund flow (6 activities, no value since Mon 5 Oct)",
        f"- 2026-W46: {LEVEL}",
    ):
        assert line in document.splitlines(), line
    assert "## What to do" in document


def test_markdown_review_lists_closed_pains(run_with_follow_ups: "Run") -> None:
    run_with_follow_ups("pain", "fix", run_with_follow_ups("pain", "--plain").out.split("\t")[0], "two approvers now")
    document = run_with_follow_ups("review", "--week", "--markdown").out
    gone = document.partition("## Fixed\n\n")[2]
    assert gone.startswith("- one approver (felt 3 times, gone since Fri 20 Nov): two")


def test_plain_review_lists_everything_followed(run_with_follow_ups: "Run") -> None:
    run_with_follow_ups("add", "activity", "call +refund-flow")
    lines = run_with_follow_ups("review", "--week", "--plain").out.splitlines()
    records = {fields[0]: fields[1:] for fields in (line.split("\t") for line in lines)}
    assert records["promise"][1:] == ["open", "2026-11-20", "the weekly status mail", "stop"]
    assert records["pain"][1:] == ["open", "2026-11-18", "3", "one approver"]
    assert records["project"][1:] == ["refund-flow", "open", "0", "1"]
    assert records["reflection"][1:] == ["2026-W46", "level", LEVEL]


# Sentences

SENTENCES = [
    ([("helped", "@sam can"), ("helped", "@maya can")], "You helped two people do more."),
    ([("helped", "@sam can"), ("helped", "@sam can too")], "You helped someone do more."),
    ([("outcome", "a"), ("outcome", "b")], "You delivered two results."),
    (
        [("helped", "@sam can"), ("helped", "@sam can too"), ("insight", "a")],
        "You helped someone do more.",
    ),
]


@pytest.mark.parametrize(("values", "shown"), SENTENCES)
def test_small_review_counts_value_in_words(run: "Run", values: list[tuple[str, str]], shown: str) -> None:
    for kind, text in values:
        run("add", kind, text)
    assert shown in run("review", "--week").out.replace("\n", " ")


def test_brief_does_not_repeat_a_meaning(run: "Run") -> None:
    run("add", "insight", "Nobody reads it. It could mean that nobody needs it. Stop it.")
    assert "**Could mean:** nobody needs it." in run("brief", "--markdown").out


def test_brief_meaning_ignores_shared_answer(run: "Run") -> None:
    run("pain", "add", "one approver", "--shared", "yes, all", "--hit", "all of support")
    assert "**Could mean:** it affects all of support" in run("brief", "--markdown").out


@pytest.mark.parametrize(("today", "is_listed"), [("2026-11-21", True), ("2026-11-22", False)])
def test_review_of_a_week_that_ended_a_week_ago_is_closed(run: "Run", today: str, is_listed: bool) -> None:  # noqa: FBT001
    run("pain", "add", "one approver", "-d", "2026-11-16")
    review = json.loads(run("review", "--week", "2026-W46", "--json", VALUELOG_TODAY=today).out)
    assert bool(review["pains"]) == is_listed
