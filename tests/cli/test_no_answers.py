"""“None” and the like alone: skipped where a question is asked or a file answers, refused where a command is typed."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.evenings import run_with_answers
from support.messages import assert_one_clear_message
from valuelog.questions.catalogue import load_evening_questions, load_weekly_talk_questions

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

ASKS = {question.id: question.text for question in (*load_evening_questions(), *load_weekly_talk_questions())}


def listed(run: "Run", *words: str) -> list[Any]:
    found: list[Any] = json.loads(run(*(words or ("list",)), "--json").out)
    return found


REFUSED = [
    ("add", "improvement", "nothing"),
    ("add", "activity", "N/A."),
    ("add", "pain", "none"),
    ("add", "insight", "?"),
    ("add", "improvement", "no", "one"),
    ("pain", "add", "nope"),
    ("today", "--improvement", "nothing"),
    ("today", "--pain", "none"),
    ("today", "--learned", "nothing!"),
    ("today", "--activity", "mails", "--helped", "nobody"),
    ("review", "--week", "--stop", "nothing"),
    ("review", "--week", "--level", "–"),
]


@pytest.mark.parametrize("words", REFUSED, ids=" ".join)
def test_typed_no_answer_is_refused(run: "Run", words: tuple[str, ...]) -> None:
    said = run(*words, fails=2)
    assert_one_clear_message(said, " alone says nothing.\nSay what happened, or leave it out.\n")
    assert listed(run) == listed(run, "pain") == listed(run, "promise") == []


def test_edit_refuses_no_answer_and_keeps_text(run: "Run") -> None:
    run("add", "improvement", "no more manual exports")
    (entry,) = listed(run)
    assert_one_clear_message(run("edit", entry["id"], "none", fails=2), "“none” alone says nothing.")
    assert listed(run) == [entry]


def test_no_answer_on_stdin_is_refused(run: "Run") -> None:
    assert "“n/a” alone says nothing." in run("add", "outcome", "-", stdin=b"n/a\n", fails=2).err


def test_evening_skips_no_answers(home: "Path", run: "Run") -> None:
    answers = ["Nothing.", "none", "n/a", "nobody", "-", "?"]
    sat = run_with_answers(home, answers=answers)
    assert sat.code == 0
    assert answers == ["Nothing.", "none", "n/a", "nobody", "-", "?"]
    assert [said for said in sat.prompts if said][:5] == [
        ASKS[name] for name in ("activity", "improvement", "outcome", "helped", "pain")
    ]
    assert "Saved" not in sat.err
    assert listed(run) == listed(run, "pain") == []
    assert run_with_answers(home).prompts == []


def test_evening_skips_no_answers_to_follow_ups(home: "Path", run: "Run") -> None:
    outcome = ["refunds take a day", "none", "no", "", "nope"]
    pain = ["the deploy waits", "no", "nothing", "n/a", "nobody", "none"]
    run_with_answers(home, answers=["", "", *outcome, "", *pain])
    (entry,) = listed(run)
    assert (entry["project"], entry["evidence"]) == (None, None)
    (known,) = listed(run, "pain")
    assert {name: known[name] for name in ("shared", "better", "step", "hit")} == {
        "shared": "no", "better": None, "step": None, "hit": None,
    }  # fmt: skip


def test_talk_skips_no_answers(run: "Run") -> None:
    run("review", "--week", answers=[True, "nothing", "none", "n/a"])
    assert listed(run, "promise") == []
    assert json.loads(run("review", "--week", "--json").out)["reflection"] == []


def test_talk_skips_no_answer_about_a_fix(run: "Run") -> None:
    run("pain", "add", "the deploy waits")
    (pain,) = listed(run, "pain")
    run("pain", "plan", pain["id"], "ask for two", "--by", "today")
    run("review", "--week", answers=[True, "kept", True, "no"])
    assert listed(run, "pain")[0]["state"] != "fixed"
    assert listed(run) == []


def test_answers_file_skips_no_answers(home: "Path", run: "Run") -> None:
    lines = [
        {"kind": "improvement", "text": "None."},
        {"kind": "pain", "text": "-"},
        {"kind": "helped", "text": "@sam"},
    ]
    closed = run("today", "--answers", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    assert "Saved 1 answer " in closed.err
    assert [entry["text"] for entry in listed(run)] == ["@sam"]
    assert listed(run, "pain") == []
    asked = run_with_answers(home).prompts
    assert ASKS["activity"] in asked
    assert not {ASKS["improvement"], ASKS["pain"], ASKS["helped"]} & set(asked)


def test_answers_file_of_nothing_saves_nothing(run: "Run") -> None:
    closed = run("today", "--answers", "-", stdin=b'{"kind": "improvement", "text": "nothing"}')
    assert "Saved" not in closed.err
    assert listed(run) == []


def test_talk_answers_file_skips_no_answers(run: "Run") -> None:
    lines = [{"question": "stop", "answer": "nothing"}, {"question": "level", "answer": "asked first"}]
    run("review", "--week", "--answers", "-", stdin="\n".join(map(json.dumps, lines)).encode())
    assert listed(run, "promise") == []
    assert [each["answer"] for each in json.loads(run("review", "--week", "--json").out)["reflection"]] == [
        "asked first"
    ]


def test_empty_text_in_answers_file_is_still_an_error(run: "Run") -> None:
    said = run("today", "--answers", "-", stdin=b'{"kind": "improvement", "text": " "}', fails=2)
    assert "Line 1 of the answers: The text is empty." in said.err
