"""Shell integration: the login hook, and the completion protocol of each shell."""

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from support.env import process_environment
from support.makers import FRIDAY, make_entry, make_pain, make_project, open_test_journal
from valuelog.journal import entries, pains, projects
from valuelog.model.entry import Kind

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

SHELLS = ("bash", "zsh", "fish")
UNITS = ("week", "month", "quarter", "year")


def run_completion(home: "Path", shell: str, line: str) -> str:
    """Return the answer of the program to TAB at the end of a line."""
    program = [sys.executable, "-m", "valuelog", *line.split(" ")[1:]]
    env = process_environment(home, _VALUELOG_COMPLETE=shell)
    output = subprocess.run(program, env=env, capture_output=True, text=True, check=False)
    assert output.stderr == ""
    return output.stdout


def complete(home: "Path", shell: str, line: str) -> list[str]:
    """Return the offered words without their descriptions."""
    first, *candidates = run_completion(home, shell, line).splitlines()
    assert first == "words"
    return [re.split({"bash": "  ", "zsh": r"(?<!\\):", "fish": "\t"}[shell], offer)[0] for offer in candidates]


@pytest.fixture
def filled_home(home: "Path") -> "Path":
    """Fill the journal of `run` with one of everything that can be completed."""
    journal = open_test_journal(home / "data" / "valuelog")
    entry = make_entry(
        id="k300000000",
        kind=Kind.HELPED,
        text="they run it",
        people=("sam", "sol"),
        tags=("deploy",),
        project="Refunds",
    )
    entries.add(journal, [entry])
    journal.write("add", pains.creation_changes([make_pain(id="p200000000", text="one approver")]))
    journal.write("start", [projects.creation_change(ended := make_project("Reports"))])
    closed = ended.mark_closed(FRIDAY, result=None, evidence=None, lesson=None)
    journal.write("close", [projects.update_change(ended, closed)])
    journal.close()
    return home


LINES = [
    ("valuelog un", ["undo"]),
    ("valuelog re", ["redo", "restore", "review"]),
    ("valuelog add h", ["helped"]),
    ("valuelog add pa", ["pain"]),
    ("valuelog show k", ["k300000000"]),
    ("valuelog show ", ["p200000000", "k300000000"]),
    ("valuelog delete k3 p", ["p200000000"]),
    ("valuelog pain seen p", ["p200000000"]),
    ("valuelog pain s", ["seen", "show"]),
    ("valuelog list -p s", ["sam", "sol"]),
    ("valuelog list --person sa", ["sam"]),
    ("valuelog add helped x --tag ", ["deploy"]),
    ("valuelog list --project re", ["refunds", "reports"]),
    ("valuelog project close re", ["refunds"]),
    ("valuelog project drop re", ["refunds"]),
    ("valuelog project reopen re", ["reports"]),
    ("valuelog review --step ", ["p200000000"]),
    ("valuelog list --side v", ["value"]),
    ("valuelog add improvement x --effect s", ["safer"]),
    ("valuelog add improvement x --for c", ["coworkers", "customers", "company"]),
    ("valuelog promote k3 o", ["outcome"]),
    ("valuelog review last", ["last week", "last month", "last quarter", "last year"]),
    ("valuelog review --we", ["--week"]),
    ("valuelog calendar --by c", ["count"]),
    ("valuelog show q", []),
    ("valuelog add ", ["activity", "improvement", "outcome", "helped", "insight", "learned", "pain"]),
    ("valuelog list --kind p", []),
    ("valuelog edit k3 --kind ", ["activity", "improvement", "outcome", "helped", "insight", "learned"]),
    ("valuelog promote k3 ", ["improvement", "outcome", "helped"]),
    ("valuelog off last", ["last week", "last month", "last quarter", "last year"]),
    *((f"valuelog review --{unit} ", [f"this {unit}", f"last {unit}"]) for unit in UNITS),
    ("valuelog list --year last ", ["year"]),
    ("valuelog add helped x -d t", ["today", "thursday", "tuesday"]),
    ("valuelog add helped x --date y", ["yesterday"]),
    ("valuelog gather this", []),
    ("valuelog promise make stop x --by f", ["friday"]),
    ("valuelog pain plan p2 --by t", ["today", "tomorrow", "thursday", "tuesday", *(f"this {unit}" for unit in UNITS)]),
    ("valuelog promise carry t2 --by next", [f"next {unit}" for unit in UNITS]),
    ("valuelog config get re", ["remind_at", "review_day"]),
    ("valuelog config set evening.o", ["evening.off", "evening.own"]),
    ("valuelog h", ["history"]),
    ("valuelog help un", ["undo"]),
    ("valuelog help pain s", ["seen", "show"]),
    ("valuelog init ", ["bash", "zsh", "fish"]),
    ("valuelog --journal nothing.db show ", []),
]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize("line", ["add helped x -d", "promise make stop x --by"])
def test_every_completed_date_is_valid(filled_home: "Path", run: "Run", shell: str, line: str) -> None:
    dates = complete(filled_home, shell, f"valuelog {line} ")
    assert {"today", "monday", "sunday"} <= set(dates)
    for day in dates:
        run(*line.split(), day)


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_offers_existing_words(filled_home: "Path", shell: str) -> None:
    for line, expected in LINES if shell == "bash" else LINES[::4]:
        assert sorted(complete(filled_home, shell, line)) == sorted(expected), line


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_completed_ids_have_their_text(filled_home: "Path", shell: str) -> None:
    assert "they run it" in run_completion(filled_home, shell, "valuelog show k")
    assert "one approver" in run_completion(filled_home, shell, "valuelog show ")


@pytest.mark.parametrize("shell", SHELLS)
def test_completion_escapes_control_characters(home: "Path", shell: str) -> None:
    journal = open_test_journal(home / "data" / "valuelog")
    entries.add(journal, [make_entry(text="one\x1b]0;owned\x07\ttwo\u202e"), make_entry(text="a: b")])
    journal.close()
    output = run_completion(home, shell, "valuelog show ")
    assert "one␛]0;owned␇ two⟨U+202E⟩" in output
    assert len(output.splitlines()) == 3


def test_failing_completion_offers_nothing(home: "Path") -> None:
    path = home / "data" / "valuelog" / "journal.db"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not a journal at all")
    assert complete(home, "bash", "valuelog show ") == []
    (home / "config" / "valuelog").mkdir(parents=True)
    (home / "config" / "valuelog" / "config.toml").write_text("broken")
    assert complete(home, "bash", "valuelog show ") == []
    assert path.read_bytes() == b"not a journal at all"


def test_completion_rejoins_words_that_bash_splits(filled_home: "Path") -> None:
    assert complete(filled_home, "bash", "valuelog list --week = la") == ["last week"]
    assert complete(filled_home, "bash", "valuelog list --week = last -p sa") == ["sam"]
    assert complete(filled_home, "bash", "valuelog list --side =") == ["work", "value", "neither"]


def test_completion_for_an_unknown_protocol_is_empty(filled_home: "Path") -> None:
    assert run_completion(filled_home, "complete_zsh", "valuelog show ") == ""


def test_completion_does_not_create_a_journal(home: "Path") -> None:
    assert complete(home, "bash", "valuelog show ") == []
    assert not (home / "data").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_init_prints_the_hook_with_the_paths_of_the_home(run: "Run", home: "Path", shell: str) -> None:
    hook = run("init", shell).out
    assert str(home / "state" / "valuelog" / "reminders") in hook
    assert str(home / "state" / "valuelog" / "reminded") in hook
    assert "@REMINDERS@" not in hook
    assert not (home / "data").exists()


@pytest.mark.parametrize("shell", SHELLS)
def test_show_completion_prints_the_script_of_a_shell(home: "Path", shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    program = [str(shutil.which(shell)), "-c", f"{sys.executable} -m valuelog --show-completion; true"]
    output = subprocess.run(program, env=process_environment(home), capture_output=True, text=True, check=False)
    assert f"_VALUELOG_COMPLETE={shell} " in output.stdout
