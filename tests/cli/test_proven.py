"""What is proven and what is claimed: impact, filters, and results that didn't hold."""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from support.makers import make_entry
from support.messages import assert_one_clear_message
from valuelog.journal import entries
from valuelog.journal.store import open_journal
from valuelog.model.entry import Held, Impact, Kind

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

WORK = {"id": "a000000000", "text": "audit mails"}
PROVEN = {
    "id": "b000000000", "kind": Kind.OUTCOME, "text": "refunds arrive in a day", "evidence": "median of 214 cases",
    "impact": Impact.LARGE, "question": "outcome",
}  # fmt: skip
CLAIMED = {
    "id": "c000000000", "kind": Kind.IMPROVEMENT, "text": "the deploy checklist", "evidence": "yes",
    "impact": Impact.SMALL,
}  # fmt: skip
FAILED = {
    "id": "d000000000", "kind": Kind.HELPED, "text": "@sam deploys alone", "people": ("sam",), "held": Held.NO,
    "held_on": date(2026, 11, 20),
}  # fmt: skip
INSIGHT = {"id": "e000000000", "kind": Kind.INSIGHT, "text": "nobody reads the deploy report", "question": "worry"}


@pytest.fixture(autouse=True)
def _filled(run: "Run", journal_path: "Path") -> None:
    run("add", "activity", "zero")
    journal = open_journal(journal_path, "test", lambda: make_entry().created, write=True)
    entries.add(journal, [make_entry(**facts) for facts in (WORK, PROVEN, CLAIMED, FAILED, INSIGHT)])
    journal.close()


def ids(run: "Run", *words: str) -> str:
    return "".join(entry["id"][0] for entry in json.loads(run(*words, "--json").out) if entry["text"] != "zero")


def get(run: "Run", entry_id: str) -> dict[str, Any]:
    entry: dict[str, Any] = json.loads(run("show", entry_id, "--json").out)
    return entry


FILTERS = [
    ("--proven", "b"),
    ("--claimed", "c"),
    ("--impact large", "b"),
    ("--impact SMALL", "c"),
    ("--impact clear", ""),
    ("--question outcome", "b"),
    ("--question worry", "e"),
    ("--side neither", "de"),
    ("--side value", "bc"),
    ("--side value --impact small --claimed", "c"),
]


@pytest.mark.parametrize(("flags", "expected"), FILTERS, ids=[flags for flags, _ in FILTERS])
def test_list_selects_by_evidence_impact_question_and_side(run: "Run", flags: str, expected: str) -> None:
    assert ids(run, "list", *flags.split()) == expected


@pytest.mark.parametrize(
    ("flags", "expected"),
    [
        ("--proven", ""),
        ("--claimed", "c"),
        ("--impact small", "c"),
        ("--question worry", "e"),
        ("--side neither", "de"),
    ],
)
def test_search_selects_the_same_way(run: "Run", flags: str, expected: str) -> None:
    assert "".join(sorted(ids(run, "search", "deploy", *flags.split()))) == expected


WRONG = [
    ("list --proven --claimed", "--proven and --claimed exclude each other."),
    ("list --impact huge", "There is no impact “huge”."),
    ("list --question improvment", "There is no question “improvment”."),
    ("add outcome it works --impact none", "There is no impact “none”."),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=[words for words, _ in WRONG])
def test_wrong_values_are_refused(run: "Run", words: str, message: str) -> None:
    assert_one_clear_message(run(*words.split(), fails=2), message)


def test_impact_is_added_edited_and_cleared(run: "Run") -> None:
    added = json.loads(run("add", "outcome", "refunds again", "--impact", "clear", "--json").out)
    assert added["impact"] == "clear"
    assert "clear impact" in run("list").out
    run("edit", added["id"], "--impact", "large")
    assert get(run, added["id"])["impact"] == "large"
    run("edit", added["id"], "--impact", "none")
    assert get(run, added["id"])["impact"] is None
    run("undo")
    assert get(run, added["id"])["impact"] == "large"


def test_promotion_sets_impact(run: "Run") -> None:
    run("promote", "a0", "outcome", "--impact", "large", "--evidence", "two mails a day")
    assert (get(run, "a0")["kind"], get(run, "a0")["impact"]) == ("outcome", "large")


def test_answers_file_sets_impact(run: "Run") -> None:
    run("today", "--answers", "-", stdin=b'{"kind": "outcome", "text": "a new flow", "impact": "large"}')
    assert [entry["text"] for entry in json.loads(run("list", "--impact", "large", "--json").out)] == [
        "refunds arrive in a day", "a new flow",
    ]  # fmt: skip
    refused = run("today", "--answers", "-", stdin=b'{"kind": "outcome", "text": "x", "impact": "big"}', fails=2)
    assert "Line 1 of the answers: There is no impact “big”." in refused.err


def test_impact_never_counts(run: "Run") -> None:
    before = json.loads(run("review", "--week", "--json").out)["score"]
    run("edit", "c0", "--impact", "large")
    assert json.loads(run("review", "--week", "--json").out)["score"] == before


def test_json_has_the_new_keys_and_sides(run: "Run") -> None:
    sides = {
        entry["id"][0]: entry["side"] for entry in json.loads(run("list", "--json").out) if entry["text"] != "zero"
    }
    assert sides == {"a": "work", "b": "value", "c": "value", "d": None, "e": None}
    keys = ("impact", "question", "held", "held_on")
    assert {name: get(run, "b0")[name] for name in keys} == {
        "impact": "large", "question": "outcome", "held": None, "held_on": None,
    }  # fmt: skip
    assert {name: get(run, "d0")[name] for name in keys} == {
        "impact": None, "question": None, "held": "no", "held_on": "2026-11-20",
    }  # fmt: skip


def test_score_tells_how_much_is_proven(run: "Run") -> None:
    score = json.loads(run("review", "--week", "--json").out)["score"]
    assert list(score)[:3] == ["value", "proven", "work"]
    assert (score["value"], score["proven"], score["work"]) == (2, 1, 2)


def test_result_that_did_not_hold_is_shown_with_its_mark(run: "Run") -> None:
    mark = "✗ didn't hold, Fri 20 Nov"
    for words in ("list", "show d0", "review --week", "review --week --markdown", "review --week --html -"):
        assert mark in run(*words.split()).out.replace("&#39;", "'"), words
    assert mark not in run("show", "b0").out
    assert json.loads(run("review", "--week", "--json").out)["people"] == []
    assert "@sam" not in run("brag").out


def test_what_was_learned_and_noticed_has_a_line_of_its_own(run: "Run") -> None:
    assert "Also this week: 1 thing noticed\n" in run().out
    evening = run("today", "--learned", "how merge joins work", "--learned", "how hash joins work").out
    assert "  Today also 2 things learned, 1 thing noticed\n" in evening
    assert "Also this week: 2 things learned, 1 thing noticed\n" in run().out
    day_before = run("today", "--activity", "mails", "--date", "2026-11-19").out
    assert "  Week so far also 2 things learned, 1 thing noticed\n" in day_before


def test_review_with_a_chart_lists_what_did_not_hold(run: "Run") -> None:
    for place in range(2):
        run("add", "activity", f"mails {place}")
    assert "Not held    @sam deploys alone  ✗ didn't hold, Fri 20 Nov\n" in run("review", "--week").out
    assert "2 value (1 proven) : 4 work" in run("review", "--week").out


def test_large_impact_comes_first(run: "Run") -> None:
    run("add", "outcome", "refunds arrive on time", "--evidence", "all 12 of them")
    shown = run("brag").out
    assert shown.index("refunds arrive in a day") < shown.index("refunds arrive on time")
    page = run("review", "--week", "--markdown").out
    assert page.index("refunds arrive in a day") < page.index("refunds arrive on time")


def test_new_fields_survive_jsonl(run: "Run", home: "Path") -> None:
    before = run("list", "--json").out
    run("export", "jsonl", str(home / "all.jsonl"))
    run("--journal", str(home / "other.db"), "import", "jsonl", str(home / "all.jsonl"))
    assert run("--journal", str(home / "other.db"), "list", "--json").out == before
