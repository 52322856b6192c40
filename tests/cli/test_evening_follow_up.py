"""The evening asks whether a result of last week held, and how big the results of today are."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

IMPACT = "how big?"
SEEN = "How did you see it?"
HELD = ("yes", "2026-11-20")
FAILED = ("no", "2026-11-20")


def ask(text: str) -> str:
    return f"Last week: “{text}”. Did it hold?"


@pytest.fixture(autouse=True)
def _follow_up_only(home: "Path", run: "Run") -> None:
    configure(home, 'questions = ["follow-up"]')
    run("add", "outcome", "one day instead of three", "-d", "2026-11-12")


def configure(home: "Path", line: str) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[evening]\n{line}\n")


def get(run: "Run", text: str = "one day instead of three") -> dict[str, Any]:
    (entry,) = (each for each in json.loads(run("list", "--json").out) if each["text"] == text)
    return dict(entry)


def state(run: "Run", text: str = "one day instead of three") -> tuple[Any, ...]:
    entry = get(run, text)
    return entry["evidence"], (entry["held"], entry["held_on"])


ANSWERS: list[tuple[list[str], Any]] = [
    (["y", "median of 214 cases"], ("median of 214 cases", HELD)),
    (["y", "no, three days again"], ("three days again", FAILED)),
    (["y", "yes", "two calls less"], ("yes; two calls less", HELD)),
    (["y", "yes"], ("yes", HELD)),
    (["y", ""], (None, HELD)),
    (["n"], (None, FAILED)),
    (["no"], (None, FAILED)),
    (["n", "three days again"], ("three days again", FAILED)),
    (["d"], (None, (None, None))),
    ([""], (None, (None, None))),
]


@pytest.mark.parametrize(("answers", "expected"), ANSWERS, ids=[repr(answers) for answers, _ in ANSWERS])
def test_answer_is_saved_once_and_undone_at_once(
    home: "Path", run: "Run", answers: list[str], expected: tuple[Any, ...]
) -> None:
    sat = run_with_answers(home, answers=answers)
    assert sat.prompts[0] == ask("one day instead of three")
    assert (SEEN in sat.prompts) == (answers[:2] == ["y", "yes"])
    assert state(run) == expected
    assert ("Saved 1 answer" in sat.err) == bool(answers[0])
    assert run_with_answers(home).prompts == []
    if not answers[0]:
        return  # nothing was saved, so there is nothing to undo
    run("undo")
    assert state(run) == (None, (None, None))
    assert run_with_answers(home).prompts[:1] == [ask("one day instead of three")]


def test_each_result_is_asked_about_once(home: "Path") -> None:
    assert run_with_answers(home).prompts == [ask("one day instead of three"), ""]
    assert run_with_answers(home, VALUELOG_TODAY="2026-11-21").prompts == []
    assert run_with_answers(home, "today", "--again").prompts == []


def test_later_asks_again_on_another_evening(home: "Path") -> None:
    assert run_with_answers(home, answers=["l"]).prompts == [ask("one day instead of three"), ""]
    assert run_with_answers(home).prompts == []
    assert run_with_answers(home, VALUELOG_TODAY="2026-11-21").prompts == [ask("one day instead of three"), ""]


def test_evening_asks_about_one_result_the_largest(home: "Path", run: "Run") -> None:
    run("add", "improvement", "a large one", "--impact", "large", "-d", "2026-11-10")
    run("add", "improvement", "a newer one", "-d", "2026-11-15")
    assert run_with_answers(home).prompts == [ask("a large one"), ""]
    later = [run_with_answers(home, VALUELOG_TODAY=f"2026-11-2{day}").prompts for day in (1, 2, 3)]
    assert later == [[ask("a newer one"), ""], [ask("one day instead of three"), ""], []]


UNASKED = [
    ("outcome", "2026-11-16", ()),
    ("outcome", "2026-11-05", ()),
    ("outcome", "2026-11-12", ("--evidence", "40 refunds")),
    ("activity", "2026-11-12", ()),
    ("insight", "2026-11-12", ()),
]


@pytest.mark.parametrize(("kind", "day", "words"), UNASKED, ids=[f"{kind} {day}" for kind, day, _ in UNASKED])
def test_other_entries_are_not_asked_about(
    home: "Path", run: "Run", kind: str, day: str, words: tuple[str, ...]
) -> None:
    run("delete", get(run)["id"])
    run("add", kind, "another", "-d", day, *words)
    assert run_with_answers(home).prompts == []


@pytest.mark.parametrize("flag", ["--held", "--didnt-hold", "--dont-ask"])
def test_settled_results_are_not_asked_about(home: "Path", run: "Run", flag: str) -> None:
    run("evidence", get(run)["id"], flag)
    assert run_with_answers(home).prompts == []


def test_other_days_are_not_followed_up(home: "Path") -> None:
    assert run_with_answers(home, "today", "--date", "yesterday").prompts == []


def test_impact_is_asked_after_the_evidence_unless_known(home: "Path", run: "Run") -> None:
    sat = run_with_answers(home, answers=["y", "median of 214 cases", "l"])
    assert sat.prompts[-1] == IMPACT
    assert get(run)["impact"] == "large"
    run("undo")
    run("edit", get(run)["id"], "--impact", "small")
    assert IMPACT not in run_with_answers(home, answers=["y", "median of 214 cases"]).prompts


def test_question_can_be_reworded_and_switched_off(home: "Path") -> None:
    configure(home, 'questions = ["follow-up"]\nask = {follow-up = "Still true?"}')
    assert run_with_answers(home).prompts[0] == "Still true? “one day instead of three”"
    configure(home, 'off = ["follow-up"]')
    assert not any("Did it hold" in each for each in run_with_answers(home, "today", "--again").prompts)


def test_question_comes_before_the_rotating_one(home: "Path") -> None:
    configure(home, "off = []")
    prompts = [each for each in run_with_answers(home).prompts if each]
    assert prompts.index(ask("one day instead of three")) == len(prompts) - 2


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_interrupted_follow_up_is_asked_again(home: "Path", run: "Run", end: type[BaseException]) -> None:
    sat = run_with_answers(home, answers=[end])
    assert (sat.code, state(run)) == (130, (None, (None, None)))
    assert run_with_answers(home, answers=["y", "yes", end]).code == 130
    assert state(run) == ("yes", HELD)


def test_new_answers_name_their_question(home: "Path", run: "Run") -> None:
    configure(home, 'off = ["rotating", "follow-up"]')
    run_with_answers(home, answers=["mails", "", [], "the checklist", [], [], "12 of 12 deploys", "1", ""])
    assert (get(run, "mails")["question"], get(run, "the checklist")["question"]) == ("activity", "improvement")
    assert get(run, "the checklist")["evidence"] == "12 of 12 deploys"
    assert get(run, "the checklist")["impact"] == "small"
    listed = json.loads(run("list", "--question", "improvement", "--json").out)
    assert [each["text"] for each in listed] == ["the checklist"]


def test_unknown_impact_is_asked_again(home: "Path", run: "Run") -> None:
    sat = run_with_answers(home, answers=["y", "median of 214 cases", "huge", "cl"])
    assert "Type one of s c l, or press Enter." in sat.prompts
    assert get(run)["impact"] == "clear"


def test_plain_lines(home: "Path", run: "Run") -> None:
    terminal = Terminal(home, "today", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for("(y)es, I saw it  (n)o  (l)ater  (d)on't ask again  Enter skips >")
    terminal.answer("maybe", "Type one of y n l d, or press Enter.")
    terminal.answer("y", "how do you know?")
    terminal.answer("yes", SEEN)
    terminal.answer("two calls less each day", IMPACT)
    terminal.answer("c", "Saved 1 answer")
    assert terminal.end() == 0
    assert state(run)[0] == "yes; two calls less each day"
    terminal = Terminal(home, "evidence", "2026", VALUELOG_ACCESSIBLE="1")
    assert terminal.end() == 0
    assert "Nothing to ask" in terminal.output


def test_asked_results_survive_jsonl(run: "Run", home: "Path") -> None:
    run_with_answers(home)
    run("export", "jsonl", str(home / "all.jsonl"))
    assert f"follow-up:{get(run)['id']}" in (home / "all.jsonl").read_text()
    run("--journal", str(home / "other.db"), "import", "jsonl", str(home / "all.jsonl"))
    assert run_with_answers(home, "--journal", str(home / "other.db"), "today").prompts == []
