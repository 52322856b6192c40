"""review and demo on a terminal of 80 x 24: what matters is on the screen at the end, with a pager or without one."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.env import process_environment
from support.pseudo_terminal import CTRL_C, ENTER
from support.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

SCORE = "16 value (0 proven) : 4 work · 80 % (58 to 92) · too early for a trend"


@pytest.fixture
def full_home(tmp_path: "Path") -> "Path":
    """Return a home with a week of sixteen results, and a pain point that keeps coming back."""
    records = [{"kind": "outcome", "text": f"result {place}"} for place in range(16)]
    records += [{"kind": "activity", "text": f"mails {place}"} for place in range(4)]
    run_valuelog(tmp_path, "today", "--answers", "-", stdin="\n".join(map(json.dumps, records)))
    for day in ("mon", "wed", "fri"):
        run_valuelog(tmp_path, "pain", "add", "the form asks twice", "-d", day)
    return tmp_path


def run_valuelog(home: "Path", *words: str, stdin: str = "") -> str:
    """Run valuelog without a terminal."""
    program = [sys.executable, "-m", "valuelog", *words]
    env = process_environment(home)
    return subprocess.run(program, env=env, input=stdin, capture_output=True, text=True, check=True).stdout


def screen_lines(terminal: Terminal) -> list[str]:
    return [line for line in terminal.lines if line]


def test_a_review_before_questions_has_no_pager(full_home: "Path") -> None:
    terminal = Terminal(full_home, "review", "--week")
    terminal.wait_for("Enter skips. Now?")
    shown = screen_lines(terminal)
    assert any("▸ “the form asks twice”: seen 3 times" in line for line in shown)
    assert shown[-2:-1] == [SCORE]
    assert "Better because of you" in terminal.output
    terminal.child.send(CTRL_C)
    terminal.end()


def test_what_matters_is_shown_again_after_the_pager(full_home: "Path") -> None:
    terminal = Terminal(full_home, "review", "--week", "--no-reflect")
    terminal.wait_for("Week 47")
    assert SCORE not in terminal.screen_text
    terminal.child.send("q")
    assert terminal.end() == 0
    shown = screen_lines(terminal)
    assert shown[-1] == SCORE
    assert any("▸ “the form asks twice”: seen 3 times" in line for line in shown)


def test_demo_ends_with_its_score_and_the_way_to_start(tmp_path: "Path") -> None:
    terminal = Terminal(tmp_path, "demo")
    assert terminal.end() == 0
    *_, score, verdict, _made_up, start = screen_lines(terminal)
    assert (score, verdict) == (
        "8 value (5 proven) : 22 work · 27 % (14 to 44)",
        "steady over four weeks, usually 13 %",
    )
    assert "▸" in terminal.screen_text
    assert start == "To stay a while: valuelog demo --shell · Start your own journal: valuelog today"


def test_a_pipe_and_a_screen_reader_get_it_once(full_home: "Path") -> None:
    assert run_valuelog(full_home, "review", "--week").count(SCORE) == 1
    terminal = Terminal(full_home, "review", "--week", "--no-reflect", VALUELOG_ACCESSIBLE="1")
    assert terminal.end() == 0
    assert terminal.output.count("16 value (0 proven) : 4 work") == 1


# A missed Friday


@pytest.fixture
def missed_friday(run: "Run") -> "Run":
    """Log last week without its talk, and some friction that other findings are about."""
    for place in range(6):
        run("add", "helped", f"@lee {place}")
    for day in ("mon", "wed", "fri"):
        run("pain", "add", "the form asks twice", "-d", day)
    return run


MISSED = "Last week has no review yet. It takes five minutes."


@pytest.mark.parametrize(("day", "is_offered"), [("23", True), ("24", True), ("25", True), ("26", False)])
def test_missed_friday_is_offered_from_monday_to_wednesday(missed_friday: "Run", day: str, *, is_offered: bool) -> None:
    for words in ((), ("review",), ("today", "--activity", "mails")):
        shown = " ".join(missed_friday(*words, VALUELOG_TODAY=f"2026-11-{day}").out.split())
        assert (f"▸ {MISSED} valuelog review --week last" in shown) == is_offered, words


def test_missed_friday_is_not_offered_after_its_talk(missed_friday: "Run") -> None:
    missed_friday("review", "--week", "last", "--level", "said no", VALUELOG_TODAY="2026-11-23")
    for words in ((), ("review",)):
        assert "Last week has no review yet" not in missed_friday(*words, VALUELOG_TODAY="2026-11-24").out


def test_review_without_a_period_asks_whether_to_review_last_week(full_home: "Path") -> None:
    for answer, week, asks_about in (("y", "Week 47", "this week"), ("n", "Week 48", "next week")):
        terminal = Terminal(full_home, "review", VALUELOG_TODAY="2026-11-23")
        terminal.wait_for("Last week has no review yet. Review it now, instead of this week?")
        terminal.child.send(answer)
        terminal.wait_for(f"about {asks_about}. Enter skips. Now?")
        assert f"{week} · " in terminal.output.partition("instead of this week?")[2]
        terminal.child.send(CTRL_C)
        terminal.end()


@pytest.mark.parametrize("words", [("review", "--week"), ("review", "--no-reflect"), ("review", "last", "week")])
def test_named_week_is_shown_without_asking(full_home: "Path", words: tuple[str, ...]) -> None:
    terminal = Terminal(full_home, *words, VALUELOG_TODAY="2026-11-23", VALUELOG_ACCESSIBLE="1")
    if "--no-reflect" not in words:
        terminal.answer("n", "")
    terminal.end()
    assert "Week 4" in terminal.output
    assert "Review it now" not in terminal.output


def test_questions_about_last_week_name_the_weeks_as_of_today(full_home: "Path") -> None:
    terminal = Terminal(full_home, "review", "--week", "last", "--reflect", VALUELOG_TODAY="2026-11-23")
    for question in (
        "What will you stop or hand off this week",
        "Which pain point gets one small step this week?",
        "What will you start that this week's review can show?",
        "What would someone one level up have done differently last week?",
    ):
        terminal.wait_for(question)
        terminal.child.send(ENTER)
    terminal.end()
    assert "next week" not in terminal.output
