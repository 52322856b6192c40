"""Natural things to type: what people write without having read the docs does what they mean."""

import json
import shlex
from typing import TYPE_CHECKING

import pytest

from valuelog.cli.app import app
from valuelog.cli.group import SUBCOMMAND_SYNONYMS, SYNONYMS
from valuelog.model.nearest import nearest_typo

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Run

SAME = [
    # synonyms of commands
    ("status", ""),
    ("status --plain", "--plain"),
    ("week --plain", "review --week --plain"),
    ("week last --plain", "review --week last --plain"),
    ("month --json", "review --month --json"),
    ("quarter --plain", "review --quarter --plain"),
    ("stats --plain", "trend --plain"),
    ("ls --plain", "list --plain"),
    ("find mails --plain", "search mails --plain"),
    ("settings --plain", "config --plain"),
    ("version", "--version"),
    ("help add", "add --help"),
    ("help log", "add --help"),
    ("help week", "review --help"),
    ("help status", "--help"),
    ("log --help", "add --help"),
    ("vacation list --json", "off list --json"),
    # synonyms of subcommands
    ("project ls --json", "project list --json"),
    ("help pain", "pain --help"),
    ("pain done --help", "pain fix --help"),
    ("pain new --help", "pain add --help"),
    ("pain rm --help", "pain drop --help"),
    ("project new --help", "project start --help"),
    ("project add --help", "project start --help"),
    ("project done --help", "project close --help"),
    ("promise add --help", "promise make --help"),
    ("promise new --help", "promise make --help"),
    ("promise done --help", "promise keep --help"),
    # flags in any order
    ("list --no-input --plain", "--no-input list --plain"),
    ("--plain list", "list --plain"),
    ("--json --color never list", "--color never list --json"),
    ("list --color never", "--color never list"),
    ("--json pain list", "pain list --json"),
    ("pain --json list", "pain list --json"),
    # periods
    ("review week --plain", "review this week --plain"),
    ("review month --plain", "review this month --plain"),
    ("list week --plain", "list this week --plain"),
    ("list mon-wed --plain", "list 2026-11-16..2026-11-18 --plain"),
    ("list mon to wed --plain", "list 2026-11-16..2026-11-18 --plain"),
    ("list 2026-11-16 2026-11-18 --plain", "list 2026-11-16..2026-11-18 --plain"),
    ("list --from mon --to wed --plain", "list 2026-11-16..2026-11-18 --plain"),
    ("list --from last monday --until yesterday --plain", "list 2026-11-16..2026-11-19 --plain"),
    ("list --since tuesday --plain", "list 2026-11-17..2026-11-20 --plain"),
    ("list since tuesday --plain", "list 2026-11-17..2026-11-20 --plain"),
    ("search mails --since mon --plain", "search mails --week --plain"),
    ("review --since mon --plain", "review 2026-11-16..2026-11-20 --plain"),
    ("brag --from 2026-11-01 --to 2026-11-20 --plain", "brag 2026-11-01..2026-11-20 --plain"),
    ("brief --since mon --json", "brief 2026-11-16..2026-11-20 --json"),
    # other words
    ("list @anna --plain", "list -p anna --plain"),
    ("list '#ops' --plain", "list -t ops --plain"),
    ("list @anna '#ops' mon-wed --plain", "list -p anna -t ops mon..wed --plain"),
    ("trend 4 --plain", "trend --weeks 4 --plain"),
    ("trend 4 weeks --plain", "trend --weeks 4 --plain"),
    ("trend last 6 months --plain", "trend --months 6 --plain"),
    ("gather -d yesterday", "gather yesterday"),
    ("today yesterday --no-input", "today --date yesterday --no-input"),
]


@pytest.mark.parametrize(("typed", "meant"), SAME, ids=[typed for typed, _ in SAME])
def test_natural_command_line_is_understood(run: "Run", typed: str, meant: str) -> None:
    run("add", "activity", "audit mails with @anna #ops", "-d", "tue")
    run("add", "activity", "budget mails with @sam #ops", "-d", "last friday")
    fails = 2 if "--no-input" in meant and "today" in meant else 0
    expected = run(*shlex.split(meant), fails=fails)
    assert run(*shlex.split(typed), fails=fails) == expected
    assert (expected.out or expected.err).strip()


WRITES = [
    ("log activity 'audit mails'", "audit mails", "2026-11-20", None),
    ("note activity audit mails", "audit mails", "2026-11-20", None),
    ("new activity audit mails", "audit mails", "2026-11-20", None),
    ("today yesterday --activity 'audit mails'", "audit mails", "2026-11-19", None),
    ("today two days ago --activity x", "x", "2026-11-18", None),
    ("today last friday --activity x", "x", "2026-11-13", None),
    ("today -3 --activity x", "x", "2026-11-17", None),
    ("add activity x -d 'day before yesterday'", "x", "2026-11-18", None),
    ("add activity x -d 15.11.", "x", "2026-11-15", None),
    ("add activity x -d 11/15", "x", "2026-11-15", None),
    ("add activity x -d -1", "x", "2026-11-19", None),
    ("add activity x -d 5.11.2026", "x", "2026-11-05", None),
    ("add activity x -d '1 month ago'", "x", "2026-10-20", None),
    ("add activity x -d 'a year ago'", "x", "2025-11-20", None),
    ("add activity x -m 1.5h", "x", "2026-11-20", 90),
    ("add activity x -m 90min", "x", "2026-11-20", 90),
    ("add activity x -m '1 hour'", "x", "2026-11-20", 60),
    ("add activity x -m '1h 30m'", "x", "2026-11-20", 90),
    ("add activity x -m 1h30", "x", "2026-11-20", 90),
    ("add activity --no-input x", "x", "2026-11-20", None),
    ("add activity -- --no-input", "--no-input", "2026-11-20", None),
]


@pytest.mark.parametrize(("typed", "text", "day", "minutes"), WRITES, ids=[row[0] for row in WRITES])
def test_natural_words_write_one_entry(run: "Run", typed: str, text: str, day: str, minutes: int | None) -> None:
    run(*shlex.split(typed))
    (entry,) = json.loads(run("list", "2025..2026", "--json").out)
    assert (entry["text"], entry["day"], entry["minutes"]) == (text, day, minutes)


def test_journal_flag_works_behind_the_command(run: "Run", home: "Path") -> None:
    run("add", "activity", "x", "--journal", f"{home}/other.db")
    assert run("list", "--plain").out == ""
    assert run("list", f"--journal={home}/other.db", "--plain").out.count("\n") == 1


def test_rm_deletes(run: "Run") -> None:
    entry_id = json.loads(run("add", "activity", "x", "--json").out)["id"]
    assert run("rm", entry_id).err.startswith("Deleted")
    assert run("list", "--plain").out == ""


@pytest.mark.parametrize("typed", ["off mon..wed", "off mon-wed", "off mon to wed", "off 2026-11-23 2026-11-25"])
def test_days_to_come_are_marked_off(run: "Run", typed: str) -> None:
    assert "3 days, Mon 23 Nov 2026 – Wed 25 Nov 2026" in run(*typed.split()).err


# undo


def test_undo_takes_a_number(run: "Run") -> None:
    for text in ("one", "two", "three"):
        run("add", "activity", text)
    assert run("undo", "2").err.count("Undone") == 2
    assert json.loads(run("list", "--json").out)[0]["text"] == "one"


def test_undo_takes_the_id_of_what_changed(run: "Run") -> None:
    first = json.loads(run("add", "activity", "one", "--json").out)["id"]
    run("add", "activity", "two")
    run("edit", first, "one again")
    run("add", "activity", "three")
    assert "edited “one again”" in run("undo", first).err
    assert [entry["text"] for entry in json.loads(run("list", "--json").out)] == ["one", "two", "three"]
    assert "edited “one again”" in run("redo").err
    run("undo", first)
    assert "added “one”" in run("undo", first).err
    assert [entry["text"] for entry in json.loads(run("list", "--json").out)] == ["two", "three"]
    assert "Nothing to undo" in run("undo", first, fails=1).err
    run("redo")
    assert len(json.loads(run("list", "--json").out)) == 3


def test_undo_of_one_answer_does_not_undo_the_evening(run: "Run") -> None:
    run("today", "--activity", "one", "--activity", "two")
    entries = json.loads(run("list", "--json").out)
    result = run("undo", entries[0]["id"], fails=1)
    assert result.err.startswith("valuelog: It was changed together with 1 other thing. Nothing was undone.\n")
    assert json.loads(run("list", "--json").out) == entries
    run("edit", entries[0]["id"], "changed")
    assert "edited “changed”" in run("undo", entries[0]["id"]).err


def test_undo_of_a_fix_is_refused_once_its_improvement_was_edited(run: "Run") -> None:
    pain = json.loads(run("pain", "add", "slow CI", "--json").out)["id"]
    run("pain", "fix", pain, "cached modules")
    (entry,) = json.loads(run("list", "--json").out)
    run("edit", entry["id"], "cached all modules")
    assert "Nothing was undone" in run("undo", pain, fails=1).err
    run("undo", entry["id"])
    assert "fixed" in run("undo", pain).err
    assert json.loads(run("list", "--json").out) == []


def test_undo_refuses_a_number_that_is_also_an_id(run: "Run") -> None:
    for _ in range(60):
        run("add", "activity", "x")
    numbers = {entry["id"][:2] for entry in json.loads(run("list", "-n", "99", "--json").out)}
    both = min(number for number in numbers if number.isdecimal() and int(number))
    assert "is a number and the start of an id" in run("undo", both, fails=2).err
    assert run("undo", "-n", both).err.count("Undone") == min(int(both), 60)


# Suggestions

NO_COMMANDS = "friday goal mood todo people tags backup sync doctor friction exit quit remind task jot diary report"


@pytest.mark.parametrize("word", NO_COMMANDS.split())
def test_unknown_word_gets_no_wrong_suggestion(word: str) -> None:
    known = tuple(name for name in app().commands if name != word)
    assert word in app().commands or word in {"exit", "quit"} or nearest_typo(word, known) is None


@pytest.mark.parametrize(
    ("word", "choice"),
    [("reviw", "review"), ("tody", "today"), ("evidnec", "evidence"), ("xreview", "review"), ("strat", "start")],
)
def test_typo_is_recognized(word: str, choice: str) -> None:
    assert nearest_typo(word, ("list", "add", choice)) == choice


@pytest.mark.parametrize("word", ["", "x", "lits too", "evdnec", "ad hoc", "paths"])
def test_other_word_is_no_typo(word: str) -> None:
    assert nearest_typo(word, ("list", "add", "evidence", "stats")) is None


def test_synonyms_lead_to_commands_and_are_none() -> None:
    commands = app().commands
    assert {words[0] for words in SYNONYMS.values() if words} <= {*commands, "--version"}
    assert not SYNONYMS.keys() & commands.keys()
    assert all(meant and word not in meant for word, meant in SUBCOMMAND_SYNONYMS.items())


REFUSED = [
    ("today -d 3/4", "“3/4” could be 3 April or 4 March."),
    ("add activity x -d 'last week'", "“last week” is not a day."),
    ("add activity x -d tomorrow", "Sat 21 Nov 2026 is in the future."),
    ("add activity x -d monkey", "“monkey” is not a day."),
    ("config set remind_at 5pm", "write it like 17:00"),
    ("config set workdays monkey", "“monkey” is not a weekday."),
]


@pytest.mark.parametrize(("typed", "message"), REFUSED, ids=[typed for typed, _ in REFUSED])
def test_what_could_be_meant_otherwise_is_refused(run: "Run", typed: str, message: str) -> None:
    assert message in run(*shlex.split(typed), fails=2).err
    assert run("list", "--plain").out == ""
