"""`demo`: a made-up journal to look around in, which leaves nothing behind and touches nothing of the user's."""

import json
import re
import shlex
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

LAST_LINES = ["8 value (5 proven) : 22 work · 27 % (14 to 44)", "steady over four weeks, usually 13 %"]


def test_demo_is_the_same_each_time(run: "Run") -> None:
    assert run("demo").out == run("demo").out


@pytest.mark.parametrize("day", ["2026-11-20", "2026-11-21", "2026-11-22", "2026-11-23", "2026-11-26"])
def test_demo_shows_a_full_week_on_any_day(run: "Run", day: str) -> None:
    lines = run("demo", VALUELOG_TODAY=day).out.splitlines()
    assert lines[0].startswith("Week 47 · 16 – 22 Nov 2026")
    assert lines[0].endswith("5 of 5 workdays logged")
    assert [line[:6] for line in lines if re.match("(Mon|Tue|Wed|Thu|Fri|Sat|Sun) ", line)] == [
        "Mon 16", "Tue 17", "Wed 18", "Thu 19", "Fri 20",
    ]  # fmt: skip
    assert lines[-2:] == LAST_LINES


def test_current_week_of_a_demo_goes_up_to_today(run: "Run") -> None:
    on_wednesday = run("demo", "list", "this week", "--plain", VALUELOG_TODAY="2026-11-25").out
    assert {line.split("\t")[1] for line in on_wednesday.splitlines()} == {"2026-11-23", "2026-11-24", "2026-11-25"}


def test_demo_ends_with_the_score_and_how_to_go_on(run: "Run") -> None:
    result = run("demo")
    assert result.out.splitlines()[-2:] == LAST_LINES
    assert result.err.splitlines() == [
        "",
        "Made up, and already deleted. Try any command in it: valuelog demo brag",
        "To stay a while: valuelog demo --shell · Start your own journal: valuelog today",
    ]


def test_story_has_many_sentences_with_and_without_evidence(run: "Run") -> None:
    value = json.loads(run("demo", "list", "2026", "--side", "value", "-n", "100", "--json").out)
    texts = {entry["text"] for entry in value}
    assert len(texts) == len(value) > 30
    assert 0.4 < sum(bool(entry["evidence"]) for entry in value) / len(value) < 0.8
    assert {entry["kind"] for entry in value} == {"outcome", "helped", "improvement"}
    work = json.loads(run("demo", "list", "2026", "--side", "work", "-n", "500", "--json").out)
    assert len({entry["text"] for entry in work}) > 30


def test_commands_run_in_a_demo_with_their_options(run: "Run") -> None:
    assert len(run("demo", "trend", "--weeks", "8").out.splitlines()) == 1 + 8 + 3
    assert run("demo", "brag").out.startswith("# ")
    assert json.loads(run("demo", "--json", "trend").out)["verdict"] == "steady"
    assert run("demo", "trend").err == ""
    assert run("demo", "today", "--helped", "@sam x", "--plain").out
    assert run("demo", "nonsense", fails=2).err.startswith("valuelog: There is no command “nonsense”.")
    assert run("demo", "show", "zz", fails=1).err.startswith("valuelog: ")
    assert "There is no option --no-such" in run("demo", "--no-such", fails=2).err


def test_questions_can_be_answered_in_a_demo(run: "Run") -> None:
    assert "Promised" in run("demo", "promise", "make", "stop", answers=["the Monday report"]).err


EDITOR = """sh -c 'echo more >> "$1"' sh"""
SCREENS = ["", "review --week", "brief", "pain list", "project list", "promise list", "finding", "history"]


def test_every_command_that_a_demo_prints_works_in_it(run: "Run") -> None:
    screens = (run("demo", *words.split(), COLUMNS="200") for words in SCREENS)
    printed = {
        command
        for screen in screens
        for command in re.findall(r"valuelog demo [a-z].*?(?=$|`|  | · )", screen.out + screen.err, re.MULTILINE)
    }
    assert len(printed) > 5, printed
    for command in printed:
        run(*shlex.split(command)[1:], answers=[], VALUELOG_EDITOR=EDITOR)


def test_demo_touches_nothing_of_the_user(run: "Run", home: "Path", journal_path: "Path") -> None:
    run("add", "helped", "mine")
    settings = home / "config" / "valuelog" / "config.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("broken [")
    before = {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}
    run("demo")
    run("demo", "add", "helped", "x")
    run("demo", "config", "set", "review_day", "thu")
    run("--journal", str(journal_path), "demo", "add", "helped", "x")
    run("demo", "add", "helped", "x", VALUELOG_JOURNAL=str(journal_path), VALUELOG_CONFIG=str(settings))
    assert {path: path.read_bytes() for path in home.rglob("*") if path.is_file()} == before


def test_keep_leaves_the_journal_and_says_how_to_use_it(run: "Run", home: "Path") -> None:
    folder = home / "my demo"
    note = run("demo", "--keep", str(folder), "add", "helped", "one more").err
    assert f"VALUELOG_JOURNAL='{folder}/journal.db' valuelog brag" in note
    assert "one more" in run("list", VALUELOG_JOURNAL=str(folder / "journal.db")).out
    again = run("demo", "--keep", str(folder), fails=1).err
    assert again.startswith(f"valuelog: {folder} can't be used: it is not empty.")
    (home / "file").touch()
    assert "can't be used: File exists." in run("demo", "--keep", str(home / "file"), fails=1).err


def test_shell_needs_a_terminal_and_no_command(run: "Run") -> None:
    assert "valuelog demo COMMAND" in run("demo", "--shell", fails=2).err
    assert "--shell takes no command." in run("demo", "--shell", "brag", fails=2).err
