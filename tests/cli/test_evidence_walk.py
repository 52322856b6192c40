"""`valuelog evidence`: asking how value is known, one entry by its id, and lists for other programs."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.messages import assert_one_clear_message

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


def add(run: "Run", kind: str, text: str, *words: str) -> str:
    added: str = json.loads(run("add", kind, text, *words, "--json").out)["id"]
    return added


def get(run: "Run", text: str) -> dict[str, Any]:
    (entry,) = (each for each in json.loads(run("list", "--json").out) if each["text"] == text)
    return dict(entry)


def fields(run: "Run", text: str) -> tuple[Any, ...]:
    return tuple(get(run, text)[name] for name in ("evidence", "held", "held_on"))


def claims(run: "Run", *words: str) -> list[str]:
    return [each["text"] for each in json.loads(run("evidence", *words, "--json").out)]


@pytest.fixture(autouse=True)
def _filled(run: "Run") -> None:
    add(run, "activity", "audit mails", "-d", "wed")
    add(run, "insight", "nobody reads the report")
    add(run, "outcome", "old and large", "--impact", "large", "-d", "2026-10-12")
    add(run, "improvement", "the checklist", "-d", "2026-11-11")
    add(run, "helped", "@sam deploys", "-d", "2026-11-12", "--evidence", "yes")
    add(run, "outcome", "proven", "--evidence", "median of 214 cases")
    add(run, "outcome", "last year", "-d", "2025-11-12")


ASKED = ["Mon 12 Oct · old and large", "Thu 12 Nov · @sam deploys · “yes”", "Wed 11 Nov · the checklist"]


def test_walk_asks_about_claims_largest_then_newest_first(home: "Path") -> None:
    sat = run_with_answers(home, "evidence")
    assert sat.prompts == [each for asked in ASKED for each in (asked, "")]
    assert sat.code == 0
    assert sat.err == "3 results without evidence in the last three months.\n"


def test_walk_saves_evidence_failures_and_refusals_in_one_batch(home: "Path", run: "Run") -> None:
    before = run("list", "2026", "--json").out
    sat = run_with_answers(home, "evidence", answers=["y", "2 tickets less", "n", "", "d"])
    assert sat.err.endswith("Saved 3 answers. Undo: valuelog undo\n")
    assert fields(run, "old and large") == ("2 tickets less", "yes", "2026-11-20")
    assert fields(run, "@sam deploys") == ("yes", "no", "2026-11-20")
    assert get(run, "@sam deploys")["side"] is None
    assert fields(run, "the checklist") == (None, None, None)
    assert claims(run) == []
    assert run("undo").err.startswith("Undone: evidence “")
    assert run("list", "2026", "--json").out == before


@pytest.mark.parametrize("answer", ["no", "No.", "it didn’t hold", "Didn't hold"])
def test_words_for_it_did_not_hold(run: "Run", answer: str) -> None:
    run("evidence", get(run, "old and large")["id"], answer)
    assert fields(run, "old and large") == (None, "no", "2026-11-20")


def test_reason_why_it_did_not_hold_is_kept(home: "Path", run: "Run") -> None:
    run_with_answers(
        home, "evidence", answers=["n", "it took three days again", "", "y", "No complaints from 12 people"]
    )
    assert fields(run, "old and large") == ("it took three days again", "no", "2026-11-20")
    assert fields(run, "the checklist") == ("No complaints from 12 people", "yes", "2026-11-20")


def test_bare_yes_is_kept_and_asked_on_once(home: "Path", run: "Run") -> None:
    sat = run_with_answers(home, "evidence", answers=["y", "yes", "", "l", "y", "yes", "yes"])
    assert sat.prompts[:4] == [ASKED[0], "", "how do you know?", "How did you see it?"]
    assert fields(run, "old and large")[0] == "yes"
    assert fields(run, "the checklist")[0] == "yes"
    assert "the checklist" in claims(run)


def test_second_answer_can_say_that_it_did_not_hold(home: "Path", run: "Run") -> None:
    run_with_answers(home, "evidence", answers=["y", "yes", "n"])
    assert fields(run, "old and large") == ("yes", "no", "2026-11-20")


def test_answer_continues_a_bare_yes(home: "Path", run: "Run") -> None:
    run_with_answers(home, "evidence", answers=["y", "yes", "refunds take a day", "y", "she did it 3 times"])
    assert fields(run, "old and large")[0] == "yes; refunds take a day"
    assert fields(run, "@sam deploys")[0] == "yes; she did it 3 times"


def test_walk_of_a_period(home: "Path", run: "Run") -> None:
    assert claims(run, "2026-10") == ["old and large"]
    assert claims(run, "2025") == ["last year"]
    sat = run_with_answers(home, "evidence", "last", "week", answers=[KeyboardInterrupt])
    assert sat.prompts[0] == ASKED[1]
    assert sat.code == 130
    assert sat.err.endswith(
        "valuelog: Stopped. Nothing new was saved for Week 46 · 9 – 15 Nov 2026.\n"
        "Pick up where you left off: valuelog evidence 2026-W46\n"
    )


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_interrupted_walk_keeps_what_was_answered(home: "Path", run: "Run", end: type[BaseException]) -> None:
    sat = run_with_answers(home, "evidence", answers=["y", "yes", end])
    assert (sat.code, fields(run, "old and large")[0]) == (130, "yes")
    assert "Stopped. 1 answer saved for the last three months." in sat.err
    assert sat.err.endswith("Pick up where you left off: valuelog evidence\n")


def test_walk_without_claims(home: "Path") -> None:
    sat = run_with_answers(home, "evidence", "2024")
    assert (sat.code, sat.prompts, sat.err) == (0, [], "Nothing to ask: no value without evidence in 2024.\n")


def test_same_words_in_a_week_are_asked_about_once(home: "Path", run: "Run") -> None:
    add(run, "outcome", "The checklist!", "-d", "2026-11-13")
    assert claims(run).count("The checklist!") == 0
    assert claims(run).count("the checklist") == 1
    run_with_answers(home, "evidence", answers=["", "", "n"])
    assert [fields(run, text)[1] for text in ("the checklist", "The checklist!")] == ["no", "no"]
    run("undo")
    run("evidence", get(run, "The checklist!")["id"], "3 releases without a question")
    assert "the checklist" not in claims(run)


# One entry


def test_text_sets_evidence(run: "Run") -> None:
    entry_id = get(run, "the checklist")["id"]
    result = run("evidence", entry_id, "two", "releases", "without", "questions", "--json")
    assert json.loads(result.out)["evidence"] == "two releases without questions"
    assert result.err.startswith(f"Evidence saved for {entry_id[:2]}")
    run("undo")
    assert fields(run, "the checklist")[0] is None


def test_text_can_say_that_it_did_not_hold(run: "Run") -> None:
    run("evidence", get(run, "the checklist")["id"], "no, it has three pages again")
    assert fields(run, "the checklist") == ("it has three pages again", "no", "2026-11-20")


FLAGS = [
    ("--didnt-hold", (None, "no", "2026-11-20"), "Didn't hold:"),
    ("--held", (None, "yes", "2026-11-20"), "Held:"),
    ("--dont-ask", (None, None, None), "Won't ask again about"),
]


@pytest.mark.parametrize(("flag", "expected", "verb"), FLAGS, ids=[flag for flag, _, _ in FLAGS])
def test_flag_settles_one_entry(run: "Run", flag: str, expected: tuple[Any, ...], verb: str) -> None:
    entry_id = get(run, "the checklist")["id"]
    assert run("evidence", entry_id, flag).err.startswith(verb)
    assert fields(run, "the checklist") == expected
    assert ("the checklist" in claims(run)) == (flag == "--held")
    assert_one_clear_message(run("evidence", entry_id, flag, fails=2), "Nothing was changed.")
    run("undo")
    assert fields(run, "the checklist") == (None, None, None)


def test_failure_is_reverted_by_held(run: "Run") -> None:
    entry_id = get(run, "the checklist")["id"]
    run("evidence", entry_id, "the tickets came back", "--didnt-hold")
    assert fields(run, "the checklist") == ("the tickets came back", "no", "2026-11-20")
    run("evidence", entry_id, "--held")
    assert fields(run, "the checklist") == ("the tickets came back", "yes", "2026-11-20")


def test_weak_evidence_by_id(home: "Path", run: "Run") -> None:
    entry_id = get(run, "the checklist")["id"]
    assert (
        "“yes” doesn't count yet: add a number, a link, an @name or a sentence" in run("evidence", entry_id, "yes").err
    )
    run("undo")
    sat = run_with_answers(home, "evidence", entry_id, "yes", answers=["2 tickets less"])
    assert sat.prompts == ["How did you see it?"]
    assert fields(run, "the checklist")[0] == "yes; 2 tickets less"
    run("undo")
    assert fields(run, "the checklist")[0] is None


def test_id_alone_asks(home: "Path", run: "Run") -> None:
    entry_id = get(run, "the checklist")["id"]
    run_with_answers(home, "evidence", entry_id, answers=["y", "two tickets less each day"])
    assert fields(run, "the checklist")[0] == "two tickets less each day"


def test_stdin_is_evidence(run: "Run") -> None:
    run("evidence", get(run, "the checklist")["id"], "-", stdin=b"median of 214 cases\n")
    assert fields(run, "the checklist")[0] == "median of 214 cases"


def test_only_value_needs_evidence(run: "Run") -> None:
    for text in ("audit mails", "nobody reads the report"):
        assert_one_clear_message(run("evidence", get(run, text)["id"], "--held", fails=2), "which needs no evidence")


# Without a terminal


def test_without_terminal_it_names_the_flags(run: "Run") -> None:
    assert_one_clear_message(run("evidence", fails=2), "Can't prompt")
    assert "--didnt-hold, --held or --dont-ask; to see what lacks evidence: --json" in run("evidence", fails=2).err
    assert "TEXT, --didnt-hold" in run("evidence", get(run, "the checklist")["id"], fails=2).err


def test_lists_for_programs_never_ask(home: "Path", run: "Run") -> None:
    assert claims(run) == ["old and large", "@sam deploys", "the checklist"]
    sat = run_with_answers(home, "evidence", "--plain")
    assert (sat.code, sat.prompts) == (0, [])
    assert [line.split("\t")[1:] for line in sat.out.splitlines()] == [
        ["2026-10-12", "outcome", "large", "", "old and large"],
        ["2026-11-12", "helped", "", "yes", "@sam deploys"],
        ["2026-11-11", "improvement", "", "", "the checklist"],
    ]


WRONG = [
    ("--held", "--held needs an ID."),
    ("k3 --held --didnt-hold", "--didnt-hold and --held exclude each other."),
    ("k3 two tickets --dont-ask", "--dont-ask takes no TEXT."),
    ("k3 two tickets --plain", "--plain is for the list"),
    ("3/4", "“3/4” could be"),
    ("--json --plain", "--json and --plain exclude each other."),
]


@pytest.mark.parametrize(("words", "message"), WRONG, ids=[words for words, _ in WRONG])
def test_conflicting_arguments(run: "Run", words: str, message: str) -> None:
    assert_one_clear_message(run("evidence", *words.split(), fails=2), message)


def test_unknown_id(run: "Run") -> None:
    run("evidence", "zz", "two tickets less", fails=1)
