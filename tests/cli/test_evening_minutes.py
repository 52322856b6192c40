"""Minutes of value: asked in one key on days that a tool has timed, and never otherwise."""

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from support.env import process_environment
from support.evenings import run_with_answers
from support.pseudo_terminal import ENTER
from support.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

HOW_LONG = "how long did it take?"


def listed(run: "Run") -> dict[str, Any]:
    return {one["text"]: one["minutes"] for one in json.loads(run("list", "--json").out)}


def timed_entry(**fields: object) -> bytes:
    """Return a JSONL file with one activity that a tool has timed."""
    entry = {
        "entity": "entry", "id": "k3aaaaaaaa", "day": "2026-11-20", "kind": "activity", "text": "planning",
        "minutes": 45, "origin": "timewarrior:1", "created": "2026-11-20T10:00:00.000Z", "utc_offset": 60, **fields,
    }  # fmt: skip
    return json.dumps({name: value for name, value in entry.items() if value is not None}).encode()


@pytest.fixture
def fixed(home: "Path") -> "Path":
    """Switch the question that rotates off, so that every day asks the same."""
    path = home / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[evening]\noff = ["rotating"]\n')
    return home


def test_value_entries_of_a_timed_day_are_asked_for_minutes(fixed: "Path", run: "Run") -> None:
    run("import", "jsonl", "-", stdin=timed_entry())
    answers = [
        *("mails", "", ["mails"], "helped", "she can do it alone", "", "15m"),
        *("one page", [], [], "", "", "2h", ""),
        *("in a day", "", "", "", "1h", ""),
        *("@sam can", "30m", "@lee can", "", ""),
    ]
    sat = run_with_answers(fixed, answers=answers)
    assert sat.prompts.count(HOW_LONG) == 5
    assert listed(run) == {
        "planning": 45, "mails": 15, "one page": 120, "in a day": 60, "@sam can": 30, "@lee can": None,
    }  # fmt: skip
    minutes = json.loads(run("review", "--week", "--json").out)["score"]["minutes"]
    assert minutes == {"value": 225, "work": 45, "share": 225 / 270, "with": 5, "of": 6}
    run("undo")
    assert listed(run) == {"planning": 45}


@pytest.mark.parametrize("fields", [{"minutes": None}, {"origin": None}, {"day": "2026-11-19"}])
def test_other_days_are_not_asked_for_minutes(fixed: "Path", run: "Run", fields: dict[str, Any]) -> None:
    run("import", "jsonl", "-", stdin=timed_entry(**fields))
    assert HOW_LONG not in run_with_answers(fixed, answers=["", [], "one page", [], [], ""]).prompts


def test_promoted_timed_entry_is_not_asked_for_minutes(fixed: "Path", run: "Run") -> None:
    run("import", "jsonl", "-", stdin=timed_entry())
    sat = run_with_answers(fixed, answers=["", ["planning"], "outcome", "a date is set"])
    assert HOW_LONG not in sat.prompts
    assert listed(run) == {"planning": 45}


def test_insights_and_lessons_are_not_asked_for_minutes(fixed: "Path", run: "Run") -> None:
    own = "".join(
        f'[[evening.own]]\nid = "{kind}s"\nkind = "{kind}"\nask = "Well?"\n' for kind in ("insight", "learned")
    )
    (fixed / "config" / "valuelog" / "config.toml").write_text(f"[evening]\nquestions = []\n{own}")
    run("import", "jsonl", "-", stdin=timed_entry())
    assert HOW_LONG not in run_with_answers(fixed, answers=["one", "", "two", ""]).prompts


@pytest.mark.parametrize("end", [KeyboardInterrupt, EOFError])
def test_interrupted_minutes_keep_the_answer(fixed: "Path", run: "Run", end: type[BaseException]) -> None:
    run("import", "jsonl", "-", stdin=timed_entry())
    sat = run_with_answers(fixed, answers=["", [], "one page", [], [], end])
    assert sat.code == 130
    assert "1 answer saved" in sat.err
    assert listed(run) == {"planning": 45, "one page": None}


# On a real terminal


@pytest.fixture
def timed(tmp_path: "Path") -> "Path":
    """Return a home with a day that a tool has timed, in which only helping is asked about."""
    path = tmp_path / "config" / "valuelog" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[evening]\nquestions = ["helped"]\n')
    command = [sys.executable, "-m", "valuelog", "import", "jsonl", "-"]
    subprocess.run(command, env=process_environment(tmp_path), input=timed_entry(), check=True, capture_output=True)
    return tmp_path


def minutes_at(home: "Path") -> list[int | None]:
    command = [sys.executable, "-m", "valuelog", "list", "--kind", "helped", "--json"]
    said = subprocess.run(command, env=process_environment(home), capture_output=True, check=True)
    return [one["minutes"] for one in json.loads(said.stdout)]


@pytest.mark.parametrize(("key", "shown", "minutes"), [("1", "15m", 15), ("4", "2h", 120), (ENTER, "(skipped)", None)])
def test_one_key_answers_in_a_menu(timed: "Path", key: str, shown: str, minutes: int | None) -> None:
    terminal = Terminal(timed, "today")
    terminal.wait_for("Who did you help move forward, and how?")
    terminal.wait_for("›", at_cursor=True)
    terminal.type("@sam can" + ENTER, "(1) 15m  (2) 30m  (3) 1h  (4) 2h  Enter skips")
    terminal.type(key, f"{HOW_LONG} {shown}")
    terminal.type(ENTER, "Saved 1 answer")
    assert terminal.end() == 0
    assert minutes_at(timed) == [minutes]


@pytest.mark.parametrize(("line", "minutes"), [("3", 60), ("", None)])
def test_one_digit_answers_in_plain_lines(timed: "Path", line: str, minutes: int | None) -> None:
    terminal = Terminal(timed, "today", VALUELOG_ACCESSIBLE="1")
    terminal.wait_for("Who did you help move forward, and how?")
    terminal.answer("@sam can", "Enter skips >")
    terminal.answer(line, "anything else? >")
    terminal.answer("", "Saved 1 answer")
    assert terminal.end() == 0
    assert minutes_at(timed) == [minutes]
