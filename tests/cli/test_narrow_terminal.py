"""Menus on a terminal of 40 columns: one line per option, and questions wrapped between words."""

import json
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from support.env import process_environment
from support.makers import FRIDAY, make_entry, make_pain, make_promise, open_test_journal
from support.pseudo_terminal import CTRL_C, DOWN, ENTER
from support.snapshots import AWKWARD_TEXTS
from support.terminal import NarrowTerminal
from valuelog.journal import entries, pains, promises
from valuelog.questions.catalogue import load_evening_questions

if TYPE_CHECKING:
    from pathlib import Path

ASKS = {prompt.id: prompt.text for prompt in load_evening_questions()}
ORDINARY = "an ordinary sentence that is much longer than forty columns are wide"
TEXTS = (*AWKWARD_TEXTS, ORDINARY)


@pytest.fixture
def awkward_home(tmp_path: "Path") -> "Path":
    """Return a home whose activities, pain points and promises have awkward texts."""
    journal = open_test_journal(tmp_path / "data" / "valuelog")
    entries.add(journal, [make_entry(text=text) for text in TEXTS])
    week = FRIDAY - timedelta(days=7)
    for place, text in enumerate(TEXTS):
        journal.write("add", pains.creation_changes([make_pain(week, id=f"p{place}00000000", text=text)]))
        made = make_promise(text, id=f"t{place}00000000", made_on=week, due=FRIDAY)
        journal.write("promise", [promises.creation_change(made)])
    journal.close()
    return tmp_path


def read_json(home: "Path", *words: str) -> Any:  # noqa: ANN401  any JSON
    program = [sys.executable, "-m", "valuelog", *words, "--json"]
    return json.loads(subprocess.run(program, env=process_environment(home), capture_output=True, check=True).stdout)


def choices(terminal: NarrowTerminal, first: str) -> list[str]:
    """Return the lines from the first choice on."""
    begin = next(place for place, line in enumerate(terminal.lines) if first in line)
    return [line for line in terminal.lines[begin:] if line]


def test_promote_menu_has_one_line_per_activity(awkward_home: "Path") -> None:
    terminal = NarrowTerminal(awkward_home, "today", PAGER="cat")
    terminal.wait_for("›", at_cursor=True)
    terminal.type(ENTER, "(Space selects, Enter continues)")
    terminal.wait_for("○ an ordinary sentence")
    shown = choices(terminal, "» ○ w")
    assert len(shown) == len(TEXTS)
    assert [line for line in shown if line[3:4] != "○"] == []
    assert "   ○ tabs and lines" in shown
    assert {len(line) for line in shown if "ww" in line or "https" in line} == {terminal.columns - 1}
    terminal.child.send(DOWN * (len(TEXTS) - 1) + " " + ENTER)
    terminal.wait_for("Enter: improvement")
    terminal.type(ENTER, "what changed?", at_cursor=True)
    terminal.type("the hand-over takes a day less than it did before" + ENTER, "(s)mall  (c)lear")
    terminal.type(ENTER, ASKS["improvement"][:30])
    terminal.wait_for("  ›", at_cursor=True)
    terminal.child.send(CTRL_C)
    assert terminal.end() == 130
    (promoted,) = (one for one in read_json(awkward_home, "list", "today") if one["kind"] == "improvement")
    assert (promoted["text"], promoted["evidence"]) == (ORDINARY, "the hand-over takes a day less than it did before")


def test_narrow_menu_has_a_short_key_hint(awkward_home: "Path") -> None:
    read_json(awkward_home, "today", "--activity", "one", "--activity", "two")
    terminal = NarrowTerminal(awkward_home, "today", PAGER="cat")
    terminal.wait_for("(Space, 0 for all, Enter continues)")
    terminal.child.send(CTRL_C)
    assert terminal.end() == 130


def test_long_question_is_wrapped_between_words(awkward_home: "Path") -> None:
    terminal = NarrowTerminal(awkward_home, "pain", "add", f"{ORDINARY}, again")
    terminal.wait_for("» a new one")
    assert all(len(line) <= 40 for line in terminal.lines)
    terminal.type(ENTER, "Logged pain point")
    assert terminal.end() == 0


def test_long_question_in_accessible_mode_is_wrapped(awkward_home: "Path") -> None:
    terminal = NarrowTerminal(awkward_home, "pain", "add", f"{ORDINARY}, again", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for("number, Enter for 2 >", at_cursor=True)
    question = " ".join(" ".join(terminal.lines).split())
    assert f"1 {ORDINARY} · seen once 2 a new one" in question
    terminal.answer("perhaps", "Type a number from 1 to 2")
    terminal.answer("", "Logged pain point")
    assert terminal.end() == 0


def test_pain_menu_has_one_line_per_pain_point(awkward_home: "Path") -> None:
    terminal = NarrowTerminal(awkward_home, "review", "--week", "--reflect", PAGER="cat")
    terminal.wait_for("(Space selects, Enter continues)")
    terminal.type(ENTER, "Enter: later")
    terminal.type(ENTER, "What will you stop")
    terminal.wait_for("›", at_cursor=True)
    terminal.type(ENTER, "» none of them")
    shown = choices(terminal, "which one?")
    assert shown[-1] == " » none of them"
    assert 1 < len(shown) <= len(TEXTS) + 2
    assert [line for line in shown[1:-1] if line[:3].strip() or line[3:4] == " "] == []
    terminal.child.send(DOWN + ENTER)
    terminal.wait_for("Fri 27 Nov?", at_cursor=True)
    assert any(line.endswith("what small step, by") for line in terminal.lines)
    terminal.child.send(CTRL_C)
    assert terminal.end() == 130
