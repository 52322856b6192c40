"""brag: a document to hand on, for different readers, by expectation, and what it lacks, asked for."""

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

HEADINGS = ["Impact", "People I helped", "Improvements", "Spotted early", "What I learned", "Other"]


def read_json(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


def add(run: "Run", kind: str, text: str, *words: str) -> str:
    return str(read_json(run, "add", kind, text, *words)["id"])


@pytest.fixture
def filled(run: "Run") -> None:
    """Fill the journal with something for every heading."""
    run("project", "start", "Refunds", "--problem", "slow", "-d", "2026-11-02")
    run("today", "--answers", "-", stdin=json.dumps(
        {"kind": "outcome", "text": "one filter instead of a report", "question": "pushed-back"}).encode())  # fmt: skip
    add(run, "outcome", "refunds take a day +refunds", "--impact", "large")
    add(run, "helped", "@sam runs the release alone #teaching", "--evidence", "yes")
    add(run, "improvement", "the checklist is one page", "--evidence", "two releases without a question")
    insight_id = add(run, "insight", "two teams write the same report")
    run("brief", "raised", insight_id, "they share one now")
    add(run, "learned", "how to read a query plan")
    for _ in range(3):
        add(run, "activity", "weekly planning")
    run("promise", "make", "stop", "the weekly status mail #focus", "--by", "2026-11-20")
    run("promise", "keep", read_json(run, "promise")[0]["id"])
    run("review", "--week", "--level", "asked both teams first")
    run("project", "start", "Alerts", "--problem", "noise", "-d", "2026-11-02")
    run("project", "drop", "alerts", "nobody is called any more", "--lesson", "ask who is called")


@pytest.mark.usefixtures("filled")
def test_brag_in_a_pipe_could_be_sent_as_it_is(run: "Run") -> None:
    brag = run("brag")
    assert brag.out.startswith("# Results · Quarter 4 · Oct – Dec 2026, up to 20 Nov\n")
    assert re.findall(r"^## (.+)$", brag.out, re.MULTILINE) == HEADINGS
    for shown in (brag.out, run("--color", "always", "brag").out, run("brag", "--html", "-").out):
        text = re.sub(r"<style>.*</style>|<head>.*?</head>|<!doctype html>", "", shown, flags=re.DOTALL)
        assert "?" not in text
        assert "missing" not in text
        assert "valuelog " not in text.replace("Made by valuelog on", "")
        assert "weekly planning" not in text
        assert "workday" not in text
        assert " %" not in text
        for part in ("one filter instead of a report", "the weekly status mail", "they share one now", "ask who is"):
            assert part in re.sub(r"\s+", " ", text)
    assert "evidence: two releases without a question" in brag.out
    assert "yes" not in brag.out
    assert "asked both teams first" not in brag.out


@pytest.mark.usefixtures("filled")
def test_brag_names_the_person_of_the_settings(run: "Run") -> None:
    run("config", "set", "name", "Anna *Smith*")
    assert run("brag").out.startswith("# Anna \\*Smith\\* · Quarter 4 ·")
    assert run("--color", "always", "brag").out.startswith("\x1b[1mAnna *Smith*")
    assert "<title>Anna *Smith* · Quarter 4" in run("brag", "--html", "-").out
    assert read_json(run, "brag")["name"] == "Anna *Smith*"


@pytest.mark.usefixtures("filled")
def test_numbers_are_shown_on_request(run: "Run") -> None:
    for words in ((), ("--audience", "exec"), ("--audience", "self")):
        assert "workday logged" in run("brag", "--with-numbers", *words).out.splitlines()[-1]
    assert "workday logged" in run("brag", "--with-numbers", "--html", "-").out


@pytest.mark.usefixtures("filled")
def test_readers_get_different_documents(run: "Run") -> None:
    highlights = run("brag", "--audience", "exec").out
    assert re.findall(r"^## (.+)$", highlights, re.MULTILINE) == ["Impact"]
    assert next(line for line in highlights.splitlines() if line.startswith("- ")) == "- refunds take a day"
    assert "asked both teams first" in run("brag", "--audience", "self").out
    assert read_json(run, "brag")["level"] == [{"period": "2026-W47", "answer": "asked both teams first"}]
    assert read_json(run, "brag")["stopped"][0]["text"] == "the weekly status mail #focus"
    assert_one_clear_message(run("brag", "--audience", "all", fails=2), "all")


# Expectations

LEVEL = """# The next level

## Leads: finishes what matters #focus #leadership
- Teaches others #teaching
- [ ] Writes designs #design
* has no tag
1. #money
"""


@pytest.fixture
def level(home: "Path") -> str:
    """Write the expectations of a level; return the name of the file."""
    (home / "level.md").write_text(LEVEL)
    return str(home / "level.md")


@pytest.mark.usefixtures("filled")
def test_evidence_is_grouped_by_expectation(run: "Run", level: str) -> None:
    document = run("brag", "--expectations", level).out
    blocks = dict(re.findall(r"^## (.+)\n\n((?:- .+\n)+)", document, re.MULTILINE))
    assert list(blocks) == ["Leads: finishes what matters", "Teaches others", "No evidence yet", "Other"]
    assert blocks["Teaches others"].startswith("- @sam runs the release alone")
    assert "the weekly status mail" in blocks["Leads: finishes what matters"]
    assert blocks["No evidence yet"] == "- Writes designs\n- \\#money\n"
    assert "refunds take a day" in blocks["Other"]
    assert "@sam" not in blocks["Other"]
    assert "No evidence yet" in run("--color", "always", "brag", "--expectations", level).out
    assert "<h2>No evidence yet</h2>" in run("brag", "--expectations", level, "--html", "-").out
    found = {each["text"]: (len(each["told"]), len(each["stopped"]))
             for each in read_json(run, "brag", "--expectations", level)["expectations"]}  # fmt: skip
    assert found == {"Leads: finishes what matters": (0, 1), "Teaches others": (1, 0), "Writes designs": (0, 0),
                     "#money": (0, 0)}  # fmt: skip
    assert "expectation\tteaching\t" in run("brag", "--expectations", level, "--plain").out
    assert run("brag", "--expectations", "-", stdin=LEVEL.encode()).out == document


@pytest.mark.usefixtures("filled")
def test_expectations_are_only_for_yourself(run: "Run", level: str, home: "Path") -> None:
    for reader in ("manager", "exec"):
        refused = run("brag", "--expectations", level, "--audience", reader, fails=2)
        assert_one_clear_message(refused, "--expectations is only for yourself")
        assert refused.out == ""
    run("brag", "--expectations", level, "--audience", "self")
    (home / "empty.md").write_text("# Level\n- no tags\n")
    assert_one_clear_message(run("brag", "--expectations", str(home / "empty.md"), fails=2), "has no expectations")
    assert_one_clear_message(run("brag", "--expectations", str(home / "none.md"), fails=1), "cannot be read")


# Fill


def test_fill_asks_for_each_gap_and_is_undone_at_once(run: "Run") -> None:
    run("project", "start", "Refunds", "--problem", "slow", "-d", "2026-11-02")
    run("project", "close", "refunds", answers=[])
    add(run, "outcome", "claimed")
    add(run, "improvement", "skipped")
    filled = run(
        "brag", "--fill", answers=["days", "one day", "214 cases", "yes", "the queue is empty since Monday", ""]
    )
    assert "Saved 4 answers. Undo: valuelog undo" in filled.err
    for part in ("**Measure:** days", "**Result:** one day", "**Evidence:** 214 cases", "empty since Monday"):
        assert part in filled.out
    assert "evidence: the queue is empty since Monday\n" in filled.out
    assert [gap["of"] for gap in read_json(run, "brag")["gaps"]] == ["skipped"]
    run("undo")
    assert len(read_json(run, "brag")["gaps"]) == 3
    run("redo")
    assert "one day" in run("brag").out


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])
def test_stopping_keeps_what_was_filled_in(run: "Run", stop: type[BaseException]) -> None:
    add(run, "outcome", "first")
    add(run, "outcome", "second")
    stopped = run("brag", "--fill", answers=["214 cases", stop], fails=130)
    assert "Stopped. 1 answer saved" in stopped.err
    assert "valuelog brag --fill" in stopped.err
    assert len(read_json(run, "brag")["gaps"]) == 1


def test_fill_needs_a_terminal_and_something_to_ask(run: "Run") -> None:
    add(run, "outcome", "claimed", "--evidence", "214 cases")
    assert "Nothing is missing." in run("brag", "--fill", answers=[]).err
    assert_one_clear_message(run("brag", "--fill", fails=2), "valuelog edit ID --evidence TEXT")
    assert "valuelog brag --fill 2026-11" not in run("brag", "2026-11").err
    add(run, "outcome", "another")
    assert "Add what you know: valuelog brag --fill 2026-11" in run("brag", "2026-11").err
