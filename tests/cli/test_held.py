"""What didn't hold is marked where entries are listed, and is no value anywhere."""

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from conftest import Run

FAILED = ("two approvers", "refunds take a day", "@sam deploys")
MARK = "didn't hold, Fri 20 Nov"


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


def find(run: "Run", text: str) -> dict[str, Any]:
    (entry,) = [each for each in read_json(run, "list") if each["text"] == text]
    return dict(entry)


@pytest.fixture(name="run")
def run_with_failures(run: "Run") -> "Run":
    """Log a fix, an outcome and help that didn't hold, and an outcome that may."""
    run("project", "start", "Refunds", "--problem", "slow", "--measure", "days", "--aim", "one")
    run("pain", "add", "the deploy waits on one approver")
    run("pain", "fix", read_json(run, "pain")[0]["id"], FAILED[0], "--evidence", "3 calls less a day")
    run("add", "outcome", FAILED[1], "--impact", "large", "--project", "Refunds", "--for", "customers")
    run("add", "helped", FAILED[2], "--evidence", "she did it 3 times")
    run("add", "outcome", "mails are sorted")
    for text in FAILED:
        run("evidence", find(run, text)["id"], "--didnt-hold")
    return run


def test_lists_and_pages_of_entries_mark_it(run: "Run") -> None:
    listed = run("list").out
    assert listed.count(MARK) == len(FAILED)
    for text in FAILED:
        assert text in listed
        entry = find(run, text)
        assert (entry["side"], entry["held"], entry["held_on"]) == (None, "no", "2026-11-20")
        assert f"held        ✗ {MARK}" in run("show", entry["id"]).out
    assert run("review", "--week").out.count(MARK) == len(FAILED)
    assert MARK in run("search", "approvers").out
    assert len(read_json(run, "list", "--side", "neither")) == len(FAILED)


@pytest.mark.parametrize("words", [("brag",), ("brag", "--json"), ("brag", "--html", "-"), ("brief",)])
def test_what_you_show_others_leaves_it_out(run: "Run", words: tuple[str, ...]) -> None:
    shown = run(*words).out
    for piece in (*FAILED, "3 calls less", "@sam", "listed above", "the deploy waits"):
        assert piece not in shown
    assert "Improvements" not in shown


def test_brag_still_lists_the_rest(run: "Run") -> None:
    brag = read_json(run, "brag")
    assert brag["score"]["value"] == 1
    assert [each["text"] for each in brag["outcomes"]["told"]] == ["mails are sorted"]
    assert (brag["improved"], brag["fixed"], brag["people"], brag["projects"]) == ([], [], [], [])


def test_fix_that_failed_is_not_praised(run: "Run") -> None:
    run("add", "activity", "audit mails")
    assert "came-of-it" not in [each["id"] for each in read_json(run, "review", "--week")["findings"]]
    run("evidence", find(run, FAILED[0])["id"], "--held")
    assert "came-of-it" in [each["id"] for each in read_json(run, "review", "--week")["findings"]]
    assert [each["text"] for each in read_json(run, "brag")["improved"][0]["told"]] == [FAILED[0]]


def test_reviews_count_only_what_held(run: "Run") -> None:
    review = read_json(run, "review", "--week")
    assert review["score"]["value"] == 1
    assert {kind: count for kind, count in review["kinds"].items() if count} == {"outcome": 1}
    markdown = run("review", "--week", "--markdown").out
    sentences, _, not_held = markdown.partition("## Not held\n")
    assert "## Better because of you (0 of 1 proven)\n\n- ◇ mails are sorted (outcome)\n" in sentences
    assert not_held.count(MARK) == markdown.count(MARK) == len(FAILED)
    page = run("review", "--week", "--html", "-").out
    assert "<small>0 of 1 proven</small>" in page
    assert page.replace("&#39;", "'").partition("<h2>Not held</h2>")[2].count(MARK) == len(FAILED)


# Which question a promoted entry answers


def test_promoted_entry_keeps_the_question_that_it_answered(run: "Run") -> None:
    run("today", "--activity", "answered the mails")
    entry = find(run, "answered the mails")
    assert entry["question"] == "activity"
    run("promote", entry["id"], "improvement", "--evidence", "12 mails less a day")
    promoted = find(run, "answered the mails")
    assert (promoted["kind"], promoted["question"]) == ("improvement", "activity")
    assert [each["id"] for each in read_json(run, "list", "--question", "activity")] == [entry["id"]]
    assert read_json(run, "list", "--question", "promote") == []


def test_entry_that_the_evening_promotes_keeps_its_question(run: "Run") -> None:
    run("today", "--activity", "answered the mails")
    run("today", "--again", answers=["", ["answered the mails"], "outcome", "12 less a day"])
    promoted = find(run, "answered the mails")
    assert (promoted["kind"], promoted["question"], promoted["evidence"]) == ("outcome", "activity", "12 less a day")
    run("undo")
    assert find(run, "answered the mails")["kind"] == "activity"
