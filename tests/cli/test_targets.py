"""What a command is about if no id names it: words of its text, or one picked from a list."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.pseudo_terminal import DOWN, ENTER
from support.terminal import NarrowTerminal, Terminal
from valuelog.cli.choices import filter_options

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run


@pytest.fixture
def filled(run: "Run") -> "Run":
    """Log a little of everything; return `run`."""
    run("add", "activity", "deploy checklist for @sam")
    run("add", "activity", "audit mails")
    run("add", "helped", "@anna runs the naïve Résumé filter")
    run("pain", "add", "slow VPN")
    run("pain", "add", "two forms for one refund", "--new")
    run("project", "start", "Refund flow", "--problem", "three days")
    run("promise", "make", "stop", "the weekly status mail")
    return run


def shown(run: "Run", *words: str) -> Any:  # noqa: ANN401  JSON
    return json.loads(run(*words, "--json").out)


# Words of its text


def test_words_of_its_text_name_one_thing(filled: "Run") -> None:
    assert shown(filled, "show", "audit")["text"] == "audit mails"
    assert shown(filled, "show", "checklist", "deploy")["text"] == "deploy checklist for @sam"
    assert shown(filled, "show", "resume filter")["text"] == "@anna runs the naïve Résumé filter"
    assert shown(filled, "pain", "show", "slow", "vpn")["text"] == "slow VPN"
    assert shown(filled, "project", "show", "flow")["slug"] == "refund-flow"
    assert shown(filled, "promise", "keep", "status", "mail")["state"] == "kept"


def test_words_of_several_things_list_them(filled: "Run") -> None:
    message = filled("show", "refund", fails=1).err
    assert "“refund” matches 2 texts." in message
    assert "two forms for one refund" in message
    assert "Refund flow" in message
    assert shown(filled, "pain", "show", "refund")["text"] == "two forms for one refund"


@pytest.mark.parametrize("words", ["dep", "zz", "for", "x"])
def test_short_word_matches_whole_words_only(filled: "Run", words: str) -> None:
    expected = 1 if words != "for" else 0
    assert filled("edit", words, "-m", "5", fails=expected).code == expected


def test_words_before_a_quoted_text_name_it(filled: "Run") -> None:
    filled("edit", "deploy", "checklist", "the deploy checklist is done")
    assert shown(filled, "show", "checklist")["text"] == "the deploy checklist is done"
    filled("pain", "drop", "slow", "vpn", "the tool goes away")
    assert shown(filled, "pain", "show", "vpn")["state"] == "dropped"
    filled("project", "measure", "flow", "3")
    filled("evidence", "filter", "she opened 14 requests alone")
    assert shown(filled, "show", "filter")["evidence"] == "she opened 14 requests alone"


def test_unquoted_words_never_split_into_words_and_a_text(filled: "Run") -> None:
    filled("edit", "deploy", "release", fails=1)
    assert shown(filled, "show", "deploy")["text"] == "deploy checklist for @sam"


def test_several_things_are_quoted(filled: "Run") -> None:
    filled("delete", "audit mails", "deploy checklist")
    assert [entry["kind"] for entry in shown(filled, "list")] == ["helped"]
    filled("pain", "fix", "slow vpn", "two forms", "both went away on Monday")
    assert shown(filled, "pain", "list") == []


def test_open_things_are_preferred(filled: "Run") -> None:
    filled("promise", "keep", "status mail")
    filled("promise", "make", "stop", "the status mail of Fridays")
    assert shown(filled, "promise", "keep", "status")["text"] == "the status mail of Fridays"


def test_id_goes_before_words(filled: "Run") -> None:
    entry_id = shown(filled, "list")[0]["id"]
    filled("add", "activity", f"{entry_id} again")
    assert shown(filled, "show", entry_id)["id"] == entry_id


def test_deleted_things_are_not_named(filled: "Run") -> None:
    filled("delete", "audit mails")
    filled("show", "audit", fails=1)


# Picked from a list

PICKED = [
    (("show",), "audit", "audit mails"),
    (("edit", "-m", "5"), "deploy", "deploy checklist for @sam"),
    (("pain", "show"), "VPN", "slow VPN"),
    (("pain", "seen"), "VPN", "slow VPN"),
    (("pain", "drop"), "VPN", "slow VPN"),
    (("promise", "keep"), "status", "the weekly status mail"),
    (("promise", "carry", "--by", "next month"), "status", "the weekly status mail"),
    (("evidence", "--held"), "filter", "@anna runs the naïve Résumé filter"),
]


@pytest.mark.parametrize(("words", "answer", "text"), PICKED, ids=[" ".join(words) for words, _, _ in PICKED])
def test_missing_id_is_picked(filled: "Run", words: tuple[str, ...], answer: str, text: str) -> None:
    result = json.loads(filled(*words, "--json", answers=[answer, "it goes away", ""]).out)
    assert result["text"] == text


@pytest.mark.parametrize("command", ["show", "edit", "measure", "close", "drop"])
def test_missing_project_is_picked(filled: "Run", command: str) -> None:
    options = {"edit": ["--aim", "1"], "close": ["--result", "1"]}.get(command, [])
    filled("project", command, *options, answers=["Refund", "a reason", ""])


def test_promote_asks_for_the_entry_and_the_kind(filled: "Run") -> None:
    filled("promote", "--evidence", "two hours less", answers=["audit", "o"])
    assert shown(filled, "show", "audit")["kind"] == "outcome"


def test_delete_and_merge_and_fix_pick(filled: "Run") -> None:
    filled("delete", answers=["audit"])
    assert len(shown(filled, "list")) == 2
    filled("pain", "merge", answers=["VPN", "forms"])
    assert [pain["text"] for pain in shown(filled, "pain", "list")] == ["two forms for one refund"]
    filled("pain", "fix", answers=["forms", "one form", [], [], "", ""])
    assert shown(filled, "pain", "list") == []


def test_nothing_to_pick_is_said(run: "Run") -> None:
    run("add", "activity", "x")
    assert "There is no open promise to choose." in run("promise", "keep", answers=[], fails=1).err


def test_ctrl_c_changes_nothing(filled: "Run") -> None:
    filled("delete", answers=[KeyboardInterrupt], fails=130)
    assert len(shown(filled, "list")) == 3


@pytest.mark.parametrize("words", [("show",), ("delete",), ("pain", "seen"), ("promise", "keep"), ("project", "show")])
def test_without_a_terminal_the_id_is_missing(run: "Run", words: tuple[str, ...]) -> None:
    assert "Missing argument" in run(*words, fails=2).err


def test_every_word_filters() -> None:
    assert filter_options(["Deploy für Sam", "Audit", "山田さんのdeploy"], "DEPLOY sam") == [0]
    assert filter_options(["Deploy für Sam", "Audit", "山田さんのdeploy"], "山田 dep") == [2]


# On a terminal


@pytest.mark.usefixtures("filled")
def test_typing_filters_the_list(home: "Path") -> None:
    terminal = Terminal(home, "show")
    terminal.wait_for("Type to filter")
    terminal.type("slow", then="» slow VPN")
    terminal.type("zz", then="nothing matches")
    terminal.type("\x15audit", then="» audit mails")
    terminal.type(ENTER, then="activity")
    assert terminal.end() == 0
    assert "deploy" not in terminal.screen_text


def test_arrow_keys_move_and_wide_texts_fit_a_narrow_terminal(filled: "Run", home: "Path") -> None:
    filled("add", "activity", "山田さんのリリース手順を一緒に確認して新しい承認者を二人増やした長い説明")
    terminal = NarrowTerminal(home, "delete")
    terminal.wait_for("» 山田さん")
    assert all(len(line) <= 40 for line in terminal.lines)
    terminal.type(DOWN, then="» @anna runs")
    terminal.type("\x03", then="")
    assert terminal.end() == 130


@pytest.mark.usefixtures("filled")
def test_accessible_list_is_numbered(home: "Path") -> None:
    terminal = Terminal(home, "show", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for("number, or words to filter")
    terminal.answer("mails", then="1  audit mails")
    terminal.answer("1", then="activity")
    assert terminal.end() == 0


def test_accessible_list_has_pages(run: "Run", home: "Path") -> None:
    for number in range(12):
        run("add", "activity", f"thing {number:02}")
    terminal = Terminal(home, "delete", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for("Enter for more >")
    terminal.answer("", then="2  thing 00")
    terminal.answer("2", then="Deleted")
    assert terminal.end() == 0
    assert "thing 00" not in run("list").out
