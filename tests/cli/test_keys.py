"""Questions that one key answers, in a pseudo-terminal of 80 x 24."""

import json
from typing import TYPE_CHECKING, Any

import pytest

from support.pseudo_terminal import CTRL_C, CTRL_D, ENTER
from support.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

RESULT = "one day instead of three"
HELD = "(y)es, I saw it  (n)o  (l)ater  (d)on't ask again  Enter skips"
IMPACT = "how big? (s)mall  (c)lear  (l)arge  Enter skips"
LEFT, RIGHT = "\x1b[D", "\x1b[C"


@pytest.fixture
def follow_up(home: "Path", run: "Run") -> "Run":
    """Configure an evening that only asks about a result of last week."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[evening]\nquestions = ["follow-up"]\n')
    run("add", "outcome", RESULT, "-d", "2026-11-12")
    return run


def get(run: "Run") -> dict[str, Any]:
    (entry,) = json.loads(run("list", "2026", "--json").out)
    return dict(entry)


def open_evening(home: "Path") -> Terminal:
    terminal = Terminal(home, "today")
    terminal.wait_for(f"Last week: “{RESULT}”. Did it hold?")
    terminal.wait_for(HELD)
    return terminal


def test_yes_asks_how_it_is_known(home: "Path", follow_up: "Run") -> None:
    terminal = open_evening(home)
    terminal.type("y", "how do you know?", at_cursor=True)
    assert get(follow_up)["held"] == "yes"  # saved before the next question
    terminal.wait_for("  › yes, I saw it")
    terminal.type("no wait at all" + ENTER, IMPACT)
    terminal.type("c", "how big? clear")
    terminal.wait_for("Saved 1 answer")
    assert terminal.end() == 0
    entry = get(follow_up)
    assert (entry["evidence"], entry["held"], entry["impact"]) == ("no wait at all", "yes", "clear")
    follow_up("undo")
    entry = get(follow_up)
    assert (entry["evidence"], entry["held"], entry["impact"]) == (None, None, None)


def test_no_keeps_the_rest_of_a_word_as_the_reason(home: "Path", follow_up: "Run") -> None:
    terminal = open_evening(home)
    terminal.type("n", "what happened?", at_cursor=True)
    terminal.type("three days again" + ENTER, "Saved 1 answer")
    assert terminal.end() == 0
    assert (get(follow_up)["evidence"], get(follow_up)["held"]) == ("three days again", "no")


KEYS = [("d", "don't ask again", False), ("D", "don't ask again", False), ("4", "don't ask again", False),
        ("l", "later", True), (ENTER, "(skipped)", True), (RIGHT * 3 + ENTER, "later", True),
        (LEFT + ENTER, "don't ask again", False)]  # fmt: skip


@pytest.mark.parametrize(("keys", "shown", "asks"), KEYS, ids=[repr(keys) for keys, _, _ in KEYS])
def test_one_key_answers(home: "Path", follow_up: "Run", keys: str, shown: str, asks: bool) -> None:  # noqa: FBT001  a parameter
    terminal = open_evening(home)
    terminal.type(keys, f"  › {shown}")
    assert terminal.end() == 0
    assert (get(follow_up)["evidence"], get(follow_up)["held"]) == (None, None)
    assert (RESULT in follow_up("evidence", "--plain").out) == asks


def test_other_keys_and_pastes_answer_nothing(home: "Path", follow_up: "Run") -> None:
    terminal = open_evening(home)
    terminal.child.send("xq9 \x1b[200~no\nyes\x1b[201~")
    terminal.type(RIGHT, "Enter: yes, I saw it")
    terminal.type(CTRL_C, "Stopped. Nothing new was saved")
    assert terminal.end() == 130
    assert get(follow_up)["held"] is None


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
def test_choice_can_be_interrupted(home: "Path", follow_up: "Run", key: str) -> None:
    terminal = open_evening(home)
    terminal.type(key, "Pick up where you left off: valuelog today")
    assert terminal.end() == 130
    assert get(follow_up)["held"] is None


def test_evidence_walk(home: "Path", follow_up: "Run") -> None:
    follow_up("add", "helped", "@sam deploys", "-d", "2026-11-10")
    terminal = Terminal(home, "evidence")
    terminal.wait_for(f"Thu 12 Nov · {RESULT}  Did it hold?")
    terminal.wait_for(HELD)
    terminal.type("l", "Tue 10 Nov · @sam deploys")
    terminal.wait_for(HELD)
    terminal.type("y", "how do you know?", at_cursor=True)
    terminal.type("later than planned, 3 times" + ENTER, "Saved 1 answer. Undo: valuelog undo")
    assert terminal.end() == 0


def test_letters_do_not_tick_a_check_list(home: "Path", follow_up: "Run") -> None:
    for number in range(11):
        follow_up("add", "activity", f"work {number}")
    path = home / "config" / "valuelog" / "config.toml"
    path.write_text('[evening]\nquestions = ["promote"]\n')
    terminal = Terminal(home, "today")
    terminal.wait_for("(Space selects, 0 for all or none, Enter continues)")
    terminal.wait_for("○ work 10")
    terminal.child.send("\x1b[200~a i\x1b[201~")
    terminal.child.send("aijkxyz")
    terminal.type(" ", "● work 0")
    assert terminal.screen_text.count("●") == 1
    terminal.type("0", "● work 10")
    assert terminal.screen_text.count("●") == 11
    terminal.type("0", "○ work 0")
    assert terminal.screen_text.count("●") == 0
    terminal.type(ENTER, "  › (none)")
    assert terminal.end() == 0


@pytest.mark.parametrize(
    ("key", "shown", "then"),
    [("n", "No", "Wed 11 Nov 2026"), ("y", "Yes", "What kept you busy"), (ENTER, "Yes", "What kept you busy")],
)
def test_one_key_confirms(home: "Path", key: str, shown: str, then: str) -> None:
    terminal = Terminal(home, "today", "--catch-up", VALUELOG_TODAY="2026-11-17")
    terminal.wait_for("Log it now? (Y/n)", at_cursor=True)
    terminal.child.send("\x1b[200~n\x1b[201~x")
    terminal.type(key, f"Log it now? {shown}")
    terminal.wait_for(then)
    terminal.wait_for("(Y/n)" if key == "n" else "›", at_cursor=True)
    terminal.type(CTRL_C, "Stopped")
    assert terminal.end() == 130


@pytest.mark.parametrize("accessible", ["0", "1"])
def test_question_mark_explains_the_question(home: "Path", run: "Run", accessible: str) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('[evening]\nquestions = ["helped"]\n')
    terminal = Terminal(home, "today", VALUELOG_ACCESSIBLE=accessible)
    mark = ">" if accessible == "1" else "›"
    terminal.wait_for(f"  {mark}", at_cursor=True)
    terminal.child.send("?" + ENTER)  # Enter doesn't skip the question
    terminal.wait_for("such as: @sam runs the release alone now")
    terminal.wait_for("such as: showed @lee how to restore a backup")
    terminal.wait_for(f"  {mark}", at_cursor=True)
    terminal.type("@sam can?" + ENTER, f"  {mark} @sam can?")
    terminal.wait_for(f"  {mark}", at_cursor=True)
    terminal.type(ENTER, "Saved 1 answer")
    assert terminal.end() == 0
    assert [entry["text"] for entry in json.loads(run("list", "--json").out)] == ["@sam can?"]
