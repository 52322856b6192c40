"""The weekly talk in a pseudo-terminal of 80 x 24: complete, interrupted, skipped, and in accessible mode."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.env import process_environment
from support.pseudo_terminal import CTRL_C, DOWN, ENTER
from support.terminal import Terminal
from valuelog.cli.weekly_talk import COUNT_WORDS
from valuelog.questions.catalogue import load_weekly_talk_questions

if TYPE_CHECKING:
    from pathlib import Path

ASKS = {prompt.id: prompt.text for prompt in load_weekly_talk_questions()}
OFFER = "about next week. Enter skips. Now?"
ANSWER = "  ›"


def run_valuelog(home: "Path", *words: str, **environ: str) -> str:
    """Run valuelog without a terminal."""
    program = [sys.executable, "-m", "valuelog", *words]
    done = subprocess.run(program, env=process_environment(home, **environ), capture_output=True, text=True, check=True)
    return done.stdout


def read_json(home: "Path", *words: str) -> Any:  # noqa: ANN401
    return json.loads(run_valuelog(home, *words, "--json"))


@pytest.fixture
def due_home(tmp_path: "Path") -> "Path":
    """Return a home with a pain point and a promise that is due today."""
    run_valuelog(tmp_path, "pain", "add", "the deploy waits on one approver")
    run_valuelog(tmp_path, "promise", "make", "stop", "the status mail", "--by", "fri", VALUELOG_TODAY="2026-11-17")
    return tmp_path


STEPS = (
    ("promise", "how did it go?", DOWN + ENTER),  # the menu wraps around from “later” to “kept”
    ("stop", ANSWER, "the Monday report" + ENTER),
    ("step", "which one?", DOWN + ENTER),
    ("step, in words", "what small step, by Fri 27 Nov?", "ask for a second one" + ENTER),
    ("start", ANSWER, "pairing" + ENTER),
    ("level", ANSWER, "said no to the audit" + ENTER),
)
"""Name, text to wait for before answering, and keys of each answer."""

ASKED = {"promise": "You promised to stop the status mail", **ASKS}


def start_talk(home: "Path", questions: str) -> Terminal:
    """Start the weekly review and accept the offer of a talk."""
    terminal = Terminal(home, "review", "--week")
    terminal.wait_for(f"{questions} {OFFER}")
    terminal.child.send("y")
    return terminal


def answer_steps(terminal: Terminal, steps: tuple[tuple[str, str, str], ...]) -> None:
    """Answer the questions of some steps."""
    for name, ready, keys in steps:
        if name in ASKED:
            terminal.wait_for(ASKED[name])
        terminal.wait_for(ready, at_cursor=ready == ANSWER or name == "step, in words")
        terminal.child.send(keys)


def assert_answers_saved(home: "Path") -> None:
    """Check that all answers of STEPS are saved."""
    promises = {one["text"]: one["state"] for one in read_json(home, "promise", "list", "--all")}
    assert promises == {
        "the status mail": "kept",
        "the Monday report": "open",
        "ask for a second one": "open",
        "pairing": "open",
    }
    answers = [one["answer"] for one in read_json(home, "review", "--week")["reflection"]]
    assert answers == ["the Monday report", "ask for a second one", "pairing", "said no to the audit"]


def test_talk_with_menus(due_home: "Path") -> None:
    terminal = start_talk(due_home, "Five short questions")
    answer_steps(terminal, STEPS)
    terminal.wait_for("Friday's review (27 Nov) will ask how it went.")
    assert terminal.end() == 0
    assert max(map(len, terminal.lines)) <= 80
    assert any(line.endswith("due Fri 27 Nov") for line in terminal.lines)
    assert_answers_saved(due_home)
    again = Terminal(due_home, "review", "--week")
    assert again.end() == 0
    assert OFFER not in "\n".join(again.lines)


@pytest.mark.parametrize("place", range(len(STEPS)), ids=[name for name, _, _ in STEPS])
def test_ctrl_c_keeps_answers_and_talk_resumes(due_home: "Path", place: int) -> None:
    terminal = start_talk(due_home, "Five short questions")
    answer_steps(terminal, STEPS[:place])
    name, ready, _ = STEPS[place]
    if name in ASKED:
        terminal.wait_for(ASKED[name])
    terminal.wait_for(ready, at_cursor=ready == ANSWER or name == "step, in words")
    terminal.child.send(CTRL_C)
    terminal.wait_for("Pick up where you left off: valuelog review --week")
    assert terminal.end() == 130
    first = place - (name == "step, in words")  # the chosen pain point is not saved without its step
    remaining = 5 - (first if first < 3 else first - 1)
    rest = start_talk(due_home, f"{COUNT_WORDS[remaining]} short {'questions' if remaining > 1 else 'question'}")
    answer_steps(rest, STEPS[first:])
    rest.wait_for("Friday's review (27 Nov) will ask how it went.")
    assert rest.end() == 0
    assert_answers_saved(due_home)


def test_many_promises_in_one_menu(due_home: "Path") -> None:
    for text in ("the Monday report", "slides"):
        run_valuelog(due_home, "promise", "make", "stop", text, "--by", "fri", VALUELOG_TODAY="2026-11-17")
    terminal = start_talk(due_home, "Five short questions")
    terminal.wait_for("Which of these did you keep?")
    terminal.wait_for("(Space selects, Enter continues)")
    terminal.child.send(" " + DOWN + DOWN + " " + ENTER)
    terminal.wait_for("What about the rest?")
    terminal.wait_for("later")
    terminal.child.send(ENTER)
    terminal.wait_for("Still open: ")
    terminal.wait_for("valuelog promise carry ")
    terminal.wait_for(ASKS["stop"])
    terminal.wait_for(ANSWER, at_cursor=True)
    terminal.child.send(CTRL_C)
    terminal.wait_for("Stopped. 1 answer saved")
    assert terminal.end() == 130
    promises = {one["text"]: one["state"] for one in read_json(due_home, "promise", "list", "--all")}
    assert promises == {"the status mail": "kept", "the Monday report": "open", "slides": "kept"}
    start_talk(due_home, "Four short questions").child.send(CTRL_C)


def test_talk_with_everything_skipped(tmp_path: "Path") -> None:
    run_valuelog(tmp_path, "add", "activity", "mails")
    terminal = start_talk(tmp_path, "Three short questions")
    for name in ("stop", "start", "level"):
        terminal.wait_for(ASKS[name])
        terminal.wait_for(ANSWER, at_cursor=True)
        terminal.child.send(ENTER)
    terminal.wait_for("No open promises.")
    assert terminal.end() == 0
    assert read_json(tmp_path, "promise") == []


def test_no_and_ctrl_c_decline_the_talk(due_home: "Path") -> None:
    for key, code in (("n", 0), (CTRL_C, 130)):
        terminal = Terminal(due_home, "review", "--week")
        terminal.wait_for(OFFER)
        terminal.child.send(key)
        assert terminal.end() == code
        assert len(read_json(due_home, "promise")) == 1


LINES = [
    ("1", "  > "),
    ("the Monday report", "number, Enter for 2 > "),
    ("1", "what small step, by Fri 27 Nov? > "),
    ("ask for a second one", "  > "),
    ("pairing", "  > "),
    ("said no to the audit", "Friday's review (27 Nov) will ask how it went."),
]


def test_talk_in_accessible_mode(due_home: "Path") -> None:
    terminal = Terminal(due_home, "review", "--week", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for(f"{OFFER} [Y/n]")
    terminal.child.send("y" + ENTER)
    terminal.wait_for("how did it go?")
    for line, then in LINES:
        terminal.answer(line, then)
    assert terminal.end() == 0
    assert_answers_saved(due_home)
