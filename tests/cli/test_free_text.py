"""`add` without a full kind name: free text, beginnings and synonyms of kinds, pipes, and the menu of kinds."""

import json
from typing import TYPE_CHECKING

import pytest

from support.terminal import NarrowTerminal, Terminal
from valuelog.model.kind_words import KIND_NOTES, find_kind, guess_kind
from valuelog.model.question import KINDS

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

TYPED = [
    (["paired with anna"], "activity", "paired with anna"),
    (["paired", "with", "anna"], "activity", "paired with anna"),
    (["out", "of", "office"], "activity", "out of office"),
    (["out", "sick"], "activity", "out sick"),
    (["out", "of office until Monday"], "outcome", "of office until Monday"),
    (["imp", "deploys take a minute"], "improvement", "deploys take a minute"),
    (["IMP", "faster"], "improvement", "faster"),
    (["imp", "deploys", "are", "faster"], "activity", "imp deploys are faster"),
    (["win", "the contract is signed"], "outcome", "the contract is signed"),
    (["did", "the audit mails"], "activity", "the audit mails"),
    (["idea", "one form instead of two"], "insight", "one form instead of two"),
    (["til", "jq"], "learned", "jq"),
    (["helped", "sam", "with", "jq"], "helped", "sam with jq"),
    (["i", "wrote the report"], "activity", "i wrote the report"),
    (["lunch"], "activity", "lunch"),
]


@pytest.mark.parametrize(("words", "kind", "text"), TYPED, ids=str)
def test_first_word_is_a_kind_only_where_it_is_meant_as_one(run: "Run", words: list[str], kind: str, text: str) -> None:
    run("add", *words)
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["kind"], entry["text"]) == (kind, text)


def test_unnamed_kind_is_work_and_the_message_has_the_command_that_changes_it(run: "Run") -> None:
    message = run("add", "paired with anna").err
    entry_id = json.loads(run("list", "--json").out)[0]["id"]
    command = message.partition("valuelog edit ")[2].partition(" ·")[0].split()
    assert entry_id.startswith(command[0])
    assert command[1:] == ["--kind", "helped"]
    run("edit", *command)
    assert json.loads(run("list", "--json").out)[0]["kind"] == "helped"
    assert "--kind" not in run("add", "helped", "@anna found the bug").err


@pytest.mark.parametrize(
    ("words", "kind"),
    [([], "activity"), (["outcome"], "outcome"), (["idea"], "insight"), (["imp", "-"], "improvement")],
)
def test_pipe_is_read_without_a_dash(run: "Run", words: list[str], kind: str) -> None:
    run("--no-input", "add", *words, stdin="die Freigabe läuft\nzwei Zeilen\n".encode())
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["kind"], entry["text"]) == (kind, "die Freigabe läuft\nzwei Zeilen")


def test_pipe_is_read_for_a_pain_point(run: "Run") -> None:
    run("pain", "add", stdin=b"slow CI\n")
    assert json.loads(run("pain", "--json").out)[0]["text"] == "slow CI"


def test_pipe_is_not_read_if_there_is_a_text(run: "Run") -> None:
    run("add", "outcome", "typed", stdin=b"piped")
    assert json.loads(run("list", "--json").out)[0]["text"] == "typed"


@pytest.mark.parametrize("words", [["add"], ["add", "imp"], ["add", "outcome"]], ids=" ".join)
def test_empty_pipe_names_what_to_give_instead(run: "Run", words: list[str]) -> None:
    message = run(*words, stdin=b" \n", fails=2).err
    assert "TEXT, or - to read it from stdin" in message


def test_seen_and_new_mean_a_pain_point(run: "Run") -> None:
    run("add", "--new", "slow CI")
    (pain,) = json.loads(run("pain", "--json").out)
    run("add", "--seen", pain["id"], "again", "and", "again")
    assert len(json.loads(run("pain", "show", pain["id"], "--json").out)["sightings"]) == 2
    run("add", "outcome", "x", "--new", fails=2)


# The menu


def test_menu_preselects_the_guess(run: "Run") -> None:
    run("add", "paired with anna", answers=[""])
    run("add", "paired with anna again", answers=["i"])
    run("add", "paired", "with", "anna", "on", "CI", answers=["insight"])
    assert [entry["kind"] for entry in json.loads(run("list", "--json").out)] == ["helped", "improvement", "insight"]


def test_menu_can_note_a_pain_point(run: "Run") -> None:
    run("add", "the CI is slow", answers=["pain"])
    assert json.loads(run("pain", "--json").out)[0]["text"] == "the CI is slow"


def test_add_alone_asks_for_the_kind_then_for_the_text(run: "Run") -> None:
    run("add", answers=["o", "the form is live #forms"])
    (entry,) = json.loads(run("list", "--json").out)
    assert (entry["kind"], entry["text"], entry["tags"]) == ("outcome", "the form is live #forms", ["forms"])
    run("add", answers=["o", ""], fails=2)
    run("add", answers=[KeyboardInterrupt], fails=130)
    run("add", "what", "is", "it", answers=[KeyboardInterrupt], fails=130)
    assert len(json.loads(run("list", "--json").out)) == 1


def test_menu_explains_every_kind() -> None:
    assert tuple(KIND_NOTES) == KINDS
    assert all(find_kind(kind) == kind for kind in KINDS)


def test_one_key_answers_the_menu(home: "Path") -> None:
    terminal = Terminal(home, "add", "paired with anna")
    terminal.wait_for("friction: clumsy, slow, pointless")
    terminal.wait_for("» (h)elped       someone got further thanks to you")
    terminal.type("o", then="Added outcome")
    assert terminal.end() == 0
    assert "friction" not in terminal.screen_text


def test_menu_fits_a_narrow_terminal(home: "Path") -> None:
    terminal = NarrowTerminal(home, "add", "paired with 山田太郎さん and 佐藤花子さん on the release checklist")
    terminal.wait_for("friction: clumsy, slow, pointless")
    terminal.type("\r", then="Added helped")
    assert terminal.end() == 0


def test_accessible_menu_lists_the_kinds_in_lines(home: "Path") -> None:
    terminal = Terminal(home, "add", "paired with anna", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for("(h)elped: someone got further thanks to you")
    terminal.answer("", then="Added helped")
    assert terminal.end() == 0


def test_ctrl_c_leaves_the_menu(home: "Path") -> None:
    terminal = Terminal(home, "add", "paired with anna")
    terminal.wait_for("friction: clumsy")
    terminal.child.send("\x03")
    assert terminal.end() == 130


# The guess

GUESSES = [
    ("paired with anna", "helped"),
    ("paired with Anna on the parser", "helped"),
    ("paired on the parser with anna", "helped"),
    ("helped Anna ship it", "helped"),
    ("unblocked the release", "activity"),
    ("helped with the release", "activity"),
    ("the deploy now takes a minute", "improvement"),
    ("automated the weekly report", "improvement"),
    ("fixed the login", "improvement"),
    ("shipped the new form", "outcome"),
    ("the refund flow went live", "outcome"),
    ("closed the audit", "outcome"),
    ("TIL jq can sort", "learned"),
    ("learned how the cache works", "learned"),
    ("noticed that nobody reads the report", "insight"),
    ("what if we had one form", "insight"),
    ("the deploy should be faster", "insight"),
    ("audit mails", "activity"),
    ("shoulder surgery paperwork", "activity"),
    ("the tile cutter", "activity"),
    ("", "activity"),
]


@pytest.mark.parametrize(("text", "kind"), GUESSES, ids=[text for text, _ in GUESSES])
def test_guess(text: str, kind: str) -> None:
    assert guess_kind(text) == kind


def test_people_make_a_helping_word_helped() -> None:
    assert guess_kind("unblocked the release", ["anna"]) == "helped"
