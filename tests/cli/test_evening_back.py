"""Up on an empty line, pastes of several lines, and ? at choices: in a real pseudo-terminal."""

import json
from typing import TYPE_CHECKING

import pytest

from support.evenings import run_with_answers
from support.makers import GO_BACK
from support.pseudo_terminal import ENTER
from support.terminal import Terminal
from valuelog.questions.catalogue import load_evening_questions

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

UP = "\x1b[A"
ERASE = "\x15"


def ask_only(home: "Path", *ids: str) -> None:
    """Configure an evening of some questions."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[evening]\nquestions = {json.dumps(ids)}\n")


def list_texts(run: "Run") -> list[str]:
    return [entry["text"] for entry in json.loads(run("list", "--json").out)]


def test_up_edits_the_last_answer_and_returns(home: "Path", run: "Run") -> None:
    ask_only(home, "activity", "helped")
    terminal = Terminal(home, "today", VALUELOG_TODAY="2026-11-18")
    terminal.wait_for("Up edits, ? explains")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type("audit mals" + ENTER, "› audit mals")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(UP, "    edit: audit mals", at_cursor=True)
    terminal.type("\x7f\x7f\x7fails with @lee" + ENTER, "edit: audit mails with @lee")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(ENTER, "Who did you help")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(UP, "edit: audit mails with @lee", at_cursor=True)  # of the question before
    assert terminal.screen_text.count("What kept you busy today?") == 2
    terminal.type(" #audit" + ENTER, "@lee #audit")
    terminal.wait_for("  ›", at_cursor=True)
    assert terminal.screen_text.count("Who did you help") == 2
    terminal.type("@sam deploys" + ENTER, "› @sam deploys")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(UP, "edit: @sam deploys", at_cursor=True)
    terminal.type(UP, "edit: audit mails", at_cursor=True)  # one more back
    terminal.type(ENTER, "edit: @sam deploys", at_cursor=True)
    terminal.type(ERASE + ENTER, "not changed; to delete it: valuelog delete")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(ENTER, "Saved 2 answers for Wed 18 Nov 2026")
    assert terminal.end() == 0
    entries = json.loads(run("list", "--json").out)
    assert [entry["text"] for entry in entries] == ["audit mails with @lee #audit", "@sam deploys"]
    assert (entries[0]["people"], entries[0]["tags"]) == (["lee"], ["audit"])
    run("undo")  # one batch
    assert list_texts(run) == []


def test_up_without_an_answer_or_behind_a_text_does_nothing(home: "Path", run: "Run") -> None:
    ask_only(home, "activity")
    terminal = Terminal(home, "today", VALUELOG_TODAY="2026-11-18")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.child.send(UP + "one" + ENTER)
    terminal.wait_for("  › one")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.child.send("two" + UP + ENTER)
    terminal.wait_for("  › two")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(ENTER, "Saved 2 answers")
    assert terminal.end() == 0
    assert list_texts(run) == ["one", "two"]


def test_up_edits_whatever_the_answer_became(home: "Path", run: "Run") -> None:
    ask_only(home, "pain", "rotating")
    answers = [
        "deploy waits",
        GO_BACK,
        "the deploy waits",
        "",
        "",
        "",
        "",
        "",
        "stop mail",
        GO_BACK,
        "stop the mail",
        "",
    ]
    run_with_answers(home, answers=answers, VALUELOG_TODAY="2026-11-26")  # a rotating question that makes a promise
    (pain,) = json.loads(run("pain", "list", "--json").out)
    assert pain["text"] == "the deploy waits"
    answers = ["The deploy waits", GO_BACK, "the deploy waits for Ann", "", "", "", "", "", ""]
    run_with_answers(home, "today", "--again", answers=answers, VALUELOG_TODAY="2026-11-26")
    shown = run("show", pain["id"], VALUELOG_TODAY="2026-11-26").out
    assert "the deploy waits for Ann" in shown


def test_edited_promise(home: "Path", run: "Run") -> None:
    ask_only(home, "rotating")
    path = home / "config" / "valuelog" / "config.toml"
    off = [question.id for question in load_evening_questions() if question.rotates and question.id != "put-down"]
    path.write_text(f"{path.read_text()}off = {json.dumps(off)}\n")
    result = run_with_answers(home, answers=["the mail", GO_BACK, "the status mail", ""])
    (promise,) = json.loads(run("promise", "list", "--json").out)
    assert promise["text"] == "the status mail"
    assert result.notes == [f"→ promise, due Fri 27 Nov ({promise['id'][:2]})"]


@pytest.mark.parametrize(("key", "saved"), [("s", ["one", "two", "three"]), (ENTER, ["one\ntwo\n\nnone\nthree"])])
def test_paste_of_several_lines_asks_once(home: "Path", run: "Run", key: str, saved: list[str]) -> None:
    ask_only(home, "activity")
    terminal = Terminal(home, "today", VALUELOG_TODAY="2026-11-18")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.child.send("\x1b[200~one\rtwo\r\rnone\rthree\r\x1b[201~")
    terminal.type(ENTER, "Paste of 4 lines: (o)ne answer  (s)everal  Enter: one answer", at_cursor=True)
    terminal.type(key, "Paste of 4 lines: ")
    terminal.wait_for("  ›", at_cursor=True)
    terminal.type(ENTER, f"Saved {len(saved)} answer")
    assert terminal.end() == 0
    assert list_texts(run) == saved


@pytest.mark.parametrize("accessible", ["0", "1"])
def test_question_mark_explains_a_check_list_and_a_choice(home: "Path", run: "Run", accessible: str) -> None:
    ask_only(home, "promote", "follow-up")
    run("add", "activity", "audit mails")
    run("add", "outcome", "one day instead of three", "-d", "2026-11-12")
    enter = ENTER if accessible == "1" else ""
    terminal = Terminal(home, "today", VALUELOG_ACCESSIBLE=accessible)
    terminal.wait_for("Did any of these make something better?")
    terminal.wait_for("Enter", at_cursor=True)
    terminal.type("?" + enter, "Work is value if something is better afterwards.")
    terminal.wait_for("Enter", at_cursor=True)
    terminal.type("1" + ENTER if enter else " " + ENTER, "what is it?", at_cursor=True)
    terminal.type("?" + enter, "improvement: Something that works better")
    terminal.wait_for("Enter: improvement", at_cursor=True)
    terminal.type("h" + enter, "what changed?", at_cursor=True)
    terminal.type(ENTER, "how big?", at_cursor=True)
    terminal.type(ENTER, "Did it hold?")
    terminal.wait_for("Enter skips", at_cursor=True)
    terminal.type("?" + enter, "A result that nobody has seen working is only claimed.")
    terminal.wait_for("Enter skips", at_cursor=True)
    terminal.type("l" + enter, "Saved 1 answer")
    assert terminal.end() == 0


def test_accessible_mode_says_how_to_edit(home: "Path", run: "Run") -> None:
    ask_only(home, "helped")
    terminal = Terminal(home, "today", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for("moves on, ? explains")
    terminal.answer("@sam deploys", "  >")
    terminal.answer("?", "To edit an answer afterwards: valuelog list today, then valuelog edit ID")
    terminal.answer("", "Saved 1 answer")
    assert terminal.end() == 0
    assert list_texts(run) == ["@sam deploys"]
