"""Every question in accessible mode on a pseudo-terminal: nothing is redrawn, and every choice has a number."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.env import process_environment
from support.makers import FRIDAY, make_entry, make_pain, make_project, make_promise, open_test_journal
from support.pseudo_terminal import CTRL_C, CTRL_D, ENTER
from support.terminal import Terminal
from valuelog.journal import entries, pains, projects, promises
from valuelog.model.promise import PromiseKind
from valuelog.questions.catalogue import load_evening_questions, load_weekly_talk_questions

ASKS = {prompt.id: prompt.text for prompt in (*load_evening_questions(), *load_weekly_talk_questions())}
WAYS = ["1  easier", "2  faster", "3  safer", "4  clearer", "5  more reliable"]
FOR = ["1  co-workers", "2  customers", "3  company"]
WRONG = "Type numbers from 1 to {}, such as 1 3."
IMPACT = "how big?"
ONE = "Type a number from 1 to {}."
KINDS = "Type one of o h i, or press Enter."

CONFIG = """
[evening]
questions = ["activity", "promote", "improvement", "outcome", "helped", "pain", "customer", "rotating"]
[[evening.own]]
id = "customer"
kind = "insight"
ask = "What did a customer say today?"
[sources.git]
paths = ["{home}/code"]
emails = ["me@example.org"]
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a home with a pain point, a step planned for it, a project, promises, and an activity of today."""
    journal = open_test_journal(tmp_path / "data" / "valuelog")
    entries.add(journal, [make_entry(id="k300000000", text="audit mails", day=FRIDAY)])
    journal.write("add", pains.creation_changes([make_pain(FRIDAY.replace(day=19), id="p200000000")]))
    journal.write("start", [projects.creation_change(make_project(id="r200000000"))])
    for number, text in enumerate(["the Monday report", "the status mail"], 2):
        made = make_promise(text, id=f"t{number}00000000", made_on=FRIDAY.replace(day=16), due=FRIDAY)
        journal.write("promise", [promises.creation_change(made)])
    step = {"id": "t400000000", "kind": PromiseKind.STEP, "pain": "p200000000", "due": FRIDAY}
    journal.write(
        "plan", [promises.creation_change(make_promise("ask for two", made_on=FRIDAY.replace(day=16), **step))]
    )
    journal.close()
    return tmp_path


def run_valuelog(home: Path, *words: str) -> Any:  # noqa: ANN401  any JSON
    """Run a command that asks nothing."""
    program = [sys.executable, "-m", "valuelog", *words, "--json"]
    done = subprocess.run(program, env=process_environment(home), capture_output=True, text=True, check=True)
    return json.loads(done.stdout or "null")


def answer_lines(terminal: Terminal, *steps: tuple[str, str]) -> None:
    """Type each line and wait for the text that follows it."""
    for line, then in steps:
        terminal.answer(line, then)


def read_until_end(terminal: Terminal, code: int = 0) -> str:
    """Wait for the end, check that the cursor never moved back, and return the output without colors."""
    assert terminal.end() == code
    assert not re.search(r"\x1b(?!\[[0-9;]*m)|\x08|\x07|\r(?!\r*\n)", terminal.output)
    return re.sub(r"\x1b\[[0-9;]*m", "", terminal.output).replace("\r", "")


def open_accessible(home: Path, *words: str, **environ: str) -> Terminal:
    return Terminal(home, *words, **{"VALUELOG_ACCESSIBLE": "1", **environ})


def make_commit_today(home: Path) -> None:
    """Make a commit of today in a repository."""
    code = home / "code"
    code.mkdir()
    (home / "config" / "valuelog").mkdir(parents=True)
    (home / "config" / "valuelog" / "config.toml").write_text(CONFIG.format(home=home))
    day = "2026-11-20T10:00:00+00:00"
    who = {f"GIT_{one}_{what}": value for one in ("AUTHOR", "COMMITTER") for what, value in
           (("NAME", "Me"), ("EMAIL", "me@example.org"), ("DATE", day))}  # fmt: skip
    for words in (["init", "-q"], ["commit", "-q", "--allow-empty", "-m", "retry on timeout"]):
        subprocess.run(
            ["/usr/bin/env", "git", "-C", str(code), *words], env=process_environment(home, **who), check=True
        )


def test_accessible_evening(home: Path) -> None:
    make_commit_today(home)
    terminal = open_accessible(home, "today", TZ="UTC")
    terminal.wait_for("Which of these should go into your journal?")
    terminal.wait_for("1  code: retry on timeout · git")
    answer_lines(
        terminal,
        ("2", WRONG.format(1)),
        ("", ASKS["activity"]),
        ("planning with @sam", "  > "),
        ("", ASKS["promote"]),
        ("9", WRONG.format(3)),
        ("one", WRONG.format(3)),
        ("1", "what is it?"),
        ("5", KINDS),
        ("1 2", KINDS),
        ("9" * 400, KINDS),
        ("3", "what changed?"),
        ("nobody asks twice", "How did you see it?"),
        ("", IMPACT),
        ("huge", "Type one of s c l, or press Enter."),
        ("2", ASKS["improvement"]),
        ("the checklist is one page", "how is it better?"),
        ("2, 4", "who benefits?"),
        ("0", "how do you know?"),
        ("two releases without a question", IMPACT),
        ("", "anything else?"),
        ("", ASKS["outcome"]),
        ("refunds in a day", "which project?"),
        ("Refund flow", "how do you know?"),
        ("214 cases", IMPACT),
        ("large", "anything else?"),
        ("", ASKS["helped"]),
        ("@sam runs the release", "  > "),
        ("", "felt again?"),
        ("", "anything else?"),
        ("the deploy waits on one approver again", "Is it one of these?"),
        ("maybe", ONE.format(2)),
        ("2", "Does it affect others too"),
        ("all of us", "What would better look like?"),
        ("", "What small thing"),
        ("", "Who else would be glad"),
        ("", "anything else?"),
        ("", "What did you write down so the next person won't have to ask?"),
        ("how to refund", "  > "),
        ("", "What did a customer say today?"),
        ("it is quick now", "  > "),
        ("", "Saved"),
    )
    output = read_until_end(terminal)
    assert all(option in output for option in (*WAYS, *FOR, "1  audit mails", "3  planning with @sam", "(i)mprovement"))
    kept = {one["text"]: one["kind"] for one in run_valuelog(home, "list", "today")}
    assert kept["audit mails"] == "improvement"
    assert kept["it is quick now"] == "insight"
    assert len(run_valuelog(home, "pain")) == 2


def test_accessible_talk(home: Path) -> None:
    terminal = open_accessible(home, "review", "--week")
    terminal.wait_for("[Y/n]")
    answer_lines(
        terminal,
        ("", "Which of these did you keep?"),
        ("4", WRONG.format(3)),
        ("3", "What about the rest?"),
        ("0", "Type one of c n l, or press Enter."),
        ("1", "fixed now? [y/N]"),
        ("y", "how was it fixed?"),
        ("two approvers", "how is it better?"),
        ("2", "who benefits?"),
        ("1", "how do you know?"),
        ("no wait this week", ASKS["stop"]),
        ("the Tuesday call", ASKS["start"]),
        ("pairing", ASKS["level"]),
        ("said no", "will ask how it went"),
    )
    output = read_until_end(terminal)
    assert "1  stop the Monday report, by Fri 20 Nov" in output
    assert "(c)arry all over to Fri 27 Nov" in output


def test_accessible_catch_up(home: Path) -> None:
    terminal = open_accessible(home, "today", "--catch-up")
    terminal.wait_for("nothing logged yet. Log it now? [Y/n]")
    answer_lines(terminal, ("perhaps", "Type y or n"), ("n", "[Y/n]"), ("n", "[Y/n]"), ("y", ASKS["activity"]))
    terminal.answer("audit mails", "  > ")
    terminal.child.send(CTRL_C)
    assert "1 answer saved for" in read_until_end(terminal, 130)


TALKS: dict[str, tuple[str, list[tuple[str, str]], str]] = {
    "pain add the deploy waits on one approver now": ("Enter for 2 >", [("1", "Seen")], "p2"),
    "pain plan p2": (
        "what small step? >",
        [("ask twice", "by when?"), ("gestern", "is not a day"), ("", "Planned")],
        "Fri 27 Nov",
    ),
    "pain fix p2": (
        "how was it fixed? >",
        [
            ("two of them", "how is it better?"),
            ("8", WRONG.format(5)),
            ("1", "who benefits?"),
            ("", "know?"),
            ("", "Fixed"),
        ],
        "Added improvement",
    ),
    "pain drop p2": ("why drop it? >", [("it ends in March", "Dropped")], "p2"),
    "project start Alerts": ("  >", [("too many", "  >"), ("count", "  >"), ("half", "Started")], "alerts"),
    "project close refund-flow": ("  >", [("one day", "  >"), ("median", "  >"), ("ask", "Closed")], "refund-flow"),
    "project drop refund-flow": ("why drop it? >", [("nobody uses it", "  >"), ("ask", "Dropped")], "refund-flow"),
    "promise make stop": ("what will you stop? >", [("the weekly mail", "Promised")], "Fri 27 Nov"),
    "promote k3 outcome": (
        "what changed? >",
        [("less mail", "how is it better?"), ("6", WRONG.format(5)), ("1 2", "who benefits?"), ("3", "Promoted")],
        "k3",
    ),
    "delete --purge k3": ("type k3 to erase it >", [("k4", "That is not k3."), ("k3", "Erased for good")], "k3"),
}
"""Command, text to wait for, answers with the text after each, and the final output."""


@pytest.mark.parametrize("words", TALKS)
def test_accessible_prompts_of_other_commands(home: Path, words: str) -> None:
    ready, steps, last = TALKS[words]
    terminal = open_accessible(home, *words.split())
    terminal.wait_for(ready)
    answer_lines(terminal, *steps)
    assert last in read_until_end(terminal)


@pytest.mark.parametrize("key", [CTRL_C, CTRL_D])
@pytest.mark.parametrize("words", TALKS)
def test_accessible_interrupt_changes_nothing(home: Path, words: str, key: str) -> None:
    before = run_valuelog(home, "history")
    terminal = open_accessible(home, *words.split())
    terminal.wait_for(TALKS[words][0])
    terminal.child.send(key)
    read_until_end(terminal, 130)
    after = run_valuelog(home, "history")
    assert after == before


@pytest.mark.parametrize("way", ["dumb", "config", "msys"])
def test_accessible_mode_switches(home: Path, way: str) -> None:
    environ = {"dumb": {"TERM": "dumb"}, "msys": {"MSYSTEM": "MINGW64"}, "config": {}}[way]
    if way == "config":
        run_valuelog(home, "paths")
        path = home / "config" / "valuelog" / "config.toml"
        path.parent.mkdir(parents=True)
        path.write_text("accessible = true\n")
    terminal = Terminal(home, "promote", "k3", "outcome", **environ)
    terminal.wait_for("what changed? >")
    answer_lines(terminal, ("x", "5  more reliable"), ("", "3  company"), ("", "Promoted"))
    read_until_end(terminal)


def test_accessible_mode_uses_no_pager_or_bars(home: Path) -> None:
    rows = "".join(f"2026-11-{day:02},number {number}\n" for number in range(3000) for day in (2, 3, 4))
    (home / "rows.csv").write_text(f"day,text\n{rows}")
    read_until_end(open_accessible(home, "import", "csv", str(home / "rows.csv")))
    output = read_until_end(open_accessible(home, "list", "2026-11", "-n", "60", PAGER="false"))
    assert output.count("number") == 59  # and the entry of the fixture


def test_help_ignores_invalid_settings(home: Path) -> None:
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text("accessible = 7\n")
    terminal = Terminal(home, "add", "-h", PAGER="cat")
    terminal.wait_for("--help")
    assert terminal.end() == 0
    assert ENTER not in "".join(terminal.lines)


def test_accessible_ticks_and_candidates_of_pains(home: Path) -> None:
    settings = home / "config" / "valuelog" / "config.toml"
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text('[evening]\nquestions = ["pain"]\n', encoding="utf-8")
    terminal = open_accessible(home, "today")
    terminal.wait_for("felt again?")
    answer_lines(
        terminal,
        ("2", WRONG.format(1)),
        ("1", "anything else?"),
        ("waiting for the approver of the deploy", "2  a new one"),
        ("7", ONE.format(2)),
        ("1", "anything else?"),
        ("no deploy without the approver", "number, Enter for 2 >"),
    )
    terminal.child.send(CTRL_C)
    assert "3 answers saved for" in read_until_end(terminal, 130)
    assert sorted(pain["days_seen"] for pain in run_valuelog(home, "pain")) == [1, 2]
